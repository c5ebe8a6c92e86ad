"""Visits of the demo's curator: one held, with records of two devices and a photo, and one to come."""

import struct
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from opora.demo.verifying import held
from opora.diagnostics.models import Campaign
from opora.language import _
from opora.registry.models import School
from opora.registry.roles import Role
from opora.visits.models import Visit
from opora.visits.planning.actions import Plan, hold_visit, plan_visit
from opora.visits.taking.actions import keep_photo, take_records

PHONE, TABLET = "3f9c27a81b", "b07e55d2c4"
WIDTH, HEIGHT = 960, 540
WALL, FLOOR, BOARD, DESK = (
    bytes((232, 226, 208)),
    bytes((176, 132, 92)),
    bytes((38, 92, 72)),
    bytes((206, 166, 110)),
)
Told = tuple[str, str, dict[str, Any]]  # device, kind, what it says


def visit_school(campaign: Campaign, school: School, today: date) -> None:
    """Let the curator of a school visit it today and plan to come again."""
    curator = held(Role.CURATOR, school)
    if curator is None:
        return
    purpose = _("Сверить рисковый профиль, посмотреть уроки и кабинеты")
    visit = plan_visit(Plan(school, today, purpose, campaign), curator)
    photo = classroom()
    named = [_sent(visit, minute, told) for minute, told in enumerate(_told(today, photo))]
    kept = _told_later(named)
    take_records(
        visit, [*named, *(_sent(visit, 40 + minute, told) for minute, told in enumerate(kept))], curator
    )
    keep_photo(visit, sha256(photo).hexdigest(), photo, curator)
    hold_visit(visit, curator)
    again = _("Посмотреть, что изменилось: открытый урок, кабинет физики")
    plan_visit(Plan(school, today + timedelta(days=24), again, campaign), curator)


def _told(today: date, photo: bytes) -> Iterator[Told]:
    """Give what two devices tell of the visit."""
    levels = {"aim": 3, "everybody": 2, "different": 2, "feedback": 3, "climate": 4}
    seen = _("В двух кабинетах из восьми компьютеры работают, лаборатория закрыта на ремонт.")
    first, second = today + timedelta(days=14), today + timedelta(days=20)
    yield PHONE, "met", {"who": "director", "note": ""}
    yield PHONE, "met", {"who": "teachers", "note": _("математика и русский язык, четверо")}
    yield PHONE, "answer", {"question": "equipment_lacks", "says": "confirmed", "note": seen}
    yield TABLET, "observation", _sheet("lesson", _("математика, 6 класс"), levels)
    walk = {"classrooms": 3, "devices": 2, "laboratory": 1, "safety": 3}
    yield TABLET, "observation", _sheet("environment", _("первый и второй этаж"), walk)
    yield PHONE, "photo", _shown(photo)
    what = _("Открыть кабинет физики после ремонта и показать первый опыт в 7 классе")
    yield PHONE, "agreement", {"what": what, "who": _("директор"), "due": first.isoformat()}
    what = _("Собрать график взаимных посещений уроков на четверть")
    yield PHONE, "agreement", {"what": what, "who": _("заместитель директора"), "due": second.isoformat()}
    what = _("Прислать куратору список предметов, которые ведут не предметники")
    yield TABLET, "agreement", {"what": what, "who": _("директор"), "due": today.isoformat()}
    yield TABLET, "note", {"text": _("Учителя просят показать урок с заданиями разного уровня.")}


def _told_later(named: list[dict[str, Any]]) -> Iterator[Told]:
    """Give what is said of earlier records: one agreement is kept, one record is mended."""
    *_others, list_of_subjects = (one for one in named if one["kind"] == "agreement")
    yield PHONE, "agreement_kept", {"agreement": list_of_subjects["uuid"], "note": _("передан на месте")}
    met = {"who": "teachers", "note": _("математика и русский язык, пятеро")}
    yield PHONE, "correction", {"replaces": named[1]["uuid"], "kind": "met", "payload": met}


def _sheet(name: str, about: str, levels: dict[str, int]) -> dict[str, Any]:
    return {"sheet": name, "about": about, "levels": levels, "note": ""}


def _shown(photo: bytes) -> dict[str, Any]:
    caption = _("Кабинет физики: парты есть, шкафы для приборов пусты (рисунок вместо фотографии)")
    return {"photo": sha256(photo).hexdigest(), "caption": caption, "children": False, "consent": ""}


def _sent(visit: Visit, minute: int, told: Told) -> dict[str, Any]:
    device, kind, payload = told
    at = datetime.now(UTC) - timedelta(minutes=90 - minute)
    return {
        "uuid": str(uuid.uuid4()),
        "visit": visit.pk,
        "kind": kind,
        "payload": payload,
        "device": device,
        "told_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def classroom() -> bytes:
    """Draw an empty classroom: a board on the wall and three rows of desks."""
    rows = bytearray()
    for y in range(HEIGHT):
        back = WALL if y < HEIGHT * 0.6 else FLOOR
        line = bytearray(back * WIDTH)
        if HEIGHT * 0.12 < y < HEIGHT * 0.45:
            line[3 * 240 : 3 * 720] = BOARD * 480
        for row, top in enumerate((340, 410, 480)):
            if top < y < top + 28 + 8 * row:
                for left in range(80, 900, 220):
                    line[3 * left : 3 * (left + 140)] = DESK * 140
        rows += b"\x00" + line
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    whole = name + content
    return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))
