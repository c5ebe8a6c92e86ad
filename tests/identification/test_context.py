"""Context of schools on pages: a region of sixty schools whose results go with what parents have learnt."""

import numpy as np
import polars as pl
import pytest
from django.urls import reverse

from opora.identification.actions import agree_list, publish_list, start_run
from opora.identification.actions.choosing import choose_participants
from opora.identification.candidates import candidates, compared_by, kept_selection
from opora.identification.context import looking
from opora.identification.models import Verdict
from opora.methodology import tables
from opora.registry.models import School
from opora.results.actions import store
from tests.world import add_school, questions

YEAR, SCHOOLS, TAKERS, RESILIENT = 2019, 60, 120, 25
INDICATOR = "parents_higher_education"


def low_of(learnt):
    """How many of all takers have a low result where so many parents have higher education."""
    return int(TAKERS * 1 / (1 + np.exp(1.2 + 4.0 * (learnt - 0.35))))


@pytest.fixture
def region(places, outcomes_folder):
    """Sixty schools: the first is in the hardest context and far better than it lets expect."""
    looking._of.cache_clear()
    made = [
        add_school(places.lake if n % 2 else places.city, 100 + n, f"Школа № {n}") for n in range(SCHOOLS)
    ]
    learnt = np.linspace(0.02, 0.68, SCHOOLS)
    outcomes, told = [], []
    for place, (school, share) in enumerate(zip(made, learnt, strict=True)):
        low = max(0, low_of(share) + 5 * (place * 7 % 5 - 2)) if place else RESILIENT
        outcomes.append(
            {
                "school": str(school.pk), "year": YEAR, "assessment": "ege", "subject": "russian",
                "sitting": "", "category": "all", "grade": 11, "grade_programme": 11,
                "takers": TAKERS, "low": low,
            }
        )  # fmt: skip
        told.append((str(school.pk), YEAR, INDICATOR, "all", float(share), None))
    frame = pl.DataFrame(outcomes)
    missing = [pl.lit(None).alias(name) for name in tables.OUTCOMES if name not in frame.columns]
    frame = frame.with_columns(missing).select(*tables.OUTCOMES).cast(tables.OUTCOMES)
    indicators = pl.DataFrame(told, schema=tables.INDICATORS, orient="row")
    store().add(frame, "a" * 64, indicators=indicators)
    return made


@pytest.fixture
def run(region, places, people):
    by = people.coordinator
    made = start_run("quantile-15", [YEAR], places.primorye, by)
    return publish_list(agree_list(made, by), "1", made.at.date(), by)


@pytest.fixture
def page(run, signed_in):
    def of(person, query="", status=200):
        answer = signed_in(person).get(f"{reverse('identification:context', args=(run.pk,))}?{query}")
        assert answer.status_code == status
        return answer.context["page"] if status == 200 else None

    return of


@pytest.fixture
def card(run, signed_in):
    def of(person, school):
        return signed_in(person).get(f"/schools/{school.pk}/?run={run.pk}").context["page"].context

    return of


def test_the_fit_and_the_resilient_school_are_shown(page, people, region):
    """Школа в самом трудном контексте, где двоек куда меньше обычного, названа резильентной."""
    told = page(people.coordinator)
    assert told.usable and told.fit.startswith("Контекст объясняет")
    row = next(row for row in told.rows if row.name == str(region[0]))
    assert (
        all(row.resilient for row in told.rows)
        and row.context.replace("\xa0", " ") == "труднее, чем у 98 % школ региона"
    )
    assert row.results.startswith("низких 25 из 120, обычно ")
    strong = [dot for dot in told.picture.dots if dot.is_strong]
    assert len(told.picture.dots) == SCHOOLS and {dot.href for dot in strong} == {
        row.href for row in told.rows
    }
    hardest = max(strong, key=lambda dot: dot.x)
    assert hardest.href == row.href and hardest.x > 1 and hardest.y > 1


def test_what_the_index_rests_on_is_said_with_its_interval(page, people):
    told = page(people.coordinator)
    (weight,) = [one for one in told.weights if one.weight]
    assert weight.title == "Доля родителей с высшим образованием"
    assert weight.weight.startswith("−") and "…" in weight.between and not weight.note
    assert sum(one.schools for one in told.clusters) == SCHOOLS


def test_a_quadrant_is_chosen_and_everybody_can_be_shown(page, people):
    counts = {chip.key: chip.count for chip in page(people.coordinator).chips}
    assert counts["all"] == SCHOOLS + 4  # with the schools of whose context nothing is known
    for only, count in counts.items():
        assert page(people.coordinator, f"only={only}").paging.paginator.count == count
    assert "О контексте школы известно слишком мало" in {
        row.stands for row in page(people.coordinator, "only=all").rows
    }


def test_a_municipal_coordinator_sees_only_their_own_schools(page, people, region, places):
    told = page(people.municipal, "only=all")
    seen = School.objects.filter(municipality=places.lake)
    assert {row.name for row in told.rows} == {str(school) for school in seen}
    assert len(told.picture.dots) == sum(school.municipality_id == places.lake.pk for school in region)
    assert sum(one.schools for one in told.clusters) == len(told.picture.dots)


@pytest.mark.parametrize("who", ["director", "curator", "observer", "stranger", "nobody"])
def test_others_have_no_such_page(page, people, who):
    page(getattr(people, who), status=404)


def test_a_school_in_need_is_told_a_mentor_and_schools_alike(card, people, region, run):
    """Наставник — резильентная школа с похожим контекстом; сама она ни в одном перечне не стоит."""
    in_need = set(Verdict.objects.filter(run=run, listed=True).values_list("school", flat=True))
    assert region[0].pk not in in_need and region[1].pk in in_need
    told = card(people.coordinator, region[1])
    needing = {str(school) for school in region if school.pk in in_need}
    named = {one.name for one in told.mentors}
    assert str(region[0]) in named and not named & needing
    assert len(told.alike) == 5 and str(region[2]) in {one.name for one in told.alike}
    assert told.expected.startswith("Низких результатов — ")
    calm = card(people.coordinator, region[-1])
    assert calm.mentors == () and calm.context == "труднее, чем у 0\xa0% школ региона"


def test_schools_that_the_viewer_may_not_see_are_not_named(card, people, region, places):
    mine = next(school for school in region[1:] if school.municipality_id == places.lake.pk)
    told = card(people.municipal, mine)
    names = {str(school) for school in region if school.municipality_id == places.lake.pk}
    assert {one.name for one in (*told.alike, *told.mentors)} <= names and told.alike


def test_a_school_of_whose_context_nothing_is_known_has_no_card(card, people, places):
    assert card(people.coordinator, places.quiet) is None


def test_the_page_asks_as_much_for_all_schools_as_for_a_few(run, people, signed_in):
    browser = signed_in(people.coordinator)
    address = reverse("identification:context", args=(run.pk,))
    browser.get(address)  # what is held in memory is read once
    few, many = questions(browser, address), questions(browser, f"{address}?only=all")
    assert few == many <= 10


def test_in_a_region_participants_are_compared_by_their_context_too(run, region, people):
    """Индекс входит в отбор региона и помнится вместе с ним; отбор, сделанный прежде, живёт без него."""
    table = candidates(run, "low")
    index = dict(zip(table["pk"], table["index"], strict=True))
    hardest = next(school for school in region[1:] if school.pk in index)
    assert index[hardest.pk] == max(index.values()) > 1
    choice = choose_participants(run, "low", 2, {}, people.coordinator)
    assert "index" in choice.features and "index" in compared_by(table, choice)
    now = kept_selection(table, choice).distances.table
    choice.features = []
    before = kept_selection(table, choice).distances.table
    assert "index" not in compared_by(table, choice) and (now != before).any()


def test_a_list_of_the_country_is_not_compared_by_indexes_of_different_regions(region, people):
    made = start_run("quantile-15", [YEAR], None, people.operator)
    assert candidates(made, "low")["index"].null_count() == len(candidates(made, "low")) > 0


def test_results_that_are_kept_no_more_are_said_to_be_missing(run, page, people):
    type(run).objects.filter(pk=run.pk).update(content="0" * 64)
    page(people.coordinator, status=409)


def test_without_indicators_it_is_said_that_there_is_no_index(bring, people, places, signed_in):
    looking._of.cache_clear()
    bring(people.operator)
    run = start_run("seed-2020", None, places.primorye, people.coordinator)
    answer = signed_in(people.coordinator).get(reverse("identification:context", args=(run.pk,)))
    assert not answer.context["page"].usable and "Индекса контекста нет" in answer.content.decode()
