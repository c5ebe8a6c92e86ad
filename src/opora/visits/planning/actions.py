"""Deeds of planning: a visit is planned, moved to another day, cancelled with a reason, marked as done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.diagnostics.access import visible_campaigns
from opora.diagnostics.models import Campaign
from opora.language import _
from opora.registry.access import NotAllowed, role_for
from opora.registry.models import School
from opora.registry.refusals import CannotDo
from opora.visits.access import held_visits, schools_to_visit
from opora.visits.kept import records_of
from opora.visits.models import Visit
from opora.visits.protocol.merging import standing, things
from opora.visits.protocol.records import MET
from opora.visits.regulation import CANCEL, HOLD, MOVE, MOVES


@dataclass(frozen=True)
class Plan:
    """A visit as it is planned: where, when, what for, and whose profile is checked there."""

    school: School
    planned_on: date
    purpose: str
    campaign: Campaign | None = None


@transaction.atomic
def plan_visit(plan: Plan, by: User) -> Visit:
    """Plan a visit.

    Raises: NotAllowed; CannotDo, for a day that has passed or without a purpose.
    Records: visits.plan_visit.
    """
    today = timezone.localdate()
    if not schools_to_visit(by, today).filter(pk=plan.school.pk).exists():
        raise NotAllowed(_("Визит в школу планирует её куратор или координатор"))
    if plan.campaign and not visible_campaigns(by, today).filter(pk=plan.campaign.pk).exists():
        raise NotAllowed(_("Этого опроса вам не видно"))
    if plan.planned_on < today:
        raise CannotDo(_("День визита уже прошёл: назовите сегодняшний или будущий"))
    if not plan.purpose.strip():
        raise CannotDo(_("Напишите, зачем визит"))
    made = Visit.objects.create(
        region=plan.school.region,
        municipality=plan.school.municipality,
        school=plan.school,
        campaign=plan.campaign,
        purpose=plan.purpose.strip(),
        planned_on=plan.planned_on,
        by=by,
    )
    record("visits.plan_visit", by, made, **told(made, by))
    return made


@transaction.atomic
def move_visit(visit: Visit, day: date, by: User) -> Visit:
    """Move a planned visit to another day.

    Raises: NotAllowed; CannotDo.
    Records: visits.move_visit.
    """
    own = _taken(visit, MOVE, by)
    if day < timezone.localdate():
        raise CannotDo(_("День визита уже прошёл: назовите сегодняшний или будущий"))
    if day == own.planned_on:
        return own
    before, own.planned_on = own.planned_on, day
    own.save()
    record("visits.move_visit", by, own, before=before, **told(own, by))
    return own


@transaction.atomic
def cancel_visit(visit: Visit, reason: str, by: User) -> Visit:
    """Cancel a planned visit; its records, if any came, stay and may still come.

    Raises: NotAllowed; CannotDo.
    Records: visits.cancel_visit.
    """
    own = _taken(visit, CANCEL, by)
    if not reason.strip():
        raise CannotDo(_("Напишите, почему визит отменён"))
    own.state, own.reason, own.ended_at = MOVES[CANCEL].after, reason.strip(), timezone.now()
    own.save()
    record("visits.cancel_visit", by, own, **told(own, by))
    return own


@transaction.atomic
def hold_visit(visit: Visit, by: User) -> Visit:
    """Mark a visit as done; records of a device that comes late are still taken.

    Raises: NotAllowed; CannotDo, where it is not told who was met.
    Records: visits.hold_visit.
    """
    own = _taken(visit, HOLD, by)
    if not any(standing(things(records_of(own)), MET)):
        raise CannotDo(_("Сначала запишите, с кем встретились: без этого визит не отметить состоявшимся"))
    own.state, own.ended_at = MOVES[HOLD].after, timezone.now()
    own.save()
    record("visits.hold_visit", by, own, **told(own, by))
    return own


def _taken(visit: Visit, move: str, by: User) -> Visit:
    """Take a visit to change it; nobody else does meanwhile."""
    seen = held_visits(by, timezone.localdate()).filter(pk=visit.pk)
    own = seen.select_related("school").select_for_update(of=("self",)).first()
    if own is None:
        raise NotAllowed(_("Визит ведут куратор школы и её координаторы"))
    if own.state != MOVES[move].before:
        raise CannotDo(_("Визит уже {state}: обновите страницу").format(state=Visit.State(own.state).label))
    return own


def told(visit: Visit, by: User) -> dict[str, Any]:
    """Answer what the trace holds of every deed on a visit."""
    return {
        "region": visit.region_id,
        "municipality": visit.municipality_id,
        "school": visit.school_id,
        "role": role_for(by, "hold_visits", timezone.localdate(), visit.region_id),
        "school_name": str(visit.school),
        "on": visit.planned_on,
    }
