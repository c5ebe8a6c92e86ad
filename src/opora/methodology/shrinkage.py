"""Narrows the true share of each outcome by what the school's others and other schools show (shrinkage)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import betaincc, softmax

from opora.methodology.common_level import WEIGHT, Priors, Seen, width
from opora.methodology.judging import Judged
from opora.methodology.shares import nearest_count, prior_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is known of the true share of every counted row, at every node of its school's common level.

    weight: schools × nodes, sums to one. a, b: beta distributions, kinds × nodes; kind: of each row.
    """

    weight: Floats
    a: Floats
    b: Floats
    kind: Integers

    @property
    def nodes(self) -> int:
        """Count the nodes."""
        return self.weight.shape[1]

    def above(self, share: float, node: int) -> Floats:
        """Give for each row the probability that its true share is above this one, were this the level."""
        return betaincc(self.a[:, node], self.b[:, node], share)[self.kind]


def posteriors(judged: Judged, rows: pl.DataFrame, cell: npt.NDArray[Any]) -> Posterior:
    """Fit the spread between schools, widest pool last, and narrow it by what each school showed."""
    takers = rows["takers"].to_numpy().astype(np.int64)
    low = (
        rows.select(pl.coalesce("low", nearest_count(pl.col("percent"), pl.col("takers"))).cast(pl.Int64))
        .to_series()
        .to_numpy()
    )
    s = rows["s"].to_numpy().astype(np.int64)
    priors, prior = _priors(judged, s, low, takers, cell)
    wide, high = int(takers.max(initial=0)) + 1, int(low.max(initial=0)) + 1
    _kinds, first, kind = np.unique(
        (prior * wide + takers) * high + low, return_index=True, return_inverse=True
    )
    seen = Seen(s, kind, prior[first], low[first], takers[first])
    a, b = priors.at(width(seen, priors))
    levels = seen.likelihood(a, b, len(judged.schools)) + np.log(WEIGHT)
    shown, missed = seen.low[:, None], (seen.takers - seen.low)[:, None]
    return Posterior(softmax(levels, axis=1), a[seen.prior] + shown, b[seen.prior] + missed, kind)


def _priors(
    judged: Judged, s: Integers, low: Integers, takers: Integers, cell: npt.NDArray[Any]
) -> tuple[Priors, Integers]:
    """Fit a prior to every cell, every assessment and all; answer them and the narrowest of each row."""
    smallest = judged.number("prior_schools")
    assessment = judged.process_of_cells(["assessment"])[cell]
    a, b, known = [np.ones(1)], [np.ones(1)], [np.zeros(1, np.bool_)]
    prior, before = np.zeros(len(takers), np.int64), 1
    for group in (np.zeros(len(cell), np.int64), assessment, cell.astype(np.int64)):
        size = int(group.max(initial=0)) + 1
        fitted_a, fitted_b, _rows = prior_of(low, takers, group, size)
        seen = np.zeros(len(judged.schools) * size, np.bool_)
        seen[s * size + group] = True
        enough = seen.reshape(len(judged.schools), size).sum(axis=0) >= smallest
        a, b, known = [*a, fitted_a], [*b, fitted_b], [*known, enough]
        prior = np.where(enough[group], group + before, prior)
        before += size
    return Priors.of(np.concatenate(a), np.concatenate(b), np.concatenate(known)), prior
