"""Which campaigns and links somebody sees, and where they may run them."""

from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.diagnostics.models import Campaign, PaperPack, SchoolProfile, SurveyLink
from opora.questionnaires.editions import load, shipped
from opora.questionnaires.publishing import ALONE
from opora.registry.access import IN_SCHOOL_SURVEYS, Reach, held_by, reach
from opora.registry.models import School


def visible_campaigns(person: User, today: date) -> QuerySet[Campaign]:
    """Answer one's own campaigns, drafts too, and those that have begun at schools that one sees."""
    own = _own(reach(person, today, "run_surveys"))
    begun = ~Q(state=Campaign.State.DRAFT) & Q(pk__in=visible_links(person, today).values("campaign"))
    return Campaign.objects.filter(own | begun)


def own_campaigns(person: User, today: date) -> QuerySet[Campaign]:
    """Answer the campaigns that somebody may open, close and drop."""
    return Campaign.objects.filter(_own(reach(person, today, "run_surveys")))


def _own(far: Reach) -> Q:
    if far.country:
        return Q(pk__isnull=False)  # an empty condition would be left out of «or»
    return Q(region__in=far.regions) | Q(municipality__in=far.municipalities)


def visible_links(person: User, today: date, deed: str = "see_surveys") -> QuerySet[SurveyLink]:
    """Answer the links of the schools where somebody may do a deed."""
    return SurveyLink.objects.filter(reach(person, today, deed).within(school="school"))


def links_to_enter(person: User, today: date) -> QuerySet[SurveyLink]:
    """Answer the links whose paper sheets somebody types: of teachers outside of their school.

    Whoever answers alone for an office types it into the questionnaire itself.
    """
    teachers = [name for name in shipped() if load(name).audience == "teacher"]
    others = [name for name in shipped() if load(name).audience not in ("teacher", *ALONE)]
    theirs = Q(form__in=teachers) & _from_outside(person, today)
    own = Q(form__in=others) & reach(person, today, "enter_paper").within(school="school")
    return SurveyLink.objects.filter(theirs | own)


def packs_to_enter(person: User, today: date) -> QuerySet[PaperPack]:
    """Answer the packs of paper sheets that somebody sees into."""
    theirs = Q(outside=True) & _from_outside(person, today)
    own = Q(outside=False) & reach(person, today, "enter_paper").within(school="school")
    return PaperPack.objects.filter(theirs | own)


def _from_outside(person: User, today: date) -> Q:
    """Answer the condition of teachers' sheets: within reach, but at no school where one works oneself."""
    held = held_by(person, today, any_role=True)
    works_at = [one.school for one in held if one.role in IN_SCHOOL_SURVEYS and one.school]
    return reach(person, today, "enter_teachers_paper").within(school="school") & ~Q(school__in=works_at)


def visible_profiles(person: User, today: date) -> QuerySet[SchoolProfile]:
    """Answer the risk profiles of the schools that somebody sees, of every release."""
    return SchoolProfile.objects.filter(reach(person, today, "see_profiles").within(school="school"))


def schools_to_ask(person: User, today: date) -> QuerySet[School]:
    """Answer the schools that somebody may put into a campaign: those that have not closed."""
    open_schools = Q(closed_on=None) | Q(closed_on__gte=today)
    return School.objects.filter(open_schools & reach(person, today, "run_surveys").within())
