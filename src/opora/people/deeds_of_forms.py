"""Does what a filled form asks: the order is kept and the person appointed or dismissed, all or nothing."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.accounts.actions import person_with
from opora.accounts.models import User
from opora.people.forms import AppointForm, DeputyForm, EndForm
from opora.people.places import FoundPlace
from opora.registry.actions import appoint, end_appointment, keep_order, name_deputy
from opora.registry.appointing import authority, may_appoint
from opora.registry.models import Appointment, Deputyship, Order


@transaction.atomic
def appoint_by_form(form: AppointForm, by: User) -> Appointment:
    """Appoint as a form says; an account is made where there is none with this address.

    Raises: NotAllowed; AlreadyAppointed.
    """
    told = form.cleaned_data
    place: FoundPlace = told["place"]
    by_order = _order(told, told["role"], place, by)
    return appoint(
        person_with(told["email"], told["full_name"], by),
        told["role"],
        region=place.region,
        municipality=place.municipality,
        school=place.school,
        subject=told["subject"],
        since=told["since"],
        until=told["until"],
        order=by_order,
        by=by,
    )


@transaction.atomic
def end_by_form(form: EndForm, appointment: Appointment, by: User) -> Appointment:
    """End an appointment as a form says.

    Raises: NotAllowed; AlreadyEnded.
    """
    told = form.cleaned_data
    place = FoundPlace(appointment.region, appointment.municipality, appointment.school)
    by_order = _order(told, appointment.role, place, by)
    return end_appointment(appointment, told["day"], told["reason"], by, by_order)


@transaction.atomic
def name_deputy_by_form(form: DeputyForm, appointment: Appointment, by: User) -> Deputyship:
    """Name a deputy as a form says; an account is made only where the deputy is named.

    Raises: NotAllowed; AlreadyAppointed; OutsideAppointment.
    """
    told = form.cleaned_data
    deputy = person_with(told["email"], told["full_name"], by)
    return name_deputy(appointment, deputy, told["since"], told["until"], by)


def _order(told: dict[str, Any], role: str, place: FoundPlace, by: User) -> Order | None:
    """Keep the order that a form names; one order may appoint many."""
    today = timezone.localdate()
    if not told.get("order_number") or not may_appoint(by, role, place.whose, today):
        return None
    whose = authority(by, role, place.whose, today)
    return keep_order(told["order_number"], told["order_day"], by, **whose, file=told.get("order_file"))
