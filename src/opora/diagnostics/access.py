"""Which campaigns and links somebody sees, and where they may run them."""

from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.diagnostics.models import Campaign, PaperPack, SchoolProfile, SurveyLink
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.questionnaires import shipped_for
from opora.questionnaires.form import AUDIENCES
from opora.questionnaires.publishing import ALONE
from opora.registry.access import IN_SCHOOL_SURVEYS, Reach, held_by, reach
from opora.registry.models import Municipality, School


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


def visible_forms(person: User, today: date) -> QuerySet[OwnForm]:
    """Answer the own questionnaires that somebody sees: those of one's place, drafts too, and those that have
    been in force in the territory around one."""
    near = _begun(reach(person, today, "see_surveys"))
    return OwnForm.objects.filter(_own(reach(person, today, "run_surveys")) | near)


def own_forms(person: User, today: date) -> QuerySet[OwnForm]:
    """Answer the own questionnaires that somebody may put in force, withdraw and drop."""
    return OwnForm.objects.filter(_own(reach(person, today, "run_surveys")))


def forms_to_ask(person: User, today: date) -> QuerySet[OwnForm]:
    """Answer the own questionnaires in force that somebody may ask at their own places."""
    far = reach(person, today, "run_surveys")
    found = OwnForm.objects.filter(state=OwnForm.State.IN_FORCE)
    return found if far.country else found.filter(_reaching(far))


def _begun(far: Reach) -> Q:
    """Answer the condition that a questionnaire has been in force for some places."""
    begun = ~Q(state=OwnForm.State.DRAFT)
    return begun if far.country else begun & _reaching(far)


def _reaching(far: Reach) -> Q:
    """Answer the condition that a questionnaire's territory holds some place: the country's holds all."""
    if not far:
        return Q(pk__in=())
    schools = School.objects.filter(pk__in=far.schools)
    districts = Municipality.objects.filter(
        Q(pk__in=far.municipalities) | Q(pk__in=schools.values("municipality"))
    )
    of_region = Q(region__in=far.regions) | Q(region__in=districts.values("region"))
    return Q(region=None) | (Q(municipality=None) & of_region) | Q(municipality__in=districts.values("pk"))


def visible_links(person: User, today: date, deed: str = "see_surveys") -> QuerySet[SurveyLink]:
    """Answer the links of the schools where somebody may do a deed."""
    return SurveyLink.objects.filter(reach(person, today, deed).within(school="school"))


def links_to_enter(person: User, today: date) -> QuerySet[SurveyLink]:
    """Answer the links whose paper sheets somebody types: of teachers outside of their school.

    Whoever answers alone for an office types it into the questionnaire itself.
    """
    others = [one for one in AUDIENCES if one not in ("teacher", *ALONE)]
    theirs = _asks(["teacher"]) & _from_outside(person, today)
    own = _asks(others) & reach(person, today, "enter_paper").within(school="school")
    return SurveyLink.objects.filter(theirs | own)


def _asks(audiences: list[str]) -> Q:
    """Answer the condition that a link asks one of some groups; a form that one does not see asks nobody."""
    own = OwnForm.objects.exclude(state=OwnForm.State.DRAFT).filter(audience__in=audiences)
    return Q(form__in=shipped_for(audiences)) | Q(form__in=own.values("name"))


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
