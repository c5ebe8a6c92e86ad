"""Which runs somebody sees: published and agreed ones of one's places, drafts where one makes them."""

from datetime import date

from django.db.models import F, Q, QuerySet

from opora.accounts.models import User
from opora.identification.models import Amendment, Objection, Run
from opora.identification.states import SHOWN
from opora.registry.access import has_deed, reach, visible_regions
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
    if has_deed(person, "see_review", today):
        state |= Q(state__in=SHOWN)
    if drafts.country:
        state = Q()
    elif drafts:
        state |= Q(territory__in=drafts.regions)
    return Run.objects.filter(places & state).order_by(F("published_at").desc(nulls_last=True), "-at")


def visible_objections(person: User, today: date) -> QuerySet[Objection]:
    """Answer the objections of the schools that somebody may see, on the runs they may open."""
    return Objection.objects.filter(_seen(person, today))


def visible_amendments(person: User, today: date) -> QuerySet[Amendment]:
    """Answer what was decided on the schools that somebody may see, on the runs they may open."""
    return Amendment.objects.filter(_seen(person, today))


def _seen(person: User, today: date) -> Q:
    runs = visible_runs(person, today).order_by().values("pk")
    return reach(person, today).within(school="school") & Q(run__in=runs)
