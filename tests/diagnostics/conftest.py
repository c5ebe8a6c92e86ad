"""A campaign at a school of the small world, with every kind of question."""

from datetime import timedelta

import pytest

from opora.diagnostics.campaigns.actions import Asked, make_codes, open_campaign, prepare_campaign
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import SurveyLink
from opora.questionnaires import editions
from tests.questionnaires.drawn import TEXT
from tests.world import *  # noqa: F403 (fixtures are found by their names)

PUPILS, PARENTS, DIRECTOR = "trial-2026", "family-2026", "head-2026"


@pytest.fixture(autouse=True)
def drawn_forms(tmp_path_factory, monkeypatch):
    """The small questionnaire is among the shipped ones, for pupils, for parents and for a director."""
    folder = tmp_path_factory.mktemp("forms")
    for name, audience in ((PUPILS, "pupil"), (PARENTS, "parent"), (DIRECTOR, "director")):
        (folder / f"{name}.yaml").write_text(_given_to(audience, name), encoding="utf-8")
    monkeypatch.setattr(editions, "FOLDER", folder)
    editions.shipped.cache_clear()
    editions.load.cache_clear()
    yield folder
    editions.shipped.cache_clear()
    editions.load.cache_clear()


def _given_to(audience, name):
    """Make the small questionnaire one that may be given to people."""
    text = TEXT.replace("trial-2026", name).replace("audience: pupil", f"audience: {audience}")
    text = text.replace("        required: true\n", "")
    text = text.replace(
        'text: {ru: "Откуда шум?", en: "Where from?"}',
        'text: {ru: "Откуда шум?", en: "Where from?"}\n        help: {ru: "Без имён", en: "No names"}',
    )
    if audience != "pupil":
        text = text.replace("grades: [6]\n", "")
    return text if audience != "director" else text.replace("anonymous: true", "anonymous: false")


@pytest.fixture
def asked(places, today):
    """A campaign of Приморский край as its coordinator would ask for it."""

    def ask(**other):
        told = {
            "title": "Осень",
            "year": 2026,
            "forms": (PUPILS, PARENTS, DIRECTOR),
            "opens_on": today,
            "closes_on": today + timedelta(days=14),
            "region": places.primorye,
        }
        return Asked(**(told | other))

    return ask


@pytest.fixture
def campaign(asked, places, people):
    """A campaign that goes on at two schools."""
    made = prepare_campaign(asked(), [places.listed, places.quiet], people.coordinator)
    return open_campaign(made, people.coordinator)


@pytest.fixture
def link(campaign, places, people):
    """The pupils' link of the listed school, with ten codes."""
    found = SurveyLink.objects.get(campaign=campaign, school=places.listed, form=PUPILS)
    make_codes(found, 10, people.director)
    return SurveyLink.objects.get(pk=found.pk)


@pytest.fixture
def parents(campaign, places):
    """The parents' link of the listed school."""
    return SurveyLink.objects.get(campaign=campaign, school=places.listed, form=PARENTS)


@pytest.fixture
def codes(link):
    return [code_of(link.token, number) for number in range(1, 11)]
