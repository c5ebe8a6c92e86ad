"""Photos lose what a camera added and nothing else; what is no photo or is cut off is refused."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.visits.numbers import LARGEST_PHOTO
from opora.visits.pictures import JPEG, PNG, PictureRefused, cleaned
from tests.visits.pictures import png


def segment(marker, content):
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def exif(turned, order=">"):
    mark = b"MM\x00*" if order == ">" else b"II*\x00"
    gps = struct.pack(f"{order}HHII", 0x8825, 4, 1, 999)
    up = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    notes = (
        mark + struct.pack(f"{order}IH", 8, 2) + gps + up + b"\x00\x00\x00\x00" + "Мысовой, дом 5".encode()
    )
    return segment(0xE1, b"Exif\x00\x00" + notes)


FRAME = segment(0xC0, struct.pack(">BHHB", 8, 2, 3, 1) + b"\x01\x11\x00")
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
JFIF = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
ADOBE = segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01")


def jpeg(*added, frame=FRAME, scans=(SCAN,), end=b"\xff\xd9"):
    return b"\xff\xd8" + b"".join(added) + segment(0xDB, b"\x00" + bytes(64)) + frame + b"".join(scans) + end


def test_a_jpeg_loses_place_comments_and_hidden_pictures():
    camera = [
        JFIF,
        exif(1),
        segment(0xE2, b"MPF\x00..."),
        segment(0xED, b"Photoshop"),
        segment(0xFE, b"note"),
    ]
    picture = cleaned(jpeg(*camera) + b"a film behind the picture")
    assert (picture.kind, picture.content) == (JPEG, jpeg(JFIF))


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turned", [2, 3, 6, 8])
def test_which_side_is_up_is_kept(turned, order):
    picture = cleaned(jpeg(exif(turned, order)))
    assert "Мысовой".encode() not in picture.content and b"\x88\x25" not in picture.content
    assert struct.pack(">HHIHH", 0x0112, 3, 1, turned, 0) in picture.content
    assert cleaned(picture.content) == picture


def test_colours_of_adobe_and_scans_one_after_another_stay():
    told = jpeg(ADOBE, scans=(SCAN, segment(0xC4, b"\x00" * 17), SCAN))
    assert cleaned(told).content == told


def test_a_png_loses_all_that_does_not_draw():
    added = png(5, eXIf=b"gps", tEXt=b"Author\x00Ivan", iTXt=b"x", tIME=b"1234567")
    picture = cleaned(added + b"tail")
    assert (picture.kind, picture.content) == (PNG, png(5))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Подходят JPEG и PNG"),
        (b"GIF89a", "Подходят JPEG и PNG"),
        (b"\xff\xd8\xff", "не целиком"),
        (jpeg(end=b""), "не целиком"),
        (jpeg(scans=()), "не целиком"),
        (jpeg(frame=b""), "не целиком"),
        (b"\xff\xd8\xff\xe0\xff\xff", "не целиком"),
        (jpeg(frame=segment(0xC0, struct.pack(">BHHB", 8, 0, 3, 1))), "размер"),
        (png()[:-3], "не целиком"),
        (png().replace(b"IDAT", b"IDAX"), "не целиком"),
        (png(width=20_000), "размер"),
        (b"\xff\xd8\xff" + b"0" * LARGEST_PHOTO, "больше 8 МБ"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(content, said):
    with pytest.raises(PictureRefused, match=said):
        cleaned(content)


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]))
def test_no_bytes_break_the_reading(content, begins):
    try:
        picture = cleaned(begins + content)
    except PictureRefused:
        return
    assert cleaned(picture.content) == picture


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_broken_byte_breaks_nothing_else(place, byte):
    whole = bytearray(jpeg(JFIF, exif(6)))
    whole[place % len(whole)] = byte
    try:
        assert cleaned(cleaned(bytes(whole)).content)
    except PictureRefused:
        return
