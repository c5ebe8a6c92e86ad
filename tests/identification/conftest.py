"""The small world of ``tests/world.py``, with a published list of the 2020 rule."""

from datetime import date

import pytest
from django.test import override_settings

from opora.identification.actions import agree_list, publish_list, start_run
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import bring_file, folders_in


def first_draft(people):
    """A run of the 2020 rule over the country that has no order yet."""
    bring_file(people.operator)
    return start_run("seed-2020", None, None, people.operator)


@pytest.fixture(scope="module")
def standing_draft(stage, standing_people, tmp_path_factory):
    stage.folder = tmp_path_factory.mktemp("standing")
    with override_settings(**folders_in(stage.folder)):
        return stage.built(first_draft, standing_people)


@pytest.fixture
def draft(stage, people, standing_draft, outcomes_folder):
    return stage.copied(standing_draft, first_draft, people)


def publish(draft, people):
    """Give a run its order."""
    return publish_list(agree_list(draft, people.operator), "123-а", date(2020, 3, 2), people.operator)


@pytest.fixture
def published(draft, people):
    return publish(draft, people)
