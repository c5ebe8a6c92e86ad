"""A visit of a curator to a school of the small world, and photos made by code."""

import hashlib
import struct
import zlib
from datetime import timedelta

import pytest

from opora.visits.planning.actions import Plan, plan_visit
from tests.diagnostics.profiles.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.visits.drawn import correction, record
from tests.world import *  # noqa: F403


@pytest.fixture(autouse=True)
def photos_folder(settings, tmp_path):
    settings.VISIT_PHOTOS = tmp_path / "visits"
    return settings.VISIT_PHOTOS


@pytest.fixture
def visit(people, places, today):
    plan = Plan(places.listed, today + timedelta(days=1), "сверить профиль")
    return plan_visit(plan, people.curator)


@pytest.fixture
def told(visit):
    """Draw a record of this visit as a device sends it."""

    def draw(short, kind="note", minute=0, **changed):
        return record(short, kind, minute, visit=visit.pk, **changed).told()

    return draw


@pytest.fixture
def mended(visit):
    """Draw a correction as a device sends it."""

    def draw(short, replaces, minute=0, kind="note", **changed):
        return correction(short, replaces, minute, kind, visit=visit.pk, **changed).told()

    return draw


def png(seed=0, width=3, height=2, **chunks):
    """Make a small PNG; ``chunks``: further ones, as a camera adds them."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    row = b"\x00" + bytes([seed % 256, 120, 200]) * width
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))]
    parts += [chunk(name.encode(), content) for name, content in chunks.items()]
    parts += [chunk(b"IDAT", zlib.compress(row * height)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def digest_of(content):
    return hashlib.sha256(content).hexdigest()
