"""A list can be made again, and what was changed since is found."""

import json
from pathlib import Path

import pytest


def test_the_same_files_replay_equal(opora, made: Path, results: Path):
    """Тот же файл — тот же перечень."""
    code, out, _err = opora("replay", made, results)
    assert (code, out) == (0, "Совпал: школ 3, в перечне 1.\n")


def test_a_renamed_file_is_the_same_file(opora, made: Path, results: Path):
    assert opora("replay", made, results.rename(results.with_name("other.csv")))[0] == 0


def test_a_changed_count_is_found_and_its_school_named(opora, made: Path, results: Path):
    table = results.read_text(encoding="utf-8")
    results.write_text(
        table.replace("12;2018;ВПР;математика;5;20;8", "12;2018;ВПР;математика;5;20;7"), "utf-8"
    )
    code, _out, err = opora("replay", made, results)
    assert code == 2
    assert "Школа 12" in err and "Нет файла «results.csv» с тем же содержанием" in err


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["schools"][0].update(lists=[]),
        lambda d: d["schools"][1]["evidence"][0].update(low=7),
        lambda d: d["schools"].pop(),
        lambda d: d["counts"].update(listed=2),
        lambda d: d["settings"].update(years=[2018, 2020]),
        lambda d: d["edition"].update(name="other"),
        lambda d: d["edition"].update(digest="0"),
        lambda d: d["schools"].reverse(),
    ],
)
def test_any_change_of_the_list_is_found(opora, made: Path, results: Path, change):
    """Изменена любая ячейка — пересчёт это находит."""
    document = json.loads(made.read_text())
    change(document)
    made.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    code, _out, err = opora("replay", made, results)
    assert code == 2
    assert err.startswith("Не совпал.")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"form": 1}', "школа;список", '{"form":'])
def test_a_file_that_is_no_list_is_told(opora, results: Path, tmp_path: Path, text: str):
    path = tmp_path / "list.json"
    path.write_text(text)
    code, _out, err = opora("replay", path, results)
    assert code == 2
    assert "не перечень Опоры" in err


def test_a_list_of_a_later_form_is_refused(opora, made: Path, results: Path):
    document = json.loads(made.read_text()) | {"form": 99}
    made.write_text(json.dumps(document))
    assert "другой версией" in opora("replay", made, results)[2]


def test_a_list_without_its_parts_is_refused(opora, made: Path, results: Path):
    """Повреждённый перечень — понятное предложение, а не след программы."""
    document = json.loads(made.read_text())
    del document["settings"]
    made.write_text(json.dumps(document))
    code, _out, err = opora("replay", made, results)
    assert code == 2
    assert "не перечень Опоры" in err
