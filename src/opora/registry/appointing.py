"""Who may appoint whom, where: ``APPOINTS`` asked of a person, a role and a place."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection

from opora.accounts.models import User
from opora.registry.access import held_by
from opora.registry.models import Appointment, Municipality, Region, School
from opora.registry.roles import APPOINTS

Place = tuple[str | None, int | None, int | None]  # region, municipality, school; all empty is the country


def whose(region: str | None, municipality: Municipality | None, school: School | None) -> Place:
    """Answer a place with the places that contain it: what a chain and the rules of the database need."""
    if school is not None:
        return school.region_id, school.municipality_id, school.pk
    if municipality is not None:
        return municipality.region_id, municipality.pk, None
    return region, None, None


def place_of(appointment: Appointment) -> Place:
    """Answer where an appointment is, with the places that contain it."""
    if hidden := hidden_place(appointment):
        return hidden.whose
    return whose(appointment.region_id, appointment.municipality, appointment.school)


@dataclass(frozen=True)
class HiddenPlace:
    """The place of one's own appointment that opens nothing: of a helper, of yesterday, of tomorrow."""

    whose: Place
    name: str


def hidden_place(appointment: Appointment) -> HiddenPlace | None:
    """Answer an appointment's place where the second wall hides it; None where it is to be seen."""
    if not any(_is_hidden(appointment, name) for name in ("municipality", "school")):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM opora_own_places() WHERE appointment = %s", [appointment.pk])
        told = cursor.fetchone()
    if told is None:
        return HiddenPlace((None, None, None), "")
    _pk, region, municipality, school, name, around = told
    return HiddenPlace((region, municipality, school), ", ".join(part for part in (name, around) if part))


def _is_hidden(appointment: Appointment, name: str) -> bool:
    if getattr(appointment, f"{name}_id") is None:
        return False
    try:
        return getattr(appointment, name) is None
    except ObjectDoesNotExist:
        return True


def may_appoint(by: User, role: str, place: Place, today: date) -> bool:
    """Say whether somebody may appoint to a role at a place, and so end it or find a deputy."""
    return any(role in APPOINTS.get(held.role, ()) and held.covers(*place) for held in held_by(by, today))


def may_appoint_to(by: User, today: date) -> list[str]:
    """Answer the roles that somebody may appoint to anywhere."""
    held = {role for one in held_by(by, today) for role in APPOINTS.get(one.role, ())}
    return [role for role in Appointment.Role if role in held]


def may_name_deputy(by: User, appointment: Appointment, today: date) -> bool:
    """Say whether somebody may name a deputy: the holder, or who may appoint to the role; no deputy may."""
    if by.pk == appointment.person_id:
        return True
    own = [held for held in held_by(by, today) if held.behalf is None or held.appointment != appointment.pk]
    place = place_of(appointment)
    return any(appointment.role in APPOINTS.get(one.role, ()) and one.covers(*place) for one in own)


def authority(by: User, role: str, place: Place, today: date) -> dict[str, Any]:
    """Answer whose order it is that somebody appoints by: the place of the role in which they appoint.

    An order of another authority with the same number is another order.
    """
    held = next(
        one for one in held_by(by, today) if role in APPOINTS.get(one.role, ()) and one.covers(*place)
    )
    return {
        "region": Region.objects.get(pk=held.region) if held.region else None,
        "municipality": Municipality.objects.get(pk=held.municipality) if held.municipality else None,
        "school": School.objects.get(pk=held.school) if held.school else None,
    }
