"""The same file comes back with its problems marked, and can be mended and sent again."""

import io

import openpyxl
import pytest

from opora.results.readers import open_book, read
from opora.results.readers.annotate import annotated
from opora.results.readers.book import REMARKS
from opora.results.reading import Context, Problem
from tests.results import files

HEADINGS = ["школа", "год", "процедура", "предмет", "класс", "участников", "низких"]
GOOD = ["sch224208", 2018, "впр", "математика", 5, 20, 8]
BAD = ["sch224209", 2018, "впр", "математика", 55, 20, "=СЛОВО"]


def round_trip(data, problems=None):
    reading = read(data, Context(name="a"))
    return annotated(data, open_book(data, "a"), reading.problems if problems is None else problems)


def loaded(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def styled(workbook):
    from openpyxl.styles import Font

    sheet = workbook.active
    sheet["A1"].font = Font(bold=True, color="FF0000")
    sheet.insert_rows(1)
    sheet["A1"] = "Сводная таблица"
    sheet.merge_cells("A1:G1")
    sheet.column_dimensions["A"].width = 33
    other = workbook.create_sheet("Другой лист")
    other["B2"] = "=SUM(1,2)"


def test_cells_are_marked_and_remarks_stand_at_the_right():
    [first, sheet] = loaded(round_trip(files.xlsx([HEADINGS, GOOD, BAD]))).worksheets
    assert first.title == REMARKS
    assert [cell.value for cell in first[1]] == ["Лист", "Ячейка", "Столбец", "Что не так", "Что допускается"]
    assert [[cell.value for cell in row[:3]] for row in first.iter_rows(min_row=2)] == [
        ["Лист1", "E3", "класс"], ["Лист1", "G3", "низких"],
    ]  # fmt: skip
    assert first["B2"].hyperlink.location == "'Лист1'!E3"
    assert "от 0 до 13" in sheet["E3"].comment.text
    assert sheet["E3"].fill.fgColor.rgb.endswith("FFF2CC")
    assert sheet["E2"].comment is None
    assert sheet["H1"].value == REMARKS
    assert sheet["H2"].value is None
    assert sheet["H3"].value.startswith("E3: ") and "; G3: " in sheet["H3"].value


def test_everything_else_of_the_workbook_is_kept():
    workbook = loaded(round_trip(files.xlsx([HEADINGS, GOOD, BAD], change=styled)))
    assert workbook.sheetnames == [REMARKS, "Лист1", "Другой лист"]
    sheet = workbook["Лист1"]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:G1"]
    assert sheet["A2"].font.bold and sheet["A2"].font.color.rgb.endswith("FF0000")
    assert sheet.column_dimensions["A"].width == 33
    assert [cell.value for cell in sheet[3]][:7] == GOOD
    assert workbook["Другой лист"]["B2"].value == "=SUM(1,2)"


def test_the_marked_workbook_is_read_again_as_if_it_had_no_marks():
    data = files.xlsx([HEADINGS, GOOD, BAD])
    marked = round_trip(data)
    first, second = read(data, Context(name="a")), read(marked, Context(name="a"))
    assert second.problems == first.problems
    assert second.outcomes.equals(first.outcomes)
    assert second.notes == []


def test_a_mended_workbook_loses_its_old_marks_in_the_next_round():
    workbook = loaded(round_trip(files.xlsx([HEADINGS, GOOD, BAD])))
    workbook["Лист1"]["E3"] = 5
    out = io.BytesIO()
    workbook.save(out)
    again = loaded(round_trip(out.getvalue()))
    assert again.sheetnames == [REMARKS, "Лист1"]
    sheet = again["Лист1"]
    assert sheet["E3"].comment is None and sheet["G3"].comment is not None
    assert sheet["E3"].fill.fgColor.rgb != sheet["G3"].fill.fgColor.rgb
    assert sheet["H3"].value.startswith("G3: ")
    assert sheet.max_column == 8
    assert again[REMARKS].max_row == 2


def test_a_mark_on_merged_cells_lands_on_the_first_of_them():
    data = files.xlsx([HEADINGS, GOOD], change=styled)
    problems = [Problem("Лист1", "C1", "Что-то не так.", "Исправьте.")]
    sheet = loaded(round_trip(data, problems))["Лист1"]
    assert sheet["A1"].comment.text == "Что-то не так. Исправьте."


DANGER = ["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://example.org")', "\t=1", "до\x07сле"]


@pytest.mark.parametrize("remark", DANGER)
def test_a_remark_is_never_a_formula(remark):
    problems = [Problem("Лист1", "", remark, "", remark), Problem("Лист1", "2", remark, "")]
    workbook = loaded(round_trip(files.xlsx([HEADINGS, GOOD]), problems))
    cells = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == remark.replace("\x07", "") for cell in cells)


@pytest.mark.parametrize("remark", DANGER[:6])
def test_a_remark_in_a_csv_is_never_a_formula(remark):
    out = round_trip(b"a;b\n1;2\n", [Problem("", "", remark, "")] * 2 + [Problem("", "9", remark, "")])
    cells = [cell for row in open_book(out, "a").sheets[0].rows for cell in row if cell]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("remark", DANGER[:6])
def test_whatever_a_csv_remark_begins_with_an_apostrophe_makes_it_text(remark):
    from opora.results.readers.annotate import _harmless

    assert _harmless(remark) == f"'{remark}"
    assert _harmless("B2: " + remark) == "B2: " + remark


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_csv_comes_back_as_it_was_with_one_more_column(encoding, delimiter):
    rows = [HEADINGS, [str(cell) for cell in GOOD], [str(cell) for cell in BAD[:6]] + [f'а"{delimiter}б']]
    quoted = [
        [f'"{cell}"'.replace('а"', 'а""') if delimiter in cell else cell for cell in row] for row in rows
    ]
    data = "\r\n".join(delimiter.join(row) for row in quoted).encode(encoding)
    before = open_book(data, "a")
    after = open_book(round_trip(data), "a")
    assert (after.encoding, after.delimiter) == (before.encoding, before.delimiter) == (encoding, delimiter)
    assert [row[:7] for row in after.sheets[0].rows] == before.sheets[0].rows == rows
    assert [row[7] for row in after.sheets[0].rows][:2] == [REMARKS, None]
    assert after.sheets[0].rows[2][7].startswith("E3: ")


def test_an_old_workbook_comes_back_as_xlsx_and_its_text_stays_text():
    data = files.xls([HEADINGS, [*GOOD[:3], "=1+1", *GOOD[4:]], BAD])
    workbook = loaded(round_trip(data))
    assert workbook["Лист1"]["D2"].value == "=1+1"
    assert workbook["Лист1"]["D2"].data_type == "s"
    assert workbook["Лист1"]["E3"].comment is not None


def test_a_workbook_that_cannot_be_kept_is_written_anew_from_its_values():
    """Книга, которую понимает Excel, но не понимает библиотека записи."""

    def change(name, content):
        return content.replace(b'<c r="A1"', b'<c r="A1" s="999"') if "sheet1" in name else content

    data = files.repacked(files.xlsx([HEADINGS, GOOD, BAD]), change)
    sheet = loaded(round_trip(data))["Лист1"]
    assert [cell.value for cell in sheet[2]][:7] == GOOD
    assert sheet["E3"].comment is not None


def test_a_very_large_workbook_comes_back_as_the_list(monkeypatch):
    from opora.results.readers import annotate

    monkeypatch.setattr(annotate, "MARKED_CELLS", 5)
    workbook = loaded(round_trip(files.xlsx([HEADINGS, GOOD, BAD])))
    assert workbook.sheetnames == [REMARKS]
    assert "слишком велика" in workbook[REMARKS]["A1"].value
    assert workbook[REMARKS]["B3"].value == "E3"


def test_problems_of_the_whole_file_are_in_the_list():
    workbook = loaded(round_trip(files.xlsx([["что-то", "ещё"], [1, 2]])))
    assert "не узнан" in workbook[REMARKS]["D2"].value


def test_another_file_is_not_marked():
    data = files.xlsx([HEADINGS, BAD])
    with pytest.raises(ValueError, match="not the file"):
        annotated(files.xlsx([HEADINGS]), open_book(data, "a"), [])
