"""A check of two schools of a municipality, and what both sides may say of it."""

from datetime import timedelta

import pytest

from opora.methodology.quality.judging import Answer, Finding
from opora.methodology.quality.reading import load_checklist
from opora.quality.checks.actions import Asked, begin_check
from opora.quality.models import CheckSheet
from opora.quality.sheets.actions import check_section, fill_section, sign
from tests.world import *  # noqa: F403 (fixtures are found by their names)

CHECKLIST = load_checklist("opora-2026")
SECTIONS, NAMES = CHECKLIST.sections, list(CHECKLIST.criteria)
FIRST, SECOND = SECTIONS[:2]


def answers(section, level="yes", **other):
    """Answer every criterion of a section alike, but for some."""
    return {one.name: Answer(other.get(one.name, level), "протокол № 3") for one in section.criteria}


def findings(section, level="yes", **other):
    """Find the same level everywhere in a section, but for some, of which the reason is told."""
    return {
        one.name: Finding(other.get(one.name, level), "видели сами" if one.name in other else "")
        for one in section.criteria
    }


@pytest.fixture
def asked(places, today):
    return Asked(
        "Проверка ВСОКО",
        2026,
        "opora-2026",
        today + timedelta(days=7),
        today + timedelta(days=21),
        places.primorye,
        places.lake,
        "263-а",
        today,
    )


@pytest.fixture
def check(asked, people, places, outcomes_folder):
    return begin_check(asked, [places.listed, places.passed], people.municipal)


@pytest.fixture
def sheet(check, places):
    return CheckSheet.objects.get(quality_check=check, school=places.listed)


@pytest.fixture
def filled(sheet, people):
    """Fill every section in as the school and sign it; ``other`` criteria have another level."""

    def fill(signed=True, **other):
        version = 0
        for section in SECTIONS:
            version = fill_section(sheet, section, answers(section, **other), 0, people.director).version
        if signed:
            sign(sheet, "school", version, people.director)
        return sheet

    return fill


@pytest.fixture
def checked(filled, people):
    """Let the municipality find what it finds, over what the school said, and sign it."""

    def check_all(said=None, **found):
        sheet = filled(**(said or {}))
        version = 0
        for section in SECTIONS:
            given = findings(section, **{**(said or {}), **found})
            version = check_section(sheet, section, given, 0, people.municipal).version
        sign(sheet, "municipality", version, people.municipal)
        return sheet

    return check_all
