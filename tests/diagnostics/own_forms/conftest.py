"""The small questionnaire of teachers as a workbook, brought, and put in force."""

from dataclasses import replace

import pytest

from opora.diagnostics.own_forms.actions import bring_form, put_in_force
from opora.diagnostics.own_forms.reading import Mended, brought
from opora.questionnaires.reading import read_form
from opora.questionnaires.xlsform.writing import to_xlsform
from tests.diagnostics.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.diagnostics.conftest import _given_to

TITLE = "Учителям о своём"
NOTHING = Mended("", 2026)


def teachers(audience="teacher", **changes):
    """The small questionnaire, for teachers and under a title of one's own."""
    form = read_form(_given_to(audience, "own-2026"), "own.yaml")
    return replace(form, title={"ru": TITLE, "en": "To teachers of our own"}, **changes)


def workbook(**changes):
    """The same as the bytes of a workbook."""
    return to_xlsform(teachers(**changes))


def as_brought(**changes):
    """The same as it was read from a workbook."""
    return brought(workbook(**changes), "own.xlsx", NOTHING)


@pytest.fixture
def draft(places, people):
    """A draft of Приморский край."""
    return bring_form(as_brought(), places.primorye, people.coordinator)


@pytest.fixture
def own(draft, people):
    """The same in force."""
    return put_in_force(draft, draft.digest, people.coordinator)
