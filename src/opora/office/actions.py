"""The one thing that the office writes: that a person looked in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.office.models import Visit

ONE_VISIT = timedelta(minutes=30)  # pages opened within it are one visit


@transaction.atomic
def note_visit(person: User) -> datetime | None:
    """Note a visit and answer when the one before it ended; None at the first one."""
    now = timezone.now()
    visit, is_new = Visit.objects.select_for_update().get_or_create(person=person, defaults={"at": now})
    if not is_new:
        if now - visit.at > ONE_VISIT:
            visit.before = visit.at
        visit.at = now
        visit.save(update_fields=["at", "before"])
    return visit.before
