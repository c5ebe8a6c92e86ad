"""Checks the XML inside an xlsx file before a library lays it out: how large, how honest, what Excel marked.

The library makes a full rectangle of each sheet, so two cells far apart would cost terabytes; it forgets
error cells and formulas that were never calculated, which must be told to the person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

from opora.language import _
from opora.results.readers import limits
from opora.results.readers.archive import Archive, archive_of, broken
from opora.results.readers.refusal import FileRefused, refused

PREFIX = rb"(?:[^\s<>/!?\"'=]+:)?"
# Nothing here may run past the next tag: on a file without closing brackets that would never end.
ATTRIBUTES = rb"((?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*?)"
CELLS = b"sheetData"  # the element with the cells; a sheet that does not close it is refused by the library
# Every writer we know puts the address of a cell first; a sheet with anything else, or with cells far from
# the corner, goes the slow, exact way.
FAR_OR_UNUSUAL_CELL = re.compile(rb'<c(?! r="[A-Z]{1,2}+\d{1,4}+")(?![A-Za-z])')
ROW_OR_CELL = re.compile(rb"<" + PREFIX + rb"(row|c)(?=[\s/>])" + ATTRIBUTES + rb"(/?)>(\s*</)?", re.DOTALL)
ADDRESS = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]{0,5})(\d{0,9})\s*[\"']")
VALUE = re.compile(rb"<" + PREFIX + rb"v>(.*?)</", re.DOTALL)
FORMULA = re.compile(rb"<" + PREFIX + rb"f[\s/>]")
ERROR_TYPE = re.compile(rb"\st\s*=\s*[\"']e[\"']")
SHARED_TYPE = re.compile(rb"\st\s*=\s*[\"']s[\"'][^<>]{0,200}>\s*<" + PREFIX + rb"v>\s*(\d+)")
SHARED_TEXT = re.compile(rb"<" + PREFIX + rb"si(?=[\s/>])")

MERGED = re.compile(rb"<" + PREFIX + rb"mergeCell\s" + ATTRIBUTES + rb"/?>")
AREA = re.compile(rb"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")
DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^<>]*\?>")
NOTHING_MERGED = b"<mergeCells></mergeCells>"

LINK = re.compile(rb"<" + PREFIX + rb"Relationship\s" + ATTRIBUTES + rb"/?>")
SHEET = re.compile(rb"<" + PREFIX + rb"sheet\s" + ATTRIBUTES + rb"/?>")
ATTRIBUTE = re.compile(rb"(?:^|[\s:])([A-Za-z]+)\s*=\s*[\"']([^\"']*)[\"']")

Errors = dict[tuple[int, int], str]  # cell → "#N/A"
Range = tuple[int, int, int, int]  # first row, first column, last row, last column

NOT_CALCULATED = "="  # stands in ``Sheet.errors`` for a formula without a value


class Marked(NamedTuple):
    """What the library does not tell of a sheet."""

    errors: Errors
    merged: list[Range]


UNMARKED = Marked({}, [])


@dataclass
class Inside:
    """What the parts of one workbook say before it is opened."""

    macros: bool = False
    workbook: bytes = b""
    links: bytes = b""
    parts: dict[str, Marked] = field(default_factory=dict)
    handed: bytes = b""  # the checked book for the library; empty where it is too large to be held unpacked

    def sheets(self) -> dict[str, Marked]:
        """What is marked, by the name of the sheet."""
        if not any(any(marked) for marked in self.parts.values()):
            return {}
        targets = {}
        for link in LINK.findall(self.links):
            found = dict(ATTRIBUTE.findall(link))
            targets[found.get(b"Id")] = found.get(b"Target", b"").decode("utf-8", "replace")
        sheets: dict[str, Marked] = {}
        for sheet in SHEET.findall(self.workbook):
            found = dict(ATTRIBUTE.findall(sheet))
            name = unescape(found.get(b"name", b"").decode("utf-8", "replace"))
            part = targets.get(found.get(b"id"), "").lower().rpartition("/")[2]
            sheets[name] = next(
                (marked for key, marked in self.parts.items() if part and key.endswith(part)), UNMARKED
            )
        return sheets


def look_inside(archive: Archive) -> Inside:
    """Unpack and check every part; collect what the library does not tell of the sheets.

    Raises: FileRefused.
    """
    inside = Inside()
    small = archive.stated <= limits.HANDED_BYTES
    texts = b""
    sheets: list[bytes] = []
    handed: list[tuple[str, bytes]] = []
    for name, content in archive.contents():
        lower = name.lower()
        inside.macros |= lower.endswith("vbaproject.bin")
        if b"<" not in content[:64] or lower.startswith("xl/media/"):
            _refuse_hidden(content, lower)
            continue
        _refuse_entities(content)
        alone = b""
        if CELLS in content:
            _refuse_area(content)
            sheets.append(content)
            alone = _cells_alone(content) if small else b""
            inside.parts[lower] = Marked(dict(_errors(content)), list(_merged(content)) if alone else [])
        elif lower.endswith("xl/workbook.xml"):
            inside.workbook = content
        elif lower.endswith("workbook.xml.rels"):
            inside.links = content
        elif (b"<si" in content or b":si" in content) and SHARED_TEXT.search(content):
            texts = max(texts, content, key=len)
        if small:
            handed.append((name, alone or content))
    _refuse_spread(texts, sheets)
    if small:
        inside.handed = archive_of(handed)
    return inside


def _refuse_hidden(content: bytes, name: str) -> None:
    """What does not begin as XML is not looked into: no cells may hide there, nor XML in UTF-16."""
    if name.endswith((".xml", ".rels")) and content[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"):
        raise broken()
    if CELLS in content:
        raise broken()


def _cells_alone(content: bytes) -> bytes:
    """Cut a sheet down to its cells, so that the library walks through them once.

    It would do so twice, to find the list of merged cells behind them: an empty one stands ahead instead, and
    ``_merged`` reads the list itself. A surplus end of an element still breaks the library's walk, because
    nothing is open around the cells.

    Empty: this is not plainly one well-formed sheet, and the library has to judge it as it is.
    """
    first, last = content.find(CELLS), content.rfind(CELLS)
    start, stop = content.rfind(b"<", 0, first), content.find(b">", last) + 1
    is_one = start >= 0 and stop and first < last == content.find(CELLS, first + 1)
    if not is_one or not _is_well_formed(content[:start] + b"<cells/>" + content[stop:]):
        return b""
    declaration = DECLARATION.match(content)
    return (declaration.group() if declaration else b"") + NOTHING_MERGED + content[start:stop]


def _is_well_formed(content: bytes) -> bool:
    """Say whether this is XML and the cells are one of its elements, not inside a comment."""
    parser = expat.ParserCreate()
    names: list[str] = []
    parser.StartElementHandler = lambda name, _attributes: names.append(name)
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        return False
    return "cells" in names


def _merged(content: bytes) -> Iterator[Range]:
    """The merged cells of a sheet: their list stands behind the cells."""
    for merged in MERGED.findall(content, content.rfind(CELLS)):
        found = AREA.fullmatch(dict(ATTRIBUTE.findall(merged)).get(b"ref", b""))
        if found:
            left, top, right, bottom = (corner.decode() for corner in found.groups(b""))
            yield int(top) - 1, column_number(left), int(bottom or top) - 1, column_number(right or left)


def _refuse_entities(content: bytes) -> None:
    """Entities of one's own are how an XML bomb or a look into foreign files is written."""
    if b"\x00" in content:
        raise broken()
    if b"!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise refused(
            _("В файле есть скрытые определения (DOCTYPE), которых в таблицах не бывает."),
            _("Откройте его в Excel и сохраните заново как xlsx."),
        )


def _refuse_area(content: bytes) -> None:
    """Refuse a sheet whose rectangle of filled cells is too large."""
    if not _has(content, b":c", rare=b":") and FAR_OR_UNUSUAL_CELL.search(content) is None:
        return
    rows, columns = _area(content)
    if columns > limits.COLUMNS:
        raise too_many_columns(columns)
    if rows > limits.ROWS:
        raise too_many_rows(rows)
    if rows * columns > limits.CELLS:
        raise too_many_cells()


def _has(content: bytes, tag: bytes, rare: bytes) -> bool:
    """Say whether a tag stands among the cells; one rare letter of it is found sooner than the whole."""
    first, last = content.find(CELLS), content.rfind(CELLS)
    return content.find(rare, first, last) >= 0 and content.find(tag, first, last) >= 0


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
    if b't="e"' not in content and not _has(content, b"<f", rare=b"f"):
        return
    matches = [match for match in ROW_OR_CELL.finditer(content) if match.group(1) == b"c"]
    starts = [match.start() for match in matches] + [len(content)]
    for match, end in zip(matches, starts[1:], strict=True):
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
