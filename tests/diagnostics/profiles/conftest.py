"""A survey with the shipped questionnaires: one that has begun, and one whose profiles are out."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from opora.diagnostics.campaigns.actions import Asked, close_campaign, open_campaign, prepare_campaign
from opora.diagnostics.profiles.actions import release_due
from tests.diagnostics.answered import answer

FORMS = ("director-2026", "teacher-2026", "pupil-6-2026", "pupil-9-2026", "parent-2026", "psychologist-2026")
HALF = {"director-2026": 1, "teacher-2026": 8, "pupil-6-2026": 9, "pupil-9-2026": 7, "parent-2026": 6}


@pytest.fixture(autouse=True)
def drawn_forms():
    """Here the shipped questionnaires are asked."""


def begun(places, people, year=2026, forms=FORMS, **other):
    """Make a survey of two schools that has begun."""
    today = timezone.localdate()
    asked = Asked("Осень", year, forms, today, today + timedelta(days=5), places.primorye, **other)
    made = prepare_campaign(asked, [places.listed, places.quiet], people.coordinator)
    return open_campaign(made, people.coordinator)


def over(places, people, answered=HALF, level=0.5, **other):
    """Make a survey that some people of the listed school answered, and that is over."""
    campaign = begun(places, people, **other)
    answer(campaign, places.listed, answered, level=level)
    return close_campaign(campaign, people.coordinator)


def profiled(places, people, answered=HALF, **other):
    """Make a survey whose profiles have been put out."""
    campaign = over(places, people, answered, **other)
    assert release_due() == 1
    return campaign


@pytest.fixture
def survey(places, people):
    return partial(begun, places, people)


@pytest.fixture
def ended(places, people):
    return partial(over, places, people)


@pytest.fixture
def released(places, people):
    return partial(profiled, places, people)
