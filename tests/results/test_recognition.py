"""Каждый формат узнаёт только его читатель — по содержанию, как бы файл ни назывался."""

import pytest

from opora.results.readers import CATALOGUE, open_book, read, readers, recognise
from opora.results.reading import Context
from tests.results import formats
from tests.results.formats import tail

LOGIN = "sch224208"
RUSSIAN = formats.ris_rows("01 - Русский язык 2022.06.23", [(111002, 11, "1", 6, 23)], "Балл", tail(1, 24))
APPEAL = (111002, "4512 000001", "Апелляция удовлетворена", "05.07.2021", 41, 22, 42)

ROWS = {
    "vpr_2020": formats.vpr_2020_rows([(LOGIN, "5А", 1, [1, 1, 1], 3)]),
    "vpr_2021": formats.vpr_2021_rows([(LOGIN, "5А", 1, [1, 1, 1], 3)]),
    "vpr_2022": formats.vpr_2022_rows([("edu224208", "5А", 1, [1, 1, 1])]),
    "vpr_school": formats.vpr_school_rows([(1, 50001, [1, 1, 1], 3)]),
    "research_set": formats.research_rows([(4, 1, LOGIN, 1, 10, 2, 2019)]),
    "research_context": formats.research_context_rows([(LOGIN, "1 - в городе", "Город", "1", "Нет", 5)]),
    "ris_protocol": RUSSIAN,
    "ris_protocol sparse": formats.sparse(RUSSIAN),
    "ris_protocol oge": formats.ris_rows("01 - Русский язык 2022.06.07", [(111002, 9, "1", 20, 3)], "Оценка"),
    "ris_appeals": formats.appeal_rows("12 - Обществознание 2021.06.15", [APPEAL]),
    "oge_export": formats.oge_export_rows([(111002, "1", 20, 3)]),
    "fisoko_marks": formats.fisoko_rows([(LOGIN, 1, 20, 5, 45, 40, 10)]),
    "official_markers": formats.marker_rows([(2021, LOGIN, 1, 0, 1)]),
    "controlled_sittings": formats.controlled_rows([(LOGIN, 2025, "Математика", 5, "да")]),
    "plain": [
        ["школа", "год", "процедура", "предмет", "класс", "участников", "низких"],
        [1, 2020, "впр", "x", 5, 9, 1],
    ],
}
WAYS = {
    "xlsx": formats.xlsx,
    "utf-8": formats.text,
    "cp1251": lambda rows: formats.text(rows, "cp1251"),
    "comma": lambda rows: formats.text(rows, "utf-8", ","),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ROWS)
def test_each_format_is_recognised_by_its_own_reader_only(name, way):
    book = open_book(WAYS[way](ROWS[name]), "Mat5 протокол ОГЭ апелляции.xlsx")
    every = [reader.NAME for group in readers() for reader in group if reader.recognises(book)]
    expected = name.split()[0]
    assert every == [expected]
    assert [reader.NAME for reader in recognise(book)] == [expected]


@pytest.mark.parametrize("name", ROWS)
def test_headings_survive_line_breaks_capitals_and_double_spaces(name):
    rows = [[_shaken(cell) for cell in row] for row in ROWS[name]]
    book = open_book(formats.xlsx(rows), "x")
    assert [reader.NAME for reader in recognise(book)] == [name.split()[0]]


def _shaken(cell):
    if not isinstance(cell, str) or " " not in cell or cell[0].isdigit():
        return cell
    return (
        cell.replace(" ", "  \n", 1).upper() if "Код" in cell or "ОО" in cell else cell.replace(" ", "\n", 1)
    )


def test_a_table_that_nobody_knows_is_told_with_what_is_known():
    reading = read(formats.xlsx([["а", "б"], [1, 2]]), Context("Mat5.xlsx"))
    assert reading.format == ""
    assert "не узнан" in reading.problems[0].what
    assert "РИС ГИА" in reading.problems[0].allowed


def test_every_module_of_the_catalogue_says_its_name_title_and_source():
    for group in readers():
        for reader in group:
            assert reader.NAME in {name for names in CATALOGUE for name in names}
            assert reader.TITLE
    assert all("найден" in reader.SOURCE for reader in readers()[0])


@pytest.mark.parametrize("name", ROWS)
def test_a_file_cut_after_its_headings_is_told_not_accepted(name):
    """Ни одной строки с результатом — замечание, а не пустой успех."""
    if name in ("research_context", "ris_appeals", "plain"):
        return
    rows = [row for row in ROWS[name] if not _is_data(row)]
    reading = read(formats.xlsx(rows), Context("ВПР ОГЭ 2022 математика, 5 класс", school=LOGIN))
    assert reading.rows == 0
    assert reading.problems


def _is_data(row):
    return any(cell in (LOGIN, "edu224208", 111002, 50001) for cell in row)


def test_the_english_catalogue_says_every_sentence_of_the_readers_with_the_same_blanks():
    """Каждая фраза читателей и шкал есть в английском каталоге и называет те же величины."""
    import ast
    import re
    from pathlib import Path

    import polib

    import opora.results

    room = Path(opora.results.__file__).parent
    catalogue = {
        entry.msgid: entry.msgstr for entry in polib.pofile(room / "locale/en/LC_MESSAGES/django.po")
    }
    named = {f"{name}.py" for names in CATALOGUE[:1] for name in names}
    named |= {"vpr.py", "written.py", "place.py", "headings.py", "ris.py", "ris_block.py", "together.py"}
    files = [path for path in room.glob("readers/*.py") if path.name in named] + [room / "scales/__init__.py"]
    said = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            spoken = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
            if spoken and isinstance(node.args[0], ast.Constant):
                said.add(node.args[0].value)
    said |= {reader.TITLE for reader in readers()[0]}
    assert len(files) == len(named) + 1
    assert sorted(said - catalogue.keys()) == []
    for sentence in said:
        blanks = [set(re.findall(r"{\w+}", text)) for text in (sentence, catalogue[sentence])]
        assert blanks[0] == blanks[1], sentence
