"""Finds a choice that is nearly the best, and how near: exchanges from above, a Lagrangian bound from
below."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opora.methodology.choosing.bound import Bound, Neighbours, Worthiest, bounded, whole_bound
from opora.methodology.choosing.quotas import Rules
from opora.methodology.choosing.swaps import Standing, shaken
from opora.methodology.shares import ratio

Units = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NEIGHBOURHOODS = 6  # how many times the share of one chosen school is near enough to matter
PROMISING = 3  # candidates for each place to be filled that are tried, and while the bound is still rough:
WIDE = 6
FIRST_STEPS = 40  # of the bound, only to begin exchanging from a sensible choice


@dataclass(frozen=True, eq=False)
class Found:
    """A choice by places, its objective and a lower bound of every choice's. bound_at: the prices behind
    it."""

    chosen: Integers
    objective: int
    bound: int
    at: Bound


def nearly_best(table: Units, rules: Rules, steps: int, rounds: int, pairs: int) -> Found:
    """Choose, and bound the choice from below.

    ``steps`` of the bound, ``rounds`` of shaking; ``pairs`` of neighbours kept at most, so that memory and
    time stay within limits.
    """
    n = len(table)
    around = ratio(n, rules.k)
    each = int(min(n, max(60, NEIGHBOURHOODS * around), ratio(pairs, n) + 1))
    neighbours = Neighbours(table, min(int(1.5 * around), each - 1), each)
    worthiest = Worthiest(rules)
    start = worthiest.choose(-table.mean(axis=1))
    first = bounded(neighbours, worthiest, neighbours.start, objective(table, start), FIRST_STEPS)
    standing = _bettered(table, worthiest, first, WIDE)
    last = bounded(neighbours, worthiest, neighbours.start, standing.objective, steps)
    other = _bettered(table, worthiest, last, PROMISING)
    better = min(standing, other, key=lambda one: one.objective)
    better = shaken(better, _promising(worthiest, last, PROMISING), rounds)
    better.better(worthiest.open)
    return Found(
        np.sort(better.chosen), better.objective, min(whole_bound(last.value), better.objective), last
    )


def _bettered(table: Units, worthiest: Worthiest, at: Bound, wide: int) -> Standing:
    """Begin from the choice that is the most worthy at a bound, and exchange with the promising."""
    standing = Standing(table, worthiest.rules, worthiest.choose(at.worth))
    standing.better(_promising(worthiest, at, wide))
    return standing


def _promising(worthiest: Worthiest, at: Bound, wide: int) -> Integers:
    """Name the candidates whose place in a choice would cost the bound least, so many for each place."""
    missing, _spare = worthiest.margins(at.worth)
    likely = worthiest.open[np.argsort(missing[worthiest.open], kind="stable")]
    return np.sort(likely[: wide * worthiest.rules.k])


def objective(table: Units, chosen: Integers) -> int:
    """Sum everybody's distance to the nearest chosen school."""
    return int(table[chosen].min(axis=0).sum(dtype=np.int64))
