"""Files are opened by what they are: values, addresses, encodings and delimiters as the person sees them."""

import hashlib
import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.results.readers import limits
from opora.results.readers.archive import archive_of, open_archive
from opora.results.readers.book import FileRefused, address, number, open_book
from tests.results import files

TABLE = "школа;год;доля\nsch224208;2018;0,35\nsch224209;2019;0,3\n"


def test_a_workbook_gives_rows_with_absolute_addresses():
    """Пустые строки и столбцы сверху и слева остаются на своих местах."""

    def change(workbook):
        workbook.active["C3"] = "здесь"

    [sheet] = open_book(files.xlsx(change=change), "a.xlsx").sheets
    assert sheet.rows == [[None] * 3, [None] * 3, [None, None, "здесь"]]
    assert sheet.cell(2, 2) == "C3"


def test_values_keep_their_types():
    rows = [
        [1, 2.5, True, "  да\xa0", "", date(2020, 1, 2), datetime(2020, 1, 2, 3, 4), time(5, 6), -3, 1e300]
    ]
    [sheet] = open_book(files.xlsx(rows), "a.xlsx").sheets
    expected = [1, 2.5, True, "да", None, date(2020, 1, 2), datetime(2020, 1, 2, 3, 4), "05:06:00", -3, 1e300]
    assert sheet.rows == [expected]
    assert [type(cell) for cell in sheet.rows[0]][:3] == [int, float, bool]


def test_invisible_characters_do_not_reach_the_readers():
    [sheet] = open_book(files.xlsx([["_x0007_код\u200b\ufeff", "две\nстроки"]]), "a.xlsx").sheets
    assert sheet.rows == [["код", "две\nстроки"]]


def test_error_cells_and_formulas_without_a_value_are_empty_and_known():
    def change(workbook):
        workbook.active["B2"] = "#N/A"
        second = workbook.create_sheet('Два & "три"')
        second["A1"] = "=1+1"
        second["D4"] = "#REF!"

    first, second = open_book(files.xlsx(change=change), "a.xlsx").sheets
    assert first.errors == {(1, 1): "#N/A"}
    assert second.errors == {(0, 0): "=", (3, 3): "#REF!"}
    assert second.rows[0][0] is None


def test_numbers_and_truth_values_that_equal_them_stay_apart():
    """Для Python TRUE равно 1: запомненное число не должно подменить логическое значение."""
    [sheet] = open_book(files.xlsx([[1, True, 0, False], [False, 0, True, 1]]), "a.xlsx").sheets
    assert [list(map(type, row)) for row in sheet.rows] == [[int, bool] * 2, [bool, int] * 2]
    assert sheet.truths
    [only_truths] = open_book(files.xlsx([[False, True, "а"]]), "a.xlsx").sheets
    assert list(map(type, only_truths.rows[0])) == [bool, bool, str]


def test_cells_do_not_depend_on_how_many_values_are_remembered(monkeypatch):
    from opora.results.readers import book

    rows = [[n % 7, f"код {n % 5}", n + 0.5, 1000 + n] for n in range(50)]
    monkeypatch.setattr(book, "REMEMBERED", 3)
    [sheet] = open_book(files.xlsx(rows), "a.xlsx").sheets
    assert sheet.rows == rows
    assert not sheet.truths


@pytest.mark.parametrize("handed", [limits.HANDED_BYTES, 0], ids=["small", "large"])
def test_merged_cells_are_known(monkeypatch, handed):
    """Малую книгу библиотека получает распакованной, большую — как есть; видно одно и то же."""
    monkeypatch.setattr(limits, "HANDED_BYTES", handed)
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>заголовок</t></is></c><c r="B1"><v>7</v></c></row>'
    merged = '<mergeCells count="2"><mergeCell ref="A1:C2"/><mergeCell ref="AB10"></mergeCell></mergeCells>'
    [sheet] = open_book(files.with_sheet(f"<sheetData>{cells}</sheetData>{merged}"), "a.xlsx").sheets
    assert sheet.merged == ((0, 0, 1, 2), (9, 27, 9, 27))
    assert sheet.rows == [["заголовок", 7]]


@pytest.mark.parametrize("handed", [limits.HANDED_BYTES, 0], ids=["small", "large"])
def test_a_book_of_many_sheets_is_read_the_same_whatever_its_size(monkeypatch, handed):
    def change(workbook):
        workbook.active["A1"] = "#N/A"
        for place in range(3):
            sheet = workbook.create_sheet(f"Лист & {place}")
            sheet.append([place, "слово", "=1+1", date(2020, 1, 2)])
            sheet.merge_cells(f"A{place + 2}:B{place + 3}")

    monkeypatch.setattr(limits, "HANDED_BYTES", handed)
    first, *others = open_book(files.xlsx(change=change), "a.xlsx").sheets
    assert (first.errors, first.merged) == ({(0, 0): "#N/A"}, ())
    for place, sheet in enumerate(others):
        assert sheet.name == f"Лист & {place}"
        assert sheet.rows[0] == [place, "слово", None, date(2020, 1, 2)]
        assert sheet.errors == {(0, 2): "="}
        assert sheet.merged == ((place + 1, 0, place + 2, 1),)


def test_an_archive_that_we_write_is_one_that_others_read():
    parts = {"[Content_Types].xml": b"<a/>", "xl/листы/1.xml": b"<b/>" * 9_999, "пустой": b""}
    written = archive_of(parts.items())
    with zipfile.ZipFile(io.BytesIO(written)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == parts
    assert dict(open_archive(written).contents()) == parts


def test_an_xls_workbook_is_read_whatever_its_name_says():
    data = files.xls([["школа", "год", None], [1, 2.5, ValueError()]])
    book = open_book(data, "выгрузка.xlsx")
    assert (book.kind, book.sheets[0].name) == ("xls", "Лист1")
    assert book.sheets[0].rows[1][:2] == [1, 2.5]
    assert book.sheets[0].errors == {(1, 2): "#N/A"}


def test_the_digest_is_of_the_bytes_and_the_same_from_a_path(tmp_path):
    for name, data in (
        ("a.xlsx", files.xlsx([["x"]])),
        ("a.csv", TABLE.encode()),
        ("a.xls", files.xls([["x"]])),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        assert open_book(path, name).digest == open_book(data, name).digest == digest


def test_macros_are_not_run_and_are_told():
    data = files.repacked(
        files.xlsx([["x"]]), lambda name, content: content, {"xl/vbaProject.bin": b"\x01\x02"}
    )
    book = open_book(data, "a.xlsm")
    assert book.sheets[0].rows == [["x"]]
    assert "макросы" in book.notes[0]


def test_styled_emptiness_far_away_is_not_counted():
    def change(workbook):
        from openpyxl.styles import PatternFill

        workbook.active["A1"] = 1
        workbook.active["XFD1000000"].fill = PatternFill("solid", fgColor="FF0000")

    [sheet] = open_book(files.xlsx(change=change), "a.xlsx").sheets
    assert sheet.rows == [[1]]


def test_cells_without_addresses_are_read_in_their_order():
    xml = "<sheetData><row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row></sheetData>"
    [sheet] = open_book(files.with_sheet(xml), "a.xlsx").sheets
    assert sheet.rows == [[1, None, 3], [4, None, None]]


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1251"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_usual_encoding_and_delimiter_is_told_from_the_content(encoding, delimiter):
    rows = [("школа", "название", "доля"), ("1", "№ 5; «Луч», | 2", "0,5"), ("2", 'ещё "одна"', "1")]
    text = "\n".join(delimiter.join(_quoted(cell, delimiter) for cell in row) for row in rows)
    book = open_book(text.encode(encoding), "a.csv")
    assert (book.kind, book.delimiter) == ("csv", delimiter)
    assert book.encoding == ("utf-8" if encoding == "utf-8" else encoding)
    assert book.sheets[0].rows == [list(row) for row in rows]


def _quoted(cell, delimiter):
    return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell else cell


WORDS = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяёABCxyz0123456789 -№«»", min_size=1, max_size=12)
CELLS = st.one_of(
    WORDS,
    st.integers(0, 9999).map(str),
    st.decimals(0, 100, places=1).map(lambda n: str(n).replace(".", ",")),
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.integers(2, 6).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=3, max_size=8)
    ),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from([";", "\t", "|"]),
)
def test_decimal_commas_never_pass_for_delimiters(rows, encoding, delimiter):
    """Запятая в числе не делит столбцы, если столбцы делит что-то другое."""
    heading = [f"столбец {number}" for number in range(len(rows[0]))]
    lines = [heading, *rows]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    book = open_book(text.encode(encoding), "a.csv")
    assert book.delimiter == delimiter
    assert book.sheets[0].rows == [[cell.strip() or None for cell in line] for line in lines]


def test_the_line_that_names_the_delimiter_is_obeyed_and_keeps_its_place():
    book = open_book("sep=|\nшкола|a,b|c,d\n1|1,5|2,5\n".encode(), "a.csv")
    assert book.delimiter == "|"
    assert book.sheets[0].rows == [[], ["школа", "a,b", "c,d"], ["1", "1,5", "2,5"]]


def test_title_lines_above_the_table_do_not_mislead():
    text = "01 - Русский язык, 2022.06.23\nСубъект: Алтайский край, г. Барнаул, и другие, прочие\n" + TABLE
    assert open_book(text.encode(), "a.csv").delimiter == ";"


def test_rows_may_have_different_length():
    [sheet] = open_book(b"a;b;c\n1\n1;2;3;4;5\n", "a.csv").sheets
    assert sheet.rows == [["a", "b", "c"], ["1"], ["1", "2", "3", "4", "5"]]


def test_a_csv_keeps_codes_as_they_are_written():
    [sheet] = open_book("школа;класс\n000123;05\n=1+2;1E5\n".encode(), "a.csv").sheets
    assert sheet.rows[1:] == [["000123", "05"], ["=1+2", "1E5"]]


def test_one_column_is_a_table_too():
    assert open_book("школа\n1\n2\n".encode(), "a.csv").sheets[0].rows == [["школа"], ["1"], ["2"]]


def test_a_csv_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "HELD_BYTES", 10)
    path = tmp_path / "a.csv"
    path.write_text(TABLE, encoding="utf-8")
    book = open_book(path, "a.csv")
    path.write_text(TABLE * 2, encoding="utf-8")
    with pytest.raises(FileRefused, match="изменился"):
        list(book.sheets[0].iter_rows())


def test_rows_of_a_long_csv_are_given_one_by_one_but_not_as_a_list(monkeypatch):
    monkeypatch.setattr(limits, "HELD_ROWS", 2)
    [sheet] = open_book(TABLE.encode(), "a.csv").sheets
    assert sum(1 for _row in sheet.iter_rows()) == 3
    with pytest.raises(FileRefused, match="больше 2 строк"):
        _rows = sheet.rows


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [(0, 0, "A1"), (11, 1, "B12"), (9, 25, "Z10"), (0, 26, "AA1"), (0, 701, "ZZ1"), (0, 702, "AAA1")],
)
def test_addresses_are_those_of_excel(row, column, expected):
    assert address(row, column) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,5", Decimal("1.5")), ("1.5", Decimal("1.5")), (" 1 234,5 ", Decimal("1234.5")),
        ("1\xa0234", 1234), ("12", 12), ("12,0", 12), ("-3", -3), ("\u22123", -3), (7, 7),
        (2.5, Decimal("2.5")), (3.0, 3), ("1e3", 1000), ("", None), ("-", None), ("5 чел.", None),
        ("1,234.5", None), ("1e999", None), ("٣", None), ("nan", None),
        ("1" * 41, None), (True, None), (None, None), (date(2020, 1, 2), None), ("12.03.2020", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(cell, expected):
    assert number(cell) == expected
    assert type(number(cell)) is type(expected)


@pytest.mark.parametrize(
    ("cell", "sign", "expected"),
    [("1,234", ".", 1234), ("1.234", ",", 1234), ("1,234.5", ".", Decimal("1234.5"))],
)
def test_a_named_decimal_sign_makes_the_other_one_a_thousands_sign(cell, sign, expected):
    assert number(cell, sign) == expected


@given(st.decimals(-(10**9), 10**9, places=3, allow_nan=False))
def test_a_number_survives_a_decimal_comma(value):
    assert number(str(value).replace(".", ",")) == value


def test_a_path_is_read_from_disk(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text(TABLE, encoding="cp1251")
    assert open_book(path, "a.csv").encoding == "cp1251"


def test_a_delimiter_inside_quotes_is_not_one_even_where_it_would_cut_more():
    text = '"школа","а;б;в"\n"1","г;д;е"\n"2","ё;ж;з"\n'
    book = open_book(text.encode(), "a.csv")
    assert book.delimiter == ","
    assert book.sheets[0].rows[1] == ["1", "г;д;е"]
