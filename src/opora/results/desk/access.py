"""Whose files a desk holds: one's own, and nobody else's."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from opora.accounts.models import User
from opora.results.models import DeskFile

SHOWN = timedelta(hours=24)


def own_desk(person: User) -> QuerySet[DeskFile]:
    """Answer the files of somebody's own desk, of any day."""
    return DeskFile.objects.filter(by=person)


def shown_since() -> datetime:
    """Answer since when a desk shows its files."""
    return timezone.now() - SHOWN
