"""Peaks at the boundaries of marks (пики на границах отметок): more pupils just above them than just below.

What to expect of a school is taken from the distribution of the whole country in the same work, tilted to the
school's own mean: so an easy or a hard task, which makes its own peak everywhere, is no sign. Among pupils
within a few scores of a boundary the share above it is then known, and the excess is a sum of chances.
Scores near several boundaries and of several works are added up. What schools differ by otherwise, say one
with a strong and a weak class, is measured too, and few works are judged by exact chances.
Source of the idea: bunching at thresholds, McCrary J. Journal of Econometrics 142 (2008), 698–714; nothing
here is a finding about anybody.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.shares import pooled_share, standardised
from opora.methodology.signs.levels import beyond_chance, cautious

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHAPE = {
    "school": None,
    "works": pl.Int64,  # all works of the school whose scores are known
    "near": pl.Int64,  # of them within a few scores of a boundary
    "above": pl.Int64,  # of these at or just above it
    "expected": pl.Float64,
    "peak": pl.Float64,  # standard deviations of the excess, above zero: more than expected
}
STEPS = 12  # of Newton's method for a tilt
PRIOR_WORKS = 5  # of the country's mean that a school's mean is mixed with
SMOOTH = 0.5  # of a work added to every score of the country


def peaks(scores: pl.DataFrame, bounds: Mapping[int, tuple[int, ...]], near: int) -> pl.DataFrame:
    """Measure the excess at the boundaries for every school.

    ``scores``: ``school cell scores``, the last a list whose position i counts the works with score i.
    ``bounds``: cell → the lowest scores for 3, 4 and 5; a cell without is not looked at. ``near``: scores on
    each side of a boundary, fewer where boundaries are close.
    Shape: ``SHAPE``, a row for every school with a known work. Empty: no row where no bounds are known.
    """
    known = {int(str(cell)): rows for (cell,), rows in scores.group_by("cell") if int(str(cell)) in bounds}
    parts = [_cell(known[cell].sort("school"), bounds[cell], near) for cell in sorted(known)]
    empty = {"school": scores.schema["school"], **{name: kind for name, kind in SHAPE.items() if kind}}
    if not parts:
        return pl.DataFrame(schema=empty)
    # sorted first: only so does a school's sum not hang on which thread adds up what
    told = pl.concat(parts).sort("school", maintain_order=True).group_by("school", maintain_order=True).sum()
    return _measured(told)


def beside_usual(scores: pl.DataFrame, school: int | str) -> tuple[list[int], list[float]]:
    """Answer a school's works by primary score, and as many as its level lets expect.

    ``scores``: ``school scores`` of one work, all schools. Shape: both lists are as long, position i
    is score i; they have the same sum. Empty: two empty lists where the school has no scores.
    """
    rows = scores.sort("school")
    place = rows["school"].index_of(school)
    if place is None:
        return [], []
    counts = _matrix(rows["scores"])
    expected = _tilted(counts, counts.sum(axis=0) + SMOOTH)[place] * counts[place].sum()
    return counts[place].astype(int).tolist(), expected.tolist()


def _measured(told: pl.DataFrame) -> pl.DataFrame:
    """Put the excess beside chance, and beside what schools' distributions differ by otherwise."""
    near, above, expected, variance = (
        told[name].to_numpy().astype(np.float64) for name in ("near", "above", "expected", "variance")
    )
    there = near > 0
    off, noise = pooled_share(above - expected, near)[there], pooled_share(variance, near**2)[there]
    middle = float(np.median(off)) if there.any() else 0.0
    own = beyond_chance(off - middle, noise)
    expected = np.clip(expected + near * middle, 0.0, near)
    peak = cautious(standardised(above - expected, variance + near**2 * own), len(off))
    exact = _exact(above[there], near[there], expected[there])
    peak[there] = np.minimum(peak[there], exact)
    return told.with_columns(pl.Series("expected", expected), pl.Series("peak", peak)).select(*SHAPE)


def _exact(above: Floats, near: Floats, expected: Floats) -> Floats:
    """Say how rare so many works above are, as a binomial count; half of equal ones count (mid-p).

    Works of different boundaries have different chances; one chance for all is never less cautious in the
    tail. Source: Hoeffding W. Annals of Mathematical Statistics 27 (1956), 713–721.
    """
    from scipy.special import betainc, ndtri

    chance = pooled_share(expected, near)

    def at_least(count: Floats) -> Floats:
        inside = np.clip(count, 1, near)
        tail = betainc(inside, near - inside + 1, chance)
        return np.where(count > near, 0.0, np.where(count < 1, 1.0, tail))

    return -ndtri(np.clip((at_least(above) + at_least(above + 1)) * 0.5, 1e-300, 1 - 1e-16))


def _cell(rows: pl.DataFrame, bounds: tuple[int, ...], near: int) -> pl.DataFrame:
    counts = _matrix(rows["scores"])
    usual = counts.sum(axis=0) + SMOOTH
    chance = _tilted(counts, usual)
    above, around, expected, variance = (np.zeros(len(counts)) for _each in range(4))
    for place, bound in enumerate(bounds):
        gap = min((abs(bound - other) for at, other in enumerate(bounds) if at != place), default=2 * near)
        reach = max(1, min(near, gap >> 1, bound, counts.shape[1] - bound))
        inside = slice(bound - reach, bound + reach)
        mine, up = counts[:, inside].sum(axis=1), counts[:, bound : bound + reach].sum(axis=1)
        share = pooled_share(chance[:, bound : bound + reach].sum(axis=1), chance[:, inside].sum(axis=1))
        above, around = above + up, around + mine
        expected, variance = expected + mine * share, variance + mine * share * (1 - share)
    return pl.DataFrame(
        {
            "school": rows["school"],
            "works": counts.sum(axis=1).astype(np.int64),
            "near": around.astype(np.int64),
            "above": above.astype(np.int64),
            "expected": expected,
            "variance": variance,
        }
    )


def _matrix(lists: pl.Series) -> Floats:
    """Put the lists beside each other: schools × scores."""
    longest = int(str(lists.list.len().max()))
    counts = np.zeros((len(lists), longest))
    flat = lists.explode().to_numpy()
    lengths = lists.list.len().to_numpy().astype(np.int64)
    rows = np.repeat(np.arange(len(lists)), lengths)
    places = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    counts[rows, places] = flat
    return counts


def _tilted(counts: Floats, usual: Floats) -> Floats:
    """Tilt the country's distribution to each school's mean: schools × scores, each row sums to one."""
    from scipy.special import softmax

    place = np.arange(counts.shape[1], dtype=np.float64)
    base = np.log(usual)
    mean_of_all = float(pooled_share(np.array([usual @ place]), np.array([usual.sum()]))[0])
    works = counts.sum(axis=1)
    wanted = pooled_share(counts @ place + PRIOR_WORKS * mean_of_all, works + PRIOR_WORKS)
    tilt = np.zeros(len(counts))
    for _step in range(STEPS):
        chance = softmax(base + tilt[:, None] * place, axis=1)
        mean = chance @ place
        spread = np.maximum(chance @ place**2 - mean**2, 0.05)
        tilt = np.clip(tilt + pooled_share(wanted - mean, spread), -5.0, 5.0)
    return softmax(base + tilt[:, None] * place, axis=1)
