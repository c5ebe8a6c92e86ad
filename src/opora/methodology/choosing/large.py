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
FAR = 6  # times a sensible choice: a bolder first target only makes the bound overshoot
TURNS, CONVERGED = 3, 0.01  # a bound that is farther off begins anew from the prices of the best choice
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
    usual = objective(table, spread(table, rules.k))
    target = min(FAR * usual, objective(table, worthiest.choose(-table.mean(axis=1))))
    first = bounded(neighbours, worthiest, neighbours.start, target, FIRST_STEPS)
    better = _bettered(table, worthiest, first, WIDE)
    prices, last = neighbours.start, first
    for _turn in range(TURNS):
        found = bounded(neighbours, worthiest, prices, better.objective, steps)
        last = max(last, found, key=lambda one: one.value)
        other = _bettered(table, worthiest, last, PROMISING)
        better = min(better, other, key=lambda one: one.objective)
        if better.objective <= (1 + CONVERGED) * last.value:
            break
        prices = better.next.astype(np.float64)  # how far the second nearest is
    better = shaken(better, _promising(worthiest, last, PROMISING), rounds)
    better.better(worthiest.open)
    return Found(
        np.sort(better.chosen), better.objective, min(whole_bound(last.value), better.objective), last
    )


def spread(table: Units, k: int) -> Integers:
    """Choose k by chance, the likelier the farther from those chosen before: a sensible choice, quotas aside.

    The seed is fixed. Source: Arthur D., Vassilvitskii S. k-means++, SODA (2007), 1027–1035, for distances.
    """
    random = np.random.default_rng(0)
    chosen = [int(random.integers(len(table)))]
    far = table[chosen[0]].astype(np.int64)
    while len(chosen) < k:
        sums = np.cumsum(far)
        place = int(np.searchsorted(sums, random.integers(max(int(sums[-1]), 1)), side="right"))
        chosen.append(min(place, len(table) - 1))
        far = np.minimum(far, table[chosen[-1]])
    return np.array(chosen)


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
