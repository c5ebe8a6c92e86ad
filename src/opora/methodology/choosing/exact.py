"""Finds the best choice of all and proves it (точный отбор): a p-median with quotas, handed to HiGHS.

What is known beforehand makes the program small: a candidate whose place in any choice would cost more than a
choice that is known is left out, one without whom every choice would is put in, and nobody needs a
representative farther than the one that is always there. Source: ReVelle C., Swain R. Geographical Analysis
2 (1970), 30–42 (the program); Beasley J. European Journal of Operational Research 21 (1985), 270–273
(leaving out by the Lagrangian bound).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opora.methodology.choosing.bound import Worthiest, whole_bound
from opora.methodology.choosing.large import Found, objective
from opora.methodology.choosing.quotas import Rules
from opora.methodology.choosing.solver import Program, solved

Units = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
SURELY = 20  # those who are surely in may make pairs so many times fewer; beyond, pairs are not even counted
ONE = 0.99  # objectives are whole numbers: a bound nearer than one proves


@dataclass(frozen=True, eq=False)
class Core:
    """What is left to decide. open: candidates that may be chosen; surely: those in every better choice."""

    open: Integers
    surely: Bools  # of those in ``open``
    of: Integers  # pairs: who is represented …
    by: Integers  # … by whom, a place in ``open``
    far: npt.NDArray[np.float64]


def core(table: Units, rules: Rules, found: Found, reach: int) -> Core | None:
    """Leave out what cannot be in a choice better than the one that was found.

    ``reach``: the most pairs that the solver is given. Empty: None where there are more of them; no pairs
    where fewer candidates are left than are to be chosen, so that no choice is better.
    """
    without, within = Worthiest(rules).margins(found.at.worth)
    most = found.objective - ONE - found.at.value
    opened = np.flatnonzero((rules.fixed == 1) | ((rules.fixed == 0) & (without <= most)))
    surely = (rules.fixed[opened] == 1) | (within[opened] > most)
    rows = table[opened]
    if len(opened) < rules.k:
        return Core(opened, surely, opened[:0], opened[:0], np.zeros(0))
    if len(table) * (len(opened) - rules.k) > reach * SURELY:
        return None
    # of so many open ones all but k stay out, so one of the nearest that are left is in
    far = np.partition(rows, len(opened) - rules.k, axis=0)[len(opened) - rules.k]
    if surely.any():
        far = np.minimum(far, rows[surely].min(axis=0))
    by, of = np.nonzero(rows <= far)
    if len(by) > reach:
        return None
    return Core(opened, surely, of, by, rows[by, of].astype(np.float64))


def best(table: Units, rules: Rules, found: Found, left: Core, seconds: float) -> tuple[Integers, int]:
    """Give the best choice, by places, and its bound: they meet if it was proven within the time."""
    if len(left.open) < rules.k or found.bound == found.objective:
        return found.chosen, found.objective
    program = _program(rules, left, len(table))
    answer = solved(program, seconds, _start(table, found, left), ONE)
    bound = found.bound
    if np.isfinite(answer.bound):  # the time may have run out before there was one
        bound = max(bound, min(found.objective, whole_bound(answer.bound)))
    if answer.infeasible:  # nothing is better than what was found
        return found.chosen, found.objective
    if not len(answer.values):
        return found.chosen, bound
    chosen = left.open[np.round(answer.values[: len(left.open)]) == 1]
    if not rules.holds(chosen) or objective(table, chosen) >= found.objective:
        return found.chosen, bound
    return chosen, min(bound, objective(table, chosen))


def _program(rules: Rules, left: Core, n: int) -> Program:
    """Write it down: a variable for each open candidate, then one for each pair; who chooses, represents."""
    opened, pairs = len(left.open), len(left.by)
    member = rules.member[:, left.open]
    first = np.vstack([np.ones((1, opened), np.bool_), member])
    row, place = np.nonzero(first)
    x = opened + np.arange(pairs)
    heads = len(first)
    rows = np.concatenate([row, heads + left.of, np.repeat(heads + n + np.arange(pairs), 2)])
    places = np.concatenate([place, x, np.column_stack([x, left.by]).reshape(-1)])
    values = np.concatenate([np.ones(len(row) + pairs), np.tile([1.0, -1.0], pairs)])
    order = np.argsort(rows, kind="stable")
    return Program(
        cost=np.concatenate([np.zeros(opened), left.far]),
        lower=np.concatenate([left.surely.astype(np.float64), np.zeros(pairs)]),
        upper=np.ones(opened + pairs),
        starts=np.searchsorted(rows[order], np.arange(heads + n + pairs + 1)),
        places=places[order],
        values=values[order],
        row_lower=np.concatenate([[rules.k], rules.lower, np.ones(n), np.full(pairs, -np.inf)]),
        row_upper=np.concatenate([[rules.k], rules.upper, np.ones(n), np.zeros(pairs)]),
        whole=np.concatenate([np.ones(opened, np.bool_), np.zeros(pairs, np.bool_)]),
    )


def _start(table: Units, found: Found, left: Core) -> npt.NDArray[np.float64] | None:
    """Write the choice that is known as the program's own answer. Empty: it is not within the core."""
    if not np.isin(found.chosen, left.open).all():
        return None
    nearest = found.chosen[table[found.chosen].argmin(axis=0)]
    return np.concatenate([np.isin(left.open, found.chosen), left.open[left.by] == nearest[left.of]]).astype(
        np.float64
    )
