"""A visit of a curator to a school of the small world."""

from datetime import timedelta

import pytest

from opora.visits.planning.actions import Plan, plan_visit
from tests.diagnostics.profiles.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.visits.drawn import correction, record
from tests.world import *  # noqa: F403


@pytest.fixture(autouse=True)
def photos_folder(settings, tmp_path):
    settings.VISIT_PHOTOS = tmp_path / "visits"
    return settings.VISIT_PHOTOS


@pytest.fixture
def visit(people, places, today):
    plan = Plan(places.listed, today + timedelta(days=1), "сверить профиль")
    return plan_visit(plan, people.curator)


@pytest.fixture
def told(visit):
    """Draw a record of this visit as a device sends it."""

    def draw(short, kind="note", minute=0, **changed):
        return record(short, kind, minute, visit=visit.pk, **changed).told()

    return draw


@pytest.fixture
def mended(visit):
    """Draw a correction as a device sends it."""

    def draw(short, replaces, minute=0, kind="note", **changed):
        return correction(short, replaces, minute, kind, visit=visit.pk, **changed).told()

    return draw
