"""Writes small xlsx workbooks: fast, and the same bytes for the same cells.

openpyxl needs about ten times as long and stamps every file with the time; the demo writes hundreds of
workbooks while a person waits for the first page.
"""

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

EPOCH = (1980, 1, 1, 0, 0, 0)
Cell = str | int | float | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE_TYPE = "application/vnd.openxmlformats-package"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass
class Sheet:
    """A sheet as rows of cells; ``merged`` holds ranges like «B2:D2»."""

    name: str
    rows: list[list[Cell]]
    merged: list[str] = field(default_factory=list)


def column_letters(position: int) -> str:
    """Name a column by its place, from 0: A, B, … Z, AA."""
    letters = ""
    while position >= 0:
        position, rest = divmod(position, 26)
        letters = chr(65 + rest) + letters
        position -= 1
    return letters


def write_workbook(path: Path, *sheets: Sheet) -> None:
    """Write sheets into a workbook at ``path``."""
    path.write_bytes(workbook(*sheets))


def workbook(*sheets: Sheet) -> bytes:
    """Answer the bytes of a workbook."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _frame(sheets):
            _put(archive, name, content)
        for number, sheet in enumerate(sheets, 1):
            _put(archive, f"xl/worksheets/sheet{number}.xml", _sheet(sheet))
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: str) -> None:
    """Add a part under the fixed time."""
    part = zipfile.ZipInfo(name, EPOCH)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    archive.writestr(part, content.encode())


def _sheet(sheet: Sheet) -> str:
    """Say one sheet in XML; texts stand in their cells."""
    widest = max((len(row) for row in sheet.rows), default=0)
    letters = [column_letters(i) for i in range(widest)]
    rows = "".join(
        f'<row r="{number}">{"".join(_cell(letters[i], number, cell) for i, cell in enumerate(row))}</row>'
        for number, row in enumerate(sheet.rows, 1)
    )
    merged = "".join(f'<mergeCell ref="{place}"/>' for place in sheet.merged)
    tail = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>' if merged else ""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


def _cell(letters: str, number: int, cell: Cell) -> str:
    """Say one cell in XML; an empty one is left out."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        space = ' xml:space="preserve"' if cell != cell.strip() or "\n" in cell else ""
        return f'<c r="{letters}{number}" t="inlineStr"><is><t{space}>{escape(cell)}</t></is></c>'
    return f'<c r="{letters}{number}"><v>{cell}</v></c>'


def _frame(sheets: tuple[Sheet, ...]) -> list[tuple[str, str]]:
    """Answer the parts around the sheets: types, relations and the table of contents."""
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    names = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    return [
        (
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{_PACKAGE_TYPE}.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
            f"{types}</Types>",
        ),
        (
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        ),
    ]
