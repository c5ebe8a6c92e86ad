"""Bounds a choice from below (нижняя граница): no choice that keeps the quotas represents better than this.

Everybody must be represented once; instead, a price is put on each candidate left unrepresented (a Lagrangian
relaxation). For any prices what remains is easy: each candidate is worth what it would save, and the most
worthy that keep the quotas are taken. So any prices give a true lower bound; the best are looked for by
subgradient steps. Only neighbours count: a price is held below the distance to the nearest neighbour that
is left out of the table, so that nobody outside it could save anything. Source: Cornuéjols G., Fisher M.,
Nemhauser G. Management Science 23 (1977), 789–810; Held M., Wolfe P., Crowder H. Mathematical Programming 6
(1974), 62–88 (the steps).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from opora.methodology.choosing.quotas import Rules
from opora.methodology.choosing.solver import Program, held, solved
from opora.methodology.shares import ratio

Units = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
# How the search steps; none of these can make a bound untrue.
BLOCK = 256  # rows looked through at a time
SOON = 1.2  # pairs that prices reach after growing so many times are kept in hand
REFRESHED = 10  # steps after which the pairs in hand are chosen anew
MOMENTUM = 0.8  # how much of the last way is kept
BOLD = 0.3  # of the step that would reach the target if the way were straight
PATIENCE = 4  # steps without gain after which steps are shortened
SHORTENED = 0.7
HALF = 1e-6  # a share of a school that is no rounding
GAINED = 1e-3  # of what is missing to the target: less is no gain


class Worthiest:
    """The cheapest choice that keeps the quotas, for any worth of the candidates, and a bound of its cost.

    A class gives its cheapest first, so the solver sees its first, second … place instead of its
    candidates: far fewer variables, and its last answer is a good start for the next.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.open = np.flatnonzero(rules.fixed == 0)
        self.fixed = np.flatnonzero(rules.fixed == 1)
        taken = rules.member[:, self.fixed].sum(axis=1)
        self.lower, self.upper = rules.lower - taken, rules.upper - taken
        self.k = rules.k - len(self.fixed)
        self.classes = rules.classes[self.open]
        sizes = np.bincount(self.classes, minlength=rules.kinds.shape[1])
        self.starts = np.cumsum(sizes) - sizes
        most = np.where(rules.kinds, self.upper[:, None], self.k).min(axis=0, initial=self.k)
        slots = np.minimum(sizes, most)
        self.class_of_slot = np.repeat(np.arange(len(slots)), slots)
        self.place = np.arange(len(self.class_of_slot)) - np.repeat(np.cumsum(slots) - slots, slots)
        self.slot_member = rules.kinds[:, self.class_of_slot].astype(np.float64)
        self.solver: Any = held(self._program()) if len(rules.member) else None

    def _program(self) -> Program:
        slots = len(self.class_of_slot)
        rows = np.vstack([np.ones((1, slots), np.bool_), self.slot_member > 0])
        row, place = np.nonzero(rows)
        return Program(
            cost=np.zeros(slots),
            lower=np.zeros(slots),
            upper=np.ones(slots),
            starts=np.searchsorted(row, np.arange(len(rows) + 1)),
            places=place,
            values=np.ones(len(place)),
            row_lower=np.array([self.k, *self.lower], np.float64),
            row_upper=np.array([self.k, *self.upper], np.float64),
            whole=np.zeros(slots, np.bool_),
        )

    def _slots(self, costs: Floats) -> tuple[Integers, Floats]:
        """Put the cheapest of each class into its first place, the next into its second …"""
        order = self.open[np.lexsort((costs[self.open], self.classes))]
        who = order[self.starts[self.class_of_slot] + self.place]
        return who, costs[who]

    def ask(self, costs: Floats) -> tuple[float, Floats]:
        """Give a lower bound of the cost, and how much of each candidate is taken (0 to 1, k together)."""
        who, price = self._slots(costs)
        amount, duals = self._solved(price)
        taken = np.zeros(len(costs))
        taken[self.fixed], taken[who] = 1.0, amount
        # the solver's duals are only nearly right: the bound is computed from them anew, and holds for any
        paid = np.maximum(duals, 0.0) @ self.lower + np.minimum(duals, 0.0) @ self.upper
        rest = np.sort(price - duals @ self.slot_member)[: self.k].sum()
        return float(costs[self.fixed].sum() + rest + paid), taken

    def _solved(self, price: Floats) -> tuple[Floats, Floats]:
        """Answer how much of each slot is taken, and what each quota costs."""
        if self.solver is None:
            amount = np.zeros(len(price))
            amount[np.argsort(price, kind="stable")[: self.k]] = 1.0
            return amount, np.zeros(0)
        self.solver.changeColsCost(len(price), np.arange(len(price), dtype=np.int32), price)
        self.solver.run()
        found = self.solver.getSolution()
        return np.array(found.col_value), np.array(found.row_dual)[1:]

    def margins(self, costs: Floats) -> tuple[Floats, Floats]:
        """Tell by how much the bound grows at least if a candidate is made to be taken, or made not to be.

        Empty: 0 of those whose place is fixed.
        """
        _who, price = self._slots(costs)
        _amount, duals = self._solved(price)
        own = costs[self.open] - duals @ self.rules.member[:, self.open]
        order = np.sort(own)
        last = order[self.k - 1] if self.k else -np.inf
        further = order[self.k] if self.k < len(order) else np.inf
        put_in, left_out = np.zeros(len(costs)), np.zeros(len(costs))
        put_in[self.open] = np.maximum(own - last, 0.0)
        left_out[self.open] = np.maximum(further - own, 0.0)
        return put_in, left_out

    def choose(self, costs: Floats) -> Integers:
        """Give a cheapest choice by places: whole schools, even where the solver would halve them."""
        _bound, taken = self.ask(costs)
        if np.abs(taken - np.round(taken)).max() > HALF:
            who, price = self._slots(costs)
            program = replace(self._program(), cost=price, whole=np.ones(len(price), np.bool_))
            taken = np.zeros(len(costs))
            taken[self.fixed], taken[who] = 1.0, solved(program).values
        return np.flatnonzero(np.round(taken) == 1)


class Neighbours:
    """Who is near to whom: the pairs that a price may reach, sorted by the one who would represent.

    by, of, far: of each pair, who represents, who is represented, and the distance; reach: how high prices
    may go, the distance to the ``each``-th neighbour (no limit if that is everybody); start: that to the
    ``near``-th.
    """

    def __init__(self, table: Units, near: int, each: int) -> None:
        n = len(table)
        blocks = [table[start : start + BLOCK] for start in range(0, n, BLOCK)]
        order = np.concatenate(
            [np.partition(rows, (near, each - 1), axis=1)[:, [near, each - 1]] for rows in blocks]
        )
        self.start = order[:, 0].astype(np.float64)
        self.reach = np.full(n, np.inf) if each == n else order[:, 1].astype(np.float64)
        parts = [np.nonzero(rows < self.reach) for rows in blocks]
        self.by = np.concatenate([by + BLOCK * place for place, (by, _of) in enumerate(parts)])
        self.of = np.concatenate([of for _by, of in parts])
        self.far = table[self.by, self.of].astype(np.float64)
        self.size = n

    def within(self, prices: Floats) -> "Active":
        """Leave only the pairs that prices reach now or soon."""
        reach = np.minimum(self.reach, prices * SOON + 1)
        on = np.flatnonzero(self.far < reach[self.of])
        return Active(self.by[on], self.of[on], self.far[on], reach)


@dataclass(frozen=True, eq=False)
class Active:
    """The pairs that the prices of a few steps may reach."""

    by: Integers
    of: Integers
    far: Floats
    reach: Floats

    def saved(self, prices: Floats) -> tuple[Floats, Floats]:
        """Give what each candidate would save if taken (below zero), and the same pair by pair."""
        pairs = np.minimum(self.far - prices[self.of], 0.0)
        saved: Floats = np.bincount(self.by, weights=pairs, minlength=len(prices)).astype(np.float64)
        return saved, pairs

    def unrepresented(self, pairs: Floats, taken: Floats) -> Floats:
        """Count for each candidate one, less those who are taken and would represent it: the subgradient."""
        on = np.flatnonzero((pairs < 0) & (taken[self.by] > 0))
        times = np.bincount(self.of[on], weights=taken[self.by[on]], minlength=len(taken))
        return (1.0 - times).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Bound:
    """The best lower bound that was found. worth: what each candidate saves there, less is better."""

    value: float
    prices: Floats
    worth: Floats


def bounded(neighbours: Neighbours, worthiest: Worthiest, prices: Floats, target: float, steps: int) -> Bound:
    """Raise the bound from the given prices in so many steps.

    ``target`` is the objective of a known choice: the nearer it is to the best, the better the steps.
    """
    size, idle, way = BOLD, 0, np.zeros(neighbours.size)
    best, mark = Bound(-np.inf, prices, prices), -np.inf
    for step in range(steps):
        if step % REFRESHED == 0:
            active = neighbours.within(prices)
        prices = np.clip(prices, 0.0, active.reach)
        saved, pairs = active.saved(prices)
        cost, taken = worthiest.ask(saved)
        value = float(prices.sum()) + cost
        idle += 1
        if value > best.value:
            best = Bound(value, prices, saved)
            if value > mark + GAINED * abs(target - value):
                mark, idle = value, 0
        if idle >= PATIENCE:
            size, idle = size * SHORTENED, 0
        way = active.unrepresented(pairs, taken) + MOMENTUM * way
        prices = prices + size * ratio(target - value, way @ way) * way
    return best


def whole_bound(value: float) -> int:
    """Round a bound up: objectives are whole numbers; what the machine's arithmetic may have added is left
    off."""
    return int(np.ceil(value - 1e-3))
