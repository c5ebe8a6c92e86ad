"""Deeds of taking: records are added once each, however they come; photos that records name are kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.registry.access import NotAllowed
from opora.visits import photos as files
from opora.visits.access import held_visits
from opora.visits.kept import records_of
from opora.visits.models import Visit, VisitPhoto, VisitRecord
from opora.visits.numbers import MOST_PHOTOS, MOST_RECORDS
from opora.visits.pictures import PictureRefused, cleaned
from opora.visits.planning.actions import told
from opora.visits.protocol.canonical import canonical, digest_of
from opora.visits.protocol.merging import photos, things
from opora.visits.protocol.records import CORRECTION, Record, RecordRefused, read_record


class Told(StrEnum):
    """What became of a record that was sent."""

    RECEIVED = "received"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """The receipt of one record (квитанция «сервер получил»), or why it was not taken.

    digest, received_at: of the record that the server has under this name; "" and None: it has none.
    """

    uuid: str
    told: Told
    digest: str = ""
    received_at: datetime | None = None
    why: str = ""


@transaction.atomic
def take_records(visit: Visit, sent: Sequence[Any], by: User) -> list[Answer]:
    """Take records of a visit, in any state of it; answer for each in its order.

    One that was sent before is known by its name and digest. Another record under the same name is refused:
    nothing is ever written over. One that is refused does not keep others out.
    Raises: NotAllowed.
    Records: visits.take_records, with how many were new.
    """
    own = _held(visit, by)
    now = timezone.now()
    read = [_read(own, one) for one in sent]
    names = {one.uuid for one in read if isinstance(one, Record)}
    known = {str(one.uuid): one for one in VisitRecord.objects.filter(uuid__in=names)}
    room = MOST_RECORDS - VisitRecord.objects.filter(visit=own).count()
    fresh: dict[str, VisitRecord] = {}
    for one in read:
        if isinstance(one, Record) and one.uuid not in known and len(fresh) < room:
            fresh.setdefault(one.uuid, _row(own, one, by, now))
    VisitRecord.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    known |= {str(one.uuid): one for one in VisitRecord.objects.filter(visit=own, uuid__in=fresh)}
    new = set(fresh)
    answers = [one if isinstance(one, Answer) else _answer(one, known, new) for one in read]
    if count := sum(one.told == Told.RECEIVED for one in answers):
        record("visits.take_records", by, own, count=count, **told(own, by))
    if any(one.kind == CORRECTION for one in fresh.values()):
        _remove_withdrawn(own, by)
    return answers


def _held(visit: Visit, by: User) -> Visit:
    """Take a visit so that nobody else adds to it meanwhile."""
    seen = held_visits(by, timezone.localdate()).filter(pk=visit.pk)
    own = seen.select_related("school").select_for_update(of=("self",)).first()
    if own is None:
        raise NotAllowed(_("Визит ведут куратор школы и её координаторы"))
    return own


def _read(visit: Visit, sent: Any) -> Record | Answer:
    uuid = sent.get("uuid") if isinstance(sent, dict) else None
    name = uuid if isinstance(uuid, str) and len(uuid) <= 36 else ""
    try:
        said = read_record(sent)
    except RecordRefused as refusal:
        return Answer(name, Told.REFUSED, why=str(refusal))
    if said.visit != visit.pk:
        return Answer(name, Told.REFUSED, why=_("Это запись другого визита."))
    return said


def _row(visit: Visit, said: Record, by: User, now: datetime) -> VisitRecord:
    text = canonical(said.told())
    return VisitRecord(
        uuid=said.uuid,
        visit=visit,
        region_id=visit.region_id,
        municipality_id=visit.municipality_id,
        school_id=visit.school_id,
        kind=said.kind,
        canonical=text,
        digest=digest_of(text),
        device=said.device,
        told_at=datetime.fromisoformat(said.told_at),
        received_at=now,
        by=by,
    )


def _answer(said: Record, known: dict[str, VisitRecord], new: set[str]) -> Answer:
    """Say what became of a record; ``new``: names that came with this sending and were not told of yet."""
    kept = known.get(said.uuid)
    if kept is None:
        why = _("В этом визите уже {count} записей: больше не принимается.").format(count=MOST_RECORDS)
        if said.uuid in new:
            why = _("Запись с таким именем уже есть в другом месте: она осталась на устройстве.")
        return Answer(said.uuid, Told.REFUSED, why=why)
    if kept.digest != digest_of(canonical(said.told())):
        why = _("Под этим именем сервер уже получил другую запись: ваша осталась на устройстве.")
        return Answer(said.uuid, Told.REFUSED, kept.digest, kept.received_at, why)
    became = Told.RECEIVED if said.uuid in new else Told.ALREADY
    new.discard(said.uuid)
    return Answer(said.uuid, became, kept.digest, kept.received_at)


@transaction.atomic
def keep_photo(visit: Visit, digest: str, content: bytes, by: User) -> VisitPhoto:
    """Keep a photo that a record of the visit names; what the camera added is left out.

    Raises: NotAllowed; PictureRefused.
    Records: visits.keep_photo, when it is new.
    """
    own = _held(visit, by)
    if kept := VisitPhoto.objects.filter(visit=own, digest=digest).first():
        return kept
    if hashlib.sha256(content).hexdigest() != digest:
        raise PictureRefused(_("Фотография повреждена или прислана не целиком."))
    if digest not in photos(things(records_of(own))):
        raise PictureRefused(_("Записи об этой фотографии нет: сначала присылают запись."))
    if VisitPhoto.objects.filter(visit=own).count() >= MOST_PHOTOS:
        raise PictureRefused(
            _("В этом визите уже {count} фотографий: больше не принимается.").format(count=MOST_PHOTOS)
        )
    picture = cleaned(content)
    made = VisitPhoto.objects.create(
        visit=own,
        region_id=own.region_id,
        municipality_id=own.municipality_id,
        school_id=own.school_id,
        digest=digest,
        kept=files.lay_down(own, picture),
        kind=picture.kind,
        size=len(picture.content),
        by=by,
    )
    record("visits.keep_photo", by, own, **told(own, by))
    return made


def _remove_withdrawn(visit: Visit, by: User) -> None:
    """Let go of photos that no record names any more, the files too: somebody took their consent back."""
    stand = photos(things(records_of(visit)))
    gone = list(VisitPhoto.objects.filter(visit=visit).exclude(digest__in=stand).select_related("visit"))
    for photo in gone:
        shared = VisitPhoto.objects.filter(visit=visit, kept=photo.kept).exclude(pk=photo.pk)
        path = None if shared.exists() else files.where(photo)
        photo.delete()
        record("visits.remove_photo", by, visit, **told(visit, by))
        if path:
            transaction.on_commit(lambda path=path: path.unlink(missing_ok=True))  # type: ignore[misc]
