"""Which schools of a survey are behind, who reads a school's letters, and when it was reminded last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from opora.accounts.models import User
from opora.diagnostics.campaigns.counting import Answered, answered
from opora.diagnostics.campaigns.reminders.rule import is_behind
from opora.diagnostics.models import Campaign, Reminder, SurveyLink
from opora.diagnostics.wording import form_title
from opora.registry.access import in_force
from opora.registry.models import Appointment, School
from opora.registry.roles import Role

READERS = (Role.DIRECTOR, Role.SCHOOL_TEAM)  # nobody who answers: a survey is voluntary
NONE = Answered(0, 0)


@dataclass(frozen=True)
class Standing:
    """How many people of a group answered. invited: None where the school has not said."""

    title: str
    answered: int
    invited: int | None


def behind(links: Sequence[SurveyLink], counted: dict[int, Answered]) -> list[int]:
    """Answer the schools that are behind, by their keys."""
    groups: dict[int, list[tuple[int, int | None]]] = {}
    for link in links:
        told = (counted.get(link.pk, NONE).answered, link.invited)
        groups.setdefault(link.school_id, []).append(told)
    return sorted(school for school, counts in groups.items() if is_behind(counts))


def standing_of(campaign: Campaign, school: School) -> list[Standing]:
    """Answer how each questionnaire of a school stands."""
    links = list(SurveyLink.objects.filter(campaign=campaign, school=school).order_by("pk"))
    counted = answered(link.pk for link in links)
    return [
        Standing(form_title(link.form), counted.get(link.pk, NONE).answered, link.invited) for link in links
    ]


def readers_of(school: School, today: date) -> QuerySet[User]:
    """Answer who reads the letters to a school: its director and its team. Empty: nobody is appointed."""
    appointed = Appointment.objects.filter(in_force(today), school=school, role__in=READERS)
    return User.objects.filter(pk__in=appointed.values("person"), is_active=True).order_by("pk")


def reminded_on(campaign: Campaign) -> dict[int, date]:
    """Answer the last day on which each school was reminded. Empty: of a school that never was."""
    last = Reminder.objects.filter(campaign=campaign).values("school").annotate(last=Max("on"))
    return dict(last.values_list("school", "last"))
