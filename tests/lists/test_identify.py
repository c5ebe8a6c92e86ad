"""Files in, an explained list out, on the command line."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest


def listed(path: Path) -> dict[str, list[str]]:
    """Read who is on which list."""
    return {line["school"]: line["lists"] for line in json.loads(path.read_text())["schools"]}


def test_two_failed_outcomes_put_a_school_on_the_list(made: Path):
    """Две неуспешные процедуры — школа в перечне; одной мало; ровно 30 % — не неуспех."""
    assert listed(made) == {"11": ["low"], "12": [], "13": []}


def test_counts_say_how_many_schools_and_how_many_listed(made: Path):
    assert json.loads(made.read_text())["counts"] == {"schools": 3, "listed": 1, "lists": {"low": 1}}


def test_every_school_carries_what_decided_and_how_stable_it_is(made: Path):
    """По каждой школе видно, что решило и насколько решение устойчиво."""
    first, second, third = json.loads(made.read_text())["schools"]
    assert [(row["year"], row["subject"], row["low"], row["takers"]) for row in first["deciding"]] == [
        (2018, "maths", 8, 20),
        (2019, "russian", 10, 30),
    ]
    assert second["deciding"] == third["deciding"] == []
    assert len(second["evidence"]) == 2
    assert all(0 <= school["stability"] <= 1 for school in (first, second, third))


def test_the_document_names_its_edition_and_inputs_by_digest(made: Path, results: Path):
    import hashlib

    document = json.loads(made.read_text())
    assert document["inputs"][0]["digest"] == hashlib.sha256(results.read_bytes()).hexdigest()
    assert document["edition"]["digest"] == hashlib.sha256(document["edition"]["text"].encode()).hexdigest()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_same_files_give_the_same_bytes_in_any_folder_and_language(
    opora, made: Path, results: Path, tmp_path: Path, monkeypatch, language: str
):
    monkeypatch.setenv("OPORA_LANG", language)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = Path(elsewhere / results.name)
    moved.write_bytes(results.read_bytes())
    again = elsewhere / "again.json"
    assert opora("identify", moved, "--edition", "seed-2020", "--out", again)[0] == 0
    assert again.read_bytes() == made.read_bytes()


def test_years_in_place_of_the_window_are_said(opora, results: Path, tmp_path: Path):
    path = tmp_path / "list.json"
    _code, out, _err = opora("identify", results, "--edition", "seed-2020", "--years", "2018", "--out", path)
    assert "годы: 2018 (годы заданы вместо окна редакции)" in out
    assert json.loads(path.read_text())["settings"]["years_replaced"] is True
    assert listed(path) == {"11": [], "12": []}


def test_a_table_of_schools_joins_codes_and_brings_names(opora, results: Path, tmp_path: Path):
    """Коды ВПР и РИС одной школы сходятся в одну строку с названием."""
    schools = tmp_path / "schools.csv"
    schools.write_text(
        "школа;название;код РИС\nА;Школа в селе;11\nБ;Вторая;12\nВ;Третья;13\n", encoding="utf-8"
    )
    path = tmp_path / "list.json"
    code, _out, err = opora(
        "identify", results, "--edition", "seed-2020", "--schools", schools, "--out", path
    )
    assert code == 0, err
    assert listed(path) == {"А": ["low"], "Б": [], "В": []}
    assert json.loads(path.read_text())["schools"][0]["about"]["name"] == "Школа в селе"


def test_a_spreadsheet_has_the_list_everybody_and_the_origin(opora, results: Path, tmp_path: Path):
    path = tmp_path / "list.xlsx"
    assert opora("identify", results, "--edition", "seed-2020", "--out", path)[0] == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Перечень", "Все школы", "Источник"]
    assert [row[0].value for row in book["Перечень"].iter_rows()] == ["Школа", "11"]
    assert len(list(book["Все школы"].iter_rows())) == 4
    assert any("не рейтинг" in str(row[1].value) for row in book["Источник"].iter_rows())


def test_a_csv_opens_in_a_russian_spreadsheet_and_runs_nothing(opora, results: Path, tmp_path: Path):
    """Код школы, похожий на формулу, остаётся текстом."""
    results.write_text(results.read_text(encoding="utf-8").replace("\n11;", "\n=1+1;"), encoding="utf-8")
    path = tmp_path / "list.csv"
    assert opora("identify", results, "--edition", "seed-2020", "--out", path)[0] == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.open(encoding="utf-8-sig"), delimiter=";"))
    assert {row[0] for row in rows[1:]} == {"'=1+1", "12", "13"}


def test_all_problems_of_all_files_come_at_once_and_nothing_is_written(opora, results: Path, tmp_path: Path):
    """Все замечания — за один проход; перечня при них нет."""
    broken = tmp_path / "broken.csv"
    broken.write_text(results.read_text(encoding="utf-8").replace(";20;8", ";20;28"), encoding="utf-8")
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    path, marked = tmp_path / "list.json", tmp_path / "marked"
    code, _out, err = opora(
        "identify", results, broken, empty, "--edition", "seed-2020", "--out", path, "--marked", marked
    )
    assert code == 2
    assert "broken.csv" in err and "empty.csv" in err and "файлов с замечаниями 2" in err
    assert not path.exists()
    assert [file.name for file in marked.iterdir()] == ["broken.csv"]


def test_the_same_file_twice_is_told_not_doubled(opora, results: Path, tmp_path: Path):
    copy = tmp_path / "copy.csv"
    copy.write_bytes(results.read_bytes())
    code, _out, err = opora(
        "identify", results, copy, "--edition", "seed-2020", "--out", tmp_path / "list.json"
    )
    assert code == 2
    assert "тот же файл" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "list.json"], "Назовите редакцию"),
        (["--edition", "seed-2021", "--out", "list.json"], "seed-2020"),
        (["--edition", "seed-2020", "--out", "list.pdf"], ".json, .csv или .xlsx"),
        (["--edition", "seed-2020", "--out", "nowhere/list.json"], "Нет папки"),
        (["--edition", "seed-2020", "--years", "две", "--out", "list.json"], "2018,2019"),
        (["--edition", "seed-2020", "--mapping", "none.yaml", "--out", "list.json"], "none.yaml"),
        (["--edition", "seed-2020", "--schools", "none.csv", "--out", "list.json"], "none.csv"),
    ],
)
def test_what_cannot_be_done_is_one_clear_sentence(opora, results, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = opora("identify", results, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "list.json").exists()


def test_a_file_that_is_not_there_is_named(opora, tmp_path: Path):
    code, _out, err = opora(
        "identify", tmp_path / "none.csv", "--edition", "seed-2020", "--out", tmp_path / "list.json"
    )
    assert code == 2
    assert "none.csv" in err


def test_an_edition_that_no_result_fits_is_told(opora, results: Path, tmp_path: Path):
    """Годы, которых нет в файлах: перечень пуст, и об этом сказано."""
    code, out, _err = opora(
        "identify", results, "--edition", "seed-2020", "--years", "1999", "--out", tmp_path / "list.json"
    )
    assert code == 0
    assert "Ни один результат не подошёл под редакцию" in out
