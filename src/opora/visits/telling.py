"""Says records in words: what each holds, from which device it came, what was corrected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from opora.language import _
from opora.ui.numbers import NO_BREAK, day, moment
from opora.visits.asked import questions, sheets
from opora.visits.models import VisitRecord
from opora.visits.pages import AgreementLine, Receipt, RecordCard
from opora.visits.protocol import records as kinds
from opora.visits.protocol.canonical import readable
from opora.visits.protocol.merging import Agreement, State, Thing
from opora.visits.protocol.records import Payload, Record
from opora.visits.words import consent_words, group_name, kind_name, said, seen_words, who_was_met

Lines = tuple[tuple[str, str], ...]
PILLS = {State.OPEN: "neutral", State.OVERDUE: "trouble", State.KEPT: "ok"}


@dataclass(frozen=True)
class Told:
    """What telling needs besides the records: their rows, photos that came, what agreements are called."""

    rows: Mapping[str, VisitRecord]
    photos: frozenset[tuple[int, str]]
    agreements: Mapping[str, str]


def device_name(device: str) -> str:
    """Say a device: the first letters of its name, or that it was a page."""
    if device == kinds.PAGE:
        return _("страница визита")
    return _("устройство {name}").replace(" ", NO_BREAK).format(name=device[:4])


def receipt(row: VisitRecord, kind: str = "") -> Receipt:
    """Say the receipt of a record."""
    return Receipt(
        uuid=str(row.uuid),
        title=kind_name(kind or row.kind),
        device=device_name(row.device),
        by=row.by.full_name,
        told_at=row.told_at,
        received_at=row.received_at,
        digest=row.digest,
    )


def card(thing: Thing, told: Told) -> RecordCard:
    """Say one thing with its corrections."""
    row, visit = told.rows[thing.said.uuid], thing.root.visit
    photo = thing.payload.get("photo", "") if thing.kind == kinds.PHOTOGRAPH else ""
    has_come = (visit, photo) in told.photos
    return RecordCard(
        receipt=receipt(row),
        kind=thing.kind,
        title=kind_name(thing.kind),
        lines=() if thing.is_withdrawn else lines(thing.kind, thing.payload, told.agreements),
        earlier=tuple(_earlier(one, told) for one in thing.earlier),
        has_rivals=bool(thing.rivals),
        is_withdrawn=thing.is_withdrawn,
        photo=reverse("visits:photo", args=(visit, photo)) if has_come else "",
        photo_waits=bool(photo) and not has_come,
    )


def _earlier(record: Record, told: Told) -> str:
    """Say a record that another one has replaced."""
    kind, payload = record.content
    row = told.rows[record.uuid]
    words = "; ".join(
        f"{term}: {text}" if term else text for term, text in lines(kind, payload, told.agreements)
    )
    return _("{when} по часам устройства, {by}: {words}").format(
        when=moment(row.told_at), by=row.by.full_name, words=words or _("отозвано")
    )


def lines(kind: str, payload: Payload, agreements: Mapping[str, str]) -> Lines:
    """Say what a record holds, as terms and words without the empty ones. Empty: () for a kind unknown."""
    say = {
        kinds.MET: lambda: _met(payload),
        kinds.ANSWER: lambda: _answer(payload),
        kinds.OBSERVATION: lambda: _observation(payload),
        kinds.AGREEMENT: lambda: (
            (_("О чём"), payload["what"]),
            (_("Кто сделает"), payload["who"]),
            (_("К какому дню"), day(date.fromisoformat(payload["due"]))),
        ),
        kinds.KEPT: lambda: (
            (_("Какая"), agreements.get(payload["agreement"], _("её запись ещё не пришла"))),
            (_("Что видно"), payload["note"]),
        ),
        kinds.NOTE: lambda: (("", payload["text"]),),
        kinds.PHOTOGRAPH: lambda: _photo(payload),
    }.get(kind)
    return tuple((term, readable(words)) for term, words in (say() if say else ()) if words)


def _met(payload: Payload) -> Lines:
    who = who_was_met()[payload["who"]]
    return ((who, payload["note"]),) if payload["note"] else (("", who),)


def _answer(payload: Payload) -> Lines:
    asked: dict[str, str] = {one.name: said(one.text) for one in questions()}
    return (
        (_("Вопрос"), asked.get(str(payload["question"]), str(payload["question"]))),
        (_("На месте"), seen_words().get(payload["says"], "")),
        (_("Что видно"), payload["note"]),
    )


def _observation(payload: Payload) -> Lines:
    sheet = sheets().get(payload["sheet"])
    rows = {row.name: row for row in sheet.rows} if sheet else {}
    names = [
        *(name for name in rows if name in payload["levels"]),
        *sorted(set(payload["levels"]) - set(rows)),
    ]
    told = [
        (_("Лист"), said(sheet.title) if sheet else payload["sheet"]),
        (_("О чём лист"), payload["about"]),
    ]
    for name in names:
        level, row = payload["levels"][name], rows.get(name)
        words = said(row.levels[level - 1]) if row else ""
        marked = _("уровень {level} из 4. {words}").format(level=level, words=words)
        told.append((said(row.title) if row else name, marked))
    return (*told, (_("Что видно"), payload["note"]))


def _photo(payload: Payload) -> Lines:
    consent = consent_words().get(payload["consent"], "")
    return (("", payload["caption"]), (_("На фотографии дети"), consent if payload["children"] else ""))


def agreement_line(one: Agreement, days: Mapping[int, date]) -> AgreementLine:
    """Say an agreement; ``days``: the day of each visit to the school."""
    word = {State.OPEN: _("в работе"), State.OVERDUE: _("срок прошёл"), State.KEPT: _("выполнена")}[one.state]
    return AgreementLine(
        uuid=one.root.uuid,
        what=readable(one.what),
        who=readable(one.who),
        due=one.due,
        pill=PILLS[one.state],
        word=word,
        visit=one.root.visit,
        on=days[one.root.visit],
        notes=tuple(map(readable, one.kept_notes)),
        is_kept=one.state == State.KEPT,
    )


def agreement_names(found: Iterable[Thing]) -> dict[str, str]:
    """Answer what each agreement is called, by any record of its thread."""
    return {
        one.uuid: readable(thing.payload["what"])
        for thing in found
        if thing.kind == kinds.AGREEMENT and not thing.is_withdrawn
        for one in (thing.said, *thing.earlier)
    }


IN_THE_TABLE = (kinds.AGREEMENT, kinds.KEPT)  # the table of agreements says them; cards, what was mended


def grouped(cards: Iterable[RecordCard]) -> tuple[tuple[str, tuple[RecordCard, ...]], ...]:
    """Put cards together by kind, in the order of kinds."""
    every = [one for one in cards if not one.is_withdrawn and (one.kind not in IN_THE_TABLE or one.earlier)]
    found = [(group_name(kind), tuple(one for one in every if one.kind == kind)) for kind in kinds.KINDS]
    return tuple(group for group in found if group[1])
