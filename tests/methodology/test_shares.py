"""Shares, percents and intervals: exact where the rule needs it."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binomtest

from opora.methodology import shares

COUNTS = st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(pair=COUNTS, thousandths=st.integers(0, 1000), word=st.sampled_from(shares.COMPARISONS))
def test_a_share_meets_a_threshold_exactly(pair, thousandths, word):
    low, takers = pair
    threshold = Decimal(thousandths) / 1000
    table = pl.DataFrame({"low": [low], "takers": [takers]}, schema={"low": pl.Int32, "takers": pl.Int32})
    ours = table.select(shares.share_meets(pl.col("low"), pl.col("takers"), word, threshold)).item()
    assert ours == shares.compare(low, word, Fraction(threshold) * takers)


@given(pair=COUNTS.filter(lambda pair: pair[1] > 0), digits=st.integers(0, 2))
def test_percents_are_half_up(pair, digits):
    low, takers = pair
    exact = Fraction(100 * low * 10**digits, takers)
    assert shares.percent_half_up(low, takers, digits) == (exact + Fraction(1, 2)) // 1


@pytest.mark.parametrize(
    ("low", "takers", "printed"), [(1, 8, 12.5), (1, 200, 0.5), (1, 2000, 0.1), (51, 1000, 5.1)]
)
def test_a_printed_percent_is_the_decimal_that_people_read(low, takers, printed):
    table = pl.DataFrame({"low": [low], "takers": [takers]})
    assert table.select(shares.printed_percent(pl.col("low"), pl.col("takers"))).item() == printed


def test_a_percent_of_nobody_is_unknown():
    table = pl.DataFrame({"low": [0], "takers": [0]})
    low, takers = pl.col("low"), pl.col("takers")
    assert table.select(shares.printed_percent(low, takers), share=shares.share(low, takers)).row(0) == (
        None,
        None,
    )


@given(pairs=st.lists(COUNTS.filter(lambda pair: pair[1] > 0), min_size=1, max_size=6))
def test_intervals_are_those_of_the_textbook(pairs):
    low, takers = (np.array(each) for each in zip(*pairs, strict=True))
    lower, upper = shares.clopper_pearson(low, takers, Decimal("0.90"))
    for place, (k, n) in enumerate(pairs):
        known = binomtest(k, n).proportion_ci(0.90, "exact")
        assert (lower[place], upper[place]) == pytest.approx((known.low, known.high), abs=1e-9)


def test_intervals_of_many_rows_are_those_of_each_row():
    """Интервалы многих строк равны интервалам каждой: и частых пар, и больших школ, и где никого не было."""
    takers = np.resize(np.arange(0, shares.COMMON_TAKERS + 60, dtype=np.int32), shares.MANY_ROWS + 7)
    low = (takers * np.resize(np.linspace(0, 1, 7), len(takers))).astype(np.int32)
    whole = shares.clopper_pearson(low, takers, Decimal("0.90"))
    for start in range(0, len(takers), 5_003):
        piece = slice(start, start + 5_003)
        part = shares.clopper_pearson(low[piece], takers[piece], Decimal("0.90"))
        assert np.array_equal(whole[0][piece], part[0]) and np.array_equal(whole[1][piece], part[1])
    assert len(set(takers)) > shares.COMMON_TAKERS and (whole[0][0], whole[1][0]) == (0, 1)


def test_intervals_of_great_numbers_take_the_other_way():
    low, takers = np.array([3, 600_000]), np.array([10, 2_000_000])
    lower, upper = shares.clopper_pearson(low, takers, Decimal("0.90"))
    assert lower[0] < 0.3 < upper[0] and 0.299 < lower[1] < 0.3 < upper[1] < 0.301


def test_a_prior_finds_the_spread_that_made_the_schools():
    """Оценка разброса находит тот, из которого школы получены."""
    takers = np.random.default_rng(1).integers(10, 80, 4000)
    low = betabinom.rvs(takers, 3, 12, random_state=2)
    a, b, schools = shares.prior_of(low, takers, np.zeros(4000, np.int64), 1)
    assert schools[0] == 4000
    assert a[0] / (a[0] + b[0]) == pytest.approx(0.2, abs=0.01)
    assert a[0] + b[0] == pytest.approx(15, rel=0.15)


def test_an_empty_group_has_a_uniform_prior():
    a, b, schools = shares.prior_of(np.array([3]), np.array([10]), np.array([1]), 2)
    assert (a[0], b[0], schools[0]) == (1.0, 1.0, 0)
    assert schools[1] == 1 and a[1] + b[1] == pytest.approx(2.0)


def test_the_nearest_count_to_a_percent():
    table = pl.DataFrame({"percent": [33.3, 12.5, 0.0, 100.0], "takers": [27, 20, 9, 9]})
    counts = table.select(shares.nearest_count(pl.col("percent"), pl.col("takers")))
    assert counts.to_series().to_list() == [9, 3, 0, 9]


def test_an_unknown_comparison_is_no_comparison():
    with pytest.raises(ValueError, match="around"):
        shares.compare(1, "around", 1)
