"""How stable a verdict is (устойчивость): the probability that the rule would decide the same again.

The model. Schools differ by a level that all their results have in common and by what is one result's own:
see ``common_level``. Given the level, the true share of low results in a cell (assessment × subject × grade
× year × category) is drawn from a beta distribution fitted to all schools of the cell; what was observed
narrows it to ``Beta(a + low, b + takers − low)``, and all results of a school together narrow its level. So
``q``, the probability that the true share is past the threshold, leans on the school's other results and on
the other schools where takers are few (shrinkage). A cell with fewer than ``prior_schools`` schools takes
the spread of its assessment over all cells, then of all assessments; if even these are fewer, the uniform
one, and shares no level.

At every node of the level each indicator fails independently with its own ``q``, and the probability that
the rule decides as it did is computed exactly: every condition that counts is a capped counter, indicators
are added one at a time, and the whole rule is put to every state of the counters. What has no counts (an
indicator, an index) is taken as a known fact. A condition that ranks schools is one event: the observed
boundary is taken as fixed. The rule itself decides by what was observed; stability never changes a verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.falling import Chances, Counter, Fall, Group, groups_of
from opora.methodology.judging import Judged
from opora.methodology.rule import AllOf, AnyOf, Condition, Counted, Failed, InZone, Not, Rank, Same, walk
from opora.methodology.ruling import Ruling
from opora.methodology.shares import compare, prior_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST_STATES = 4096  # a rule that needs more counters than this has no stability, and says so


def stability(judged: Judged, rulings: Mapping[str, Ruling]) -> pl.DataFrame:
    """Give each verdict's stability: the probability that the rule decides the same under the model above.

    Shape: ``school list stability why``, one row per verdict. Units: 0–1. Empty: null, with the reason in
    ``why``: the school is excluded, nothing of it was counted, or nothing in its verdict is left to chance.
    """
    parts = []
    for name, ruling in rulings.items():
        value, why = _ruling(ruling)
        table = pl.DataFrame(
            {
                "school": judged.schools,
                "list": pl.repeat(name, ruling.n, dtype=pl.String, eager=True),
                "stability": pl.Series(value).fill_nan(None),
                "why": pl.Series([str(reason) or None for reason in why], dtype=pl.String),
            }
        )
        parts.append(table.filter(pl.Series(ruling.totals["seen"] > 0)))
    return pl.concat(parts)


def _ruling(ruling: Ruling) -> tuple[Floats, npt.NDArray[np.object_]]:
    judged = ruling.judged
    why = np.full(ruling.n, "", dtype=object)
    counters = _counters(ruling)
    ranks = [leaf for leaf in walk(ruling.named.rule) if isinstance(leaf, Rank) and _of_shares(judged, leaf)]
    random = np.zeros(ruling.n, np.bool_)
    shares, _others = judged.split(_counting(ruling))
    if shares:
        seen = judged.events("counted", shares)
        random[seen.s] = True
    for leaf in ranks:
        random |= ruling.rankings[leaf.path].takers > 0
    value = np.full(ruling.n, np.nan)
    states = int(np.prod([c.cap + 1 for c in counters], dtype=np.int64))
    if states * 2 ** len(ranks) > MOST_STATES:
        why[:] = _("правило слишком сложно, чтобы посчитать устойчивость точно")
        return value, why
    if random.any():
        agree = _agreement(ruling, counters, ranks)
        value = np.where(random, np.clip(agree, 0.0, 1.0), np.nan)
    why[~random] = _("в решении нет случайного: оно опирается на показатели без числа участников")
    nothing = (ruling.totals["counted"] == 0).to_numpy()
    out = judged.excluded != ""
    why[nothing] = _("ни один результат школы не учтён")
    why[out] = _("школа исключена из рассмотрения")
    value[nothing | out] = np.nan
    return value, why


def _of_shares(judged: Judged, leaf: Rank) -> bool:
    return judged.measure(leaf.measure).of == "low results"


def _counting(ruling: Ruling) -> tuple[str, ...]:
    """Name the measures whose failures the rule counts."""
    leaves = [leaf for leaf in walk(ruling.named.rule) if isinstance(leaf, Failed | Same)]
    return tuple(dict.fromkeys(m for leaf in leaves for m in leaf.measures))


def _counters(ruling: Ruling) -> list[Counter]:
    found = []
    for leaf in walk(ruling.named.rule):
        if not isinstance(leaf, Failed | Same):
            continue
        cap = _cap(ruling.judged, leaf.count) if leaf.count else 1
        apart = isinstance(leaf, Failed) and leaf.in_years
        years = ruling.judged.last(leaf.last) if apart else (None,)
        found += [Counter(leaf, year, cap) for year in years]
    return found


def _cap(judged: Judged, parameter: str) -> int:
    """Find the count from which more changes nothing."""
    standing = judged.settled[parameter]
    count = int(standing.number)
    return max(count + 1 if standing.comparison in ("above", "at most") else count, 0)


def _agreement(ruling: Ruling, counters: list[Counter], ranks: list[Rank]) -> Floats:
    """Sum the probability of every state of the counters in which the rule decides as it did."""
    sizes = tuple(c.cap + 1 for c in counters)
    state = _spread(ruling, counters, sizes)
    events = [_rank_event(ruling, leaf) for leaf in ranks]
    agree = np.zeros(ruling.n)
    for number, counts in enumerate(np.ndindex(*sizes)):
        known = _leaf_truth(ruling, counters, counts)
        for bits in product((False, True), repeat=len(ranks)):
            weight = state[:, number].copy()
            for leaf, bit, event in zip(ranks, bits, events, strict=True):
                known[leaf.path] = bit
                weight *= event if bit else 1 - event
            decided = _put(ruling, ruling.named.rule, known)
            agree += weight * (decided == ruling.listed)
    return agree


def _leaf_truth(ruling: Ruling, counters: list[Counter], counts: tuple[int, ...]) -> dict[str, bool]:
    """Say which counting conditions are true in one state of the counters."""
    judged = ruling.judged
    met: dict[str, int] = {}
    leaves = {}
    for counter, count in zip(counters, counts, strict=True):
        leaf = counter.leaf
        leaves[leaf.path] = leaf
        hit = count >= 1
        if leaf.count:
            standing = judged.settled[leaf.count]
            hit = bool(compare(count, standing.comparison, int(standing.number)))
        met[leaf.path] = met.get(leaf.path, 0) + hit
    truth = {}
    for path, leaf in leaves.items():
        needed = 1
        if isinstance(leaf, Failed) and leaf.in_years:
            needed = ruling.years_needed(leaf.in_years, judged.last(leaf.last))
        truth[path] = met[path] >= needed
    return truth


def _put(ruling: Ruling, condition: Condition, known: dict[str, bool]) -> Any:
    """Put the rule to one state: a truth value, or one per school where facts differ."""
    match condition:
        case AllOf(parts=parts):
            return np.logical_and.reduce(np.broadcast_arrays(*(_put(ruling, p, known) for p in parts)))
        case AnyOf(parts=parts):
            return np.logical_or.reduce(np.broadcast_arrays(*(_put(ruling, p, known) for p in parts)))
        case Not(part=part):
            return np.logical_not(_put(ruling, part, known))
    if condition.path in known:
        return np.bool_(known[condition.path])
    assert isinstance(condition, Counted | InZone | Rank)
    return ruling.truth[condition.path]


def _rank_event(ruling: Ruling, leaf: Rank) -> Floats:
    """Give the probability that the true pooled share is past the observed boundary of the group."""
    found = ruling.rankings[leaf.path]
    from scipy.special import betainc, betaincc

    has = (found.takers > 0) & ~np.isnan(found.cut)
    event = ruling.truth[leaf.path].astype(np.float64)
    if has.any():
        group = np.zeros(int(has.sum()), np.int64)
        low, takers = found.low[has], found.takers[has]
        smallest = ruling.judged.number("prior_schools")
        a, b, schools = prior_of(low, takers, group, 1)
        a0, b0 = (a[0], b[0]) if schools[0] >= smallest else (1.0, 1.0)
        tail = betainc if leaf.kind == "best" else betaincc
        event[has] = tail(a0 + low, b0 + takers - low, found.cut[has])
        beyond = np.nan_to_num(found.beyond[has], nan=1.0)  # the next worse quarter is not this one
        event[has] -= tail(a0 + low, b0 + takers - low, beyond) if leaf.kind == "quarter" else 0.0
    return event


def _spread(ruling: Ruling, counters: list[Counter], sizes: tuple[int, ...]) -> Floats:
    """Give the probability of every state of the counters.

    Shape: schools × states. Indicators enter one at a time; a counter at its cap stays there.
    """
    total = int(np.prod(sizes, dtype=np.int64))
    state = np.zeros((ruling.n, total))
    state[np.arange(ruling.n), _initial(ruling, counters, sizes)] = 1.0
    if not counters:
        return state
    shares, _others = ruling.judged.split(_counting(ruling))
    if not shares:
        return state
    chances = Chances.of(ruling.judged, shares)
    groups = list(groups_of(ruling, counters, chances))
    spread = np.zeros_like(state)
    for node in range(chances.posterior.nodes):
        falls = list(chances.falls(node))
        at_node = state.copy()
        for group in groups:
            _enter(at_node, group, falls, sizes)
        spread += at_node * chances.posterior.weight[:, node, None]
    return spread


def _enter(state: Floats, group: Group, falls: Sequence[Fall], sizes: tuple[int, ...]) -> None:
    """Let the outcomes of a group fall: every state moves to those that they make of it."""
    grid = np.indices(sizes).reshape(len(sizes), -1).T
    caps = np.array([c.cap for c in group.counters])
    before = state[group.s]
    after = np.zeros_like(before)
    for step, probability in group.steps(falls):
        to = np.ravel_multi_index(tuple(np.minimum(grid + step, caps).T), sizes)
        moved = before * probability[:, None]
        for origin, target in enumerate(to):
            after[:, target] += moved[:, origin]
    state[group.s] = after


def _initial(ruling: Ruling, counters: list[Counter], sizes: tuple[int, ...]) -> Integers:
    """Count what is known for certain: failures of indicators that have no counts."""
    judged = ruling.judged
    start = []
    for counter in counters:
        leaf = counter.leaf
        count = np.zeros(ruling.n, np.int64)
        _shares, others = judged.split(leaf.measures)
        if others and isinstance(leaf, Failed):
            events = judged.events("failed", others)
            years = judged.last(leaf.last) if counter.year is None else (counter.year,)
            count = np.bincount(events.s[np.isin(events.year, years)], minlength=ruling.n)
        elif others and isinstance(leaf, Same):
            count = ruling.same_processes(replace(leaf, measures=tuple(others))).sum(axis=1)
        start.append(np.minimum(count, counter.cap))
    if not counters:
        return np.zeros(ruling.n, np.int64)
    return np.ravel_multi_index(tuple(start), sizes)
