"""A check is begun by whoever answers for the place, ended once, dropped while nobody has written in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from opora.audit.models import Event
from opora.quality.access import visible_checks, visible_sheets
from opora.quality.checks.actions import begin_check, drop_check, end_check
from opora.quality.models import CheckSheet, QualityCheck
from opora.quality.sheets.actions import fill_section
from opora.registry.access import NotAllowed
from opora.registry.refusals import CannotDo
from tests.quality.conftest import FIRST, answers

pytestmark = pytest.mark.django_db


def test_a_municipal_coordinator_begins_a_check_and_each_school_gets_a_sheet(check, people, places):
    assert check.state == "open" and check.checklist_digest
    assert {one.school for one in check.sheets.all()} == {places.listed, places.passed}
    event = Event.objects.get(deed="quality.begin_check")
    assert (event.by, event.role, event.details["schools"]) == (people.municipal, "municipal_coordinator", 2)


@pytest.mark.parametrize("who", ["coordinator", "operator"])
def test_whoever_holds_the_region_begins_one_for_a_municipality_or_the_whole(asked, people, places, who):
    by = getattr(people, who)
    begin_check(asked, [places.listed], by)
    whole = begin_check(replace(asked, municipality=None), [places.listed, places.gymnasium], by)
    assert whole.municipality is None and whole.sheets.count() == 2


@pytest.mark.parametrize("who", ["analyst", "curator", "director", "observer", "stranger", "nobody"])
def test_nobody_else_begins_one(asked, people, places, who):
    with pytest.raises(NotAllowed):
        begin_check(asked, [places.listed], getattr(people, who))
    assert not QualityCheck.objects.exists()


def test_a_municipality_checks_its_own_schools_alone(asked, people, places):
    for odd in (replace(asked, municipality=None), replace(asked, municipality=places.city)):
        with pytest.raises(NotAllowed):
            begin_check(odd, [places.gymnasium], people.municipal)
    with pytest.raises(NotAllowed):
        begin_check(asked, [places.gymnasium], people.municipal)
    with pytest.raises(NotAllowed):  # a municipality that does not lie in the region
        begin_check(replace(asked, region=places.altai), [places.listed], people.operator)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"title": "  "}, "Назовите"),
        ({"fill": -1}, "уже прошёл"),
        ({"check": 3}, "раньше, чем школы"),
        ({"check": 400}, "не дольше"),
        ({"schools": ()}, "ни одной школы"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(asked, people, places, today, odd, told):
    days = {"fill": "fill_until", "check": "check_until"}
    changed = {days.get(key, key): today + timedelta(days=v) if key in days else v for key, v in odd.items()}
    schools = changed.pop("schools", [places.listed])
    with pytest.raises(CannotDo, match=told):
        begin_check(replace(asked, **changed), schools, people.municipal)


def test_a_check_is_ended_once(check, people, today):
    ended = end_check(check, people.municipal)
    assert (ended.state, ended.closed_on) == ("closed", today)
    with pytest.raises(CannotDo):
        end_check(check, people.municipal)
    with pytest.raises(NotAllowed):
        end_check(check, people.director)


def test_a_check_is_dropped_while_nobody_has_written_anything(check, sheet, people):
    fill_section(sheet, FIRST, answers(FIRST), 0, people.director)
    with pytest.raises(CannotDo, match="никто не заполнял"):
        drop_check(check, people.municipal)
    sheet.parts.all()._raw_delete("default")
    with pytest.raises(NotAllowed):
        drop_check(check, people.stranger)
    drop_check(check, people.municipal)
    assert not QualityCheck.objects.exists() and not CheckSheet.objects.exists()
    assert Event.objects.filter(deed="quality.drop_check").exists()


def test_everybody_sees_the_checks_and_sheets_of_their_own_schools(check, people, places, today):
    seen = {who: visible_checks(getattr(people, who), today).count() for who in vars(people)}
    assert seen == {
        "operator": 1, "analyst": 1, "coordinator": 1, "municipal": 1, "curator": 1, "director": 1,
        "observer": 0, "stranger": 0, "nobody": 0,
    }  # fmt: skip
    assert [one.school for one in visible_sheets(people.director, today)] == [places.listed]
    assert visible_sheets(people.municipal, today).count() == 2


@pytest.mark.parametrize(
    "odd", [{"check_until": "2020-01-01"}, {"state": "closed"}, {"closed_on": "2026-01-01"}]
)
def test_the_database_refuses_what_cannot_be(check, odd):
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityCheck.objects.filter(pk=check.pk).update(**odd)
