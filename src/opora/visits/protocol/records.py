"""What a record of a visit is, and what a record of each kind must hold."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from opora.language import _
from opora.visits.protocol.canonical import NotCanonical, canonical

LONGEST = 4_000  # characters of a text
SHORT = 300  # of a caption, of who will do it
MOST_ROWS = 30  # of a sheet
BEST = 4  # levels of a sheet go from 1 to this
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
PHOTO = re.compile(r"[0-9a-f]{64}")
DEVICE = re.compile(r"[0-9a-z-]{4,40}")
MOMENT = re.compile(r"(?:19[7-9]|20\d|21\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

MET, ANSWER, OBSERVATION, AGREEMENT = "met", "answer", "observation", "agreement"
KEPT, NOTE, PHOTOGRAPH, CORRECTION = "agreement_kept", "note", "photo", "correction"
KINDS = (MET, ANSWER, OBSERVATION, AGREEMENT, KEPT, NOTE, PHOTOGRAPH)
# Who may be met: people of a position. Pupils are not among them: a record names no child.
WHO = ("director", "deputy", "teachers", "psychologist", "team", "parents", "founder", "other")
SEEN = ("confirmed", "partly", "not", "unseen", "")  # "": a question of no risk, answered in words
PAGE = "page"  # what a plain form calls its device
CONSENT = ("paper", "blurred")  # what a photo with children needs one of

Payload = Mapping[str, Any]


class RecordRefused(ValueError):
    """What was sent is no record of a visit: the sentence says why."""


@dataclass(frozen=True)
class Record:
    """One thing told of a visit (запись визита), as its device told it; never changed afterwards.

    told_at: by the device's own clock, in UTC; it may be wrong by days.
    """

    uuid: str
    visit: int
    kind: str
    payload: Payload
    device: str
    told_at: str

    def told(self) -> dict[str, Any]:
        """Answer the record as it travels and is digested."""
        return {
            "uuid": self.uuid,
            "visit": self.visit,
            "kind": self.kind,
            "payload": dict(self.payload),
            "device": self.device,
            "told_at": self.told_at,
        }

    @property
    def content(self) -> tuple[str, Payload]:
        """Answer what it says: a correction, what it puts in the place; kind "" takes away."""
        if self.kind == CORRECTION:
            return self.payload["kind"], self.payload["payload"]
        return self.kind, self.payload

    @property
    def order(self) -> tuple[str, str]:
        """Answer its place among others: the same on every device, whenever it arrived."""
        return self.told_at, self.uuid


def read_record(sent: Any) -> Record:
    """Read a record from what a device sent.

    Raises: RecordRefused.
    """
    parts = {"uuid", "visit", "kind", "payload", "device", "told_at"}
    if not isinstance(sent, dict) or set(sent) != parts:
        raise RecordRefused(_("Это не запись визита: не те части."))
    try:
        canonical(sent)
    except NotCanonical:
        raise RecordRefused(_("Это не запись визита: в ней то, что не записать одинаково.")) from None
    record = Record(**sent)
    if not _is_uuid(record.uuid) or type(record.visit) is not int or not _fits(DEVICE, record.device):
        raise RecordRefused(_("Это не запись визита: не те имя записи, визит или устройство."))
    if not _is_moment(record.told_at):
        raise RecordRefused(_("Время записи на устройстве написано не так."))
    if record.kind == CORRECTION:
        _check_correction(record)
    else:
        check(record.kind, record.payload)
    return record


def check(kind: Any, payload: Any) -> None:
    """Hold what a record says against what its kind must hold.

    Raises: RecordRefused, with a sentence for the person who writes it.
    """
    if kind not in KINDS:
        raise RecordRefused(_("Записей такого вида нет."))
    rules = RULES[kind]
    if not isinstance(payload, dict) or set(payload) != set(rules):
        raise RecordRefused(_("В записи не те поля, что у её вида."))
    for field, fits in rules.items():
        if not fits(payload[field]):
            sentence = _sentences().get((kind, field)) or _("В записи не так поле {field}.")
            raise RecordRefused(sentence.format(field=field))
    if kind == MET and payload["who"] == "other" and not payload["note"].strip():
        raise RecordRefused(_("Напишите должность того, с кем встретились."))
    if kind == ANSWER and not payload["says"] and not payload["note"].strip():
        raise RecordRefused(_("Отметьте, что вы увидели, или напишите."))
    if kind == PHOTOGRAPH and payload["children"] and payload["consent"] not in CONSENT:
        raise RecordRefused(_("На фотографии дети: отметьте, что согласие есть на бумаге или лица закрыты."))


def _check_correction(record: Record) -> None:
    payload = record.payload
    if not isinstance(payload, dict) or set(payload) != {"replaces", "kind", "payload"}:
        raise RecordRefused(_("В записи не те поля, что у её вида."))
    if not _is_uuid(payload["replaces"]) or payload["replaces"] == record.uuid:
        raise RecordRefused(_("Не сказано, какую запись исправляют."))
    if payload["kind"] == "" and payload["payload"] == {}:
        return
    check(payload["kind"], payload["payload"])


def _text(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and len(value.strip()) >= least and len(value) <= most


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in choices


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _is_moment(value: Any) -> bool:
    try:
        return _fits(MOMENT, value) and datetime.fromisoformat(value) is not None
    except ValueError:
        return False


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _levels(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and 0 < len(value) <= MOST_ROWS
        and all(type(level) is int and 1 <= level <= BEST for level in value.values())
    )


def _name(value: Any) -> bool:
    return _fits(NAME, value)


# Kind → field → whether a value fits. Names of questions, sheets and rows are not held against today's files:
# a device that comes late may have older ones, and nothing that was told is lost.
RULES: dict[str, dict[str, Callable[[Any], bool]]] = {
    MET: {"who": _one_of(WHO), "note": _text(0, SHORT)},
    ANSWER: {"question": _name, "says": _one_of(SEEN), "note": _text(0, LONGEST)},
    OBSERVATION: {"sheet": _name, "about": _text(0, SHORT), "levels": _levels, "note": _text(0, LONGEST)},
    AGREEMENT: {"what": _text(1, LONGEST), "who": _text(1, SHORT), "due": _is_day},
    KEPT: {"agreement": _is_uuid, "note": _text(0, LONGEST)},
    NOTE: {"text": _text(1, LONGEST)},
    PHOTOGRAPH: {
        "photo": lambda value: _fits(PHOTO, value),
        "caption": _text(0, SHORT),
        "children": lambda value: isinstance(value, bool),
        "consent": _one_of(("", *CONSENT)),
    },
}


def _sentences() -> dict[tuple[str, str], str]:
    """Say what lacks at a field, to the person who writes."""
    return {
        (MET, "who"): _("Выберите, с кем встретились."),
        (MET, "note"): _("Уточнение слишком длинное: до 300 знаков."),
        (ANSWER, "says"): _("Отметьте, что вы увидели, или напишите."),
        (ANSWER, "note"): _("Текст слишком длинный: до 4000 знаков."),
        (OBSERVATION, "levels"): _("Отметьте уровень хотя бы в одной строке листа."),
        (OBSERVATION, "about"): _("Уточнение слишком длинное: до 300 знаков."),
        (OBSERVATION, "note"): _("Текст слишком длинный: до 4000 знаков."),
        (AGREEMENT, "what"): _("Напишите, о чём договорились, до 4000 знаков."),
        (AGREEMENT, "who"): _("Напишите, кто сделает, до 300 знаков."),
        (AGREEMENT, "due"): _("Назовите день, к которому договорились."),
        (KEPT, "agreement"): _("Выберите договорённость, которая выполнена."),
        (NOTE, "text"): _("Напишите заметку, до 4000 знаков."),
        (PHOTOGRAPH, "photo"): _("Выберите фотографию."),
        (PHOTOGRAPH, "caption"): _("Подпись слишком длинная: до 300 знаков."),
    }
