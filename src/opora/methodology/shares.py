"""The only module of the core that divides: shares, percents, intervals, places in a ranking.

Official rules round half up and compare unrounded values, so a threshold is met in whole numbers here
(``low * 100 > takers * 30``), and where shares are ranked, a float is one correctly rounded quotient: two
equal fractions give equal floats, and two different ones of fewer than 2**26 takers keep their order.
"""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

COMPARISONS = ("above", "at least", "below", "at most")
ROUNDINGS = ("half up", "down", "up")
MANY_ROWS = 20_000  # from so many the intervals of all common pairs are made once and looked up
COMMON_TAKERS = 200

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Whole = npt.NDArray[np.integer[Any]]


def compare(left: Any, comparison: str, right: Any) -> Any:
    """Put two values, columns or arrays beside each other in the words of the rule."""
    if comparison == "above":
        return left > right
    if comparison == "at least":
        return left >= right
    if comparison == "below":
        return left < right
    if comparison == "at most":
        return left <= right
    raise ValueError(comparison)


def share_meets(low: pl.Expr, takers: pl.Expr, comparison: str, threshold: Decimal) -> pl.Expr:
    """Say whether the share of low results meets a threshold, in whole numbers.

    Units: ``threshold`` is a share, 0–1.
    """
    part = Fraction(threshold)
    return compare(low.cast(pl.Int64) * part.denominator, comparison, takers.cast(pl.Int64) * part.numerator)


def percent_meets(percent: pl.Expr, comparison: str, threshold: Decimal) -> pl.Expr:
    """Say whether a published percent meets a threshold, as it was printed.

    Units: ``threshold`` is a share, 0–1; the percent is 0–100. Both sides are the float nearest to a short
    decimal, so they are equal exactly where the decimals are.
    """
    return compare(percent, comparison, float(threshold * 100))


def share(low: pl.Expr, takers: pl.Expr) -> pl.Expr:
    """Give low results as a share of takers.

    Units: 0–1. Empty: null where nobody took part.
    """
    return pl.when(takers > 0).then(low / takers)


def percent_half_up(part: Any, whole: Any, digits: int = 0) -> Any:
    """Round a percent half up, the way official tables are printed; whole numbers, columns or arrays.

    Units: the result counts units of the last digit: 5.1 % with one digit is 51.
    """
    scale = 100 * 10**digits
    return (2 * scale * part + whole) // (2 * whole)


def printed_percent(low: pl.Expr, takers: pl.Expr, digits: int = 1) -> pl.Expr:
    """Print a percent the way official tables do: half up.

    Units: 0–100. Empty: null where nobody took part.
    """
    units = percent_half_up(low.cast(pl.Int64), takers.cast(pl.Int64), digits)
    # Polars divides by a constant through its reciprocal: 51 / 10 would be 5.1000000000000005
    return pl.when(takers > 0).then((units / 10**digits).round(digits))


def share_of_percent(percent: pl.Expr) -> pl.Expr:
    """Give a published percent as a share, to be shown; the rule compares the percent itself."""
    return (percent / 100).round(8)


def nearest_count(percent: pl.Expr, takers: pl.Expr) -> pl.Expr:
    """Find the count of low results nearest to a published percent: for intervals, never for the rule."""
    return (percent * takers / 100 + 0.5).floor().cast(pl.Int32).clip(0, takers)


def whole_units(value: Floats, digits: int = 4) -> Integers:
    """Turn decimals read as floats into exact whole numbers of their last kept digit."""
    return np.floor(value * 10**digits + 0.5).astype(np.int64)


def from_units(units: Integers, digits: int = 4) -> Floats:
    """Turn whole numbers of the last kept digit back into decimals."""
    return units / 10.0**digits


def places(schools: int, percent: Decimal, rounding: str) -> int:
    """Count the places that a percent of the schools of a group makes.

    Units: ``percent`` is 0–100.
    """
    exact = Fraction(percent) * schools / 100
    if rounding == "down":
        return exact.numerator // exact.denominator
    if rounding == "up":
        return -(-exact.numerator // exact.denominator)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def quarter_places(schools: int, quarter: int) -> int:
    """Count the schools of a cluster that its worst quarters hold: the place of the quartile, rounded up."""
    return -(-schools * quarter // 4)


def pooled_share(low: Integers | Floats, takers: Integers | Floats) -> Floats:
    """Divide the low results of several outcomes together by their takers together.

    Units: 0–1. Empty: NaN where nobody took part.
    """
    return np.divide(low, takers, out=np.full(len(low), np.nan), where=takers > 0)


def clopper_pearson(low: Whole, takers: Whole, level: Decimal) -> tuple[Floats, Floats]:
    """Compute the exact binomial interval of a share (Clopper–Pearson), once per distinct pair.

    Units: shares, 0–1. Empty: 0 and 1 where nobody took part.
    Source: Clopper C., Pearson E. Biometrika 26 (1934), 404–413.
    """
    if len(takers) < MANY_ROWS:
        return _by_pair(low, takers, level)
    common = takers <= COMMON_TAKERS
    place = _place(np.where(common, takers, 0), np.where(common, low, 0))
    lower, upper = (table[place] for table in _common_intervals(level))
    if not common.all():
        lower[~common], upper[~common] = _by_pair(low[~common], takers[~common], level)
    return lower, upper


def _place(n: Whole, k: Whole) -> Whole:
    """Number the pairs: 0 of 0, 0 of 1, 1 of 1, 0 of 2 …"""
    return (n.astype(np.int32) * (n + 1) >> 1) + k


@cache
def _common_intervals(level: Decimal) -> tuple[Floats, Floats]:
    """Compute the intervals of every pair of up to ``COMMON_TAKERS`` takers, in the order of ``_place``."""
    n, k = np.tril_indices(COMMON_TAKERS + 1)
    return _interval(k, n, level)


def _by_pair(low: Whole, takers: Whole, level: Decimal) -> tuple[Floats, Floats]:
    width = int(low.max(initial=0)) + 1
    distinct, back = np.unique(takers.astype(np.int64) * width + low, return_inverse=True)
    n, k = np.divmod(distinct, width)
    lower, upper = _interval(k, n, level)
    return lower[back], upper[back]


def _interval(k: Integers, n: Integers, level: Decimal) -> tuple[Floats, Floats]:
    """Invert the binomial distribution for ``k`` low results of ``n`` takers."""
    from scipy.special import betaincinv

    tail = float((1 - level) / 2)
    lower, upper = np.zeros(len(n)), np.ones(len(n))
    some, rest = k > 0, k < n
    lower[some] = betaincinv(k[some], (n - k + 1)[some], tail)
    upper[rest] = betaincinv((k + 1)[rest], (n - k)[rest], 1 - tail)
    return lower, upper


def prior_of(
    low: Integers, takers: Integers, group: Integers, groups: int
) -> tuple[Floats, Floats, Integers]:
    """Fit a beta-binomial to the schools of each group by the moments of an analysis of variance.

    Shape: per group ``a``, ``b`` and the number of schools it rests on. The spread within schools is taken
    off the spread between them; what remains is how much the schools themselves differ.
    Empty: the schools' number is 0 and the prior uniform where a group is empty.
    Source: Kleinman J. Journal of the American Statistical Association 68 (1973), 46–54; Ridout M.,
    Demétrio C., Firth D. Biometrics 55 (1999), 137–148 (the ANOVA estimator).
    """

    def total(weights: Any) -> Floats:
        return np.bincount(group, weights=weights, minlength=groups).astype(np.float64)

    schools = np.bincount(group, minlength=groups)
    people, lows, squares = total(takers), total(low), total(takers.astype(np.float64) ** 2)
    mean = (lows + 0.5) / (people + 1)
    own = pooled_share(low, takers)
    between = total(takers * (own - mean[group]) ** 2) / np.maximum(schools - 1, 1)
    within = total(takers * own * (1 - own)) / np.maximum(people - schools, 1)
    size = np.maximum((people - squares / np.maximum(people, 1)) / np.maximum(schools - 1, 1), 1.0)
    spread = (between - within) / np.maximum(between + (size - 1) * within, 1e-12)
    spread = np.clip(np.where(schools > 1, spread, 1 / 3), 0.001, 0.95)
    weight = (1 - spread) / spread
    a = np.where(schools > 0, mean * weight, 1.0)
    b = np.where(schools > 0, (1 - mean) * weight, 1.0)
    return a, b, schools


def betas(mean: Floats, spread: Floats, levels: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Split what schools differ by: their common levels explain a part, beta distributions the rest.

    Shape: ``mean`` and ``spread`` of each prior (its intraclass correlation, 0–1); ``levels`` priors × nodes,
    the mean share at each common level; answered are ``a`` and ``b``, priors × nodes.
    """
    variance = levels * (1 - levels)
    common = (levels - mean[:, None]) ** 2 @ weight
    left = (spread * mean * (1 - mean) - common) / np.maximum(variance**2 @ weight, 1e-12)
    rest = np.clip(left[:, None] * variance, 0.001, 0.95)
    size = (1 - rest) / rest
    return levels * size, (1 - levels) * size


def spread_of(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Give the mean of a beta distribution and its intraclass correlation, both 0–1."""
    return a / (a + b), 1 / (a + b + 1)


def moments(a: Floats, b: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Give the mean of mixtures of beta distributions and their spread (intraclass correlation), both 0–1.

    Shape: rows × nodes; ``weight`` sums to one in each row.
    """
    own = a / (a + b)
    mean = (weight * own).sum(axis=1)
    square = (weight * own * (a + 1) / (a + b + 1)).sum(axis=1)
    return mean, (square - mean**2) / (mean * (1 - mean))


def central(mean: Floats, spread: Floats, level: Decimal) -> tuple[Floats, Floats]:
    """Give the central interval of beta distributions with these means and spreads."""
    from scipy.special import betaincinv

    tail, size = float((1 - level) / 2), 1 / spread - 1
    a, b = mean * size, (1 - mean) * size
    return betaincinv(a, b, tail), betaincinv(a, b, 1 - tail)


def ratio(part: Any, whole: Any) -> Any:
    """Divide one number by another. Empty: 0 where there is nothing to divide by."""
    return part / whole if whole else 0.0


def standard_scores(values: Floats) -> Floats:
    """Put each column on one scale: how many standard deviations a value is above the mean of its column.

    Shape: rows × columns, as given. Empty: NaN stays NaN; a column without spread is 0 where it is known.
    """
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    off = values - np.where(known, values, 0.0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, off, 0.0) ** 2).sum(axis=0) / count)
    level = np.abs(np.where(known, values, 0.0)).max(axis=0, initial=0.0) * 1e-12
    return np.where(spread > level, off / np.where(spread > level, spread, 1.0), off * 0)


def in_units(values: Floats, digits: int = 4) -> npt.NDArray[np.int32]:
    """Round decimals that are not below zero to whole numbers of their last kept digit; they are used up."""
    values *= 10**digits
    values += 0.5
    return values.astype(np.int32)


def odds(low: Any, takers: Any) -> Any:
    """Give the logarithm of the odds of a low result; half a pupil is added to either side."""
    return np.log((low + 0.5) / (takers - low + 0.5))


def odds_variance(low: Any, takers: Any) -> Any:
    """Give how uncertain such a logarithm is: the sum of the reciprocals of both counts."""
    return 1 / (low + 0.5) + 1 / (takers - low + 0.5)


def standardised(value: Floats, variance: Floats) -> Floats:
    """Divide by the standard deviation. Empty: 0 where nothing varies."""
    return np.divide(value, np.sqrt(variance), out=np.zeros(len(value)), where=variance > 0)
