"""A survey of which some sheets are on paper: codes set aside, a pack, and people who type it."""

import pytest

from opora.diagnostics.campaigns.actions import make_codes, open_campaign, prepare_campaign
from opora.diagnostics.models import SurveyLink
from opora.diagnostics.paper.actions import FIRST, SECOND, Entry, begin_pack, enter_sheet, set_codes_aside
from opora.questionnaires import editions
from tests.diagnostics.conftest import DIRECTOR, PARENTS, PUPILS, _given_to
from tests.world import Role

TEACHERS = "staff-2026"
SAID = {"clear": 3, "missed": 2, "help": ["home"]}


@pytest.fixture(autouse=True)
def teachers_form(drawn_forms):
    """The small questionnaire is there for teachers, too."""
    (drawn_forms / f"{TEACHERS}.yaml").write_text(_given_to("teacher", TEACHERS), encoding="utf-8")
    editions.shipped.cache_clear()
    editions.load.cache_clear()


@pytest.fixture
def campaign(asked, places, people, person):
    """A campaign that goes on at two schools, teachers asked as well."""
    people.team = person("team", Role.SCHOOL_TEAM, school=places.listed)
    people.psychologist = person("psychologist", Role.PSYCHOLOGIST, school=places.listed)
    people.methodist = person("methodist", Role.METHODIST, municipality=places.lake)
    told = asked(forms=(PUPILS, PARENTS, DIRECTOR, TEACHERS))
    made = prepare_campaign(told, [places.listed, places.quiet], people.coordinator)
    return open_campaign(made, people.coordinator)


@pytest.fixture
def teachers(campaign, places, people):
    """The teachers' link of the listed school, with four codes."""
    found = SurveyLink.objects.get(campaign=campaign, school=places.listed, form=TEACHERS)
    make_codes(found, 4, people.director)
    return SurveyLink.objects.get(pk=found.pk)


@pytest.fixture
def pack(link, people):
    """An open pack of pupils' sheets; five of the ten codes are set aside."""
    set_codes_aside(link, 5, people.director)
    return begin_pack(link, people.director)


@pytest.fixture
def typed(people):
    """Type sheets of a pack twice: number → marks of both entries, or of each."""

    def type_them(pack, sheets, first=None, second=None):
        for number, told in sheets.items():
            once, again = told if isinstance(told, tuple) else (told, told)
            made = enter_sheet(pack, Entry(number, FIRST, once, 0), first or people.director)
            enter_sheet(pack, Entry(number, SECOND, again, made.version), second or people.team)

    return type_them
