"""Deeds on the history of schools: a change is recorded, or taken back; rows of schools follow."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.change_model import SchoolChange
from opora.registry.history.changes import Change, Kind
from opora.registry.history.chronicle import Chronicle
from opora.registry.history.drafts import Draft, NotYet
from opora.registry.history.revision import revision_of
from opora.registry.history.states import Impossible
from opora.registry.history.told import change_of, chronicle_of, settle
from opora.registry.models import School
from opora.registry.refusals import ChangedMeanwhile

LOCK = 7_003  # a region's history is written by one person at a time
SETTLED = (
    "name", "short_name", "municipality", "founder", "vpr_login", "ris_code", "inn", "main", "opened_on",
    "closed_on", "former",
)  # fmt: skip


class TakenBackAlready(Exception):
    """A change can be taken back once."""


@transaction.atomic
def record_change(draft: Draft, by: User, seen: str | None = None) -> SchoolChange:
    """Record a change of schools (записать изменение); the schools' rows follow it.

    ``seen`` is the revision that the person looked at; without it nobody is asked.
    Records: registry.record_merge and the like.
    Raises: NotAllowed; NotYet; Impossible; ChangedMeanwhile; nothing is changed then.
    """
    _lock(draft.region)
    if draft.on > timezone.localdate():
        raise NotYet(_("Этот день ещё не наступил: запишите изменение, когда оно вступит в силу"))
    chronicle = chronicle_of(draft.region, _numbers(draft), _reformed(draft))
    change = draft.change(chronicle)
    schools = {school.pk: school for school in School.objects.filter(pk__in=change.schools)}
    _may(by, schools.values())
    if seen is not None and seen != revision_of(change.schools):
        raise ChangedMeanwhile(_("Пока вы заполняли форму, историю этих школ изменили. Посмотрите её снова."))
    after = chronicle.with_change(change)
    row = _row(draft, change, chronicle, by)
    row.save(force_insert=True)
    _settle(schools.values(), after, change)
    record(f"registry.record_{row.kind}", by, row, **_whose(row, by), order=row.order_number)
    return row


@transaction.atomic
def take_back_change(row: SchoolChange, why: str, by: User) -> SchoolChange:
    """Take a recorded change back (отменить изменение): the row stays, with the reason; the schools follow.

    Records: registry.take_back_change.
    Raises: NotAllowed; TakenBackAlready; DependsOn, naming what must be taken back first.
    """
    _lock(row.region_id)
    row = SchoolChange.objects.select_for_update().get(pk=row.pk)
    if row.is_taken_back:
        raise TakenBackAlready(_("Это изменение уже отменено"))
    if not why.strip():
        raise ValueError(_("Скажите, почему изменение отменяется"))
    schools = School.objects.filter(pk__in=row.schools)
    _may(by, schools)
    change = change_of(row)
    after = chronicle_of(row.region_id, row.schools).without(change)
    row.taken_back_by, row.taken_back_at, row.taken_back_why = by, timezone.now(), why.strip()
    row.save(update_fields=["taken_back_by", "taken_back_at", "taken_back_why"])
    _settle(schools, after, change)
    record("registry.take_back_change", by, row, **_whose(row, by), why=row.taken_back_why)
    return row


def _whose(row: SchoolChange, by: User) -> dict[str, Any]:
    """Answer what the trace keeps of every change: where it belongs, in what role, since which day."""
    return {
        "region": row.region_id,
        "municipality": row.municipalities[0],
        "school": row.schools[0],
        "role": role_for(by, "record_changes", timezone.localdate(), row.region_id),
        "on": row.on.isoformat(),
    }


def _numbers(draft: Draft) -> list[int]:
    return [school.pk for school in draft.named]


def _reformed(draft: Draft) -> int | None:
    if draft.kind != Kind.REFORM or draft.municipality_before is None:
        return None
    return draft.municipality_before.pk


def _lock(region: str) -> None:
    """Wait until nobody else writes the history of a region."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, int(region)])


def _may(by: User, schools: Iterable[School]) -> None:
    far = reach(by, timezone.localdate(), "record_changes")
    if not all(far.holds_region(school.region_id) for school in schools):
        raise NotAllowed(
            _("Записывать изменения школ может координатор своего региона или федеральный оператор")
        )


def _row(draft: Draft, change: Change, chronicle: Chronicle, by: User) -> SchoolChange:
    """Answer the row of a change, with everything that a page says of it."""
    standing = chronicle.on(draft.on)
    names = {str(school): standing[school].values["name"] for school in change.schools}
    places = [standing[school].municipality for school in change.schools]
    row = SchoolChange(
        kind=change.kind.value,
        on=draft.on,
        region_id=draft.region,
        school=draft.school,
        main=draft.main,
        ends=list(change.ends),
        begins=list(change.begins),
        moved=list(change.moved),
        schools=list(change.schools),
        shares=[list(pair) for pair in change.shares],
        names={school: short or name for school, (name, short) in names.items()},
        order_number=draft.order_number.strip(),
        order_date=draft.order_date,
        by=by,
    )
    if draft.kind in (Kind.MOVE, Kind.REFORM):
        row.municipality_before_id, row.municipality_after_id = change.before, change.after
        places.append(change.after)
    elif draft.kind == Kind.RENAME:
        (row.before, row.short_before), (row.after, row.short_after) = change.before, change.after
    elif change.attribute:
        row.before, row.after = change.before, change.after
    row.municipalities = list(dict.fromkeys(places))
    return row


def _settle(schools: Iterable[School], chronicle: Chronicle, change: Change) -> None:
    """Let the rows of schools say what is true today.

    Raises: Impossible, when a code belongs to a school that has no history.
    """
    touched = list(schools)
    branches = School.objects.filter(main__in=change.schools).exclude(pk__in=change.schools)
    touched += [school for school in branches if school.pk in chronicle.beginnings]
    today: date = timezone.localdate()
    for school in touched:
        settle(school, chronicle, today)
    try:
        with transaction.atomic():
            School.objects.bulk_update(touched, SETTLED)
    except IntegrityError as refusal:
        raise Impossible(_("Такой код уже есть у другой школы"), change) from refusal
