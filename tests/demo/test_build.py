"""The folder of the demo: the same from the same seed, complete, and without the truth in it."""

import re

from opora.demo.build import build

from .conftest import SMALL, digests


def test_the_same_seed_writes_the_same_bytes(small, tmp_path):
    """Одно зерно — одни и те же файлы до последнего байта, где бы папка ни лежала."""
    again = build(tmp_path / "elsewhere", 7, **SMALL)
    assert digests(small.folder) == digests(again.folder)
    assert small.truth.equals(again.truth)


def test_another_seed_writes_other_results(small, tmp_path):
    """Другое зерно — другие результаты."""
    other = build(tmp_path, 8, **SMALL)
    first, second = digests(small.folder), digests(other.folder)
    assert all(
        first[name] != second[name] for name in set(first) & set(second) if name.startswith("ВПР 2018")
    )


def test_every_written_file_is_named_in_the_answer(built):
    """Файлы в папке — это реестр, результаты и файлы с ошибками; лишних нет."""
    on_disk = {path for path in built.folder.rglob("*") if path.is_file()}
    assert on_disk == {built.schools, *built.results, *built.broken}
    assert len(built.results) == len(set(built.results)) > 150


def test_progress_rises_to_one(tmp_path):
    """Ход работы виден и доходит до конца."""
    seen: list[float] = []
    build(tmp_path, 7, **SMALL, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_files_of_2018_are_in_cp1251_and_those_of_2019_begin_with_a_mark(small):
    """Две кодировки открытого набора: cp1251 и UTF-8 с меткой."""
    for path in small.results:
        if path.parent.name == "ВПР 2018":
            assert path.read_bytes().decode("cp1251").startswith("Класс;Код предмета (1- РУ, 2- МА);")
        if path.parent.name == "ВПР 2019":
            assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_absent_pupils_stand_in_the_research_form_with_mark_zero(small):
    """Строки с отметкой 0 есть: читающий должен их убрать."""
    text = "".join(p.read_bytes().decode("cp1251") for p in small.results if p.parent.name == "ВПР 2018")
    assert re.search(r";0;0;2017-2018\r\n", text)


def test_protocols_hold_names_and_documents_that_must_not_stay(small):
    """В протоколах ГИА есть выдуманные ФИО и номера документов с серией, которой не бывает."""
    path = next(
        p for p in small.results if p.parent.name == "ОГЭ 2018" and p.suffix == ".csv" and "101" in p.name
    )
    lines = path.read_bytes().decode("cp1251").splitlines()
    assert re.match(r"^\d+\s*-\s*.+\s\d{4}\.\d{2}\.\d{2}", lines[0])
    assert re.search(
        r";[А-ЯЁ][а-яё]+;[А-ЯЁ][а-яё]+;[А-ЯЁ][а-яё]+;0000;\d{6};[+\-\d]+;(\d\(\d\))+;\d+;[2-5]$", lines[2]
    )
    assert sum(bool(re.match(r"^\d+\s*-\s", line)) for line in lines) == 2


def test_nobody_real_can_be_meant(built):
    """Регион — 99, которого нет в списке субъектов проекта; логины и коды — только его."""
    assert built.region.code == "99"
    assert all(school.login.startswith("sch99") for school in built.region.schools)
