"""Narrows the true share of each outcome by what the other schools of its cell show (shrinkage)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.judging import Judged
from opora.methodology.shares import nearest_count, prior_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is known of the true share of every counted row."""

    a: Floats
    b: Floats
    kind: Integers  # equal where the cell and both counts are, and so a and b

    @cached_property
    def _distinct(self) -> tuple[Integers, Integers]:
        _kinds, first, back = np.unique(self.kind, return_index=True, return_inverse=True)
        return first, back

    def above(self, share: float) -> Floats:
        """Give the probability that the true share is above this one."""
        from scipy.special import betaincc

        first, back = self._distinct
        return betaincc(self.a[first], self.b[first], share)[back]


def posteriors(judged: Judged, rows: pl.DataFrame, cell: npt.NDArray[Any]) -> Posterior:
    """Fit the spread between schools, widest pool last, and narrow it by what each school showed."""
    takers = rows["takers"].to_numpy().astype(np.int64)
    low = (
        rows.select(pl.coalesce("low", nearest_count(pl.col("percent"), pl.col("takers"))).cast(pl.Int64))
        .to_series()
        .to_numpy()
    )
    smallest = judged.number("prior_schools")
    assessment = judged.process_of_cells(["assessment"])[cell]
    a, b = np.ones(len(takers)), np.ones(len(takers))
    for group in (np.zeros(len(cell), np.int64), assessment, cell.astype(np.int64)):
        size = int(group.max(initial=0)) + 1
        prior_a, prior_b, _rows = prior_of(low, takers, group, size)
        seen = np.zeros(len(judged.schools) * size, np.bool_)
        seen[rows["s"].to_numpy().astype(np.int64) * size + group] = True
        schools = seen.reshape(len(judged.schools), size).sum(axis=0)
        enough = (schools >= smallest)[group]
        a, b = np.where(enough, prior_a[group], a), np.where(enough, prior_b[group], b)
    wide, high = int(takers.max(initial=0)) + 1, int(low.max(initial=0)) + 1
    kind = (cell.astype(np.int64) * wide + takers) * high + low
    return Posterior(a + low, b + takers - low, kind)
