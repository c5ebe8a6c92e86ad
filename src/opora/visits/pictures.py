"""Takes photos apart and puts them together without what a camera adds: place, moment, device, hidden parts.

JPEG and PNG only. Each is walked to its end by its own rules, so that a file that is something else, is cut
off or has a tail does not pass; of the camera's notes only which side is up is kept.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from opora.language import _
from opora.visits.numbers import LARGEST_PHOTO

JPEG, PNG = "image/jpeg", "image/png"
WIDEST = 12_000  # pixels of a side
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB"}
EXIF = b"Exif\x00\x00"
ORIENTATION = 0x0112
ADOBE, COMMENT = 0xEE, 0xFE  # Adobe's segment says how colours are kept
APPLICATION = range(0xE0, 0xF0)
FRAMES = {0xC0, 0xC1, 0xC2}  # of pictures that browsers show
ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
END, SCAN, BEGIN = 0xD9, 0xDA, 0xD8


class PictureRefused(ValueError):
    """A file that is no photo that we keep: the sentence says why and what is allowed."""


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept: shows what it showed, and tells nothing else."""

    kind: str
    content: bytes


def cleaned(content: bytes) -> Picture:
    """Answer a photo without what a camera adds.

    Raises: PictureRefused.
    """
    if len(content) > LARGEST_PHOTO:
        raise PictureRefused(_("Фотография больше 8 МБ. Сохраните её с меньшим разрешением."))
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return Picture(JPEG, b"".join(_jpeg(content)))
        if content.startswith(PNG_BEGINS):
            return Picture(PNG, b"".join(_png(content)))
    except (IndexError, struct.error, zlib.error):
        raise PictureRefused(_("Фотография повреждена или прислана не целиком.")) from None
    raise PictureRefused(_("Это не фотография. Подходят JPEG и PNG."))


def _refuse_size(width: int, height: int) -> None:
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise PictureRefused(_("У фотографии странный размер. Подходят JPEG и PNG до 12 000 точек."))


def _jpeg(content: bytes) -> Iterator[bytes]:
    """Give the segments that draw; what is after the end of the picture is left out."""
    segments = list(_segments(content))
    frames = [part for marker, part in segments if marker in FRAMES]
    if len(frames) != 1 or segments[-1][0] != END or not any(marker == SCAN for marker, _part in segments):
        raise PictureRefused(_("Фотография повреждена или прислана не целиком."))
    height, width = struct.unpack(">HH", frames[0][5:9])
    _refuse_size(width, height)
    yield b"\xff\xd8"
    turned = next((_turned(part[4:]) for marker, part in segments if marker == 0xE1), 1)
    if turned != 1:
        yield _orientation(turned)
    for marker, part in segments:
        draws = marker not in APPLICATION and marker != COMMENT
        if draws or marker == ADOBE or (marker == 0xE0 and part[4:9] == b"JFIF\x00"):
            yield part


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each segment with its marker; a scan together with what it draws."""
    place = 2
    while True:
        if content[place] != 0xFF:
            raise PictureRefused(_("Фотография повреждена или прислана не целиком."))
        while content[place + 1] == 0xFF:
            place += 1
        marker = content[place + 1]
        if marker == END:
            yield END, b"\xff\xd9"
            return
        if marker in ALONE:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", content, place + 2)
        end = place + 2 + length
        if marker == SCAN:
            end = _end_of_scan(content, end)
        if length < 2 or end > len(content) or marker == BEGIN:
            raise PictureRefused(_("Фотография повреждена или прислана не целиком."))
        yield marker, content[place:end]
        place = end


def _end_of_scan(content: bytes, place: int) -> int:
    """Find where a scan's drawing ends: at the first marker that is not part of it."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise IndexError
        following = content[place + 1]
        if following == 0 or following in ALONE:
            place += 2
        elif following == 0xFF:
            place += 1
        else:
            return place


def _turned(exif: bytes) -> int:
    """Read which side is up (1–8) from a camera's notes. Empty: 1, where they do not say."""
    if not exif.startswith(EXIF):
        return 1
    notes = exif[len(EXIF) :]
    order = {b"II": "<", b"MM": ">"}.get(notes[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(f"{order}I", notes, 4)
        (count,) = struct.unpack_from(f"{order}H", notes, first)
        for number in range(min(count, 200)):
            tag, kind, _many, value = struct.unpack_from(f"{order}HHIH", notes, first + 2 + 12 * number)
            if tag == ORIENTATION and kind == 3:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _orientation(turned: int) -> bytes:
    """Write camera's notes that say nothing but which side is up."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0)
    notes = EXIF + b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + b"\x00\x00\x00\x00"
    return b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes


def _png(content: bytes) -> Iterator[bytes]:
    """Give the chunks that draw, each held against its checksum."""
    yield PNG_BEGINS
    place = len(PNG_BEGINS)
    seen: list[bytes] = []
    while not seen or seen[-1] != b"IEND":
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        chunk = content[place:end]
        if len(chunk) != 12 + length or struct.unpack(">I", chunk[-4:])[0] != zlib.crc32(chunk[4:-4]):
            raise PictureRefused(_("Фотография повреждена или прислана не целиком."))
        if not seen:
            if name != b"IHDR":
                raise PictureRefused(_("Фотография повреждена или прислана не целиком."))
            _refuse_size(*struct.unpack_from(">II", chunk, 8))
        seen.append(name)
        if name in PNG_KEPT:
            yield chunk
        place = end
    if b"IDAT" not in seen:
        raise PictureRefused(_("Фотография повреждена или прислана не целиком."))
