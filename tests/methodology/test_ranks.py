"""Relative conditions: the worst percent, the quarter of a cluster, and what happens to ties."""

import numpy as np
import polars as pl
import pytest

from opora.methodology import edition, shares
from opora.methodology.identification import identify
from opora.methodology.ranks import entering
from opora.methodology.tables import TableMismatch
from tests.methodology.drawn import who

FIVE = """
    school | takers | low
    a      | 10     | 9
    b      | 20     | 12
    c      | 10     | 6
    d      | 10     | 6
    e      | 10     | 1
"""


def worst(ties: str, percent: str = "40", places: str = "half up") -> tuple[str, dict]:
    text = f"{{worst: low_results, percent: part, ties: {ties}, places: {places}}}"
    return text, {"numbers": f"part percent {percent}"}


@pytest.mark.parametrize(("ties", "listed"), [("all", "a b c d"), ("none", "a"), ("strict", "a")])
def test_ties_at_the_cut_follow_the_editions_word(outcomes, rule, ties, listed):
    """Худшие 40 % из пяти — два места, на втором трое равных: входят все, никто или только строго худшие."""
    text, numbers = worst(ties)
    assert who(outcomes(FIVE), rule(text, **numbers)) == listed


def test_ties_that_fit_enter_unless_only_the_strictly_worse_do(outcomes, rule):
    """На четырёх местах равные помещаются: «никто» касается только тех, кто не помещается."""
    lists = {}
    for ties in ("all", "none", "strict"):
        text, numbers = worst(ties, "80")
        lists[ties] = who(outcomes(FIVE), rule(text, **numbers))
    assert lists == {"all": "a b c d", "none": "a b c d", "strict": "a"}


@pytest.mark.parametrize(
    ("percent", "places", "expected"),
    [
        ("50", "half up", "a b c d"),
        ("30", "down", "a"),
        ("20", "up", "a"),
        ("10", "down", ""),
        ("0", "up", ""),
    ],
)
def test_places_are_rounded_by_the_editions_word(outcomes, rule, percent, places, expected):
    text, numbers = worst("all", percent, places)
    assert who(outcomes(FIVE), rule(text, **numbers)) == expected


@pytest.mark.parametrize(
    ("schools", "percent", "places"),
    [
        (287, "15", (43, 43, 44)),
        (10, "15", (2, 1, 2)),
        (290, "15", (44, 43, 44)),
        (3, "33.333333", (1, 0, 1)),
    ],
)
def test_places_are_exact(schools, percent, places):
    from decimal import Decimal

    counted = tuple(shares.places(schools, Decimal(percent), word) for word in ("half up", "down", "up"))
    assert counted == places


def test_groups_are_ranked_apart(outcomes, schools, rule):
    """Внутри группы: худшая школа своего города, а не всей страны; без группы школа не ранжируется."""
    text = "{worst: low_results, percent: half, ties: all, within: [town]}"
    of = rule(text, numbers="half percent 50")
    towns = schools("""
        school | town
        a      | north
        b      | north
        c      | south
        d      | south
        e      |
    """)
    assert who(outcomes(FIVE), of, schools=towns) == "a c d"
    with pytest.raises(TableMismatch, match="нет столбца town"):
        identify(outcomes(FIVE), of)


def test_excluded_schools_take_no_places(outcomes, schools, rule):
    more = """
        exclusions:
          evening: {meaning: вечерние, where: {kind: evening}, source: opora, status: Opora default}
    """
    text, numbers = worst("all", "25")
    kinds = schools("school | kind\n a | evening")
    assert who(outcomes(FIVE), rule(text, more=more, **numbers), schools=kinds) == "b c d"


def test_a_quarter_of_a_cluster(outcomes, rule):
    """Четверти кластера: восемь школ — по две в каждой."""
    lines = "\n".join(f"s{i} | 10 | {i}" for i in range(8))
    table = outcomes("school | takers | low\n" + lines)
    lists = [
        who(table, rule("{quarter: low_results, number: q, ties: all}", numbers=f"q quarter {q}"))
        for q in (1, 2, 3, 4)
    ]
    assert lists == ["s6 s7", "s4 s5", "s2 s3", "s0 s1"]


def test_the_best_part_is_the_other_end(outcomes, rule):
    of = rule("{best: low_results, percent: part, ties: all}", numbers="part percent 20")
    assert who(outcomes(FIVE), of) == "e"


@pytest.mark.parametrize(("better", "listed"), [("high", "c"), ("low", "a")])
def test_values_are_ranked_by_which_end_is_better(indicators, rule, better, listed):
    of = rule(
        "{worst: score, percent: part, ties: all, last: two_years}",
        numbers="part percent 30",
        more=f"""
        measures:
          score: {{of: value, title: Балл, where: {{indicator: score}}, better: {better}}}
        """,
    )
    facts = indicators("""
        school | year | indicator | value
        a      | 2018 | score     | 10
        a      | 2019 | score     | 90
        b      | 2018 | score     | 50
        c      | 2019 | score     | 20
    """)
    found = identify(None, of, indicators=facts)
    assert " ".join(found.verdicts.filter("listed")["school"]) == listed  # the latest year stands
    rank = found.evidence().filter(pl.col("kind") == "rank").row(0, named=True)
    assert rank["value"] == rank["threshold"] and rank["takers"] is None


def test_one_value_a_year_is_ranked_and_two_are_refused(indicators, rule):
    of = rule(
        "{worst: score, percent: part, ties: all}",
        numbers="part percent 30",
        more="measures:\n  score: {of: value, title: Балл, where: {indicator: [score, exam]}}\n",
    )
    facts = indicators("school | year | indicator | value\n a | 2019 | score | 1\n a | 2019 | exam | 2")
    with pytest.raises(TableMismatch, match="несколько значений школы за один год"):
        identify(None, of, indicators=facts)


def test_the_worst_fifteen_percent_by_ege(outcomes):
    """Худшие 15 % школ по ЕГЭ: 20 школ — три места; равные на границе входят все."""
    lines = [f"s{i:02} | 2025 | ege | {s} | 50 | {i // 2}" for i in range(20) for s in ("russian", "maths")]
    lines.append("vpr | 2025 | vpr | maths | 50 | 50")
    table = outcomes("school | year | assessment | subject | takers | low\n" + "\n".join(lines))
    assert who(table, edition.load("quantile-15")) == "s16 s17 s18 s19"


def test_shares_that_are_equal_as_fractions_are_tied():
    """1/3, 10/30 и 123/369 — одна и та же доля, а 1 000 000/3 000 001 — меньше."""
    low, takers = np.array([1, 10, 123, 1_000_000]), np.array([3, 30, 369, 3_000_001])
    value = shares.pooled_share(low, takers)
    assert value[0] == value[1] == value[2] > value[3]


def test_entering_knows_the_edges():
    badness = np.array([3.0, 2.0, 2.0, 1.0])
    assert not entering(badness, 0, "all").any()
    assert entering(badness, 9, "none").all()
    assert entering(badness, 4, "strict").tolist() == [True, True, True, False]
