"""The revision of some schools' history: what a person saw, so that another's change does not pass unseen."""

from collections.abc import Iterable

from django.db.models import Count, Max

from opora.registry.change_model import SchoolChange


def revision_of(schools: Iterable[int]) -> str:
    """Answer what changes whenever a change of one of these schools is recorded or taken back."""
    told = SchoolChange.objects.filter(schools__overlap=list(schools)).aggregate(
        recorded=Max("pk"), taken_back=Count("taken_back_at")
    )
    return f"{told['recorded'] or 0}-{told['taken_back']}"
