"""The nearest way off a list is true by the engine and the least there is, checked by trying everything."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology import edition
from opora.methodology.way_out import FIXED, RELATIVE, TOO_MANY, Asked, turning, way_out
from tests.methodology.conftest import edition_text
from tests.methodology.drawn import drawn_indicators, drawn_outcomes
from tests.methodology.naive import Naive
from tests.methodology.test_stability import RULES, written

KEY = ["year", "assessment", "sitting", "subject", "grade", "grade_programme", "category"]


def own(text):
    """Draw one school's outcomes as the ways read them."""
    lines = [line for line in text.splitlines() if line.strip()]
    packed = drawn_outcomes("\n".join([f"school | {lines[0]}", *(f"A | {line}" for line in lines[1:])]))
    return packed.counts.join(packed.cells, on="cell").select(*KEY, "takers", "low", "percent")


def asked(text, rule, years=None):
    return Asked(own(text), written(rule), "low", years, "RU")


def changes(asked, steps):
    rows = asked.own.rows(named=True)
    return [
        (rows[step.place]["year"], rows[step.place]["subject"], step.before, step.after) for step in steps
    ]


def test_one_of_two_failed_outcomes_has_to_stop_failing_the_cheaper_one():
    """Порог «больше 30 %»: 8 из 20 перестают быть неуспешными при 6, 10 из 30 — при 9; дешевле второе."""
    school = asked(
        """
        year | subject | takers | low
        2018 | maths   | 20     | 8
        2019 | russian | 30     | 10
        """,
        RULES["pooled"],
    )
    assert changes(school, way_out(school).steps) == [(2019, "russian", 10, 9)]
    assert way_out(school).cost == 1
    assert changes(school, [turning(school)]) == [(2019, "russian", 10, 9)]


def test_with_four_failed_outcomes_three_have_to_stop():
    school = asked(
        """
        year | subject | takers | low
        2018 | maths   | 10     | 9
        2018 | russian | 10     | 4
        2019 | maths   | 10     | 5
        2019 | russian | 10     | 8
        """,
        RULES["pooled"],
    )
    found = way_out(school)
    assert changes(school, found.steps) == [
        (2018, "russian", 4, 3), (2019, "maths", 5, 3), (2019, "russian", 8, 3),
    ]  # fmt: skip
    assert found.cost == 8
    assert turning(school) is None


def test_the_same_indicator_needs_to_stop_failing_in_one_of_its_years():
    school = asked(
        """
        year | subject | takers | low
        2018 | maths   | 10     | 9
        2019 | maths   | 10     | 4
        2018 | russian | 10     | 4
        """,
        RULES["same"],
    )
    assert changes(school, way_out(school).steps) == [(2019, "maths", 4, 3)]


def test_a_school_that_is_not_listed_is_turned_by_one_more_low_result():
    school = asked(
        """
        year | subject | takers | low
        2018 | maths   | 10     | 9
        2019 | russian | 10     | 2
        """,
        RULES["pooled"],
    )
    assert changes(school, [turning(school)]) == [(2019, "russian", 2, 4)]


def test_an_outcome_with_too_few_takers_is_no_way_out():
    """Двое участников не учитываются: их двойки ничего не решают, хотя убрать их дешевле."""
    rule = edition.parse(
        edition_text(
            "low: {title: Перечень, rule: {failed: low_results, count: two}}",
            "few_takers pupils 5\n",
            "measures:\n  low_results: {of: low results, title: Доля, threshold: low_share}\n"
            "minimum: {takers: few_takers}\n",
        ),
        "drawn.yaml",
    )
    text = """
        year | subject | grade | takers | low
        2018 | maths   | 5     | 2      | 1
        2018 | maths   | 6     | 20     | 12
        2018 | russian | 6     | 20     | 14
        """
    school = Asked(own(text), rule, "low", None, "RU")
    assert changes(school, way_out(school).steps) == [(2018, "maths", 12, 6)]


def test_years_outside_the_window_are_no_way_out():
    school = asked(
        """
        year | subject | takers | low
        2015 | maths   | 10     | 4
        2018 | maths   | 10     | 6
        2019 | maths   | 10     | 6
        """,
        RULES["pooled"],
        years=(2018, 2019),
    )
    assert changes(school, way_out(school).steps) == [(2018, "maths", 6, 3)]


@pytest.mark.parametrize("name", ["quantile-15", "points-zones"])
def test_a_rule_that_compares_schools_says_so(name):
    rule = edition.load(name)
    school = Asked(own("takers | low\n10 | 9"), rule, next(iter(rule.lists)), None, "RU")
    assert (way_out(school).steps, way_out(school).why_not, turning(school)) == ((), RELATIVE, None)


def test_what_only_an_indicator_decides_is_fixed():
    rule = edition.parse(
        edition_text(
            "low: {title: Перечень, rule: {any: [{failed: low_results, count: two}, "
            "{failed: staff, count: one}]}}",
            "bound number 5\n",
            "measures:\n  low_results: {of: low results, title: Доля, threshold: low_share}\n"
            "  staff: {of: value, title: Кадры, threshold: bound, where: {indicator: [staff]}}\n",
        ),
        "drawn.yaml",
    )
    text = "year | subject | takers | low\n2019 | maths | 10 | 9"
    facts = drawn_indicators("school | year | indicator | value\nA | 2019 | staff | 3").drop("school")
    school = Asked(own(text), rule, "low", None, "RU", facts)
    assert way_out(school).why_not == FIXED


def test_a_published_percent_without_a_count_is_left_as_it_is():
    school = asked(
        """
        year | subject | takers | low | percent
        2018 | maths   | 10     |     | 90
        2019 | maths   | 10     | 5   |
        2019 | russian | 10     | 9   |
        """,
        RULES["pooled"],
    )
    assert changes(school, way_out(school).steps) == [(2019, "maths", 5, 3), (2019, "russian", 9, 3)]


def test_too_many_ways_are_said_and_not_tried():
    """Двадцать процедур, каждая повторяется два года: способов больше, чем перебираем."""
    lines = [f"{year} | s{n} | 10 | 9" for n in range(20) for year in (2018, 2019)]
    school = asked(
        "\n        year | subject | takers | low\n        " + "\n        ".join(lines) + "\n", RULES["same"]
    )
    assert way_out(school).why_not == TOO_MANY


CELLS = [(2018, "maths"), (2018, "russian"), (2019, "maths"), (2019, "russian")]


@st.composite
def small_schools(draw):
    """Four outcomes of few takers: every way to lower them can be tried."""
    rows = []
    for year, subject in CELLS[: draw(st.integers(1, 4))]:
        takers = draw(st.integers(1, 6))
        rows.append({"year": year, "subject": subject, "takers": takers, "low": draw(st.integers(0, takers))})
    return rows


def listed_by_hand(rule, rows, lows):
    """Ask the rule that is read off the tables in plain Python."""
    told = [
        {
            "school": "A", "assessment": "vpr", "sitting": "", "grade": 5, "grade_programme": 5,
            "category": "all", "percent": None, **row, "low": low,
        }
        for row, low in zip(rows, lows, strict=True)
    ]  # fmt: skip
    return Naive(rule, told, [], [2017, 2018, 2019]).true(rule.lists["low"].rule, "A")


@pytest.mark.parametrize("name", RULES)
@given(rows=small_schools())
@settings(max_examples=25)
def test_the_way_out_is_true_and_the_least_by_trying_everything(name, rows):
    """Перебор всех меньших чисел двоек: дешевле нет, а найденный путь выводит из перечня."""
    rule = written(RULES[name])
    lines = "\n".join(f"{r['year']} | {r['subject']} | {r['takers']} | {r['low']}" for r in rows)
    school = Asked(own(f"year | subject | takers | low\n{lines}"), rule, "low", None, "RU")
    kept = school.own["low"].to_list()
    told = [
        {"year": y, "subject": s, "takers": t}
        for y, s, t in school.own.select("year", "subject", "takers").rows()
    ]
    listed = listed_by_hand(rule, told, kept)
    ways = product(*(range(low + 1) for low in kept))
    costs = [sum(kept) - sum(lows) for lows in ways if not listed_by_hand(rule, told, lows)]
    found = way_out(school)
    after = [next((s.after for s in found.steps if s.place == p), low) for p, low in enumerate(kept)]
    if not costs:
        assert found.why_not == FIXED
        return
    assert found.why_not == ""
    assert not listed_by_hand(rule, told, after)
    assert found.cost == min(costs)
    assert bool(found.steps) == listed
    single = [
        (abs(low - kept[place]), place)
        for place in range(len(kept))
        for low in range(told[place]["takers"] + 1)
        if listed_by_hand(rule, told, [*kept[:place], low, *kept[place + 1 :]]) != listed
    ]
    turned = turning(school)
    assert (turned is None) == (not single)
    if turned:
        assert abs(turned.change) == min(single)[0]
