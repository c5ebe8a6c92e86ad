"""A survey whose profiles are out, and the words of both sides."""

import pytest

from opora.diagnostics.verification.actions import Part, Words
from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.verification import Opinion
from tests.diagnostics.profiles.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.diagnostics.profiles.conftest import profiled

NAMES = [factor.name for factor in load_edition("opora-2026").factors]
AGREE = {name: Opinion(True) for name in NAMES}
WHOLE = Words(AGREE, tuple(NAMES[:2]), dict.fromkeys(NAMES[:2], "курсы и наставник"))


@pytest.fixture(scope="module")
def standing_campaign(stage, standing_places, standing_people):
    return stage.built(profiled, standing_places, standing_people)


@pytest.fixture
def campaign(stage, places, people, standing_campaign):
    return stage.copied(standing_campaign, profiled, places, people)


@pytest.fixture
def school_side(campaign, places):
    return Part(campaign, places.listed, "school")


@pytest.fixture
def curator_side(campaign, places):
    return Part(campaign, places.listed, "curator")
