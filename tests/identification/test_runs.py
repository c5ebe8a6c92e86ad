"""A run keeps every verdict with its evidence; an order makes its list valid."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from opora.identification.actions import (
    AlreadyPublished,
    CannotPublish,
    NoResults,
    agree_list,
    publish_list,
    start_run,
)
from opora.identification.models import Evidence, PlaceCount, Run, Verdict
from opora.identification.tables import EVIDENCE
from opora.registry.access import NotAllowed
from tests.identification.conftest import first_draft


@pytest.fixture
def draft(bring, people):
    """A run made in each test: here nothing stands that would be counted beside it."""
    return first_draft(people)


def listed(run):
    found = Verdict.objects.filter(run=run, listed=True)
    return set(found.values_list("school__vpr_login", flat=True))


def test_two_failed_outcomes_put_a_school_on_the_list(draft):
    """Две неуспешные процедуры — школа в перечне; одной мало."""
    assert listed(draft) == {"sch250001", "sch250003", "sch220001"}
    assert Verdict.objects.filter(run=draft).count() == 5


def test_counts_of_a_run_agree_with_its_verdicts(draft, places):
    name = draft.lists[0]
    kept = PlaceCount.objects.filter(run=draft, list=name)
    told = {row.municipality_id: (row.schools, row.listed, row.unstable) for row in kept}
    found = Verdict.objects.filter(run=draft)
    assert set(told) == {places.lake.pk, places.city.pk, places.far.pk}
    for municipality, counts in told.items():
        here = found.filter(municipality=municipality)
        listed, unstable = here.filter(listed=True).count(), here.filter(unstable=True).count()
        assert counts == (here.count(), listed, unstable)
    assert (sum(one[0] for one in told.values()), sum(one[1] for one in told.values())) == (5, 3)


def test_a_school_on_several_lists_is_counted_once_among_all(bring, people):
    bring(people.operator)
    run = start_run("three-lists", None, None, people.operator)
    once = PlaceCount.objects.filter(run=run, list="")
    schools = Verdict.objects.filter(run=run).values("school").distinct().count()
    listed = Verdict.objects.filter(run=run, listed=True).values("school").distinct().count()
    assert len(run.lists) > 1
    assert (sum(row.schools for row in once), sum(row.listed for row in once)) == (schools, listed)


def test_evidence_of_every_school_is_kept_with_its_file(draft, places):
    kept = Evidence.objects.get(run=draft, school=places.passed)
    rows = [dict(zip(EVIDENCE, row, strict=True)) for row in kept.rows]
    assert [(row["year"], row["low"], row["takers"], row["failed"]) for row in rows] == [
        (2018, 8, 20, True),
        (2019, 2, 30, False),
    ]
    assert {row["source"] for row in rows} == {0}
    assert len(draft.options["sources"]) == 1


def test_a_verdict_remembers_the_place_of_the_day(draft, places):
    places.listed.municipality = places.city
    places.listed.name = "Переименованная школа"
    places.listed.save()
    kept = Verdict.objects.get(run=draft, school=places.listed)
    assert kept.municipality == places.lake
    assert kept.sort_key == "школа села елкино"


def test_a_run_of_a_region_looks_at_its_schools_only(bring, people, places):
    bring(people.operator)
    run = start_run("seed-2020", None, places.primorye, people.coordinator)
    assert listed(run) == {"sch250001", "sch250003"}


def test_years_replace_the_window(bring, people):
    bring(people.operator)
    run = start_run("seed-2020", [2018], None, people.operator)
    assert run.years == [2018]
    assert listed(run) == set()


@pytest.mark.parametrize(
    "who", ["analyst", "municipal", "curator", "director", "observer", "nobody", "stranger"]
)
def test_who_may_not_make_a_list_of_a_region_is_refused(bring, people, places, who):
    bring(people.operator)
    with pytest.raises(NotAllowed):
        start_run("seed-2020", None, places.primorye, getattr(people, who))
    assert not Run.objects.exists()


def test_a_regional_coordinator_makes_no_list_of_the_country(bring, people):
    bring(people.operator)
    with pytest.raises(NotAllowed):
        start_run("seed-2020", None, None, people.coordinator)


def test_without_results_there_is_no_run(outcomes_folder, people, bring):
    with pytest.raises(NoResults):
        start_run("seed-2020", None, None, people.operator)
    bring(people.operator)
    with pytest.raises(NoResults):
        start_run("seed-2020", [2001], None, people.operator)
    assert not Run.objects.exists()


def test_before_any_list_the_pages_say_so(people, signed_in):
    browser = signed_in(people.operator)
    for address in ("/", "/list/", "/territory/25/", "/runs/"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "ещё не" in answer.content.decode() or "ещё нет" in answer.content.decode()


def test_an_order_makes_a_list_valid_once(draft, people):
    run = publish_list(agree_list(draft, people.operator), " 123-а ", date(2020, 3, 2), people.operator)
    assert (run.state, run.order_number) == ("published", "123-а")
    with pytest.raises(AlreadyPublished):
        publish_list(draft, "124", date(2020, 3, 3), people.operator)
    assert Run.objects.get().order_number == "123-а"


def test_an_order_needs_a_number_and_the_right(draft, people):
    agree_list(draft, people.operator)
    with pytest.raises(CannotPublish, match="номер"):
        publish_list(draft, "  ", date(2020, 3, 2), people.operator)
    with pytest.raises(NotAllowed):
        publish_list(draft, "1", date(2020, 3, 2), people.coordinator)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"failed": 9, "counted": 2}, "failed_are_among_counted"),
        ({"stability": 1.5}, "stability_is_a_probability"),
        ({"excluded": "closed", "listed": True}, "excluded_school_is_not_listed"),
    ],
)
def test_the_database_refuses_an_impossible_verdict(draft, places, change, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Verdict.objects.filter(run=draft, school=places.listed).update(**change)


def test_the_database_refuses_a_published_list_without_an_order(draft):
    with pytest.raises(IntegrityError, match="published_list_has_its_order"), transaction.atomic():
        Run.objects.filter(pk=draft.pk).update(state="published")
