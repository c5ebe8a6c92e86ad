"""Betters a choice by exchanges (k-медоиды): one school comes for one that leaves, while the quotas hold.

Every candidate is tried in the place of every chosen one at once: beside the nearest chosen school of each
candidate stands the second nearest, and so the price of any exchange is a sum over the few candidates that
it touches. Source: Schubert E., Rousseeuw P. Information Systems 101 (2021), 101804 (FasterPAM).
"""

from copy import copy

import numpy as np
import numpy.typing as npt

from opora.methodology.choosing.quotas import Rules

Units = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NEAR, AROUND, SHAKEN = 100, 12, 4  # candidates tried, chosen ones that may leave, exchanges by chance
FARTHEST = np.iinfo(np.int32).max
FORBIDDEN = np.int64(1 << 60)


class Standing:
    """A choice with what every candidate is represented by: ``chosen`` is changed by ``exchange`` only.

    nearest, second: places in ``chosen`` of the nearest chosen schools of each candidate; first, next: how
    far.
    """

    def __init__(self, table: Units, rules: Rules, chosen: Integers) -> None:
        self.table, self.rules = table, rules
        self.chosen = np.sort(np.asarray(chosen, np.int64))
        n = len(table)
        self.held = np.isin(np.arange(n), self.chosen)
        self.nearest, self.second = np.zeros(n, np.int64), np.zeros(n, np.int64)
        self.first, self.next = np.zeros(n, np.int32), np.zeros(n, np.int32)
        self._look(np.arange(n))
        self._weigh()

    @property
    def objective(self) -> int:
        """The sum of everybody's distance to the nearest chosen school."""
        return int(self.first.sum(dtype=np.int64))

    def _look(self, at: Integers) -> None:
        """Find the two nearest anew; of equally near ones the first in the order of candidates."""
        part = self.table[self.chosen[:, None], at].astype(np.int64) * len(self.table) + self.chosen[:, None]
        self.nearest[at] = part.argmin(axis=0)
        self.first[at] = self.table[self.chosen[self.nearest[at]], at]
        if len(self.chosen) > 1:
            part[self.nearest[at], np.arange(len(at))] = FORBIDDEN
            self.second[at] = part.argmin(axis=0)
            self.next[at] = self.table[self.chosen[self.second[at]], at]
        else:
            self.next[at] = FARTHEST

    def _weigh(self) -> None:
        """Sum up what leaves with each chosen school, and see which quotas are full or would be left
        short."""
        loss = np.bincount(self.nearest, weights=self.next - self.first, minlength=len(self.chosen))
        self.loss = loss.astype(np.int64)
        self.inside = self.rules.member[:, self.chosen]
        count = self.inside.sum(axis=1)
        self.full, self.bare = count == self.rules.upper, count == self.rules.lower
        self.pinned = self.inside[self.bare].sum(axis=0)
        self.kept = self.rules.fixed[self.chosen] == 1

    def barred(self, coming: int) -> Bools:
        """Tell which of the chosen may not leave for a candidate: fixed, or a quota would be broken."""
        own = self.rules.member[:, coming]
        short = self.pinned > self.inside[self.bare & own].sum(axis=0)
        return np.asarray(self.kept | short | ~self.inside[self.full & own].all(axis=0))

    def prices(self, coming: int) -> Integers:
        """Tell by how much the objective grows if a candidate comes for each chosen one, quotas or not."""
        away = self.table[coming]
        at = np.flatnonzero(away < self.next)
        far, first, then, whose = away[at], self.first[at], self.next[at], self.nearest[at]
        closer = far < first
        spared = np.bincount(whose, weights=np.where(closer, first, far) - then, minlength=len(self.chosen))
        return self.loss + spared.astype(np.int64) + int((far - first)[closer].sum(dtype=np.int64))

    def exchange(self, slot: int, coming: int) -> None:
        """Let a candidate come for the one in a slot."""
        away = self.table[coming]
        touched = np.flatnonzero((self.nearest == slot) | (self.second == slot) | (away <= self.next))
        self.held[self.chosen[slot]], self.held[coming] = False, True
        self.chosen[slot] = coming
        self._look(touched)
        self._weigh()

    def better(self, among: Integers) -> None:
        """Exchange while any single exchange with these candidates makes the objective less, in their
        order."""
        idle, turn = 0, 0
        while idle < len(among):
            coming = int(among[turn])
            if not self.held[coming]:
                prices = self.prices(coming)
                if prices.min() < 0:
                    prices[self.barred(coming)] = 0
                slot = int(prices.argmin())
                if prices[slot] < 0:
                    self.exchange(slot, coming)
                    idle = 0
            idle, turn = idle + 1, turn + 1 if turn + 1 < len(among) else 0

    def copy(self) -> "Standing":
        """Keep the choice as it is now, to come back to."""
        other = copy(self)
        for name in ("chosen", "nearest", "second", "first", "next", "held"):
            setattr(other, name, getattr(self, name).copy())
        return other


def shaken(standing: Standing, among: Integers, rounds: int) -> Standing:
    """Come out of choices that no single exchange betters: exchange a few neighbours by chance, better,
    compare.

    ``among`` are the candidates that may come. The seed is fixed: the same choice is shaken in the same way.
    """
    random = np.random.default_rng(0)
    for _round in range(rounds):
        trial = standing.copy()
        centre = trial.chosen[random.integers(len(trial.chosen))]
        near = among[np.argsort(trial.table[centre, among], kind="stable")[:NEAR]]
        around = np.argsort(trial.table[centre, trial.chosen], kind="stable")[:AROUND]
        for coming in random.choice(near, min(SHAKEN, len(near)), replace=False):
            free = around[~trial.barred(coming)[around]]
            if len(free) and not trial.held[coming]:
                trial.exchange(int(random.choice(free)), int(coming))
        trial.better(near)
        if trial.objective <= standing.objective:
            standing = trial
    return standing


def first_by_key(table: Units, rules: Rules, chosen: Integers) -> Integers:
    """Let the first in the order of candidates come wherever it makes no difference."""
    standing = Standing(table, rules, chosen)
    for coming in np.flatnonzero(rules.fixed >= 0).tolist():
        if not standing.held[coming]:
            same = (standing.prices(coming) == 0) & (standing.chosen > coming) & ~standing.barred(coming)
            if same.any():
                standing.exchange(int(same.argmax()), coming)
    return np.sort(standing.chosen)
