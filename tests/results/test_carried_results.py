"""Results follow the history of schools: found by the code of their day, carried over to today's schools."""

from datetime import date

from opora.registry.history.actions import record_change, take_back_change
from opora.registry.history.told import chronicle_of
from opora.registry.queries import schools_by_code
from opora.results.actions import store
from opora.results.carried import carried, figures_of, shown
from tests.registry.test_recording_changes import draft, merge
from tests.world import *  # noqa: F403 (fixtures are found by their names)

MATHS_2018 = (2018, "vpr", "", "maths", 5, 5, "all")
UNTIL = date(2024, 1, 1)


def as_they_are(places, *schools):
    counted, _published = figures_of(store(), [school.pk for school in schools])
    told = carried(counted, chronicle_of("25", [school.pk for school in schools]), UNTIL)
    return {(one.school, one.key): shown(one) for one in told.figures}


def test_results_of_merged_schools_are_added_cell_by_cell(bring, people, places):
    """8 из 20 и 8 из 20 по одной работе — 16 из 40 у той, что продолжает работать."""
    bring(people.operator)
    record_change(merge(places), people.coordinator)
    told = as_they_are(places, places.listed, places.passed)
    assert told[places.listed.pk, MATHS_2018] == "16 из 40"
    assert {school for school, _key in told} == {places.listed.pk}


def test_results_written_after_the_merge_are_not_carried(bring, people, places):
    """Слияние осенью 2018: весна 2018 переносится, а весна 2019 — уже результат своей школы."""
    bring(people.operator)
    record_change(merge(places, date(2018, 9, 1)), people.coordinator)
    counted, _published = figures_of(store(), [places.passed.pk])
    told = carried(counted, chronicle_of("25", [places.passed.pk]), UNTIL)
    assert [(one.school, one.key[0]) for one in told.figures] == [(places.listed.pk, 2018)]
    assert [(one.key[0], why) for one, why in told.lost] == [(2019, "вошла в другую школу 01.09.2018")]


def test_a_merge_taken_back_leaves_results_where_they_were(bring, people, places):
    bring(people.operator)
    before = as_they_are(places, places.listed, places.passed)
    row = record_change(merge(places), people.coordinator)
    take_back_change(row, "ошибка", people.coordinator)
    assert as_they_are(places, places.listed, places.passed) == before


def test_the_page_shows_both_ways_and_the_rule(bring, people, places, signed_in):
    bring(people.operator)
    record_change(merge(places), people.coordinator)
    html = signed_in(people.coordinator).get(f"/schools/{places.listed.pk}/figures/").content.decode()
    assert "Школа посёлка Береговой: 8 из 20" in html
    assert "16 из 40" in html
    lost = signed_in(people.coordinator).get(f"/schools/{places.passed.pk}/figures/")
    assert lost.context["page"].rows == ()  # all went over


def test_of_a_school_that_one_may_not_see_only_the_sum_is_shown(bring, people, places, signed_in):
    bring(people.operator)
    record_change(merge(places), people.coordinator)
    html = signed_in(people.director).get(f"/schools/{places.listed.pk}/figures/").content.decode()
    assert "16 из 40" in html
    assert "другая школа: —" in html
    assert "Береговой" not in html
    assert signed_in(people.stranger).get(f"/schools/{places.listed.pk}/figures/").status_code == 404


def test_a_preview_names_the_results_and_lists_that_a_change_concerns(bring, people, places, signed_in):
    from opora.identification.actions import start_run

    bring(people.operator)
    run = start_run("seed-2020", None, None, people.operator)
    order = {"on": "2019-09-01", "order_number": "1", "order_date": "2019-06-03", "schools": "sch250002"}
    address = f"/schools/{places.listed.pk}/history/record/?way=joined"
    html = signed_in(people.operator).post(address, order).content.decode()
    assert "Результаты 2018 года" in html
    assert "показателей этих школ: 2" in html
    assert f'href="/runs/{run.pk}/"' in html
    assert "в перечне из этих школ: 1" in html


def test_a_code_of_a_file_means_the_school_that_had_it_then(people, places, today):
    """Код перешёл от одной школы к другой: файл прежнего года — о прежней."""
    record_change(draft("ris_code", date(2019, 9, 1), school=places.listed, after="111999"), people.operator)
    record_change(draft("ris_code", date(2020, 9, 1), school=places.quiet, after="111001"), people.operator)

    def whose(code, on):
        return schools_by_code([code], people.coordinator, today, "25", on).get(code)

    days = (date(2018, 5, 31), date(2020, 5, 31), date(2021, 5, 31))
    assert [whose("111001", day) for day in days] == [places.listed.pk, None, places.quiet.pk]
    assert [whose("111999", day) for day in days] == [None, places.listed.pk, places.listed.pk]
    assert whose("111004", date(2018, 5, 31)) == places.quiet.pk


def test_a_file_of_a_former_year_is_read_by_the_codes_of_that_year(bring, people, places):
    """ВПР 2018 с логином, который школа потом сменила, — её результат."""
    changed = draft("vpr_login", date(2020, 9, 1), school=places.listed, after="sch259001")
    record_change(changed, people.operator)
    brought = bring(people.operator)
    assert not brought.problems
    counted, _published = figures_of(store(), [places.listed.pk])
    assert (MATHS_2018, "8 из 20") in [(one.key, shown(one)) for one in counted]
