"""The words of the registry's deeds, and in which role a person does one."""

from django.utils import timezone

from opora.accounts.models import User
from opora.audit.behalf import Place
from opora.registry.access import acting_at

DEEDS = {
    "appoint_person": "назначил(а) человека № {person}: {given}, с {since}",
    "end_appointment": "завершил(а) назначение человека № {person} ({given}) днём {until}: {reason}",
    "name_deputy": "назвал(а) человека № {deputy} заместителем человека № {person} с {since} по {until}",
    "end_deputyship": "завершил(а) заместительство человека № {deputy} днём {until}",
    "keep_order": "сохранил(а) приказ № {number}",
}


def acts_as(by: User, place: Place) -> tuple[str, int | None]:
    """Answer the role in which somebody acts at a place, and whom they stand in for."""
    held = acting_at(by, timezone.localdate(), place)
    return (held.role, held.behalf) if held else ("", None)
