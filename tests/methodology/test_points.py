"""Points and zones: ranges, missing criteria, half-up rounding, zones by attributes of the school."""

import numpy as np
import pytest

from opora.methodology import edition, points
from opora.methodology.identification import identify
from opora.methodology.rule import Criterion
from tests.methodology.drawn import listed

MEASURES = """
    measures:
      one: {of: value, title: Один, where: {indicator: one}}
      two: {of: value, title: Два, where: {indicator: two}}
    indexes:
      sum:
        title: Сумма
        result: RESULT
        missing: MISSING
        source: opora
        status: Opora default
        criteria:
          - {measure: one, points: value, maximum: 100}
          - {measure: two, points: value, maximum: 100}
        zones:
          - {zone: green, title: зелёная, at: green}
          - {zone: red, title: красная}
"""


@pytest.fixture
def index(rule):
    def make(result="percent", missing="skip", green="62", rule_text="{index: sum, in: [red]}", extra=""):
        more = MEASURES.replace("RESULT", result).replace("MISSING", missing) + extra
        return rule(rule_text, numbers=f"green percent {green}", more=more)

    return make


def zones(found, of="low"):
    table = points.zone_frame(found.judged, found.rulings[of].indexed["rule"])
    return {row["school"]: (row["result"], row["zone"]) for row in table.to_dicts()}


FACTS = """
    school | year | indicator | value
    half   | 2019 | one       | 62
    half   | 2019 | two       | 61
    below  | 2019 | one       | 61.5
    below  | 2019 | two       | 61.4
    lone   | 2019 | one       | 62
"""


def test_a_percent_is_rounded_half_up_and_compared_with_the_zone(index, indicators):
    """61,5 % округляется до 62 — зелёная; 61,45 % — до 61."""
    found = identify(None, index(), indicators=indicators(FACTS))
    assert zones(found) == {"below": (61.0, "red"), "half": (62.0, "green"), "lone": (62.0, "green")}
    assert listed(found) == "below"


@pytest.mark.parametrize(
    ("missing", "lone"), [("skip", (62.0, "green")), ("zero", (31.0, "red")), ("none", (None, ""))]
)
def test_a_missing_criterion_is_skipped_or_zero_or_leaves_no_index(index, indicators, missing, lone):
    found = identify(None, index(missing=missing), indicators=indicators(FACTS))
    got = zones(found)["lone"]
    assert (got[0], got[1]) == lone


def test_points_are_added_exactly(index, indicators):
    """0,1 + 0,2 — ровно 0,3: граница зоны не зависит от дробей с плавающей точкой."""
    facts = indicators("""
        school | year | indicator | value
        a      | 2019 | one       | 0.1
        a      | 2019 | two       | 0.2
    """)
    found = identify(None, index(result="points", green="0.3"), indicators=facts)
    assert zones(found) == {"a": (0.3, "green")}


def test_ranges_give_points_by_their_words():
    text = edition.load("points-zones").indexes["results"].criteria[0]
    assert isinstance(text, Criterion)
    value = np.array([0, 9.999, 10, 19.9, 20, 29.9, 30, 100])
    assert points.criterion_points(text, value).tolist() == [3, 3, 2, 2, 1, 1, 0, 0]


def test_zones_differ_by_attributes_of_the_school(outcomes, schools):
    """Границы зон — свои у сельских школ; без столбца об этом сказано."""
    table = outcomes("""
        school  | year | assessment | grade | takers | low
        city    | 2019 | vpr        | 5     | 10     | 1
        city    | 2019 | oge        | 9     | 10     | 1
        village | 2019 | vpr        | 5     | 10     | 1
        village | 2019 | oge        | 9     | 10     | 1
    """)
    kinds = schools("school | settlement\n city | city\n village | rural")
    found = identify(table, edition.load("points-zones"), schools=kinds)
    assert zones(found, "red") == {"city": (67.0, "yellow"), "village": (67.0, "green")}
    assert found.notes == ()
    without = identify(table, edition.load("points-zones"))
    assert zones(without, "red") == {"city": (67.0, "yellow"), "village": (67.0, "yellow")}
    assert "settlement" in without.notes[0]


def test_fewer_criteria_than_needed_leave_no_zone(outcomes):
    found = identify(
        outcomes("school | year | takers | low\n a | 2019 | 10 | 9"), edition.load("points-zones")
    )
    assert zones(found, "red") == {"a": (None, "")}
    assert not found.verdicts["listed"].any()


def test_a_zone_in_several_years(index, indicators):
    facts = indicators("""
        school | year | indicator | value
        twice  | 2018 | one       | 10
        twice  | 2019 | one       | 10
        once   | 2018 | one       | 90
        once   | 2019 | one       | 10
        past   | 2018 | one       | 10
        past   | 2019 | one       | 90
    """)
    every = index(rule_text="{index: sum, in: [red], in_years: every}")
    assert listed(identify(None, every, indicators=facts)) == "twice"
    assert listed(identify(None, index(), indicators=facts)) == "once twice"


def test_evidence_shows_the_index_its_zone_and_its_criteria(index, indicators):
    found = identify(None, index(), indicators=indicators(FACTS))
    shown = found.evidence()
    columns = ["kind", "indicator", "value", "letter", "deciding"]
    assert shown.select(columns).rows() == [
        ("indicator", "one", 61.5, None, False),
        ("indicator", "two", 61.4, None, False),
        ("index", None, 61.0, "red", True),
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("{index: sum, in: [red]}", "{index: sum, in: [rd]}", "нет зоны «rd»; возможно, «red»"),
        ("{index: sum, in: [red]}", "{index: som, in: [red]}", "нет индекса «som»; возможно, «sum»"),
        ("points: value, maximum: 100", "points: value", "нужен maximum"),
        ("points: value, maximum: 100", "maximum: 100", "одно из двух"),
        ("points: value, maximum: 100", "ranges: [{above: 5, below: 1, points: 1}]", "нижняя граница выше"),
        ("{zone: red, title: красная}", "{zone: red, title: красная, at: green}", "кроме последней"),
        ("measure: one", "measure: on", "нет меры «on»; возможно, «one»"),
    ],
)
def test_a_mistake_in_an_index_is_told(index, was, becomes, sentence):
    text = index().text
    assert was in text
    with pytest.raises(edition.EditionError, match="строка") as told:
        edition.parse(text.replace(was, becomes, 1), "x.yaml")
    assert sentence in str(told.value)
