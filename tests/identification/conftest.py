"""The small world of ``tests/world.py``, with a published list of the 2020 rule."""

from datetime import date

import pytest

from opora.identification.actions import agree_list, publish_list, start_run
from tests.world import *  # noqa: F403 (fixtures are found by their names)


@pytest.fixture
def draft(bring, people):
    """A run of the 2020 rule over the country that has no order yet."""
    bring(people.operator)
    return start_run("seed-2020", None, None, people.operator)


@pytest.fixture
def published(draft, people):
    """The same run with its order."""
    return publish_list(agree_list(draft, people.operator), "123-а", date(2020, 3, 2), people.operator)
