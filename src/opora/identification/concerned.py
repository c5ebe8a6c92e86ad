"""Tells which lists a change of schools concerns, as far as the viewer may open them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.urls import reverse

from opora.accounts.models import User
from opora.identification.access import visible_runs
from opora.identification.models import Verdict
from opora.language import _
from opora.registry.history.concerned import Concerned

NEWEST = 20


def concerned_lists(schools: Sequence[int], viewer: User, today: date) -> list[Concerned]:
    """Answer the newest lists that some of the schools are on."""
    runs = {run.pk: run for run in visible_runs(viewer, today).defer("options", "edition_text")[:NEWEST]}
    listed = Verdict.objects.filter(run__in=runs, school__in=schools, listed=True)
    counts = dict(listed.values_list("run").annotate(schools=Count("school", distinct=True)))
    told = _("в перечне из этих школ: {count}")
    return [
        Concerned(run.title, told.format(count=counts[pk]), reverse("identification:run", args=(pk,)))
        for pk, run in runs.items()
        if pk in counts
    ]
