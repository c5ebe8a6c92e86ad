"""What the frame's header says of a person: the role, the place, and which stages are open."""

from django.utils import timezone

from opora.accounts.models import User
from opora.registry.access import has_deed, held_places, is_staff
from opora.registry.models import Appointment
from opora.ui.frame import Person
from opora.ui.numbers import is_english


def describe(person: User) -> Person:
    """Say a person's name, and the first role with its place: «директор школы, СОШ № 1»."""
    held = held_places(person, timezone.localdate())
    if not held:
        return Person(person.get_full_name())
    role, place, english = held[0]
    named = english if english and is_english() else place
    told = ", ".join(part for part in (str(Appointment.Role(role).label), named) if part)
    return Person(person.get_full_name(), f"{told} …" if len(held) > 1 else told)


def may(person: User, deed: str) -> bool:
    """Say whether a person may do a deed today."""
    return has_deed(person, deed, timezone.localdate())


def role_name(role: str) -> str:
    """Say a role in words; a word that was a role once is said as it is."""
    return str(Appointment.Role(role).label) if role in Appointment.Role.values else role


def must_have_second_factor(person: User) -> bool:
    """Say whether a person's roles ask for a second factor today."""
    return is_staff(person, timezone.localdate())
