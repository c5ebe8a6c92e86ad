"""Intervals of scores: how often they hold the truth, census, draws that hang on nothing but the school."""

import numpy as np
import polars as pl
import pytest

from opora.methodology.risk_profile.intervals import deviations, finite, sampling_variance, uncertain
from opora.methodology.risk_profile.scoring import score
from tests.methodology.risk_profile.drawn import NOBODY, answers, edition, invited, one_factor, scored
from tests.methodology.risk_profile.simulated import simulate

ONE = "audience: pupil, item: a, from: 1, to: 4"


def covered(respondents, share, schools=1500, seed=3, **options):
    """Say how often the interval of a factor holds what all the invited together would say."""
    told = simulate(
        schools, seed, respondents=(respondents, respondents), answered=share, constructs=1, **options
    )
    found = score(told.tables, {}, told.invited, told.edition)
    interval = uncertain(found).factors[:, 0]
    true = told.true[:, 0].mean(axis=1)
    return float(((interval[:, 0] <= true) & (true <= interval[:, 1])).mean())


@pytest.mark.parametrize(
    ("respondents", "share", "groups"),
    [
        (30, 0.5, ("pupil",)),
        (30, 0.5, ("teacher", "pupil", "parent")),
        (30, 0.9, ("pupil",)),
        (60, 0.2, ("pupil",)),
        (8, 0.5, ("pupil",)),
        (100, 0.5, ("teacher", "pupil")),
    ],
)
def test_nine_of_ten_intervals_hold_what_all_invited_would_say(respondents, share, groups):
    """90-процентный интервал накрывает среднее всех приглашённых в 88–92 % школ: 30 из 60 и другие."""
    assert 0.88 <= covered(respondents, share, groups=groups) <= 0.92


def test_without_the_finite_population_intervals_would_be_too_wide():
    """Поправка на конечную совокупность нужна: без неё накрывали бы почти все."""
    told = simulate(400, 3, respondents=(30, 30), answered=0.9, constructs=1)
    found = score(told.tables, {}, NOBODY, told.edition)
    interval, true = uncertain(found).factors[:, 0], told.true[:, 0].mean(axis=1)
    assert ((interval[:, 0] <= true) & (true <= interval[:, 1])).mean() > 0.98


def test_where_everybody_answered_no_chance_is_left():
    """Ответили все приглашённые: ширина интервала — ноль."""
    told = simulate(5, 1, answered=1.0)
    interval = uncertain(score(told.tables, {}, told.invited, told.edition)).factors
    assert np.allclose(interval[..., 0], interval[..., 1])


def test_more_answers_than_invitations_are_taken_as_if_nobody_knew_how_many():
    left = finite(np.array([30, 30, 30, 30]), np.array([60.0, 30.0, 20.0, np.nan]))
    assert left.tolist() == [0.5, 0.0, 1.0, 1.0]


def test_a_director_has_no_chance_in_who_answered():
    """Директор один и отвечает по должности: своей случайности выборки у него нет."""
    table = answers("""
        school | a
        1      | 2
    """)
    found = scored(one_factor("audience: director, item: a, from: 1, to: 4"), {"director": table})
    assert uncertain(found).factors[0, 0].tolist() == [33.333333333, 33.333333333]


def test_where_all_answered_alike_not_everything_is_certain():
    """Тридцать человек ответили одинаково, ещё тридцать промолчали: интервал не нулевой, но узкий."""
    table = pl.DataFrame({"school": ["1"] * 30, "a": pl.Series([1] * 30, dtype=pl.Int32)})
    found = scored(one_factor(ONE), {"pupil": table}, asked=invited(("1", "pupil", 60)))
    low, high = uncertain(found).factors[0, 0]
    assert low == 0.0 and 3.0 < high < 10.0


def campaign(seed=4, schools=6):
    told = simulate(schools, seed, constructs=2)
    return told, score(told.tables, {}, told.invited, told.edition)


def test_the_order_of_respondents_and_schools_changes_no_interval():
    """Интервал школы зависит от её кода и ответов: не от порядка анкет и не от других школ."""
    told, found = campaign()
    tables = {name: table.reverse() for name, table in told.tables.items()}
    other = score(tables, {}, told.invited.reverse(), told.edition)
    assert np.array_equal(uncertain(found).factors, uncertain(other).factors)
    alone = {name: table.filter(pl.col("school") == "s00003") for name, table in told.tables.items()}
    one = score(alone, {}, told.invited.filter(pl.col("school") == "s00003"), told.edition)
    assert np.array_equal(uncertain(found).factors[3], uncertain(one).factors[0])


def test_what_is_drawn_spreads_as_the_closed_formula_says():
    """Разброс повторных выборов — корень из s²/n · (1 − n/N), шире на отношение Стьюдента к нормальному."""
    from scipy.stats import norm, t

    _told, found = campaign()
    for school in range(len(found.schools)):
        drawn = deviations(found, school).std(axis=0)
        student = t.ppf(0.95, found.respondents[school] - 1) / norm.ppf(0.95)
        formula = np.sqrt(sampling_variance(found)[school]) * student
        assert drawn == pytest.approx(formula, rel=0.1)


def test_who_answered_more_than_one_indicator_is_drawn_whole():
    """Человек выбирается со всеми своими показателями: связь между ними остаётся."""
    rng = np.random.default_rng(1)
    both = rng.integers(1, 5, 40).astype(np.int32)
    table = pl.DataFrame({"school": ["1"] * 40, "a": both, "b": both})
    lines = (
        "- name: {0}\n  title: Ф\n"
        "  indicators: [{{name: i, title: П, sources: [{{audience: pupil, item: {0}, from: 1, to: 4}}]}}]"
    )
    found = scored(edition("\n".join(lines.format(name) for name in "ab")), {"pupil": table})
    drawn = deviations(found, 0)
    assert np.allclose(drawn[:, 0], drawn[:, 1])


def test_intervals_lie_within_bounds_and_hold_the_score():
    _told, found = campaign(schools=30)
    interval, points = uncertain(found).factors, found.factor_points
    assert (interval[..., 0] >= 0).all() and (interval[..., 1] <= 100).all()
    assert (interval[..., 0] <= points).all() and (points <= interval[..., 1]).all()
