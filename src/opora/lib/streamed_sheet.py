"""Writes a workbook of any length piece by piece: its first bytes leave at once, its memory does not grow.

A library (openpyxl) makes the workbook with everything but the rows: styles, widths, the frozen head, what
stands on every printed page. The rows are put into its sheet while the archive is written.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO, RawIOBase
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

SHEET = "xl/worksheets/sheet1.xml"
END = b"</sheetData>"
LINE = 15  # points that a line of a cell is high
AT_ONCE = 64 * 1024  # bytes of rows that leave together
ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])  # XML has no way to say them


@dataclass(frozen=True)
class Column:
    """A column: its head, its width in letters, and how its numbers are written («0 %»; "" for text)."""

    title: str
    width: int
    number: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: what stands above the table, the columns, how many rows there will be."""

    title: str
    above: Sequence[str]
    columns: Sequence[Column]
    rows: int
    printed_above: str = ""  # on every printed page
    printed_below: str = ""
    author: str = ""
    properties: dict[str, str] = field(default_factory=dict)  # subject, keywords, description


class _Sink(RawIOBase):
    """What a zip archive is written to when nobody can go back in it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Give what has been written since, and forget it."""
        piece, self.pieces = b"".join(self.pieces), []
        return piece


def workbook(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Give the bytes of a workbook; ``rows`` is asked for no more than what leaves next.

    A cell is text, a number, True or False (written as 1 and 0), or None.
    """
    skeleton, styles = _skeleton(sheet)
    sink = _Sink()
    with (
        zipfile.ZipFile(BytesIO(skeleton)) as made,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for entry in made.infolist():
            if entry.filename != SHEET:
                out.writestr(entry.filename, made.read(entry))
        yield sink.taken()
        head, tail = made.read(SHEET).split(END)
        head = head[: head.rindex(b"<row ")]  # the row that showed the styles
        with out.open(SHEET, "w", force_zip64=True) as target:
            target.write(head)
            for piece in _pieces(rows, len(sheet.above) + 2, styles, sheet.columns):
                target.write(piece)
                if ready := sink.taken():
                    yield ready
            target.write(END + tail)
    yield sink.taken()


def _skeleton(sheet: Sheet) -> tuple[bytes, list[int]]:
    """Make the workbook without its rows, and tell the style of each column's cells."""
    book = Workbook()
    page: Any = book.active
    page.title = sheet.title[:31]
    for place, line in enumerate(sheet.above, start=1):
        page.cell(place, 1, line).font = Font(bold=place == 1, size=14 if place == 1 else 11)
    head = len(sheet.above) + 1
    styles = []
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
        cell = page.cell(head, place, column.title)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        shown = page.cell(head + 1, place, 0)
        shown.number_format = column.number or "@"
        shown.alignment = Alignment(wrap_text=not column.number, vertical="top")
        styles.append(shown.style_id)
    page.freeze_panes = f"A{head + 1}"
    last = f"{get_column_letter(len(sheet.columns))}{head + max(sheet.rows, 1)}"
    page.auto_filter.ref = f"A{head}:{last}"
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddHeader.center.text, page.oddFooter.center.text = sheet.printed_above, sheet.printed_below
    page.oddFooter.right.text = "&P / &N"
    book.properties.creator = sheet.author
    for name, value in sheet.properties.items():
        setattr(book.properties, name, value)
    made = BytesIO()
    book.save(made)
    return made.getvalue(), styles


def _pieces(
    rows: Iterable[Sequence[Any]], first: int, styles: list[int], columns: Sequence[Column]
) -> Iterator[bytes]:
    """Write rows as the sheet holds them, some kilobytes at a time."""
    waiting: list[str] = []
    size = 0
    for number, row in enumerate(rows, start=first):
        cells = "".join(_cell(value, style) for value, style in zip(row, styles, strict=True))
        height = LINE * max(map(_height, row, columns))
        waiting.append(f'<row r="{number}" ht="{height}" customHeight="1">{cells}</row>')
        size += len(waiting[-1])
        if size > AT_ONCE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _height(value: Any, column: Column) -> int:
    """Answer how many lines a cell takes: not every program of tables works it out by itself."""
    return -(-len(value) // column.width) if isinstance(value, str) and value else 1


def _cell(value: Any, style: int) -> str:
    if value is None or value == "":
        return f'<c s="{style}"/>'
    if isinstance(value, bool | int | float):
        return f'<c s="{style}"><v>{value:d}</v></c>' if isinstance(value, bool) else _number(value, style)
    text = escape(str(value).translate(ILLEGAL))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _number(value: float, style: int) -> str:
    return f'<c s="{style}"><v>{value!r}</v></c>'
