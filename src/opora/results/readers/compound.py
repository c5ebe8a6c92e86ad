"""Looks into an xls file (an OLE compound file) before it is opened: no password, nothing half, no trap.

Only what protects the reading is parsed here: the directory, the chain of the workbook's sectors, and the
addresses of its cells.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from opora.language import _
from opora.results.readers import limits
from opora.results.readers.archive import broken, half_file, protected
from opora.results.readers.markup import too_many_cells
from opora.results.readers.signatures import not_a_table

NO_SECTOR = 0xFFFFFFFA  # this and above are not places of sectors
ENTRY_LENGTH = 128
HEADER_LENGTH = 512
BOF, FILEPASS, DIMENSIONS, SST, BOOLERR = 0x0809, 0x002F, 0x0200, 0x00FC, 0x0205
ONE_CELL = {0x0203, 0x0204, 0x00FD, 0x027E, 0x0006, 0x0205, 0x00D6}
MANY_CELLS = 0x00BD
EXCEL_ROWS, EXCEL_COLUMNS = 65_536, 256
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


@dataclass(frozen=True)
class Entry:
    """A stream inside the compound file."""

    name: str
    start: int
    size: int
    root: bool


class Compound:
    """The directory and the streams of a compound file, with every chain bounded."""

    def __init__(self, data: bytes) -> None:
        if len(data) < HEADER_LENGTH * 2:
            raise half_file()
        self.data = data
        sector_shift, self.mini_shift = struct.unpack_from("<HH", data, 30)
        if sector_shift not in (9, 12) or self.mini_shift != 6:
            raise broken()
        self.sector = 1 << sector_shift
        (self.cutoff,) = struct.unpack_from("<I", data, 56)
        self.table = self._table()
        (directory,) = struct.unpack_from("<I", data, 48)
        self.entries = list(self._entries(b"".join(self._chain(directory))))

    def _sector(self, number: int) -> bytes:
        place = (number + 1) * self.sector
        content = self.data[place : place + self.sector]
        if not content:
            raise half_file()
        return content

    def _table(self) -> list[int]:
        """The table of sectors (FAT): for each the next one."""
        numbers = list(struct.unpack_from("<109I", self.data, 76))
        (extra,) = struct.unpack_from("<I", self.data, 68)
        seen: set[int] = set()
        while extra < NO_SECTOR:
            if extra in seen:
                raise broken()
            seen.add(extra)
            block = self._whole(self._sector(extra))
            numbers += block[:-1]
            extra = block[-1]
        numbers = [number for number in numbers if number < NO_SECTOR]
        if len(set(numbers)) != len(numbers):
            raise broken()
        return [link for number in numbers for link in self._whole(self._sector(number))]

    def _whole(self, content: bytes) -> list[int]:
        if len(content) < self.sector:
            raise half_file()
        return list(struct.unpack(f"<{self.sector // 4}I", content))

    def _chain(self, number: int) -> Iterator[bytes]:
        """The sectors of a stream from its first one."""
        seen: set[int] = set()
        while number < NO_SECTOR:
            if number in seen or number >= len(self.table):
                raise broken()
            seen.add(number)
            yield self._sector(number)
            number = self.table[number]

    def _entries(self, directory: bytes) -> Iterator[Entry]:
        for place in range(0, len(directory) - ENTRY_LENGTH + 1, ENTRY_LENGTH):
            length, kind = struct.unpack_from("<HB", directory, place + 64)
            if kind not in (1, 2, 5) or not 2 <= length <= 64:
                continue
            name = directory[place : place + length - 2].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", directory, place + 116)
            yield Entry(name, start, size, kind == 5)

    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.entries)

    def stream(self, *names: str) -> bytes:
        """The content of the first stream of one of these names."""
        entry = next((entry for name in names for entry in self.entries if entry.name == name), None)
        if entry is None:
            raise broken()
        if entry.size > len(self.data):
            raise half_file()
        content = (
            b"".join(self._chain(entry.start)) if entry.size >= self.cutoff else self._small(entry.start)
        )
        if len(content) < entry.size:
            raise half_file()
        return content[: entry.size]

    def _small(self, number: int) -> bytes:
        """A short stream, which lies in the pieces of the root's stream."""
        root = next((entry for entry in self.entries if entry.root), None)
        if root is None:
            raise broken()
        store = b"".join(self._chain(root.start))
        (first,) = struct.unpack_from("<I", self.data, 60)
        table = [link for block in self._chain(first) for link in self._whole(block)]
        pieces, seen, length = [], set[int](), 1 << self.mini_shift
        while number < NO_SECTOR:
            if number in seen or number >= len(table):
                raise broken()
            seen.add(number)
            pieces.append(store[number * length : (number + 1) * length])
            number = table[number]
        return b"".join(pieces)


def look_inside(data: bytes) -> list[dict[tuple[int, int], str]]:
    """Refuse what is no xls workbook or must not be opened; give the error cells of each sheet in turn.

    Raises: FileRefused.
    """
    compound = Compound(data)
    names = compound.names()
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise protected()
    if "WordDocument" in names:
        raise not_a_table(_("документ Word"))
    if "PowerPoint Document" in names:
        raise not_a_table(_("презентация"))
    if not names & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        raise not_a_table(_("файл другой программы"))
    return _scan(compound.stream("Workbook", "Book", "WORKBOOK", "BOOK"))


def _scan(stream: bytes) -> list[dict[tuple[int, int], str]]:
    """Walk over the records of the workbook and refuse sizes that cannot be."""
    place, cells, last_row, last_column, ended = 0, 0, -1, -1, False
    sheets: list[dict[tuple[int, int], str]] = []
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        body = place + 4
        place = body + length
        if place > len(stream):
            raise half_file()
        if kind == BOF:
            cells += (last_row + 1) * (last_column + 1)
            last_row = last_column = -1
            sheets.append({})
        elif kind == FILEPASS:
            raise protected()
        elif kind in (DIMENSIONS, SST):
            _refuse_claims(kind, stream[body:place], len(stream))
        elif (kind in ONE_CELL and length >= 6) or (kind == MANY_CELLS and length >= 6):
            row, column = struct.unpack_from("<HH", stream, body)
            if kind == MANY_CELLS:
                (column,) = struct.unpack_from("<H", stream, place - 2)
            elif kind == BOOLERR and length >= 8 and stream[body + 7] and sheets:
                sheets[-1][row, column] = ERRORS.get(stream[body + 6], "#")
            last_row, last_column = max(last_row, row), max(last_column, column)
        ended = kind == 0x000A
        if ended and not any(stream[place:]):
            break
    if cells + (last_row + 1) * (last_column + 1) > limits.CELLS:
        raise too_many_cells()
    if not sheets or not ended:
        raise half_file()
    return sheets[1:]  # the first part describes the book


def _refuse_claims(kind: int, body: bytes, size: int) -> None:
    """The library reserves memory by these numbers before it has seen a cell."""
    if kind == SST and len(body) >= 8:
        (texts,) = struct.unpack_from("<I", body, 4)
        if texts * 3 > size:
            raise broken()
    if kind == DIMENSIONS and len(body) >= 10:
        wide = len(body) >= 14
        first, last, left, right = struct.unpack_from("<IIHH" if wide else "<HHHH", body)
        if last > EXCEL_ROWS or right > EXCEL_COLUMNS or first > last or left > right:
            raise broken()
