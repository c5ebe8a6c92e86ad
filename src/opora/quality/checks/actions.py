"""Deeds on checks: begun with a sheet for each school, ended, dropped while nobody has written anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.methodology.quality.reading import load_checklist
from opora.quality.access import own_checks, schools_to_check
from opora.quality.models import CheckSheet, QualityCheck, SheetPart
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.models import Municipality, Region, School
from opora.registry.refusals import CannotDo

State = QualityCheck.State
LONGEST = 300  # days from the day it begins


@dataclass(frozen=True)
class Asked:
    """A check as somebody asks for it; year: the first of the school year. municipality: None, the region."""

    title: str
    year: int
    checklist: str
    fill_until: date
    check_until: date
    region: Region
    municipality: Municipality | None = None
    order_number: str = ""
    order_date: date | None = None


@transaction.atomic
def begin_check(asked: Asked, schools: Iterable[School], by: User) -> QualityCheck:
    """Begin a check (начать проверку ВСОКО): each school gets a sheet to fill in.

    Raises: NotAllowed; CannotDo.
    Records: quality.begin_check.
    """
    today = timezone.localdate()
    _may_begin(asked, by, today)
    _refuse_odd(asked, today)
    wanted = {school.pk for school in schools}
    there = list(_of_place(asked, by, today).filter(pk__in=wanted))
    if len(there) < len(wanted):
        raise NotAllowed(_("Проверить можно школы своей территории"))
    if not there:
        raise CannotDo(_("В проверке нет ни одной школы"))
    check = QualityCheck.objects.create(
        region=asked.region,
        municipality=asked.municipality,
        title=" ".join(asked.title.split()),
        year=asked.year,
        checklist=asked.checklist,
        checklist_digest=load_checklist(asked.checklist).digest,
        order_number=asked.order_number.strip(),
        order_date=asked.order_date,
        fill_until=asked.fill_until,
        check_until=asked.check_until,
        by=by,
    )
    CheckSheet.objects.bulk_create(
        CheckSheet(
            quality_check=check,
            region_id=school.region_id,
            municipality_id=school.municipality_id,
            school=school,
        )
        for school in there
    )
    record("quality.begin_check", by, check, **_told(check, by), schools=len(there))
    return check


@transaction.atomic
def end_check(check: QualityCheck, by: User) -> QualityCheck:
    """End a check (завершить проверку): sheets stay as they are, plans of repairs go on.

    Raises: NotAllowed; CannotDo.
    Records: quality.end_check.
    """
    check = _own(check, by)
    if check.state != State.OPEN:
        raise CannotDo(_("Эта проверка уже завершена"))
    check.state, check.closed_on = State.CLOSED, timezone.localdate()
    check.save(update_fields=["state", "closed_on"])
    record("quality.end_check", by, check, **_told(check, by))
    return check


@transaction.atomic
def drop_check(check: QualityCheck, by: User) -> None:
    """Forget a check in which nobody has written anything yet (убрать проверку).

    Raises: NotAllowed; CannotDo.
    Records: quality.drop_check.
    """
    check = _own(check, by)
    sheets = CheckSheet.objects.filter(quality_check=check)
    list(sheets.select_for_update().values_list("pk", flat=True))  # a school that writes now is waited for
    if SheetPart.objects.filter(sheet__in=sheets).exists():
        raise CannotDo(_("Убрать можно проверку, которую ещё никто не заполнял: её можно завершить"))
    record("quality.drop_check", by, check, **_told(check, by))
    sheets.delete()
    check.delete()


def _may_begin(asked: Asked, by: User, today: date) -> None:
    far, place = reach(by, today, "run_quality_checks"), asked.municipality
    lies_there = place is None or place.region_id == asked.region.pk
    within = far.holds_region(asked.region.pk) or (place is not None and place.pk in far.municipalities)
    if not within or not lies_there:
        raise NotAllowed(_("Проверку ВСОКО проводит координатор своей территории"))


def _refuse_odd(asked: Asked, today: date) -> None:
    if not asked.title.strip():
        raise CannotDo(_("Назовите проверку"))
    if asked.fill_until < today:
        raise CannotDo(_("День, до которого школы заполняют листы, уже прошёл"))
    if asked.check_until < asked.fill_until:
        raise CannotDo(_("Проверка не может кончиться раньше, чем школы заполнят листы"))
    if (asked.check_until - today).days > LONGEST:
        raise CannotDo(_("Проверка идёт не дольше {days} дней").format(days=LONGEST))


def _of_place(asked: Asked, by: User, today: date) -> Any:
    mine = schools_to_check(by, today).filter(region=asked.region)
    return mine.filter(municipality=asked.municipality) if asked.municipality else mine


def _own(check: QualityCheck, by: User) -> QualityCheck:
    """Take a check of one's own to change it; nobody else changes it meanwhile."""
    mine = own_checks(by, timezone.localdate()).filter(pk=check.pk)
    found = mine.select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(_("Проверку ВСОКО проводит координатор своей территории"))
    return found


def _told(check: QualityCheck, by: User) -> dict[str, Any]:
    role = role_for(by, "run_quality_checks", timezone.localdate(), check.region_id)
    place = {"region": check.region_id, "municipality": check.municipality_id}
    return {**place, "role": role, "title": check.title}
