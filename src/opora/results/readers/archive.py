"""Looks into an xlsx file (a zip archive) before it is opened: no bomb, no password, nothing half.

The spreadsheet library unpacks whatever it is given and lays a sheet out as a full rectangle, so a file of
ten kilobytes could ask for terabytes. Everything here is bounded by ``limits``; sizes that the archive states
about itself are checked, never believed.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from opora.language import _
from opora.results.readers import limits
from opora.results.readers.refusal import FileRefused, refused

END = b"PK\x05\x06"
END_LENGTH = 22
LOCATOR = b"PK\x06\x07"
LOCATOR_LENGTH = 20
END_64 = b"PK\x06\x06"
LOCAL = b"PK\x03\x04"
ENTRY = b"PK\x01\x02"
ENTRY_FORM = struct.Struct("<8x2H4x3I3H8xI")  # flags, method, checksum, sizes, lengths of texts, place
LOCAL_LENGTH = 30
STORED, DEFLATED = 0, 8
VERSION = 20  # of the form of an archive
UTF_8 = 0x800  # the flag of names
NEW_YEAR = 0, 0x21  # midnight of 1 January 1980
FULL_32 = 0xFFFFFFFF


class Part(NamedTuple):
    """One file inside the archive, as the table of contents states it."""

    name: str
    method: int
    encrypted: bool
    packed: int
    stated: int  # the unpacked size it claims
    offset: int
    checksum: int  # CRC-32 of the unpacked bytes


@dataclass
class Archive:
    """The parts of a zip archive with their unpacking bounded."""

    data: bytes
    parts: list[Part]
    unpacked: int = 0
    names: frozenset[str] = field(default_factory=frozenset)

    @property
    def stated(self) -> int:
        """The unpacked size of all parts, as the archive claims it."""
        return sum(part.stated for part in self.parts)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Unpack each part in turn, never more than the limit over all of them."""
        for part in self.parts:
            yield part.name, self.content(part)

    def content(self, part: Part) -> bytes:
        """Unpack one part and count it."""
        start = _start(self.data, part)
        packed = self.data[start : start + part.packed]
        if len(packed) < part.packed:
            raise half_file()
        left = limits.UNPACKED_BYTES - self.unpacked
        content = packed if part.method == STORED else _inflate(packed, min(left, part.stated))
        self.unpacked += len(content)
        if len(content) > min(left, part.stated):
            raise too_large_inside()
        if len(content) != part.stated or zlib.crc32(content) != part.checksum:
            raise broken()
        return content


def open_archive(data: bytes) -> Archive:
    """Read the table of contents and refuse what must not be unpacked.

    Raises: FileRefused.
    """
    count, size, offset = _end(data)
    if size > limits.DIRECTORY_BYTES or count > limits.PARTS:
        raise too_large_inside()
    parts = list(_parts(data[offset : offset + size], count))
    if any(part.encrypted for part in parts):
        raise protected()
    if any(part.method not in (STORED, DEFLATED) for part in parts):
        raise refused(
            _("Файл сжат необычным способом."), _("Откройте его в Excel и сохраните заново как xlsx.")
        )
    archive = Archive(data, parts, names=frozenset(part.name.lower().lstrip("/") for part in parts))
    packed = sum(part.packed for part in parts)
    if archive.stated > limits.UNPACKED_BYTES or packed > len(data):
        raise too_large_inside()
    if archive.stated > limits.RATIO_FROM_BYTES and archive.stated > packed * limits.RATIO:
        raise too_large_inside()
    return archive


def _end(data: bytes) -> tuple[int, int, int]:
    """Count, size and place of the table of contents; the archive must end where it says."""
    place = data.rfind(END, max(0, len(data) - END_LENGTH - 0xFFFF))
    if place < 0 or place + END_LENGTH > len(data):
        raise half_file()
    count, size, offset, comment = struct.unpack_from("<HIIH", data, place + 10)
    if place + END_LENGTH + comment != len(data):
        raise half_file()
    finish = place
    locator = place - LOCATOR_LENGTH
    if locator >= 0 and data[locator : locator + 4] == LOCATOR:
        (finish,) = struct.unpack_from("<Q", data, locator + 8)
        if finish + 56 > locator or data[finish : finish + 4] != END_64:
            raise broken()
        count, size, offset = struct.unpack_from("<QQQ", data, finish + 32)
    if offset + size != finish:
        raise half_file()
    return count, size, offset


def _parts(directory: bytes, count: int) -> Iterator[Part]:
    """Read the entries of the table of contents."""
    place = 0
    for _index in range(count):
        start = place + ENTRY_FORM.size
        if directory[place : place + 4] != ENTRY or start > len(directory):
            raise broken()
        flags, method, checksum, packed, stated, name, extra, comment, offset = ENTRY_FORM.unpack_from(
            directory, place
        )
        if FULL_32 in (packed, stated, offset):
            packed, stated, offset = _wide(
                directory[start + name : start + name + extra], packed, stated, offset
            )
        title = directory[start : start + name].decode("utf-8", "surrogateescape")
        yield Part(title, method, bool(flags & 1), packed, stated, offset, checksum)
        place = start + name + extra + comment
    if place != len(directory):
        raise broken()


def _wide(extra: bytes, packed: int, stated: int, offset: int) -> tuple[int, int, int]:
    """Take the sizes of an entry from its 64-bit field (zip64)."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == 1:
            values = iter(struct.unpack_from(f"<{length // 8}Q", extra[place + 4 : place + 4 + length]))
            try:
                stated = next(values) if stated == FULL_32 else stated
                packed = next(values) if packed == FULL_32 else packed
                offset = next(values) if offset == FULL_32 else offset
            except StopIteration:
                raise broken() from None
            return packed, stated, offset
        place += 4 + length
    return packed, stated, offset


def _start(data: bytes, part: Part) -> int:
    """Where the packed bytes of a part begin."""
    if part.offset + LOCAL_LENGTH > len(data) or data[part.offset : part.offset + 4] != LOCAL:
        raise broken()
    name, extra = struct.unpack_from("<HH", data, part.offset + 26)
    return part.offset + LOCAL_LENGTH + name + extra


def _inflate(packed: bytes, limit: int) -> bytes:
    """Unpack at most one byte more than the limit."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, limit + 1)
    except zlib.error:
        raise broken() from None
    if not unpacker.eof and len(content) <= limit:
        raise half_file()
    return content


def archive_of(contents: Iterable[tuple[str, bytes]]) -> bytes:
    """Write parts into an archive as they are, without packing them."""
    written: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for title, content in contents:
        name, size, checksum = title.encode("utf-8", "surrogateescape"), len(content), zlib.crc32(content)
        about = struct.pack("<5H3I2H", VERSION, UTF_8, STORED, *NEW_YEAR, checksum, size, size, len(name), 0)
        written += [LOCAL, about, name, content]
        directory.append(ENTRY + struct.pack("<H", VERSION) + about + struct.pack("<10xI", offset) + name)
        offset += LOCAL_LENGTH + len(name) + size
    table = b"".join(directory)
    count = len(directory)
    return b"".join([*written, table, END, struct.pack("<4x2H2IH", count, count, len(table), offset, 0)])


def half_file() -> FileRefused:
    return refused(
        _("Файл повреждён или загружен не полностью."), _("Скачайте или скопируйте его ещё раз целиком.")
    )


def broken() -> FileRefused:
    return refused(_("Файл повреждён внутри."), _("Откройте его в Excel и сохраните заново как xlsx."))


def protected() -> FileRefused:
    return refused(_("Файл защищён паролем."), _("Снимите пароль и загрузите файл снова."))


def too_large_inside() -> FileRefused:
    what = _("После распаковки файл слишком велик: больше {size} МБ или сжат подозрительно сильно.")
    return refused(
        what.format(size=limits.UNPACKED_BYTES // limits.MEGABYTE),
        _("Удалите из книги лишнее или сохраните таблицу как CSV."),
    )
