"""What the frame's header says of a person: the role, the place, and which stages are open."""

from django.urls import reverse
from django.utils import timezone

from opora.accounts.models import User
from opora.language import _
from opora.registry.access import Held, has_deed, held_by, is_staff
from opora.registry.models import Appointment
from opora.ui.frame import Person, Switch
from opora.ui.numbers import is_english


def describe(person: User) -> Person:
    """Say a person's name, and the first role with its place: «директор школы, СОШ № 1»."""
    today = timezone.localdate()
    held = held_by(person, today)
    if not held:
        return Person(person.get_full_name())
    said = said_of(held[0])
    return Person(person.get_full_name(), f"{said} …" if len(held) > 1 else said, _switch(person))


def said_of(held: Held) -> str:
    """Say an appointment: the role, its place, and for whom one stands in."""
    named = held.place_en if held.place_en and is_english() else held.place
    behalf = _("за: {name}").format(name=held.behalf_name) if held.behalf else ""
    return ", ".join(part for part in (str(Appointment.Role(held.role).label), named, behalf) if part)


def _switch(person: User) -> Switch | None:
    """Offer the roles to act in; somebody with one role has nothing to choose."""
    roles = dict.fromkeys(held.role for held in held_by(person, timezone.localdate(), any_role=True))
    if len(roles) < 2:
        return None
    chosen = getattr(person, "acting_role", None) or ""
    choices = tuple((role, str(Appointment.Role(role).label), role == chosen) for role in roles)
    return Switch(reverse("registry:act"), choices, not chosen)


def may(person: User, deed: str) -> bool:
    """Say whether a person may do a deed today."""
    return has_deed(person, deed, timezone.localdate())


def role_name(role: str) -> str:
    """Say a role in words; a word that was a role once is said as it is."""
    return str(Appointment.Role(role).label) if role in Appointment.Role.values else role


def must_have_second_factor(person: User) -> bool:
    """Say whether a person's roles ask for a second factor today."""
    return is_staff(person, timezone.localdate())
