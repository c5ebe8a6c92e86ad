"""Deeds on people: invite them, let them in, appoint a whole table of them, forget one who asks."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from opora.accounts.actions import forget_person as forget_account
from opora.accounts.actions import person_with, rename_person, set_password
from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.people.models import ForgetRequest, Invitation, RefusedTries
from opora.people.people_table import read_people
from opora.people.plan import Plan, Planned
from opora.people.secrets import hashed, new_code, new_token
from opora.people.throttling import ANYWHERE, hour_of
from opora.registry.access import NotAllowed, has_deed, is_appointed, visible_people
from opora.registry.acting import acting_as
from opora.registry.actions import appoint, keep_order
from opora.registry.appointing import Place, authority, may_appoint, place_of
from opora.registry.models import Appointment, Order
from opora.registry.school_table import Row, RowProblem

LOCK = 7_003  # a table of people is loaded one at a time
DAYS = {Invitation.Way.LETTER: 7, Invitation.Way.CODE: 30}


class CannotInvite(Exception):
    """An invitation would be of no use: the person signs in already, or the appointment has ended."""


class NotValid(Exception):
    """A secret that opens nothing. Why is for the trace only: a stranger is told one sentence."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Приглашение не подходит: оно набрано с ошибкой, уже использовано, отозвано или просрочено. "
                "Попросите того, кто вас пригласил, прислать новое."
            )
        )


class CannotForget(Exception):
    """The law or the work forbids to forget now: an appointment is in force."""


@dataclass(frozen=True)
class Invited:
    """A new invitation with its secret, which is nowhere kept: to be sent or printed at once."""

    invitation: Invitation
    secret: str


class PeopleRefused(Exception):
    """A table of people has errors; nothing was changed."""

    def __init__(self, problems: list[RowProblem]) -> None:
        self.problems = problems
        super().__init__(_("В таблице есть ошибки: {count}").format(count=len(problems)))


@dataclass(frozen=True)
class PeopleImported:
    """What a table of people did, or would do: new accounts, new appointments, those that stand already."""

    people: int
    added: int
    unchanged: int


def import_people(rows: Iterable[Row], by: User, *, region: str = "", dry: bool = False) -> PeopleImported:
    """Appoint everybody whom a table names (загрузить людей): all of it, or nothing and every error.

    region: that of rows which name none. dry: say what would be done and change nothing.

    Records: people.import_people, and registry.appoint for each.
    Raises: NotAllowed; PeopleRefused.
    """
    today = timezone.localdate()
    if not has_deed(by, "import_people", today):
        raise NotAllowed(_("Загружать людей может координатор региона или федеральный оператор"))
    read, problems = read_people(rows)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        plan = Plan(read, by, today, region)
        problems += plan.problems
        if problems:
            raise PeopleRefused(sorted(problems, key=lambda problem: problem.row))
        return _counted(plan.planned) if dry else _appoint_all(plan.planned, by, region)


def _counted(planned: list[Planned]) -> PeopleImported:
    fresh = [one for one in planned if not one.stands]
    emails = {one.row.text("email") for one in fresh}
    known = User.objects.filter(email__in=emails).count()
    return PeopleImported(len(emails) - known, len(fresh), len(planned) - len(fresh))


def _appoint_all(planned: list[Planned], by: User, region: str) -> PeopleImported:
    counted = _counted(planned)
    orders: dict[tuple[object, ...], Order] = {}
    for one in planned:
        if not one.stands:
            _appoint_one(one, by, orders)
    if counted.added:
        record(
            "people.import_people",
            by,
            region=region or None,
            added=counted.added,
            unchanged=counted.unchanged,
        )
    return counted


def _appoint_one(one: Planned, by: User, orders: dict[tuple[object, ...], Order]) -> None:
    """Appoint by one row; one order may appoint many."""
    told = one.row.told
    order = None
    if told.get("order_number"):
        whose = authority(by, told["role"], one.place.whose, timezone.localdate())
        key = (told["order_number"], told["order_day"], *whose.values())
        if key not in orders:
            orders[key] = keep_order(told["order_number"], told["order_day"], by, **whose)
        order = orders[key]
    appoint(
        person_with(told["email"], told["full_name"], by),
        told["role"],
        region=one.place.region,
        municipality=one.place.municipality,
        school=one.place.school,
        subject=told.get("subject", ""),
        since=one.since,
        until=one.until,
        order=order,
        by=by,
    )


@transaction.atomic
def invite(appointment: Appointment, way: str, by: User) -> Invited:
    """Invite an appointed person to set a password (пригласить); an earlier invitation ends with it.

    Records: people.invite_person.
    Raises: NotAllowed; CannotInvite.
    """
    now, place = timezone.now(), place_of(appointment)
    if not may_appoint(by, appointment.role, place, timezone.localdate()):
        raise NotAllowed(_("Приглашать на эту роль здесь может другой координатор"))
    person = User.objects.select_for_update().get(pk=appointment.person_id)
    if person.has_usable_password():
        raise CannotInvite(_("Этот человек уже входит в Опору: приглашение ему не нужно"))
    if not person.is_active or (appointment.until and appointment.until < timezone.localdate()):
        raise CannotInvite(_("Назначение завершено: приглашать не к чему"))
    Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    secret = new_code() if way == Invitation.Way.CODE else new_token()
    made = Invitation(
        appointment=appointment,
        person=person,
        region_id=appointment.region_id,
        municipality_id=appointment.municipality_id,
        school_id=appointment.school_id,
        way=way,
        secret_hash=hashed(secret),
        by=by,
        at=now,
        expires_at=now + timedelta(days=DAYS[Invitation.Way(way)]),
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as refusal:  # an open one that is not ours to see, nor to withdraw
        raise CannotInvite(_("Этого человека уже пригласили в другом месте, где он назначен")) from refusal
    _record("invite_person", by, made, way={"letter": "письмом", "code": "кодом на бумаге"}[way])
    return Invited(made, secret)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, by: User) -> None:
    """Make an invitation that is open of no use (отозвать).

    Records: people.withdraw_invitation.
    Raises: NotAllowed; NotValid when it is open no more.
    """
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not may_appoint(by, found.appointment.role, place_of(found.appointment), timezone.localdate()):
        raise NotAllowed(_("Отозвать приглашение может тот, кто вправе приглашать на эту роль"))
    if found.accepted_at or found.withdrawn_at:
        raise NotValid
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    _record("withdraw_invitation", by, found)


@contextmanager
def as_invited(secret: str) -> Iterator[None]:
    """Ask the database in the name of whom a secret was given to; of nobody, where it was given to nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_invited(%s)", [hashed(secret)])
        (number,) = cursor.fetchone()
    with acting_as(User.objects.filter(pk=number).first() if number else None):
        yield


def open_invitation(secret: str, source: str) -> Invitation:
    """Find the open invitation of a secret; a refusal is counted against the address and recorded.

    Records: people.refuse_invitation.
    Raises: NotValid, for all causes alike.
    """
    with as_invited(secret):
        found = Invitation.objects.filter(secret_hash=hashed(secret)).select_related(*WITH_PLACES).first()
        why, place = _closed(found, timezone.now()), _place(found)
    if why:
        refuse(found, place, why, source)
        raise NotValid
    assert found is not None
    return found


WITH_PLACES = (
    "person",
    "appointment__region",
    "appointment__municipality",
    "appointment__school__municipality",
)


def _place(found: Invitation | None) -> Place:
    return place_of(found.appointment) if found else (None, None, None)


def _closed(found: Invitation | None, now: datetime) -> str:
    """Answer why an invitation opens nothing; "" where it does."""
    if found is None:
        return "неизвестный код"
    if found.accepted_at:
        return "уже использовано"
    if found.withdrawn_at:
        return "отозвано"
    return "срок вышел" if found.expires_at <= now else ""


@transaction.atomic
def refuse(found: Invitation | None, place: Place, why: str, source: str) -> None:
    """Count a refused secret and record it, as nobody: in the country's chain, where a stranger's deeds are.

    A known invitation's every refusal is recorded. Of unknown secrets only the first of an hour is: the log
    cannot be made to grow by guessing.
    """
    hour = hour_of(timezone.now())
    RefusedTries.objects.filter(hour__lt=hour - timedelta(days=1)).delete()
    counted = {one: _count(one, hour) for one in (source, ANYWHERE)}
    if found is not None:
        _region, municipality, school = place
        record(
            "people.refuse_invitation",
            None,
            found,
            municipality=municipality,
            school=school,
            person=found.person_id,
            why=why,
        )
    elif counted[ANYWHERE] == 1:
        record("people.refuse_invitation", None, why=why)


def _count(source: str, hour: datetime) -> int:
    tries, _is_new = RefusedTries.objects.select_for_update().get_or_create(source=source, hour=hour)
    tries.count += 1
    tries.save(update_fields=["count"])
    return tries.count


def accept_invitation(secret: str, full_name: str, password: str, source: str) -> User:
    """Let an invited person in (принять приглашение): their name and password are set, once.

    Whoever got a password meanwhile keeps it: an invitation never changes one.

    Records: people.accept_invitation.
    Raises: NotValid; of two who come at once one wins.
    """
    with as_invited(secret), transaction.atomic():
        found = Invitation.objects.select_for_update().filter(secret_hash=hashed(secret)).first()
        why, place = _closed(found, timezone.now()), _place(found)
        if found is not None and not why:
            person = User.objects.select_for_update().get(pk=found.person_id)
            if not person.has_usable_password() and person.is_active:
                rename_person(person, full_name)
                set_password(person, password, "first_password_set")
            found.accepted_at = timezone.now()
            found.save(update_fields=["accepted_at"])
            _record("accept_invitation", person, found)
            return person
    refuse(found, place, why, source)
    raise NotValid


def ask_to_be_forgotten(person: User) -> ForgetRequest:
    """Ask that one's name and address be forgotten; at once, unless one is appointed or stands in.

    Records: people.ask_to_be_forgotten.
    """
    with transaction.atomic():
        request, is_new = ForgetRequest.objects.get_or_create(person=person, defaults={"at": timezone.now()})
        if is_new:
            record("people.ask_to_be_forgotten", person, person)
        if not is_appointed(person, timezone.localdate()):
            _forget(request, person)
    return request


@transaction.atomic
def forget_person(person: User, by: User) -> None:
    """Replace the name and address of somebody who asked by a number (забыть); what they did stays.

    Records: people.forget_person.
    Raises: NotAllowed; CannotForget while an appointment is in force or nobody asked.
    """
    request = ForgetRequest.objects.filter(person=person, done_at=None).first()
    if not visible_people(by, timezone.localdate(), "forget_people").filter(pk=person.pk).exists():
        raise NotAllowed(_("Забыть человека может координатор его региона или федеральный оператор"))
    if request is None:
        raise CannotForget(_("Человек не просил об этом"))
    if is_appointed(person, timezone.localdate()):
        raise CannotForget(_("Сначала завершите действующие назначения и замещения этого человека"))
    _forget(request, by)


def _forget(request: ForgetRequest, by: User) -> None:
    request.done_at, request.done_by = timezone.now(), by
    request.save(update_fields=["done_at", "done_by"])
    now = timezone.now()
    request.person.invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    forget_account(request.person, by)
    record("people.forget_person", by, request.person, person=request.person_id)


def _record(deed: str, by: User | None, invitation: Invitation, **told: str) -> None:
    region, municipality, school = place_of(invitation.appointment)
    record(
        f"people.{deed}",
        by,
        invitation,
        region=region,
        municipality=municipality,
        school=school,
        person=invitation.person_id,
        **told,
    )
