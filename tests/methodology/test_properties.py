"""Properties that hold for every table and every rule."""

from functools import cache

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.methodology import edition, tables
from opora.methodology.identification import identify
from tests.methodology.conftest import edition_text
from tests.methodology.naive import Naive

YEARS = [2017, 2018, 2019]
NUMBERS = """
    high_share share 0.10 at most
    zero indicators 0 at most
    above_one indicators 1 above
    below_two indicators 2 below
    three_years years 3
    worst percent 30
    score_from number 50 below
    pass letter C below
    few pupils 4
"""
MORE = """
    measures:
      low_results: {of: low results, title: Доля, threshold: low_share}
      maths: {of: low results, title: Доля, threshold: low_share, where: {subject: maths}, minimum: few}
      high_results: {of: low results, title: Доля, threshold: high_share, where: {category: any}}
      score: {of: value, title: Балл, threshold: score_from, where: {indicator: [score, exam]}}
      grade: {of: letter, title: Буква, threshold: pass, where: {indicator: grade}, order: [F, D, C, B, A]}
"""
COUNTS = ["one", "two", "zero", "above_one", "below_two"]
LAST = st.sampled_from(["", ", last: one_year", ", last: two_years"])
SOME = st.lists(
    st.sampled_from(["low_results", "maths", "high_results", "score", "grade"]), min_size=1, max_size=3
).map(lambda names: f"[{', '.join(dict.fromkeys(names))}]")

LEAVES = st.one_of(
    st.builds("{{failed: {}, count: {}{}}}".format, SOME, st.sampled_from(COUNTS), LAST),
    st.builds(
        "{{failed: {}, count: {}, in_years: {}{}}}".format,
        SOME,
        st.sampled_from(COUNTS),
        st.sampled_from(["every", "one_year", "two_years"]),
        LAST,
    ),
    st.builds(
        "{{same: {}, in_years: {}{}{}{}}}".format,
        SOME,
        st.sampled_from(["every", "two_years"]),
        st.sampled_from(["", ", count: two"]),
        st.sampled_from(["", ", by: [subject]", ", by: [assessment, subject, grade_programme]"]),
        LAST,
    ),
    st.builds("{{counted: {}, count: {}{}}}".format, SOME, st.sampled_from(COUNTS), LAST),
    st.builds(
        "{{{}: low_results, percent: worst, ties: {}, places: {}{}}}".format,
        st.sampled_from(["worst", "best"]),
        st.sampled_from(["all", "none", "strict"]),
        st.sampled_from(["half up", "down", "up"]),
        LAST,
    ),
)
RULES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda parts: f"{{all: [{', '.join(parts)}]}}"),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: f"{{any: [{', '.join(parts)}]}}"),
        below.map("{{not: {}}}".format),
    ),
    max_leaves=5,
)


@st.composite
def outcome_rows(draw, published: bool = False) -> list[dict]:
    keys = st.tuples(
        st.sampled_from("abcdefg"),
        st.sampled_from(YEARS),
        st.sampled_from(["vpr", "oge"]),
        st.sampled_from(["maths", "russian"]),
        st.sampled_from([5, 6]),
        st.sampled_from(["all", "all", "ovz"]),
    )
    names = ("school", "year", "assessment", "subject", "grade", "category")
    rows = []
    for key in draw(st.lists(keys, unique=True, max_size=30)):
        takers = draw(st.sampled_from([0, 3, 4, 10, 20, 30]))
        row = dict(zip(names, key, strict=True)) | {"takers": takers, "percent": None}
        # exactly on the boundary as often as not
        row["low"] = draw(st.one_of(st.integers(0, takers), st.just(takers * 3 // 10), st.just(takers // 10)))
        if published and draw(st.booleans()):
            row |= {"low": None, "percent": draw(st.sampled_from([0.0, 9.9, 10.0, 29.9, 30.0, 30.1, 66.7]))}
        row["grade_programme"] = row["grade"]
        rows.append(row)
    return rows


@st.composite
def fact_rows(draw) -> list[dict]:
    keys = st.tuples(
        st.sampled_from("abcxy"), st.sampled_from(YEARS), st.sampled_from(["score", "exam", "grade", "other"])
    )
    rows = []
    for school, year, indicator in draw(st.lists(keys, unique=True, max_size=8)):
        letter = draw(st.sampled_from("ABCDFI")) if indicator == "grade" else None
        value = None if letter else draw(st.sampled_from([0.0, 49.9, 50.0, 50.1]))
        row = {"school": school, "year": year, "indicator": indicator, "category": "all"}
        rows.append(row | {"value": value, "letter": letter})
    return rows


def packed(rows: list[dict]) -> tables.Outcomes:
    kinds = {k: v for k, v in tables.OUTCOMES.items() if k not in tables.OUTCOME_MARKS and k != "sitting"}
    return tables.outcomes(pl.DataFrame(rows, schema=kinds))


@cache
def written(rule: str) -> edition.Edition:
    text = edition_text(f"low:\n  title: Перечень\n  rule: {rule}\n", NUMBERS, MORE, f"{{years: {YEARS}}}")
    return edition.parse(text, "drawn.yaml")


def of(found) -> set[str]:
    return set(found.verdicts.filter("listed")["school"])


@settings(max_examples=150)
@given(rule=RULES, rows=outcome_rows(), facts=fact_rows())
def test_the_engine_agrees_with_a_plain_reading_of_any_rule(rule, rows, facts):
    """Движок решает так же, как медленное прямое чтение любого правила на любых таблицах."""
    made = written(rule)
    found = identify(packed(rows), made, indicators=pl.DataFrame(facts, schema=tables.INDICATORS))
    assert of(found) == Naive(made, rows, facts, YEARS).listed("low")


@settings(max_examples=60)
@given(
    rule=st.sampled_from(["{failed: [low_results, high_results], count: two}", "{same: low_results}"]),
    rows=outcome_rows(published=True),
)
def test_published_percents_are_judged_as_the_decimals_they_are(rule, rows):
    made = written(rule)
    assert of(identify(packed(rows), made)) == Naive(made, rows, [], YEARS).listed("low")


@settings(max_examples=60)
@given(rule=RULES, rows=outcome_rows(), seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(rule, rows, seed):
    """Порядок строк не меняет ни решений, ни оснований, ни устойчивости."""
    made = written(rule)
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    one, other = identify(packed(rows), made), identify(packed(shuffled), made)
    assert one.verdicts.equals(other.verdicts)
    assert one.evidence(only_listed=False).equals(other.evidence(only_listed=False))
    assert one.stability().equals(other.stability())


@settings(max_examples=100)
@given(rows=outcome_rows(), more=st.integers(1, 5), data=st.data())
def test_more_low_results_never_take_a_school_off_the_list(rows, more, data):
    """Монотонность правила 2020 года: больше двоек — из перечня не выйти."""
    made = edition.load("seed-2020")
    worse = [dict(row) for row in rows]
    if worse:
        row = data.draw(st.sampled_from(worse))
        row["low"] = min(row["takers"], row["low"] + more)
    assert of(identify(packed(rows), made)) <= of(identify(packed(worse), made))


@settings(max_examples=80)
@given(rule=RULES, rows=outcome_rows(published=True), facts=fact_rows())
def test_evidence_and_stability_fit_the_verdicts(rule, rows, facts):
    """Основания и устойчивость согласованы с решениями: счёт строк, границы, причины."""
    rows = [r for r in rows if r["low"] is not None or ("worst" not in rule and "best" not in rule)]
    found = identify(packed(rows), written(rule), indicators=pl.DataFrame(facts, schema=tables.INDICATORS))
    evidence, verdicts = found.evidence(only_listed=False), found.verdicts
    assert set(evidence["school"]) == set(verdicts["school"])
    assert set(found.evidence()["school"]) == of(found)
    plain = evidence.filter(pl.col("kind").is_in(["outcome", "indicator"]))
    key = ["school", "year", "assessment", "sitting", "subject", "grade", "category", "indicator"]
    for kind in ("counted", "failed"):
        ours = plain.filter(kind).unique(key).group_by("school").len()
        expected = verdicts.filter(pl.col(kind) > 0).select("school", len=pl.col(kind))
        assert dict(ours.iter_rows()) == dict(expected.iter_rows())
    assert plain.filter(pl.col("counted") & pl.col("excluded").is_not_null()).is_empty()
    assert plain.filter(~pl.col("counted") & pl.col("excluded").is_null()).is_empty()
    assert evidence.filter(pl.col("deciding") & ~pl.col("failed")).is_empty()
    assert set(evidence.filter("deciding")["school"]) <= of(found)
    stability = found.stability()
    assert stability["stability"].drop_nulls().is_between(0, 1).all()
    assert (stability["stability"].is_null() == stability["why"].is_not_null()).all()
