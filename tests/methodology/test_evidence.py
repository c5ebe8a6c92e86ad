"""Evidence: each result behind a verdict with its counts, interval, threshold, and whether it decided."""

import polars as pl
import pytest
from scipy.stats import binomtest

from opora.methodology import evidence
from opora.methodology.identification import identify


@pytest.fixture
def table(outcomes):
    return outcomes("""
        school | year | assessment | subject | grade | takers | low
        a      | 2018 | vpr        | maths   | 5     | 20     | 8
        a      | 2019 | oge        | russian | 9     | 30     | 10
        a      | 2019 | vpr        | russian | 6     | 19     | 4
        b      | 2018 | vpr        | maths   | 5     | 20     | 1
    """)


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple]:
    return frame.select(columns).rows()


def test_every_result_of_a_listed_school_is_shown_and_the_failed_ones_decide(table, edition_2020):
    """У школы из перечня видны все показатели, решившие отмечены; у прочих школ — по запросу."""
    found = identify(table, edition_2020)
    assert rows(found.evidence(), "school", "year", "subject", "failed", "deciding", "branch") == [
        ("a", 2018, "maths", True, True, "rule"),
        ("a", 2019, "russian", True, True, "rule"),
        ("a", 2019, "russian", False, False, None),
    ]
    assert set(found.evidence(only_listed=False)["school"]) == {"a", "b"}
    assert found.evidence(["b"]).is_empty()
    assert rows(found.evidence(["b"], only_listed=False), "school", "low", "deciding") == [("b", 1, False)]


def test_columns_are_always_the_same(table, edition_2020):
    found = identify(table, edition_2020)
    for frame in (found.evidence(), found.evidence([]), found.evidence(["b"], only_listed=False)):
        assert frame.columns == ["school", *evidence.COLUMNS]
        assert [frame.schema[name] for name in evidence.COLUMNS] == list(evidence.COLUMNS.values())


def test_the_interval_is_exact(table, edition_2020):
    """Интервал точный (Клоппер — Пирсон), уровень 90 % — умолчание Опоры."""
    shown = identify(table, edition_2020).evidence()
    for low, takers, low_bound, high_bound in rows(shown, "low", "takers", "low_bound", "high_bound"):
        known = binomtest(low, takers).proportion_ci(0.90, "exact")
        assert (low_bound, high_bound) == pytest.approx((known.low, known.high))
    wider = identify(table, edition_2020, changes={"interval_level": 0.99}).evidence()
    assert (wider["low_bound"] < shown["low_bound"]).all()


def test_share_percent_and_threshold_stand_beside_the_counts(table, edition_2020):
    first = identify(table, edition_2020).evidence().row(0, named=True)
    assert (first["takers"], first["low"], first["share"], first["percent"]) == (20, 8, 0.4, 40.0)
    assert (first["threshold"], first["comparison"], first["kind"]) == (0.3, "above", "outcome")
    assert (first["measure"], first["list"], first["counted"], first["excluded"]) == (
        "low_results",
        "low",
        True,
        None,
    )


def test_a_published_percent_keeps_its_printing_and_its_interval_uses_the_nearest_count(outcomes, rule):
    of = rule("{failed: low_results, count: one}")
    table = outcomes("""
        school | takers | low | percent
        a      | 27     |     | 33.3
    """)
    row = identify(table, of).evidence().row(0, named=True)
    known = binomtest(9, 27).proportion_ci(0.90, "exact")
    assert (row["low"], row["percent"], row["share"]) == (None, 33.3, 0.333)
    assert (row["low_bound"], row["high_bound"]) == pytest.approx((known.low, known.high))


def test_only_the_results_of_the_deciding_branch_decide(outcomes, rule):
    """Решает ветвь правила: неуспешный показатель вне её виден, но не решает."""
    of = rule("{any: [{id: same, same: low_results}, {id: two, failed: low_results, count: two}]}")
    table = outcomes("""
        school | year | subject | takers | low
        a      | 2018 | maths   | 10     | 9
        a      | 2019 | maths   | 10     | 9
        a      | 2019 | russian | 10     | 9
        b      | 2019 | maths   | 10     | 9
        b      | 2019 | russian | 10     | 9
    """)
    shown = identify(table, of).evidence()
    assert rows(shown.filter("deciding"), "school", "year", "subject", "branch") == [
        ("a", 2018, "maths", "rule.same"),
        ("a", 2019, "maths", "rule.same"),
        ("b", 2019, "maths", "rule.two"),
        ("b", 2019, "russian", "rule.two"),
    ]
    assert shown["failed"].all()


def test_years_in_which_the_count_is_not_met_do_not_decide(outcomes, rule):
    of = rule("{failed: low_results, count: two, in_years: one_year}")
    table = outcomes("""
        school | year | subject | takers | low
        a      | 2018 | maths   | 10     | 9
        a      | 2019 | maths   | 10     | 9
        a      | 2019 | russian | 10     | 9
    """)
    shown = identify(table, of).evidence()
    assert rows(shown.filter("deciding"), "year") == [(2019,), (2019,)]


def test_what_stands_under_not_does_not_decide(outcomes, rule):
    of = rule("{all: [{failed: low_results, count: one}, {not: {id: same, same: low_results}}]}")
    table = outcomes("""
        school | year | takers | low
        a      | 2019 | 10     | 9
    """)
    assert rows(identify(table, of).evidence(), "deciding", "branch") == [(True, "rule.1")]


def test_a_letter_is_shown_with_its_threshold(outcomes, indicators, rule):
    of = rule(
        "{failed: grade, count: one}",
        numbers="passing letter C",
        more="""
        measures:
          grade:
            {of: letter, title: Оценка, threshold: passing, where: {indicator: grade}, order: [F, D, C]}
        """,
    )
    facts = indicators("school | year | indicator | letter\n a | 2019 | grade | D")
    row = identify(None, of, indicators=facts).evidence().row(0, named=True)
    assert (row["kind"], row["indicator"], row["letter"], row["threshold_letter"]) == (
        "indicator",
        "grade",
        "D",
        "C",
    )
    assert row["threshold"] is None and row["deciding"] and row["branch"] == "rule"


def test_a_rank_is_shown_with_the_boundary_of_its_group(outcomes, rule):
    of = rule("{worst: low_results, percent: half, ties: all}", numbers="half percent 50")
    table = outcomes("""
        school | subject | takers | low
        a      | maths   | 10     | 9
        a      | russian | 30     | 9
        b      | maths   | 10     | 1
    """)
    shown = identify(table, of).evidence(only_listed=False).filter(pl.col("kind") == "rank")
    columns = ("school", "takers", "low", "share", "threshold", "comparison", "failed", "deciding")
    assert rows(shown, *columns) == [
        ("a", 40, 18, 0.45, 0.45, "at least", True, True),
        ("b", 10, 1, 0.1, 0.45, "at least", False, False),
    ]
