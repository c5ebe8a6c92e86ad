"""Signs of bias: found in the results of the run, told neutrally to those who may see them."""

from datetime import date

import polars as pl
import pytest
from django.urls import reverse

from opora.identification.actions import agree_list, publish_list, start_run
from opora.identification.models import Verdict
from opora.identification.signs import looking
from opora.methodology import tables
from opora.methodology.signs.flags import CONTROLLED, MARKER, flag_name
from opora.results.actions import store
from tests.world import questions

FLAT = [20] * 20
YEAR = 2021  # of which the boundaries of ВПР are known: maths of grade 5, 7, 11 and 15


def lifted(counts, bound):
    """Move three of four works just below a boundary onto it."""
    moved = list(counts)
    for score in (bound - 1, bound - 2):
        up = counts[score] * 3 // 4
        moved[score] -= up
        moved[bound] += up
    return moved


@pytest.fixture
def run(places, people, outcomes_folder):
    """A region of four schools; in one of them works crowd on the boundaries."""
    looking._looked.cache_clear()
    suspicious = lifted(lifted(FLAT, 7), 11)
    rows = []
    for school in (places.listed, places.passed, places.gymnasium, places.quiet):
        scores = suspicious if school == places.gymnasium else FLAT
        if school == places.quiet:
            scores = [1] * 20  # too few works
        rows.append(
            {
                "school": str(school.pk),
                "year": YEAR,
                "assessment": "vpr",
                "sitting": "",
                "subject": "maths",
                "grade": 5,
                "grade_programme": 5,
                "category": "all",
                "takers": sum(scores),
                "low": sum(scores[:7]),
                "scores": scores,
                "journal": [sum(scores) // 4, sum(scores) // 2, sum(scores) // 4],
            }
        )
    frame = pl.DataFrame(rows)
    missing = [pl.lit(None).alias(name) for name in tables.OUTCOMES if name not in frame.columns]
    indicators = pl.DataFrame(
        [
            (str(places.listed.pk), YEAR, flag_name(MARKER, "maths", 4), "all", 1.0, None),
            (str(places.listed.pk), YEAR, flag_name(MARKER, "russian", 4), "all", 0.0, None),
            (str(places.passed.pk), YEAR, flag_name(MARKER, "maths", 4), "all", 0.0, None),
            (str(places.quiet.pk), YEAR, flag_name(CONTROLLED, "maths", 5), "all", 1.0, None),
        ],
        schema=tables.INDICATORS,
        orient="row",
    )
    outcomes = frame.with_columns(missing).select(*tables.OUTCOMES).cast(tables.OUTCOMES)
    store().add(outcomes, "a" * 64, indicators=indicators)
    return start_run("seed-2020", [YEAR], places.primorye, people.coordinator)


@pytest.fixture
def card(run, people, signed_in):
    def of(school):
        address = reverse("identification:school", args=(school.pk,))
        answer = signed_in(people.coordinator).get(f"{address}?run={run.pk}")
        return answer.context["page"].signs, answer.content.decode().replace("\xa0", " ")

    return of


def test_a_school_that_stands_out_is_shown_with_its_numbers(card, places):
    """Сказано, сколько работ на границах и сколько их ожидалось; слов о нарушениях нет."""
    told, text = card(places.gymnasium)
    assert told.named and told.conclusion.startswith("Результаты отличаются от ожидаемых")
    said = told.seen[0].said.replace("\xa0", " ")
    assert said.startswith("Распределение первичных баллов: на границах отметок или чуть выше — 180,")
    assert "Всего работ: 400." in said and "3 % случаев" in told.seen[0].rarity.replace("\xa0", " ")
    assert "результаты выделяются" in text and "повод посмотреть, а не вывод" in text
    assert "фальсифик" not in text.lower() and "наруш" not in text.lower()


def test_an_ordinary_school_and_one_of_few_works(card, places):
    told, text = card(places.listed)
    assert not told.named and "не выделяются" in text
    assert card(places.quiet)[0] is None


def test_verdicts_are_the_same_with_and_without_signs(run, card, places):
    """Признак стоит рядом с решением и ни на что в нём не влияет."""
    before = list(Verdict.objects.filter(run=run).order_by("school").values())
    assert card(places.gymnasium)[0].named
    assert list(Verdict.objects.filter(run=run).order_by("school").values()) == before
    others = {row["school_id"]: (row["failed"], row["counted"], row["listed"]) for row in before}
    assert others[places.listed.pk] == others[places.passed.pk]


def test_without_the_results_or_the_registry_of_the_run_there_is_no_card(run, card, places):
    type(run).objects.filter(pk=run.pk).update(content="0" * 64)
    assert card(places.gymnasium)[0] is None


# --- the region's page


@pytest.fixture
def region_page(run, signed_in):
    def of(person, query="", status=200):
        answer = signed_in(person).get(f"{reverse('identification:signs', args=(run.pk,))}?{query}")
        assert answer.status_code == status
        return answer.context["page"] if status == 200 else None

    return of


def test_the_page_of_a_region_shows_who_stands_out_and_who_is_marked(region_page, people, places):
    """Сначала самые заметные; у официального маркера своя строка, и с признаком он не смешан."""
    page = region_page(people.coordinator)
    assert [(row.name, row.named, len(row.markers)) for row in page.rows] == [
        (str(places.gymnasium), True, 0),
        (str(places.listed), False, 1),
    ]
    assert (page.schools, page.named, page.marked) == (3, 1, 1)
    assert page.rows[1].markers == ("Официальные маркеры, 2021: 1 из 2. Как они получены, не опубликовано.",)
    everyone = region_page(people.coordinator, "only=all")
    assert {row.name for row in everyone.rows} == {
        str(places.gymnasium),
        str(places.listed),
        str(places.passed),
    }


def test_what_could_not_be_looked_at_is_said(region_page, people):
    said = " ".join(region_page(people.coordinator).unknown)
    assert "экзаменами" in said and "журналу" in said and "контролем" in said and "Пики" not in said


def test_a_municipal_coordinator_sees_and_counts_only_their_own_schools(run, region_page, people, places):
    """Ни чужой школы, ни чужого числа: гимназия — в другом муниципалитете."""
    by = people.coordinator
    publish_list(agree_list(run, by), "1", date(2022, 1, 10), by)
    page = region_page(people.municipal, "only=all")
    assert {row.name for row in page.rows} == {str(places.listed), str(places.passed)}
    assert (page.schools, page.named, page.marked) == (2, 0, 1)


@pytest.mark.parametrize("who", ["director", "curator", "observer", "stranger", "nobody"])
def test_others_have_no_such_page(region_page, people, who):
    region_page(getattr(people, who), status=404)


def test_the_page_asks_as_many_questions_for_many_schools_as_for_few(
    region_page, people, places, signed_in, run
):
    browser = signed_in(people.coordinator)
    address = reverse("identification:signs", args=(run.pk,))
    browser.get(address)  # what is held in memory is read once
    few, many = questions(browser, address), questions(browser, f"{address}?only=all")
    assert few == many <= 10


# --- the school's page of signs


def test_every_work_with_known_boundaries_is_drawn_with_what_was_expected(run, people, places, signed_in):
    address = reverse("identification:school_signs", args=(places.gymnasium.pk,))
    page = signed_in(people.coordinator).get(f"{address}?run={run.pk}").context["page"]
    (picture,) = page.pictures
    assert picture.title == "ВПР-2021, математика, 5 класс"
    assert picture.bounds == ((7, "«3»"), (11, "«4»"), (15, "«5»"))
    assert sum(picture.works) == pytest.approx(sum(picture.expected)) == 400
    assert picture.works[7] > 1.5 * picture.expected[7] and picture.works[6] < picture.expected[6]


def test_few_works_and_foreign_schools_are_told_apart(run, people, places, signed_in):
    """О школе с двадцатью работами сказано, что сказать нечего; чужой школы будто нет."""
    quiet = reverse("identification:school_signs", args=(places.quiet.pk,))
    answer = signed_in(people.coordinator).get(f"{quiet}?run={run.pk}")
    assert answer.context["page"].card is None and "меньше пятидесяти работ" in answer.content.decode()
    foreign = reverse("identification:school_signs", args=(places.foreign.pk,))
    assert signed_in(people.coordinator).get(foreign).status_code == 404
    assert signed_in(people.director).get(quiet).status_code == 404


def test_works_under_control_are_set_apart_and_flags_of_other_works_are_not(run, places):
    found = looking.looked(run, "25")
    assert found.markers.rows() == [(places.listed.pk, YEAR, 2, 1), (places.passed.pk, YEAR, 1, 0)]
    assert "dropped" not in set(found.kinds["kind"])  # one controlled school is too few
