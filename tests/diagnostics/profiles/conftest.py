"""A survey with the shipped questionnaires: one that has begun, and one whose profiles are out."""

from datetime import timedelta

import pytest

from opora.diagnostics.campaigns.actions import Asked, close_campaign, open_campaign, prepare_campaign
from opora.diagnostics.profiles.actions import release_due
from tests.diagnostics.answered import answer

FORMS = ("director-2026", "teacher-2026", "pupil-6-2026", "pupil-9-2026", "parent-2026", "psychologist-2026")
HALF = {"director-2026": 1, "teacher-2026": 8, "pupil-6-2026": 9, "pupil-9-2026": 7, "parent-2026": 6}


@pytest.fixture(autouse=True)
def drawn_forms():
    """Here the shipped questionnaires are asked."""


@pytest.fixture
def survey(places, people, today):
    """A survey of two schools that has begun."""

    def make(year=2026, forms=FORMS, **other):
        asked = Asked("Осень", year, forms, today, today + timedelta(days=5), places.primorye, **other)
        made = prepare_campaign(asked, [places.listed, places.quiet], people.coordinator)
        return open_campaign(made, people.coordinator)

    return make


@pytest.fixture
def ended(survey, places, people):
    """A survey that some people of the listed school answered, and that is over."""

    def make(answered=HALF, level=0.5, **other):
        campaign = survey(**other)
        answer(campaign, places.listed, answered, level=level)
        return close_campaign(campaign, people.coordinator)

    return make


@pytest.fixture
def released(ended):
    """A survey whose profiles have been put out."""

    def make(answered=HALF, **other):
        campaign = ended(answered, **other)
        assert release_due() == 1
        return campaign

    return make
