"""Gives a file back with its problems marked: the same workbook, to be mended and sent again.

Nothing of the file is changed but the marks: a fill and a comment on each cell, a column of remarks at the
right and a first sheet that lists all problems. Remarks are always text, never a formula.
"""

import hashlib
import io
import re
from collections import defaultdict
from itertools import chain
from typing import Any

from opora.language import _
from opora.results.readers import limits
from opora.results.readers.book import REMARKS, Book, Cell, column_letters
from opora.results.readers.markup import column_number
from opora.results.reading import Problem

MARKED_CELLS = 500_000  # a larger workbook comes back as the list alone
FILL = "FFF2CC"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ADDRESS = re.compile(r"([A-Z]{1,3})?(\d{1,7})")
COMMENT_CHARACTERS = 2_000

Marks = dict[int, list[Problem]]  # row from 0 → its problems


def annotated(source: bytes, book: Book, problems: list[Problem]) -> bytes:
    """Mark the problems in a copy of the file.

    A CSV comes back as CSV in its own encoding; xls and xlsx come back as xlsx.
    Raises: ValueError where the source is not the file that the book was opened from.
    """
    if hashlib.sha256(source).hexdigest() != book.digest:
        raise ValueError("the source is not the file that this book was opened from")
    return _csv(source, book, problems) if book.kind == "csv" else _workbook(source, book, problems)


def _by_row(problems: list[Problem], sheet: str) -> Marks:
    """The problems of one sheet by row; those of the whole sheet stand with its first row."""
    marks: Marks = defaultdict(list)
    for problem in problems:
        found = ADDRESS.fullmatch(problem.cell)
        if problem.sheet == sheet:
            marks[int(found.group(2)) - 1 if found else 0].append(problem)
    return marks


def _remark(problems: list[Problem]) -> str:
    """The remarks of one row in one cell."""
    return "; ".join(f"{problem.cell}: {_sentence(problem)}".lstrip(": ") for problem in problems)


def _sentence(problem: Problem) -> str:
    return f"{problem.what} {problem.allowed}".strip()


def _csv(source: bytes, book: Book, problems: list[Problem]) -> bytes:
    """Write the CSV again with one more column."""
    import csv

    from opora.results.readers import delimited

    again = delimited.opener(source)
    width = max((len(row) for row in delimited.rows_of(again, book.encoding, book.delimiter)), default=0)
    marks = _by_row(problems, "")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=book.delimiter)
    last = -1
    for last, row in enumerate(delimited.rows_of(again, book.encoding, book.delimiter)):
        remark = _remark(marks.pop(last, []))
        if last == 0:
            remark = f"{REMARKS}: {remark}" if remark else REMARKS
        writer.writerow([*row, *[""] * (width - len(row)), _harmless(remark)])
    rest = list(chain.from_iterable(marks[row] for row in sorted(marks)))
    if rest:
        writer.writerow([*[""] * width, _harmless(_remark(rest))])
    return out.getvalue().encode(book.encoding, "replace")


def _harmless(text: str) -> str:
    """A CSV cannot say that a cell is text, so an apostrophe does."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _workbook(source: bytes, book: Book, problems: list[Problem]) -> bytes:
    """Mark a workbook; what cannot be kept as it is, is written anew from its values."""
    from openpyxl import Workbook

    cells = sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in book.sheets if sheet.rows)
    note = ""
    if cells > MARKED_CELLS:
        workbook = Workbook()
        workbook.remove(workbook.worksheets[0])
        note = _("Книга слишком велика, чтобы отметить ячейки: ниже только список замечаний.")
    else:
        workbook = (_loaded(source) if book.kind == "xlsx" else None) or _anew(book)
        for sheet in workbook.worksheets:
            _mark(sheet, _by_row(problems, sheet.title))
    _list(workbook, problems, note)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _loaded(source: bytes) -> Any:
    """The workbook with its styles; None where the writing library cannot read it."""
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(source))
    except Exception:  # the library fails in many ways on books that Excel and our reader accept
        return None
    if REMARKS in workbook.sheetnames:
        workbook.remove(workbook[REMARKS])
    return workbook if workbook.worksheets else None


def _anew(book: Book) -> Any:
    """A workbook of the same sheets and values."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, sheet in enumerate(book.sheets):
        made = workbook.create_sheet()
        made.title = re.sub(r"[\\*?:/\[\]]", " ", sheet.name)[:31] or str(number + 1)
        for row, cells in enumerate(sheet.rows, 1):
            for column, cell in enumerate(cells, 1):
                if cell is not None:
                    _write(made.cell(row, column), cell)
        for first_row, first_column, last_row, last_column in sheet.merged:
            made.merge_cells(None, first_row + 1, first_column + 1, last_row + 1, last_column + 1)
    return workbook


def _write(cell: Any, value: Cell) -> None:
    """Write a value; text stays text."""
    if isinstance(value, str):
        value = NOT_IN_XML.sub("", value)[: limits.TEXT_CHARACTERS]
    cell.value = value
    if isinstance(value, str) and cell.data_type != "s":
        cell.data_type = "s"
        cell.quotePrefix = True


def _mark(sheet: Any, marks: Marks) -> None:
    """Mark the cells of one sheet and write the column of remarks."""
    from openpyxl.styles import Alignment

    column = _clean(sheet)
    if not marks:
        return
    for row, problems in sorted(marks.items()):
        for address, of_cell in _by_cell(problems).items():
            _mark_cell(sheet, address, of_cell)
        remark = _remark(problems)
        cell = sheet.cell(row + 1, column)
        _write(cell, f"{REMARKS}: {remark}" if row == 0 else remark)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if 0 not in marks:
        _write(sheet.cell(1, column), REMARKS)
    sheet.column_dimensions[column_letters(column - 1)].width = 60


def _clean(sheet: Any) -> int:
    """Take away the marks of an earlier round; answer the column for the remarks, from 1."""
    from openpyxl.styles import PatternFill

    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == REMARKS:
                cell.comment = None
                cell.fill = PatternFill()
    last: int = sheet.max_column
    if str(sheet.cell(1, last).value or "").startswith(REMARKS):
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, last).value = None
        return last
    return last + 1


def _by_cell(problems: list[Problem]) -> dict[str, list[Problem]]:
    cells: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        found = ADDRESS.fullmatch(problem.cell)
        if found and found.group(1):
            cells[problem.cell].append(problem)
    return cells


def _mark_cell(sheet: Any, address: str, problems: list[Problem]) -> None:
    """Fill a cell and comment on it; of merged cells the first carries both."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for merged in sheet.merged_cells.ranges:
        if address in merged:
            address = f"{column_letters(merged.min_col - 1)}{merged.min_row}"
    text = "\n".join(_sentence(problem) for problem in problems)
    letters, row = ADDRESS.fullmatch(address).groups()  # type: ignore[union-attr]
    cell = sheet.cell(int(row), column_number(letters) + 1)
    cell.fill = PatternFill("solid", fgColor=FILL)
    cell.comment = Comment(NOT_IN_XML.sub("", text)[:COMMENT_CHARACTERS], REMARKS, width=320, height=120)


def _list(workbook: Any, problems: list[Problem], note: str) -> None:
    """Put the list of all problems first."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    for other in workbook.worksheets:
        other.sheet_view.tabSelected = False
    names = set(workbook.sheetnames)
    sheet = workbook.create_sheet(REMARKS, 0)
    workbook.active = 0
    head = (_("Лист"), _("Ячейка"), _("Столбец"), _("Что не так"), _("Что допускается"))
    rows = [(one.sheet, one.cell, one.column, one.what, one.allowed) for one in problems]
    for number, row in enumerate([(note,)] * bool(note) + [head, *rows], 1):
        for column, value in enumerate(row, 1):
            _write(sheet.cell(number, column), value or None)
            sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1 + bool(note)]:
        cell.font = Font(bold=True)
    for number, problem in enumerate(problems, 2 + bool(note)):
        if problem.sheet in names and ADDRESS.fullmatch(problem.cell):
            place = problem.cell if problem.cell[0].isalpha() else f"A{problem.cell}"
            quoted = problem.sheet.replace("'", "''")
            sheet.cell(number, 2).hyperlink = Hyperlink(ref=f"B{number}", location=f"'{quoted}'!{place}")
    for letter, width in zip("ABCDE", (20, 10, 30, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
