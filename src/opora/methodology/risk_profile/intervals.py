"""Intervals of scores (интервалы): respondents of a school are drawn again from those who answered.

The bootstrap draws sheets with replacement within a school and a group, each with all its indicators, so
that what goes together stays together. What is drawn deviates from the score; a deviation is then made
narrower by the finite population (of so many invited so many answered: had all answered, no chance would be
left), wider by n of n − 1 and by as much as Student's distribution is wider than the normal one. Who
answers by position, and what is known without asking, has no such error. The interval knows nothing of why
others did not answer.

Where all answered alike, drawing would say that nothing is uncertain; then two respondents nobody saw, one at
either end of the scale, are put among those who may be drawn.

Draws of a school hang on its code, the group and how many answered alone: not on the order of schools or
respondents, nor on threads.
Source: Efron B., Tibshirani R. An Introduction to the Bootstrap (1993), ch. 6, 13; Cochran W. Sampling
Techniques (1977), 2.6 (finite population); Rao J., Wu C. JASA 83 (1988), 231–241 (rescaled draws); Student.
Biometrika 6 (1908), 1–25.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opora.methodology.risk_profile.answers import MISSING, POINT, Given
from opora.methodology.risk_profile.edition import AUDIENCES, BY_POSITION
from opora.methodology.risk_profile.scoring import DIGITS, Scored
from opora.methodology.shares import pooled_share, ratio

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Uncertain:
    """How uncertain scores are.

    Shape: ``told``, ``indicators``, ``factors``: schools × what it is × (low, high). low_chance, high_chance:
    schools × factors, how often a draw lies below the middle level and in the high one.
    Empty: NaN where there is no score.
    """

    told: Floats
    indicators: Floats
    factors: Floats
    low_chance: Floats
    high_chance: Floats


def uncertain(scored: Scored, cuts: Floats | None = None, above: bool = False) -> Uncertain:
    """Find the interval of every score and how often a draw would be in another level.

    ``cuts``: schools × factors × (middle, high), NaN where there is no level. ``above``: the cut itself is
    below.
    """
    edges = _tails(float(scored.edition.number("interval_level")))
    shapes = [scored.points, scored.indicator_points, scored.factor_points]
    found = [np.full((*points.shape, 2), np.nan) for points in shapes]
    low, high = (np.full(scored.factor_points.shape, np.nan) for _each in range(2))
    for school in range(len(scored.schools)):
        drawn = deviations(scored, school)
        for place, (points, parts) in enumerate(zip(shapes, _parts(scored, school, drawn), strict=True)):
            ends = np.quantile(parts, edges, axis=0).T + points[school][:, None]
            found[place][school] = np.clip(ends, 0.0, 100.0).round(DIGITS)
        if cuts is not None:
            values = (parts + scored.factor_points[school]).round(DIGITS)
            low[school], high[school] = _chances(values, cuts[school], above)
    return Uncertain(found[0], found[1], found[2], low, high)


def _tails(level: float) -> Floats:
    tail = (1.0 - level) * 0.5
    return np.array([tail, 1.0 - tail])


def _parts(scored: Scored, school: int, drawn: Floats) -> tuple[Floats, Floats, Floats]:
    """Give the deviations of what is told, of indicators and of factors: draws × each."""
    here = np.zeros((len(scored.told), len(scored.indicators)))
    here[np.arange(len(scored.told)), scored.to_indicator] = scored.in_indicator[school]
    indicators = drawn @ here
    there = np.zeros((len(scored.indicators), len(scored.edition.factors)))
    there[np.arange(len(scored.indicators)), scored.to_factor] = scored.in_factor[school]
    return drawn, indicators, indicators @ there


def _chances(values: Floats, cuts: Floats, above: bool) -> tuple[Floats, Floats]:
    middle, high = cuts[:, 0], cuts[:, 1]
    below = values <= middle if above else values < middle
    past = values > high if above else values >= high
    known = ~np.isnan(values[0]) & ~np.isnan(middle)
    return np.where(known, below.mean(axis=0), np.nan), np.where(known, past.mean(axis=0), np.nan)


def deviations(scored: Scored, school: int, salt: str = "") -> Floats:
    """Draw one school's respondents again: by how much each score that was told deviates.

    ``salt`` makes other draws. Shape: draws × what is told. Empty: 0 where there is no sampling error or no
    score.
    """
    draws = int(scored.edition.number("draws"))
    found = np.zeros((draws, len(scored.told)))
    for audience, given in scored.given.items():
        place = int(np.searchsorted(given.there, school))
        if audience in BY_POSITION or audience not in AUDIENCES or not scored.sheets[audience][school]:
            continue
        columns = scored.group(audience)
        kept = ~np.isnan(scored.points[school, columns])
        first = int(given.starts[place])
        sheets = given.points[first : first + int(scored.sheets[audience][school])][:, kept]
        level = float(scored.edition.number("interval_level"))
        width = _widths(scored.respondents[school, columns[kept]], scored.invited[audience][school], level)
        if not width.any():
            continue
        rng = np.random.default_rng(_seed(f"{salt}{scored.schools[school]}", audience))
        found[:, columns[kept]] = _drawn(_ordered(sheets), rng, draws) * width
    return found


def _seed(school: str, audience: str) -> int:
    told = hashlib.blake2b(f"{audience}\n{school}".encode(), digest_size=8)
    return int.from_bytes(told.digest(), "big")


def finite(respondents: Integers, invited: Floats | float) -> Floats:
    """Give the share of the invited that did not answer: what is left to chance.

    Empty: 1, as if those invited were endless, where their number is not known or more have answered.
    """
    asked = np.broadcast_to(np.asarray(invited, np.float64), respondents.shape)
    known = ~np.isnan(asked) & (asked >= respondents) & (asked > 0)
    left = pooled_share((asked - respondents).ravel(), np.where(known, asked, 1.0).ravel())
    return np.where(known, left.reshape(respondents.shape), 1.0)


def _widths(respondents: Integers, invited: float, level: float) -> Floats:
    """Say how many times wider than drawn a deviation is: finite population, n of n − 1, Student."""
    from scipy.special import ndtri, stdtrit

    count = np.maximum(respondents, 2).astype(np.float64)
    end = _tails(level)[1]
    student = stdtrit(count - 1, end) * ratio(1.0, float(ndtri(end)))
    unbiased = pooled_share(count, count - 1)
    return np.sqrt(finite(respondents, invited) * unbiased) * student


def _ordered(sheets: Integers) -> Integers:
    """Put sheets in an order of their own, so that the order in which they came does not matter."""
    return sheets[np.lexsort(sheets.T[::-1])]


def _drawn(sheets: Integers, rng: np.random.Generator, draws: int) -> Floats:
    """Draw sheets with replacement: by how much the mean of each column deviates. Shape: draws × columns."""
    told = sheets != MISSING
    points = np.where(told, sheets, 0) * ratio(1.0, float(POINT))
    mean = pooled_share(points.sum(axis=0), told.sum(axis=0))
    alike = np.where(told, sheets, -1).max(axis=0) == np.where(told, sheets, sheets.max() + 1).min(axis=0)
    off = np.where(told, points - mean, 0.0)
    if alike.any():
        ends = np.where(alike, np.array([[0.0], [100.0]]) - mean, 0.0)
        off, told = np.vstack([off, ends]), np.vstack([told, np.tile(alike, (2, 1))])
    rows, columns = off.shape
    times = _times(rows, rng, draws)
    both = times @ np.hstack([off, told]).astype(np.float32)
    total, count = (
        both[:, part].astype(np.float64).ravel() for part in (slice(columns), slice(columns, None))
    )
    return np.nan_to_num(pooled_share(total, count)).reshape(draws, columns)


def _times(rows: int, rng: np.random.Generator, draws: int) -> npt.NDArray[np.float32]:
    """Say how many times each row is drawn: draws × rows, each draw as many as there are rows."""
    picked = rng.integers(0, rows, (draws, rows), dtype=np.int32)
    picked += (np.arange(draws, dtype=np.int32) * rows)[:, None]
    return np.bincount(picked.ravel(), minlength=draws * rows).reshape(draws, rows).astype(np.float32)


def sampling_variance(scored: Scored, endless: bool = False) -> Floats:
    """Give the variance by chance of every score that was told: s²/n · (1 − n/N).

    endless: as if those invited were endless, so that who happens to be at the school counts as chance too.

    Shape: schools × what is told. Units: squared points. Empty: 0 for who answers by position and for what is
    known without asking; NaN where there is no score. Where all answered alike it is that of two halves of a
    respondent, one at either end.
    """
    found = np.where(np.isnan(scored.points), np.nan, 0.0)
    for audience, given in scored.given.items():
        if audience in BY_POSITION or audience not in AUDIENCES:
            continue
        for place in scored.group(audience):
            count = scored.respondents[:, place]
            spread = _squares(given, scored, int(place))
            left = np.ones(len(count)) if endless else finite(count, scored.invited[audience])
            each = np.maximum(count, 2).astype(np.float64)
            variance = pooled_share(spread, each * (each - 1)) * left
            found[:, place] = np.where(np.isnan(scored.points[:, place]), np.nan, variance)
    return found.round(DIGITS)  # sums of squares hang on the order of respondents in the last bit


def _squares(given: Given, scored: Scored, place: int) -> Floats:
    """Sum the squared deviations of respondents from their school's score."""
    column = given.points[:, given.told.index(scored.told[place])]
    mean = np.nan_to_num(scored.points[:, place])[given.rows]
    off = np.where(column == MISSING, 0.0, column * ratio(1.0, float(POINT)) - mean)
    found = np.zeros(len(scored.schools))
    found[given.there] = given.sums(off**2)
    ends = (
        np.nan_to_num(scored.points[:, place]) ** 2 + (100 - np.nan_to_num(scored.points[:, place])) ** 2
    ) * 0.5
    return np.where(found < 1e-9, ends, found)
