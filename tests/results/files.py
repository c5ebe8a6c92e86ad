"""Files of every kind, honest and hostile, made in memory for the tests of this folder."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import openpyxl

END_OF_CHAIN, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xlsx(
    rows: Iterable[Sequence[Any]] = (), sheet: str = "Лист1", change: Callable[[Any], None] | None = None
) -> bytes:
    """A workbook of one sheet; ``change`` gets the openpyxl workbook before it is saved."""
    workbook = openpyxl.Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(list(row))
    if change is not None:
        change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def repacked(
    data: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None
) -> bytes:
    """The same archive with its parts changed, and more of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def with_sheet(xml: str, texts: str | None = None) -> bytes:
    """A workbook whose sheet is written by hand."""
    body = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{xml}</worksheet>'

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            return body.encode()
        return texts.encode() if texts is not None and name == "xl/sharedStrings.xml" else content

    more = {}
    base = xlsx([["а"]])
    if texts is not None and "xl/sharedStrings.xml" not in zipfile.ZipFile(io.BytesIO(base)).namelist():
        more["xl/sharedStrings.xml"] = texts.encode()
    return repacked(base, change, more)


def archive(parts: dict[str, bytes]) -> bytes:
    """A plain zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def one_part(packed: bytes, stated: int, method: int) -> bytes:
    """An archive of one part that states whatever size it likes."""
    name = b"xl/workbook.xml"
    same = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 0, 0, len(packed), stated, len(name), 0)
    local = b"PK\3\4" + same + name
    directory = b"PK\1\2" + struct.pack("<H", 20) + same + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(local) + len(packed), 0)
    return local + packed + directory + end


def bomb(stated: int) -> bytes:
    """Half a gigabyte of blanks in a few megabytes."""
    return one_part(_half_a_gigabyte(), stated, method=8)


@cache
def _half_a_gigabyte() -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = b" " * 1_000_000
    return b"".join(packer.compress(piece) for _number in range(500)) + packer.flush()


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with these streams, each padded past the limit of the small ones."""
    padded = {
        name: content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        for name, content in streams.items()
    }
    lengths = [len(content) // 512 for content in padded.values()]
    entries = 4 * -(-(len(padded) + 1) // 4)
    directory_sectors = entries // 4
    total = sum(lengths) + directory_sectors
    table_sectors = 1
    while (total + table_sectors) > table_sectors * 128:
        table_sectors += 1
    table = [TABLE] * table_sectors + _chain(table_sectors, directory_sectors)
    starts, place = [], table_sectors + directory_sectors
    for length in lengths:
        starts.append(place)
        table += _chain(place, length)
        place += length
    table += [FREE] * (table_sectors * 128 - len(table))
    directory = _entry("Root Entry", 5, END_OF_CHAIN, 0, child=1)
    for number, ((name, content), start) in enumerate(zip(padded.items(), starts, strict=True), 1):
        right = number + 1 if number < len(padded) else FREE
        directory += _entry(name, 2, start, len(content), right=right)
    directory = directory.ljust(directory_sectors * 512, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack(
        "<IIIIIIIII", 0, table_sectors, table_sectors, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0
    )
    header += struct.pack("<109I", *range(table_sectors), *[FREE] * (109 - table_sectors))
    return header + struct.pack(f"<{len(table)}I", *table) + directory + b"".join(padded.values())


def _padded(content: bytes) -> bytes:
    return content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")


def _chain(start: int, length: int) -> list[int]:
    return [*range(start + 1, start + length), END_OF_CHAIN]


def _entry(name: str, kind: int, start: int, size: int, right: int = FREE, child: int = FREE) -> bytes:
    title = name.encode("utf-16-le").ljust(64, b"\0")
    head = title + struct.pack("<HBBIII", len(name) * 2 + 2, kind, 1, FREE, right, child)
    return head + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(rows: Sequence[Sequence[Any]], extra: bytes = b"", sheet: str = "Лист1") -> bytes:
    """A workbook of Excel 97 written record by record."""
    return compound({"Workbook": biff(rows, extra, sheet)})


def biff(rows: Sequence[Sequence[Any]], extra: bytes = b"", sheet: str = "Лист1") -> bytes:
    """The stream of an xls workbook of one sheet: numbers, texts, and ``Exception`` for #N/A."""
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += record(0x0204, place + text)
            elif isinstance(value, Exception):
                cells += record(0x0205, place + b"\x2a\x01")
            elif value is not None:
                cells += record(0x0203, place + struct.pack("<d", value))
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    before = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + extra
    offset = len(before) + 4 + 6 + len(name) + 4
    glob = before + record(0x0085, struct.pack("<IH", offset, 0) + name) + record(0x000A)
    return glob + record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + cells + record(0x000A)
