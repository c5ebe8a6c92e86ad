"""Deeds on appointments: people are appointed and dismissed, by an order; somebody stands in for them."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.registry.access import WHERE, NotAllowed
from opora.registry.appointing import may_appoint, may_name_deputy, place_of, whose
from opora.registry.models import Appointment, Deputyship, Municipality, Order, Region, School
from opora.registry.orders import OrderFile, lay_down


class AlreadyAppointed(Exception):
    """The days are taken: by the same appointment, another director, another deputy."""


class AlreadyEnded(Exception):
    """What was to be ended has an end that is not later."""


class OutsideAppointment(Exception):
    """A deputy was named for days, or a person, that the appointment does not allow."""


def appoint(  # noqa: PLR0913 (an appointment is person × role × place × period, by an order)
    person: User,
    role: str,
    *,
    region: Region | None = None,
    municipality: Municipality | None = None,
    school: School | None = None,
    subject: str = "",
    since: date | None = None,
    until: date | None = None,
    order: Order | None = None,
    by: User | None = None,
) -> Appointment:
    """Give somebody a role in a place (назначить); without a place a role is for the whole country.

    by: who appoints, within what ``APPOINTS`` lists; None is the program itself (commands, the demo).

    Records: registry.appoint.
    Raises: NotAllowed; AlreadyAppointed for the same person, role and place, or for a second director.
    """
    place = whose(region.pk if region else None, municipality, school)
    if by is not None and not may_appoint(by, role, place, timezone.localdate()):
        raise NotAllowed(_("Назначать на эту роль здесь может другой координатор"))
    begins = since or timezone.localdate()
    try:
        with transaction.atomic():
            made = Appointment.objects.create(
                person=person,
                role=role,
                region=region,
                municipality=municipality,
                school=school,
                subject=subject,
                since=begins,
                until=until,
                order=order,
            )
            _record("appoint", by, made, place, since=begins, until=until)
    except IntegrityError as refusal:
        raise overlapping(refusal) from refusal
    return made


def overlapping(refusal: IntegrityError) -> Exception:
    """Answer what an exclusion constraint means in words; any other refusal stays as it is."""
    sentences = {
        "one_director_of_a_school_at_a_time": _(
            "У школы в эти дни уже есть директор. Завершите его назначение или назовите заместителя"
        ),
        "appointments_of_a_person_do_not_overlap": _("Этот человек уже назначен сюда на эту роль в эти дни"),
        "one_deputy_at_a_time": _("В эти дни заместитель уже назван"),
    }
    found = next((said for name, said in sentences.items() if name in str(refusal)), None)
    return AlreadyAppointed(found) if found else refusal


@transaction.atomic
def end_appointment(
    appointment: Appointment, day: date, reason: str, by: User, order: Order | None = None
) -> Appointment:
    """End an appointment with its last day (завершить); its deputies end with it.

    One that has not begun is called off: it ends on the day before its first.

    Records: registry.end_appointment.
    Raises: NotAllowed; AlreadyEnded when it has an end that is not later.
    """
    found = Appointment.objects.select_for_update().get(pk=appointment.pk)
    place = place_of(found)
    if not may_appoint(by, found.role, place, timezone.localdate()):
        raise NotAllowed(_("Завершить это назначение может тот, кто вправе назначать на эту роль"))
    last = max(day, found.since - timedelta(days=1))
    if found.until is not None and found.until <= last:
        raise AlreadyEnded(_("Это назначение уже завершено или заканчивается раньше"))
    found.until, found.end_reason, found.end_order, found.ended_by = last, reason.strip(), order, by
    found.save(update_fields=["until", "end_reason", "end_order", "ended_by"])
    for deputyship in found.deputyships.filter(until__gt=last):
        _shorten(deputyship, last, by)
    _record("end_appointment", by, found, place, until=last, reason=found.end_reason)
    return found


@transaction.atomic
def name_deputy(appointment: Appointment, deputy: User, since: date, until: date, by: User) -> Deputyship:
    """Let somebody act in an appointment for a time (назвать заместителя): with its rights and in its name.

    The holder names the deputy, or who may appoint to the role does; a deputy names nobody.

    Records: registry.name_deputy.
    Raises: NotAllowed; AlreadyAppointed when the days have a deputy; OutsideAppointment.
    """
    place = place_of(appointment)
    if not may_name_deputy(by, appointment, timezone.localdate()):
        raise NotAllowed(_("Заместителя называет сам назначенный или тот, кто вправе назначать на эту роль"))
    if deputy.pk == appointment.person_id:
        raise OutsideAppointment(_("Человек не может замещать сам себя"))
    ends_later = appointment.until is not None and until > appointment.until
    if since < appointment.since or ends_later or until < since:
        raise OutsideAppointment(_("Заместитель действует только в дни самого назначения"))
    region, municipality, school = (getattr(appointment, f"{name}_id") for name in WHERE)
    try:
        with transaction.atomic():
            made = Deputyship.objects.create(
                appointment=appointment,
                deputy=deputy,
                since=since,
                until=until,
                region_id=region,
                municipality_id=municipality,
                school_id=school,
                by=by,
            )
    except IntegrityError as refusal:
        raise overlapping(refusal) from refusal
    told = {"deputy": deputy.pk, "since": since, "until": until}
    _record("name_deputy", by, appointment, place, **told)
    return made


@transaction.atomic
def end_deputyship(deputyship: Deputyship, day: date, by: User) -> None:
    """End a deputyship with its last day.

    Records: registry.end_deputyship.
    Raises: NotAllowed; AlreadyEnded.
    """
    found = Deputyship.objects.select_for_update().get(pk=deputyship.pk)
    if not may_name_deputy(by, found.appointment, timezone.localdate()):
        raise NotAllowed(_("Завершить заместительство может тот, кто вправе его назначить"))
    if found.until <= day:
        raise AlreadyEnded(_("Это заместительство уже завершено или заканчивается раньше"))
    _shorten(found, day, by)
    told = {"deputy": found.deputy_id, "until": found.until}
    _record("end_deputyship", by, found.appointment, place_of(found.appointment), **told)


def _shorten(deputyship: Deputyship, last: date, by: User) -> None:
    deputyship.until = max(last, deputyship.since - timedelta(days=1))
    deputyship.ended_by = by
    deputyship.save(update_fields=["until", "ended_by"])


@transaction.atomic
def keep_order(  # noqa: PLR0913 (an order is number × day × place, and its file)
    number: str,
    day: date,
    by: User,
    *,
    region: Region | None = None,
    municipality: Municipality | None = None,
    school: School | None = None,
    file: OrderFile | None = None,
) -> Order:
    """Keep an order (приказ), once; the file of an order that was kept without one is added to it.

    Records: registry.keep_order.
    """
    place = whose(region.pk if region else None, municipality, school)
    order, is_new = Order.objects.get_or_create(
        number=number.strip(),
        day=day,
        region=region,
        municipality=municipality,
        school=school,
        defaults={"by": by},
    )
    adds_file = file is not None and not order.digest
    if file is not None and adds_file:
        order.digest, order.size, order.file_name = lay_down(file), len(file.content), file.name
        order.save(update_fields=["digest", "size", "file_name"])
    if is_new or adds_file:
        record(
            "registry.keep_order",
            by,
            order,
            region=place[0],
            municipality=place[1],
            school=place[2],
            number=order.number,
        )
    return order


def _record(
    deed: str,
    by: User | None,
    appointment: Appointment,
    place: tuple[str | None, int | None, int | None],
    **told: Any,
) -> None:
    record(
        f"registry.{deed}",
        by,
        appointment,
        region=place[0],
        municipality=place[1],
        school=place[2],
        person=appointment.person_id,
        as_role=str(appointment.role),
        **told,
    )
