"""What people change in a list by hand: a school objects, is replaced, leaves; each with its reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.identification.actions.publishing import OBJECTIONS
from opora.identification.models import Amendment, Objection, PlaceCount, Run, Verdict
from opora.identification.on_list import OnList
from opora.identification.states import AMENDED, OBJECTED
from opora.language import _
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.models import School


class CannotObject(Exception):
    """The school is not on this list, the time has passed, or an objection waits already."""


class CannotAmend(Exception):
    """The decision does not fit the list as it stands: the sentence says why and what would."""


@dataclass(frozen=True)
class Grounds:
    """Why a list is changed, and by which order; before the list's own order it needs none."""

    reason: str
    order_number: str = ""
    order_date: date | None = None

    def checked(self, run: Run) -> "Grounds":
        """Hold that a reason is given, and an order where the list has one.

        Raises: CannotAmend.
        """
        reason, number = self.reason.strip(), self.order_number.strip()
        if not reason:
            raise CannotAmend(_("Напишите причину: её увидят школа и все, кому открыт перечень"))
        if bool(number) != bool(self.order_date):
            raise CannotAmend(_("У приказа нужны и номер, и дата"))
        if run.state == Run.State.PUBLISHED and not number:
            raise CannotAmend(_("Перечень утверждён приказом: назовите номер и дату приказа об изменении"))
        return Grounds(reason, number, self.order_date)


@transaction.atomic
def object_to_list(where: OnList, reasons: str, by: User) -> Objection:
    """Say for a school that it should not be on a list, and why (возразить).

    Raises: NotAllowed; CannotObject.
    Records: identification.object_to_list.
    """
    today = timezone.localdate()
    if not reach(by, today, "object_to_list").holds(where.school):
        raise NotAllowed(_("Возразить за школу может её директор или муниципальный координатор"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [OBJECTIONS, where.run.pk])
    run = Run.objects.get(pk=where.run.pk)
    if run.state not in OBJECTED:
        raise CannotObject(_("Возражения принимают, пока перечень на согласовании, и после приказа"))
    if run.state == Run.State.REVIEW and run.objections_until and today > run.objections_until:
        raise CannotObject(_("Возражения принимали до {day}").format(day=f"{run.objections_until:%d.%m.%Y}"))
    verdict = Verdict.objects.filter(run=run, list=where.list, school=where.school, listed=True).first()
    if verdict is None:
        raise CannotObject(_("Этой школы в перечне нет: возражать не на что"))
    if not reasons.strip():
        raise CannotObject(_("Напишите, почему школа не согласна"))
    try:
        with transaction.atomic():
            made = Objection.objects.create(**_whose(verdict), reasons=reasons.strip(), by=by)
    except IntegrityError as error:
        raise CannotObject(_("Возражение этой школы уже ждёт решения")) from error
    _record("object_to_list", verdict, made, by)
    return made


@transaction.atomic
def decide_objection(objection: Objection, accept: bool, grounds: Grounds, by: User) -> Objection:
    """Accept an objection, which takes the school off the list, or decline it; the reason is the answer.

    Raises: NotAllowed; CannotAmend.
    Records: identification.decide_objection; and identification.amend_list, where it is accepted.
    """
    objection = Objection.objects.select_for_update().select_related("run", "school").get(pk=objection.pk)
    _may_amend(by, objection.school)
    if objection.state != Objection.State.WAITING:
        raise CannotAmend(_("По этому возражению уже решено"))
    if not accept:  # needs no order: nothing changes
        grounds = Grounds(grounds.reason).checked(Run(state=Run.State.REVIEW))
    objection.state = Objection.State.ACCEPTED if accept else Objection.State.DECLINED
    objection.answer = grounds.reason.strip()
    objection.decided_by, objection.decided_at = by, timezone.now()
    listed = True if accept else None
    with _verdict(OnList(objection.run, objection.list, objection.school), listed=listed) as verdict:
        _record("decide_objection", verdict, objection, by, accepted=accept, reason=objection.answer)
        if accept:
            grounds = grounds.checked(objection.run)
            _amend(verdict, grounds, by, kind=Amendment.Kind.OBJECTION, objection=objection)
        objection.save()
    return objection


@transaction.atomic
def exit_school(where: OnList, grounds: Grounds, by: User) -> Amendment:
    """Take a school off a list by a decision (вывести из перечня).

    Raises: NotAllowed; CannotAmend.
    Records: identification.amend_list.
    """
    _may_amend(by, where.school)
    with _verdict(where, listed=True) as verdict:
        return _amend(verdict, grounds.checked(verdict.run), by, kind=Amendment.Kind.EXIT)


@transaction.atomic
def replace_school(where: OnList, other: School, grounds: Grounds, by: User) -> tuple[Amendment, Amendment]:
    """Put another school in the place of one on a list (заменить школу): both are told of each other.

    Raises: NotAllowed; CannotAmend.
    Records: identification.amend_list, for each of the two.
    """
    school = where.school
    _may_amend(by, school)
    _may_amend(by, other)
    if school.region_id != other.region_id:
        raise CannotAmend(_("Заменить школу можно только школой того же региона"))
    kind = Amendment.Kind.REPLACEMENT
    with (
        _verdict(where, listed=True) as leaves,
        _verdict(replace(where, school=other), listed=False) as joins,
    ):
        grounds = grounds.checked(leaves.run)
        left = _amend(leaves, grounds, by, kind=kind, other=other)
        return left, _amend(joins, grounds, by, kind=kind, other=school)


def _may_amend(by: User, school: School) -> None:
    if not reach(by, timezone.localdate(), "amend_list").holds(school):
        raise NotAllowed(_("Изменять перечень может координатор региона школы или федеральный оператор"))


@contextmanager
def _verdict(where: OnList, *, listed: bool | None) -> Iterator[Verdict]:
    """Lock the verdict that a decision is about, if the list and the school are where they have to be.

    ``listed``: whether the school has to be on the list; None where that is the same.
    Raises: CannotAmend.
    """
    found = Verdict.objects.select_for_update(of=("self",)).select_related("run")
    school = where.school
    verdict = found.filter(run=where.run, list=where.list, school=school).first()
    if verdict is None:
        raise CannotAmend(
            _("Школы «{school}» в этом прогоне нет: у неё нет результатов").format(school=school)
        )
    if verdict.run.state not in AMENDED:
        raise CannotAmend(_("Черновик не меняют по школе: составьте перечень заново или отправьте его"))
    if listed and not verdict.listed:
        raise CannotAmend(_("Школы «{school}» в перечне уже нет").format(school=school))
    if listed is False and verdict.listed:
        raise CannotAmend(_("Школа «{school}» уже в перечне").format(school=school))
    if listed is False and verdict.excluded:
        raise CannotAmend(_("Школу «{school}» методика не рассматривает").format(school=school))
    yield verdict


def _amend(verdict: Verdict, grounds: Grounds, by: User, **of: Any) -> Amendment:
    """Turn a verdict over, and the counts of its place with it."""
    joins = not verdict.listed
    made = Amendment.objects.create(
        **_whose(verdict), **of, joins=joins, by=by,
        reason=grounds.reason, order_number=grounds.order_number, order_date=grounds.order_date,
    )  # fmt: skip
    mine = Verdict.objects.filter(run=verdict.run_id, school=verdict.school_id)
    on_another = mine.filter(listed=True).exclude(list=verdict.list).exists()
    mine.filter(list=verdict.list).update(listed=joins)
    counts = PlaceCount.objects.filter(run=verdict.run_id, municipality=verdict.municipality_id)
    lists = [verdict.list] if on_another else [verdict.list, ""]
    counts.filter(list__in=lists).update(listed=F("listed") + (1 if joins else -1))
    _record("amend_list", verdict, made, by, joins=joins, kind=str(made.kind), reason=grounds.reason)
    return made


def _whose(verdict: Verdict) -> dict[str, Any]:
    names = ("run_id", "list", "school_id", "region_id", "municipality_id")
    return {name: getattr(verdict, name) for name in names}


def _record(deed: str, verdict: Verdict, about: Objection | Amendment, by: User, **told: Any) -> None:
    needs = "object_to_list" if deed == "object_to_list" else "amend_list"
    record(
        f"identification.{deed}",
        by,
        verdict.run,
        region=verdict.region_id,
        municipality=verdict.municipality_id,
        school=verdict.school_id,
        role=role_for(by, needs, timezone.localdate(), verdict.region_id),
        title=verdict.run.title,
        school_name=str(verdict.school),
        number=about.pk,
        **told,
    )
