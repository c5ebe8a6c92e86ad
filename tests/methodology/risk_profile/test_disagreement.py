"""Where groups see different schools: planted contrasts are found, chance is not, one person is one."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.risk_profile.disagreement import DISAGREEMENTS, between, disagreements, steadied
from opora.methodology.risk_profile.disagreement import _held_together as held_together
from opora.methodology.risk_profile.scoring import score
from opora.methodology.risk_profile.words import disagreement_line
from tests.methodology.risk_profile.drawn import one_factor, scored
from tests.methodology.risk_profile.simulated import simulate


def looked(told, regions=None):
    return disagreements(score(told.tables, {}, told.invited, told.edition), regions)


def measured(schools, seeds, **options):
    """Say which share of planted contrasts is found, and which share of the found was not planted."""
    shares = []
    for seed in seeds:
        told = simulate(schools, seed, **options)
        found = looked(told)
        planted, named = told.planted(found), found["found"].to_numpy()
        shares.append(
            ((named & planted).sum() / planted.sum(), (named & ~planted).sum() / max(named.sum(), 1))
        )
    return np.mean(shares, axis=0)


def test_planted_contrasts_are_found_and_few_of_the_found_are_false():
    """20–25 баллов в 10 % школ и показателей, 25–60 ответивших: найдено ≥ 90 %, ложных ≤ 5 %."""
    recall, false = measured(200, range(6), strength=(20.0, 25.0))
    assert recall >= 0.9 and false <= 0.05


def test_weaker_contrasts_are_found_less_often_but_not_falsely():
    """15–20 баллов при таком разбросе людей видны хуже; доля ложных не растёт."""
    recall, false = measured(200, range(6), strength=(15.0, 20.0))
    assert 0.5 <= recall <= 0.8 and false <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("schools", [40, 200])
def test_where_nothing_was_planted_nothing_is_found_in_nineteen_campaigns_of_twenty(schools):
    """Расхождений нет — ложная находка не чаще чем в 5 % кампаний; о сотне кампаний говорит замер."""
    named = [looked(simulate(schools, 500 + seed, share=0.0))["found"].any() for seed in range(25)]
    assert np.mean(named) <= 0.05


def test_groups_that_differ_everywhere_alike_are_no_disagreement():
    """Ученики строже учителей во всех школах на 30 баллов: обычная разница — не находка."""
    told = simulate(100, 1, share=0.0)
    found = looked(told)
    usual = found.filter((pl.col("first") == "teacher") & (pl.col("second") == "pupil"))["usual"]
    assert usual.max() < -5 and found["found"].sum() == 0


def test_what_is_usual_is_learnt_in_each_region_apart():
    """В одном регионе учителя мягче учеников, в другом нет: обычная разница своя у каждого."""
    told = simulate(80, 2, share=0.0)
    second = set(told.schools[40:])
    moved = told.tables["teacher"].with_columns(
        pl.when(pl.col("school").is_in(second))
        .then(pl.max_horizontal(pl.col(name) - 1, 1))
        .otherwise(pl.col(name))
        .alias(name)
        for name in told.tables["teacher"].columns[1:]
    )
    regions = pl.DataFrame({"school": told.schools, "group": ["a"] * 40 + ["b"] * 40})
    found = disagreements(score(told.tables | {"teacher": moved}, {}, told.invited, told.edition), regions)
    usual = (
        found.join(regions, on="school")
        .filter(pl.col("first") == "teacher")
        .group_by("group")
        .agg(pl.col("usual").mean())
    )
    both = dict(usual.iter_rows())
    assert both["a"] - both["b"] > 15 and found["found"].sum() == 0
    none = disagreements(score(told.tables, {}, told.invited, told.edition), regions.head(50))
    assert none["school"].n_unique() == 50


def test_too_few_schools_do_not_tell_what_is_usual():
    """Девятнадцать школ: обычное расхождение не известно, находок нет, и сказано почему."""
    told = simulate(19, 1, strength=(40.0, 50.0), share=0.3)
    found = looked(told)
    assert (
        set(found["why"]) == {"few"}
        and not found["found"].any()
        and found["chance"].null_count() == len(found)
    )
    assert found.schema == dict(DISAGREEMENTS)


def test_a_directors_answer_is_one_persons_and_rarely_a_finding():
    """Директор один: ошибки выборки нет, но мнения директоров различаются — это и есть мера."""
    told = simulate(150, 3, share=0.0, groups=("director", "pupil"))
    rng = np.random.default_rng(1)
    moods = rng.integers(-1, 2, (150, len(told.tables["director"].columns) - 1))
    director = told.tables["director"]
    moved = director.with_columns(
        (pl.col(name) + pl.Series(moods[:, place])).clip(1, 4).cast(pl.Int32)
        for place, name in enumerate(director.columns[1:])
    )
    found = disagreements(score(told.tables | {"director": moved}, {}, told.invited, told.edition))
    assert found["one_person"].all() and found["found"].sum() == 0 and found["error"].min() > 8
    assert "один человек" in disagreement_line(found.to_dicts()[0], told.edition)


def test_one_group_alone_or_a_group_too_small_disagrees_with_nobody():
    table = pl.DataFrame({"school": ["1"] * 9, "a": pl.Series([1] * 9, dtype=pl.Int32)})
    lines = "audience: pupil, item: a, from: 1, to: 4\naudience: teacher, item: a, from: 1, to: 4"
    for tables in ({"pupil": table}, {"pupil": table, "teacher": table.head(4)}):
        assert disagreements(scored(one_factor(lines, "smallest_group: 5"), tables)).is_empty()


def test_the_order_of_schools_and_respondents_changes_nothing():
    told = simulate(40, 5)
    tables = {name: table.reverse() for name, table in told.tables.items()}
    other = disagreements(score(tables, {}, told.invited.reverse(), told.edition))
    assert looked(told).equals(other)


def test_a_finding_is_said_with_what_is_usual():
    told = simulate(100, 1, strength=(35.0, 40.0))
    found = looked(told)
    row = found.filter("found").sort("together").to_dicts()[0]
    assert re.fullmatch(
        r"\w+: \w+ — \d+, \w+ — \d+; обычная разница [+−]?\d+\.", disagreement_line(row, told.edition)
    )


# --- parts


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.01, 0.2))
def test_holding_together_is_the_step_up_rule_of_benjamini_and_hochberg(chances, rate):
    """Находки — те, чья вероятность не больше k/m·α при наибольшем таком k (Benjamini–Hochberg, 1995)."""
    ordered = sorted(chances)
    passed = [k for k, chance in enumerate(ordered, 1) if chance * len(chances) / k <= rate]
    limit = ordered[max(passed) - 1] if passed else -1.0
    found = held_together(np.array(chances)) <= rate
    assert found.tolist() == [chance <= limit for chance in chances]


def test_what_schools_differ_by_is_measured_and_contrasts_do_not_widen_it():
    """Разброс школ: 25 сверх случайного; каждая десятая школа далеко — оценка почти та же."""
    rng = np.random.default_rng(1)
    noise = rng.uniform(5, 15, 4000)
    off = rng.normal(0, np.sqrt(noise + 25))
    assert between(off, noise) == pytest.approx(25, rel=0.1)
    off[:400] += rng.choice([-30, 30], 400)
    assert between(off, noise) == pytest.approx(25, rel=0.15)
    assert between(rng.normal(0, 1, 500), np.full(500, 9.0)) == 0.0


def test_variances_lean_on_each_other_as_far_as_they_are_alike():
    """У всех один разброс: оценки сходятся к общей; разный — остаются при своём."""
    rng = np.random.default_rng(1)
    free = np.full(500, 20.0)
    alike = 100 * rng.chisquare(20, 500) / 20
    leaned, freedom = steadied(alike, free)
    assert leaned.std() < alike.std() / 3 and freedom.min() > 100
    own = rng.choice([10.0, 1000.0], 500)
    other, few = steadied(own * rng.chisquare(20, 500) / 20, free)
    assert np.corrcoef(np.log(other), np.log(own))[0, 1] > 0.95 and few.max() < 30
