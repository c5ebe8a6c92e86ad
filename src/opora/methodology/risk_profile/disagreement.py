"""Where groups see different schools (карта расхождений): teachers, pupils, parents, a director.

Groups differ everywhere: pupils are stricter than teachers. So a school's difference of two groups is put
beside what is usual where it is (the middle school of its region), and counted by how uncertain it is: chance
in who answered, and what schools differ by anyway, measured so that those far off do not widen it. The chance
in who answered has two parts: s²/n · (1 − n/N) of those who did not answer, and s²/N of who happens to be
at the school, by which schools with few people differ more; together they are s²/n, whatever N. How rare
such a difference is by chance is told by Student's distribution, and all of a campaign together are held to
a share of false ones among those found.

A director or a psychologist is one person: no chance in who answered, but an opinion that differs from person
to person; that is in what schools differ by, and makes such a difference hard to find. Differences of groups
and those with one person are held together apart: the second, which are many and seldom found, would make the
first harder to find, too.

Source: Benjamini Y., Hochberg Y. JRSS B 57 (1995), 289–300; Cochran W. Sampling Techniques (1977), 2.6;
Satterthwaite F. Biometrics Bulletin 2 (1946), 110–114 (degrees of freedom); Huber P. Annals of Mathematical
Statistics 35 (1964), 73–101 (proposal 2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.risk_profile.edition import AUDIENCES, BY_POSITION
from opora.methodology.risk_profile.intervals import sampling_variance
from opora.methodology.risk_profile.scoring import DIGITS, Scored
from opora.methodology.shares import pooled_share, ratio, standardised

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FAR = 1.5  # standard deviations: nothing counts as farther off
USUAL = 0.7776  # the mean square of a normal chance clipped there
LEFT_OUT = 2.5  # standard deviations: what is farther off is left out
USUAL_OF_REST = 0.9113  # the mean square of a normal chance within that
ROUNDS = 8
WIDEST = 10_000.0  # squared points
HALVINGS = 50
MOST_FREE = 10_000.0  # degrees of freedom: from here on Student's distribution is the normal one
DEGREES = 0.4  # of freedom of the spread, for each school that it was measured on
OF_MIDDLE = 1.571  # how much more the middle of many varies than their mean does
DISAGREEMENTS: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "indicator": pl.String,
    "first": pl.String,  # audience
    "second": pl.String,
    "first_points": pl.Float64,
    "second_points": pl.Float64,
    "usual": pl.Float64,  # first less second in the middle school
    "beyond": pl.Float64,  # by how much this school's difference is another
    "error": pl.Float64,  # standard deviation of that by chance
    "chance": pl.Float64,  # how often a difference is so far off by chance (p)
    "together": pl.Float64,  # the same, held against all looked at (q)
    "found": pl.Boolean,
    "one_person": pl.Boolean,  # one of the two answers by position
    "why": pl.String,  # few: too few schools to know what is usual; else ""
}


@dataclass(frozen=True, eq=False)
class Pair:
    """Two groups that tell of one indicator, in the schools of one region that have both."""

    first: int  # place among what is told
    second: int
    schools: Integers
    difference: Floats
    variance: Floats  # by chance in who answered
    degrees: Floats  # of freedom of that variance; endless where there is no chance


def disagreements(scored: Scored, regions: pl.DataFrame | None = None) -> pl.DataFrame:
    """Look for schools that two groups see more differently than is usual.

    ``regions``: ``school group``, where a usual difference is learnt apart; None: all schools together. A
    school that stands in none is left out.
    Shape: ``DISAGREEMENTS``, a row for every school, indicator and pair of groups with data, in order.
    Empty: ``chance`` null and ``found`` false where ``why`` says so.
    """
    variance = sampling_variance(scored, endless=True)
    fewest = int(scored.edition.number("fewest_schools"))
    parts = [
        _looked_at(scored, pair, len(pair.schools) >= fewest)
        for region in _regions(scored, regions)
        for pair in _pairs(scored, variance, region)
        if len(pair.schools)
    ]
    if not parts:
        return pl.DataFrame(schema=DISAGREEMENTS)
    looked = pl.concat(parts)
    chance, alone = looked["chance"].fill_null(np.nan).to_numpy(), looked["one_person"].to_numpy()
    together = np.where(
        alone,
        _held_together(np.where(alone, chance, np.nan)),
        _held_together(np.where(alone, np.nan, chance)),
    )
    rate = float(scored.edition.number("false_discovery"))
    order = pl.DataFrame({"order": looked["place"]})
    told = looked.drop("place").with_columns(
        together=pl.Series(together).fill_nan(None),
        found=pl.Series(together <= rate),
    )
    told = pl.concat([told, order], how="horizontal").sort("school", "order").select(*DISAGREEMENTS)
    return told.cast(pl.Schema(DISAGREEMENTS))


def _regions(scored: Scored, regions: pl.DataFrame | None) -> Iterator[Integers]:
    """Give the places of the schools of each region."""
    if regions is None:
        yield np.arange(len(scored.schools))
        return
    own = regions.select("school", "group").unique("school")
    placed = scored.schools.to_frame("school").join(own, on="school", how="left", maintain_order="left")
    for _group, rows in sorted(placed.with_row_index("at").drop_nulls("group").group_by("group")):
        yield np.sort(rows["at"].to_numpy().astype(np.int64))


def _pairs(scored: Scored, variance: Floats, region: Integers) -> Iterator[Pair]:
    """Give every two groups that tell of the same indicator."""
    for first, one in enumerate(scored.told):
        for second in range(first + 1, len(scored.told)):
            other = scored.told[second]
            if scored.to_indicator[first] != scored.to_indicator[second]:
                break
            if one.of not in AUDIENCES or other.of not in AUDIENCES:
                continue
            difference = scored.points[region, first] - scored.points[region, second]
            there = region[~np.isnan(difference)]
            own = [_steadied(scored, variance, there, place) for place in (first, second)]
            parts, free = (own[0][0], own[1][0]), (own[0][1], own[1][1])
            known = difference[~np.isnan(difference)]
            yield Pair(first, second, there, known, parts[0] + parts[1], _degrees(parts, free))


def _steadied(scored: Scored, variance: Floats, schools: Integers, place: int) -> tuple[Floats, Floats]:
    """Give the variance by chance of one score of these schools, leaned on each other, and its freedom."""
    many = np.maximum(scored.respondents[schools, place], 2).astype(np.float64)
    each, free = steadied(variance[schools, place] * many, many - 1)
    return pooled_share(each, many), free


def steadied(variance: Floats, free: Floats) -> tuple[Floats, Floats]:
    """Lean the variances of schools on each other, as far as they are alike; answer them and their freedom.

    Few respondents make a variance small by chance, and a small one makes a difference look sure. How much
    schools' variances really differ is learnt from all of them.
    Shape: a school each; ``free``: degrees of freedom, above zero.
    Source: Smyth G. Statistical Applications in Genetics and Molecular Biology 3 (2004), 3, section 6.2.
    """
    from scipy.special import digamma, polygamma

    some = variance > 0
    if some.sum() < 3:
        return variance, free
    half = free[some] * 0.5
    logged = np.log(variance[some]) - digamma(half) + np.log(half)
    more = float(np.var(logged, ddof=1) - polygamma(1, half).mean())
    middle = float(logged.mean())
    if more <= 0:
        return np.where(some, np.exp(middle), variance), np.full(len(free), MOST_FREE)
    own = _trigamma_inverse(more)
    level = np.exp(middle + float(digamma(own)) - np.log(own))
    leaned = pooled_share(2 * own * level + free * variance, 2 * own + free)
    return np.where(some, leaned, variance), np.minimum(2 * own + free, MOST_FREE)


def _trigamma_inverse(value: float) -> float:
    """Find x with trigamma(x) = value: it falls all the way."""
    from scipy.special import polygamma

    lowest, highest = 1e-3, MOST_FREE
    for _halving in range(HALVINGS):
        middle = float(np.sqrt(lowest * highest))
        lowest, highest = (middle, highest) if float(polygamma(1, middle)) > value else (lowest, middle)
    return lowest


def _degrees(parts: tuple[Floats, ...], free: tuple[Floats, ...]) -> Floats:
    """Give the degrees of freedom of a sum of variances (Satterthwaite). Empty: infinite for no variance."""
    squares = np.zeros(len(parts[0]))
    for part, many in zip(parts, free, strict=True):
        squares += np.nan_to_num(pooled_share(part**2, np.maximum(many, 1.0)))
    whole = np.sum(parts, axis=0)
    return np.where(squares > 0, pooled_share(whole**2, squares), np.inf)


def _looked_at(scored: Scored, pair: Pair, enough: bool) -> pl.DataFrame:
    """Put every school's difference beside the usual one."""
    first, second = scored.told[pair.first], scored.told[pair.second]
    many = len(pair.schools)
    usual = float(np.median(pair.difference))
    own = between(pair.difference - usual, pair.variance)
    whole = (pair.variance + own) * (1 + ratio(OF_MIDDLE, many))
    beyond = pair.difference - usual
    chance = _rarity(standardised(beyond, whole), _freedom(pair, own))
    known = np.full(many, enough) & (whole > 0)
    return pl.DataFrame(
        {
            "place": np.full(many, pair.first * len(scored.told) + pair.second),
            "school": scored.schools.gather(pair.schools),
            "factor": pl.repeat(first.factor.name, many, eager=True),
            "indicator": pl.repeat(first.indicator.name, many, eager=True),
            "first": pl.repeat(first.of, many, eager=True),
            "second": pl.repeat(second.of, many, eager=True),
            "first_points": scored.points[pair.schools, pair.first],
            "second_points": scored.points[pair.schools, pair.second],
            "usual": np.full(many, round(usual, DIGITS)),
            "beyond": beyond.round(DIGITS),
            "error": np.sqrt(whole).round(DIGITS),
            "chance": pl.Series(np.where(known, chance, np.nan)).fill_nan(None),
            "one_person": pl.repeat(first.of in BY_POSITION or second.of in BY_POSITION, many, eager=True),
            "why": pl.repeat("" if enough else "few", many, eager=True),
        }
    )


def _freedom(pair: Pair, own: float) -> Floats:
    """Give the degrees of freedom of a whole variance (Satterthwaite).

    What schools differ by is what is left of all that was seen, and as uncertain as all of it.
    """
    seen = float(pair.variance.mean()) + own
    measured = max(DEGREES * len(pair.schools), 1.0)
    squares = np.where(np.isfinite(pair.degrees), pair.variance**2 * np.reciprocal(pair.degrees), 0.0)
    return pooled_share((pair.variance + own) ** 2, squares + ratio(seen**2, measured))


def between(off: Floats, noise: Floats) -> float:
    """Choose what schools differ by beyond chance, so that those not far off lie as far off as is usual.

    Real contrasts must not widen it: first nothing counts as farther than ``FAR``, then what lies beyond
    ``LEFT_OUT`` standard deviations is left out, and what is usual of the rest is taken. Units: squared
    points.
    """
    own = _settled(off, noise, FAR, USUAL)
    for _round in range(ROUNDS):
        kept = np.abs(off) <= LEFT_OUT * np.sqrt(noise + own)
        own = _settled(off[kept], noise[kept], LEFT_OUT, USUAL_OF_REST)
    return own if own > 1e-6 else 0.0


def _settled(off: Floats, noise: Floats, far: float, usual: float) -> float:
    lowest, highest = 0.0, WIDEST
    order = np.argsort(off, kind="stable")  # the last bit of a mean must not hang on the order of schools
    off, noise = off[order], noise[order]
    for _halving in range(HALVINGS):
        middle = (lowest + highest) * 0.5
        squares = np.minimum(standardised(off, noise + middle) ** 2, far**2)
        lowest, highest = (middle, highest) if float(squares.mean()) > usual else (lowest, middle)
    return lowest


def _rarity(off: Floats, degrees: Floats) -> Floats:
    """Say how often chance alone is as far off, either way."""
    from scipy.special import ndtr, stdtr

    endless = ~np.isfinite(degrees)
    tail = np.where(endless, ndtr(-np.abs(off)), stdtr(np.where(endless, 1.0, degrees), -np.abs(off)))
    return 2.0 * tail


def _held_together(chance: Floats) -> Floats:
    """Hold each chance against all that were looked at (Benjamini–Hochberg). Empty: NaN stays NaN."""
    known = np.flatnonzero(~np.isnan(chance))
    found = np.full(len(chance), np.nan)
    order = known[np.argsort(chance[known], kind="stable")]
    if not len(order):
        return found
    places = np.arange(1, len(order) + 1).astype(np.float64)
    scaled = pooled_share(chance[order] * len(order), places)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found
