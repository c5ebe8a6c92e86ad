"""Workbooks written by hand are read by the libraries that people's programs stand on."""

from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from opora.demo.workbook import Sheet, column_letters, workbook

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
CELLS = st.one_of(TEXT, st.integers(-(10**6), 10**6), st.sampled_from(["Х", "<&>", '"', "1\n(2)", " край "]))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8))
def test_what_is_written_is_read_back(rows):
    """Что записали, то и прочли — двумя библиотеками."""
    data = workbook(Sheet("Лист", rows))
    sheet = openpyxl.load_workbook(BytesIO(data))["Лист"]
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row, 1):
            assert sheet.cell(number, place).value == (None if cell == "" else cell)


def test_numbers_texts_and_several_sheets_are_read_by_calamine():
    """Числа остаются числами, пустые клетки — пустыми, листы стоят по порядку."""
    data = workbook(Sheet("Один", [["а", 1, 2.5], [None, "б", ""]]), Sheet("Два & <три>", [["в"]]))
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    assert book.sheet_names == ["Один", "Два & <три>"]
    assert book.get_sheet_by_index(0).to_python() == [["а", 1.0, 2.5], ["", "б", ""]]


def test_merged_cells_are_merged():
    """Объединённые клетки видны как объединённые."""
    data = workbook(Sheet("Лист", [["заголовок", None], ["а", "б"]], ["A1:B1"]))
    sheet = openpyxl.load_workbook(BytesIO(data))["Лист"]
    assert [str(place) for place in sheet.merged_cells.ranges] == ["A1:B1"]


def test_the_same_cells_make_the_same_bytes():
    """В файле нет ни времени, ни случая."""
    rows = [["а", 1], ["б", 2.5]]
    assert workbook(Sheet("Лист", rows)) == workbook(Sheet("Лист", rows))


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_in_a_spreadsheet(position, letters):
    """Столбец 27 — AA, столбец 703 — AAA."""
    assert column_letters(position) == letters
