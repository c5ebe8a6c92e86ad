"""What journeys begin with: files in a folder, and a coordinator whose region holds nothing yet."""

import pytest

from opora.accounts.actions import add_person
from opora.demo.build import Built, build
from opora.demo.load import load_region
from opora.registry.actions import appoint
from tests.journeys.steps import EMAIL, PASSWORD


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Built:
    """The files of twelve schools, as the coordinator has them in a folder."""
    return build(tmp_path_factory.mktemp("files"), 7, schools=12, municipalities=3)


@pytest.fixture
def coordinator(live, settings, tmp_path):
    """A coordinator whose region has no schools, no results and no list yet."""
    settings.OUTCOMES = tmp_path / "outcomes"
    person = add_person(EMAIL, "Глобусова Нина Олеговна", PASSWORD)
    appoint(person, "regional_coordinator", region=load_region())
    return person
