"""Which runs somebody sees: published lists of one's places, drafts only where one may make them."""

from datetime import date

from django.db.models import F, Q, QuerySet

from opora.accounts.models import User
from opora.identification.models import Run
from opora.registry.access import reach, visible_regions
from opora.registry.models import School


def visible_runs(person: User, today: date) -> QuerySet[Run]:
    """Answer the runs that somebody may open, the newest first."""
    far = reach(person, today)
    places = Q()
    if not far.country:
        here = Q(territory__in=visible_regions(person, today).values("pk"))
        own = School.objects.filter(pk__in=far.schools).values("region")
        places = Q(territory=None) | here | Q(territory__in=own)
    drafts = reach(person, today, "see_drafts")
    state = Q(state=Run.State.PUBLISHED)
    if drafts.country:
        state = Q()
    elif drafts:
        state |= Q(territory__in=drafts.regions)
    return Run.objects.filter(places & state).order_by(F("published_at").desc(nulls_last=True), "-at")
