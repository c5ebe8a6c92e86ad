"""Whose imports somebody sees and may take back."""

from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.registry.access import reach, visible_regions
from opora.registry.models import Region
from opora.results.models import ImportedFile, SavedMapping


def visible_imports(person: User, today: date) -> QuerySet[ImportedFile]:
    """Answer the imported files of somebody's regions, and one's own."""
    far = reach(person, today, "import_results")
    if not far:
        return ImportedFile.objects.none()
    if far.country:
        return ImportedFile.objects.all()
    return ImportedFile.objects.filter(Q(batch__region__in=far.regions) | Q(batch__by=person))


def import_regions(person: User, today: date) -> QuerySet[Region]:
    """Answer the regions that somebody may bring results of."""
    if not reach(person, today, "import_results"):
        return Region.objects.none()
    return visible_regions(person, today)


def visible_mappings(person: User, today: date) -> QuerySet[SavedMapping]:
    """Answer the column mappings of somebody's regions, one's own, and those of the whole country."""
    far = reach(person, today, "import_results")
    if not far:
        return SavedMapping.objects.none()
    if far.country:
        return SavedMapping.objects.all()
    return SavedMapping.objects.filter(Q(region__in=far.regions) | Q(by=person) | Q(region=None))
