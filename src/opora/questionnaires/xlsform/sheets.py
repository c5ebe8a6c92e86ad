"""Workbooks as rows of texts: how a sheet is written so that it is read back letter by letter."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from opora.language import _
from opora.questionnaires.reading import FormError

LONGEST_CELL = 32_000  # characters; the format has room for 32,767
LARGEST_FILE = 5_000_000  # bytes
LARGEST_UNPACKED = 50_000_000
MACROS = "vbaproject.bin"
MOST_ROWS, MOST_COLUMNS = 10_000, 200
SOME_DAY = datetime(2000, 1, 1)  # the same questionnaire gives the same workbook on any day
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # the format reads _x0041_ as a letter
Table = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Row:
    """A row of a sheet. number: as a person counts it, the head is 1; cells: column → text."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Give a cell. Empty: ""."""
        return self.cells.get(column, "")

    def said(self, message: str) -> str:
        """Put the place before a message."""
        place = _("лист «{sheet}», строка {row}: {message}")
        return place.format(sheet=self.sheet, row=self.number, message=message)


def write_book(tables: Mapping[str, tuple[Sequence[str], Table]]) -> bytes:
    """Write sheets of texts: name → columns and rows.

    Raises: FormError, where a text has no room in a cell.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    _refuse_long(tables)  # before a file is begun that nobody would end
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = SOME_DAY
    for name, (columns, rows) in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows]):
            cells = []
            for column in columns:
                cell = WriteOnlyCell(sheet, value=None)
                if text := row.get(column, ""):
                    cell.value = ESCAPED.sub("_x005F_", text)
                    cell.data_type = "s"  # a text that begins with = stays a text
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _refuse_long(tables: Mapping[str, tuple[Sequence[str], Table]]) -> None:
    said = _("текст длиннее {most} знаков: в ячейку он не войдёт, сократите его").format(most=LONGEST_CELL)
    faults = [
        Row(name, number, {}).said(said)
        for name, (_columns, rows) in tables.items()
        for number, row in enumerate(rows, 2)
        if any(len(text) > LONGEST_CELL for text in row.values())
    ]
    if faults:
        raise FormError(faults)


def read_book(data: bytes, where: str) -> dict[str, list[Row]]:
    """Read the sheets of a workbook: name → rows below the head, those with anything in them.

    Raises: FormError, where this is no workbook or it is too large.
    """
    import python_calamine as calamine

    _refuse_large(data, where)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as fault:
        raise _no_workbook(where) from fault
    except BaseException as failure:
        if type(failure).__name__ == "PanicException":  # the library's own fault on a file it cannot read
            raise _no_workbook(where) from None
        raise
    return {name.strip().lower(): list(_rows(name, grid, where)) for name, grid in grids.items()}


def _refuse_large(data: bytes, where: str) -> None:
    """Refuse what is no archive, or would be huge once it is unpacked."""
    if len(data) > LARGEST_FILE:
        said = _("{where}: файл больше {most} МБ").format(where=where, most=LARGEST_FILE // 1_000_000)
        raise FormError([said])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise FormError([_("{where}: таблица слишком велика для анкеты").format(where=where)])
            if any(entry.filename.lower().endswith(MACROS) for entry in entries):
                said = _("{where}: в таблице есть макросы; сохраните её как обычную таблицу .xlsx")
                raise FormError([said.format(where=where)])
            # A part that is larger than it says fails here: the library would unpack all of it.
            is_broken = archive.testzip() is not None
    except FormError:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):  # a password, too
        is_broken = True
    if is_broken:
        raise _no_workbook(where)


def _no_workbook(where: str) -> FormError:
    return FormError([_("{where}: это не таблица Excel (.xlsx) или она повреждена").format(where=where)])


def _rows(name: str, grid: Sequence[Sequence[object]], where: str) -> list[Row]:
    if len(grid) > MOST_ROWS or (grid and len(grid[0]) > MOST_COLUMNS):
        raise FormError([_("{where}: таблица слишком велика для анкеты").format(where=where)])
    head = [_text(cell).strip() for cell in grid[0]] if grid else []
    found = []
    for number, cells in enumerate(grid[1:], 2):
        told = {
            column: text
            for column, cell in zip(head, cells, strict=False)
            if column and (text := _text(cell))
        }
        if any(text.strip() for text in told.values()):
            found.append(Row(name, number, told))
    return found


def _text(cell: object) -> str:
    """Give a cell as its text; 1.0 is what a workbook makes of 1."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
