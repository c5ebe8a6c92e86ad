"""Checks the XML inside an xlsx file before a library lays it out: how large, how honest, what Excel marked.

The library makes a full rectangle of each sheet, so two cells far apart would cost terabytes; it forgets
error cells and formulas that were never calculated, which must be told to the person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise

from opora.language import _
from opora.results.readers import limits
from opora.results.readers.archive import Archive, broken
from opora.results.readers.refusal import FileRefused, refused

PREFIX = rb"(?:[^\s<>/!?\"'=]+:)?"
# Nothing here may run past the next tag: on a file without closing brackets that would never end.
ATTRIBUTES = rb"((?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*?)"
# Every writer we know puts the address of a cell first; a sheet with anything else, or with cells far from
# the corner, goes the slow, exact way.
FAR_OR_UNUSUAL_CELL = re.compile(rb'<c(?! r="[A-Z]{1,2}\d{1,4}"|[A-Za-z])')
PREFIXED_CELL = b":c"
ROW_OR_CELL = re.compile(rb"<" + PREFIX + rb"(row|c)(?=[\s/>])" + ATTRIBUTES + rb"(/?)>(\s*</)?", re.DOTALL)
ADDRESS = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]{0,5})(\d{0,9})\s*[\"']")
VALUE = re.compile(rb"<" + PREFIX + rb"v>(.*?)</", re.DOTALL)
FORMULA = re.compile(rb"<" + PREFIX + rb"f[\s/>]")
ERROR_TYPE = re.compile(rb"\st\s*=\s*[\"']e[\"']")
SHARED_TYPE = re.compile(rb"\st\s*=\s*[\"']s[\"'][^<>]{0,200}>\s*<" + PREFIX + rb"v>\s*(\d+)")
SHARED_TEXT = re.compile(rb"<" + PREFIX + rb"si(?=[\s/>])")

LINK = re.compile(rb"<" + PREFIX + rb"Relationship\s" + ATTRIBUTES + rb"/?>")
SHEET = re.compile(rb"<" + PREFIX + rb"sheet\s" + ATTRIBUTES + rb"/?>")
ATTRIBUTE = re.compile(rb"(?:^|[\s:])([A-Za-z]+)\s*=\s*[\"']([^\"']*)[\"']")

Errors = dict[tuple[int, int], str]  # cell → "#N/A"

NOT_CALCULATED = "="  # stands in ``Sheet.errors`` for a formula without a value


@dataclass
class Inside:
    """What the parts of one workbook say before it is opened."""

    macros: bool = False
    workbook: bytes = b""
    links: bytes = b""
    parts: dict[str, Errors] = field(default_factory=dict)  # part → its error cells

    def errors(self) -> dict[str, Errors]:
        """The error cells by the name of the sheet."""
        if not any(self.parts.values()):
            return {}
        targets = {}
        for link in LINK.findall(self.links):
            found = dict(ATTRIBUTE.findall(link))
            targets[found.get(b"Id")] = found.get(b"Target", b"").decode("utf-8", "replace")
        sheets: dict[str, Errors] = {}
        for sheet in SHEET.findall(self.workbook):
            found = dict(ATTRIBUTE.findall(sheet))
            name = unescape(found.get(b"name", b"").decode("utf-8", "replace"))
            part = targets.get(found.get(b"id"), "").lower().rpartition("/")[2]
            sheets[name] = next(
                (errors for key, errors in self.parts.items() if part and key.endswith(part)), {}
            )
        return sheets


def look_inside(archive: Archive) -> Inside:
    """Unpack and check every part; collect the error cells of the sheets.

    Raises: FileRefused.
    """
    inside = Inside()
    texts = b""
    sheets: list[bytes] = []
    for name, content in archive.contents():
        lower = name.lower()
        if lower.endswith("vbaproject.bin"):
            inside.macros = True
        if b"<" not in content[:64] or lower.startswith("xl/media/"):
            _refuse_wide_letters(content, lower)
            continue
        _refuse_entities(content)
        if b"sheetData" in content:
            _refuse_area(content)
            inside.parts[lower] = dict(_errors(content))
            sheets.append(content)
        elif lower.endswith("xl/workbook.xml"):
            inside.workbook = content
        elif lower.endswith("workbook.xml.rels"):
            inside.links = content
        elif SHARED_TEXT.search(content):
            texts = max(texts, content, key=len)
    _refuse_spread(texts, sheets)
    return inside


def _refuse_wide_letters(content: bytes, name: str) -> None:
    """An XML part in UTF-16 would hide from the checks below."""
    if name.endswith((".xml", ".rels")) and content[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"):
        raise broken()


def _refuse_entities(content: bytes) -> None:
    """Entities of one's own are how an XML bomb or a look into foreign files is written."""
    if b"\x00" in content:
        raise broken()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise refused(
            _("В файле есть скрытые определения (DOCTYPE), которых в таблицах не бывает."),
            _("Откройте его в Excel и сохраните заново как xlsx."),
        )


def _refuse_area(content: bytes) -> None:
    """Refuse a sheet whose rectangle of filled cells is too large."""
    if PREFIXED_CELL not in content and FAR_OR_UNUSUAL_CELL.search(content) is None:
        return
    rows, columns = _area(content)
    if columns > limits.COLUMNS:
        raise too_many_columns(columns)
    if rows > limits.ROWS:
        raise too_many_rows(rows)
    if rows * columns > limits.CELLS:
        raise too_many_cells()


def _area(content: bytes) -> tuple[int, int]:
    """The last row and column that hold a value, counted as the library does."""
    row, column, last_row, last_column = -1, -1, -1, -1
    for match in ROW_OR_CELL.finditer(content):
        kind, attributes, closed, hollow = match.groups()
        found = ADDRESS.search(attributes)
        letters, digits = found.groups() if found else (b"", b"")
        if kind == b"row":
            row, column = (int(digits) - 1 if digits else row + 1), -1
            continue
        column = column_number(letters.decode()) if letters else column + 1
        cell_row = int(digits) - 1 if digits else row
        if not closed and not hollow:
            last_row, last_column = max(last_row, cell_row), max(last_column, column)
    return last_row + 1, last_column + 1


def _errors(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Cells with an Excel error, and formulas that hold no value."""
    if b't="e"' not in content and b"<f" not in content:
        return
    matches = [match for match in ROW_OR_CELL.finditer(content) if match.group(1) == b"c"]
    ends = [match.start() for match in matches[1:]] + [len(content)]
    for match, end in zip(matches, ends, strict=True):
        attributes, body = match.group(2), content[match.end() : end]
        address = ADDRESS.search(attributes)
        if address is None or not address.group(1) or not address.group(2) or match.group(3):
            continue
        place = (int(address.group(2)) - 1, column_number(address.group(1).decode()))
        value = VALUE.search(body)
        if ERROR_TYPE.search(b" " + attributes):
            yield place, value.group(1).decode("utf-8", "replace")[:20] if value else "#"
        elif FORMULA.search(body) and (value is None or not value.group(1)):
            yield place, NOT_CALCULATED


def _refuse_spread(texts: bytes, sheets: list[bytes]) -> None:
    """Refuse a few long texts named by a great many cells: a bomb without any packing."""
    if not texts:
        return
    cells = sum(content.count(b"<v>") for content in sheets)
    if len(texts) * cells <= limits.TEXT_SPREAD_BYTES:
        return
    starts = [match.start() for match in SHARED_TEXT.finditer(texts)] + [len(texts)]
    lengths = [after - before for before, after in pairwise(starts)]
    total = 0
    for content in sheets:
        for match in SHARED_TYPE.finditer(content):
            number = int(match.group(1)[:9])
            total += lengths[number] if number < len(lengths) else 0
            if total > limits.TEXT_SPREAD_BYTES:
                raise too_many_cells()


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def too_many_columns(columns: int, sheet: str = "") -> FileRefused:
    what = _("Столбцов на листе: {columns} — вероятно, это не таблица результатов.")
    allowed = _("Допускается не больше {limit} столбцов: удалите лишние.")
    return refused(what.format(columns=columns), allowed.format(limit=limits.COLUMNS), sheet)


def too_many_rows(rows: int, sheet: str = "") -> FileRefused:
    what = _("Строк на листе: {rows}.")
    allowed = _("В книге Excel допускается не больше {limit} строк на листе: сохраните таблицу как CSV.")
    return refused(what.format(rows=rows), allowed.format(limit=limits.ROWS), sheet)


def too_many_cells() -> FileRefused:
    what = _("В книге больше {limit} ячеек.")
    return refused(
        what.format(limit=limits.CELLS),
        _("Сохраните таблицу как CSV или разделите её на несколько книг."),
    )
