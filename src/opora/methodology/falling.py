"""How outcomes may fall (как могли бы сложиться результаты): which measures each fails, how likely, together.

Outcomes that a condition sees as one indicator of several years stand in one group; groups touch the
counters independently of each other, once the common level of the school is given.
"""

from collections import Counter as Counting
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.judging import Judged
from opora.methodology.parameters import DatedValue
from opora.methodology.rule import Failed, Same, walk
from opora.methodology.ruling import Ruling
from opora.methodology.shrinkage import Posterior, posteriors

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Fall = tuple[frozenset[str], Floats]  # the measures that are failed, and the probability of just that


@dataclass(frozen=True)
class Counter:
    """A number that a condition counts up to where its truth no longer changes."""

    leaf: Failed | Same
    year: int | None  # of a condition that counts each year apart
    cap: int


@dataclass(frozen=True, eq=False)
class Chances:
    """The counted outcomes, and how likely each fails which measures.

    s, cell: of each outcome. counted: measure → whether the outcome counts for it. standing: measure → its
    threshold, where it has one: a measure by which schools are ranked has none, and nobody fails it.
    """

    s: Integers
    cell: npt.NDArray[Any]
    counted: Mapping[str, npt.NDArray[np.bool_]]
    standing: Mapping[str, DatedValue]
    posterior: Posterior

    @classmethod
    def of(cls, judged: Judged, shares: Sequence[str]) -> "Chances":
        """Take the outcomes that count for any of the measures."""
        counted = judged.flags.select(pl.any_horizontal(pl.col(f"counted:{m}") for m in shares)).to_series()
        flags = judged.flags.filter(counted)
        return cls(
            flags["s"].to_numpy().astype(np.int64),
            flags["cell"].to_numpy(),
            {m: flags[f"counted:{m}"].to_numpy() for m in shares},
            {m: judged.settled[name] for m in shares if (name := judged.measure(m).threshold)},
            posteriors(judged, judged.ordered.rows.filter(counted), flags["cell"].to_numpy()),
        )

    def falls(self, node: int) -> Iterator[Fall]:
        """Give, for every set of measures that an outcome may fail at once, the probability of just that."""
        bounds = sorted({float(v.number) for v in self.standing.values()})
        one = np.ones(len(self.s))
        above = [one, *(self.posterior.above(bound, node) for bound in bounds), one * 0.0]
        total: dict[frozenset[str], Floats] = {}
        for level in range(len(bounds) + 1):
            probability = above[level] - above[level + 1]
            would = [m for m, standing in self.standing.items() if _fails_at(standing, bounds, level)]
            for keep in product((False, True), repeat=len(would)):
                mine = np.ones(len(self.s), np.bool_)
                for m, kept in zip(would, keep, strict=True):
                    mine &= self.counted[m] == kept
                key = frozenset(m for m, kept in zip(would, keep, strict=True) if kept)
                total[key] = total.get(key, one * 0.0) + np.where(mine, probability, 0.0)
        yield from ((key, chance) for key, chance in total.items() if chance.any())


@dataclass(frozen=True, eq=False)
class Group:
    """Outcomes of several years that a rule must see together, and what each may do to the counters.

    s: the schools that have any of them. years: of each cell. placed: per cell, its rows and where their
    schools stand among ``s``.
    """

    s: Integers
    years: tuple[int, ...]
    process: dict[str, tuple[int, ...]]  # condition → per cell, which indicator it is to that condition
    placed: tuple[tuple[Integers, Integers], ...]
    counters: tuple[Counter, ...]
    ruling: Ruling

    def steps(self, falls: Sequence[Fall]) -> Iterator[tuple[Integers, Floats]]:
        """Give every way the outcomes may fall: what it adds to the counters, and its probability."""
        chance = [tuple(_placed(falls, rows, at, len(self.s))) for rows, at in self.placed]
        for fall in product(*chance):
            probability = np.ones(len(self.s))
            for _failed, each in fall:
                probability = probability * each
            failed = [measures for measures, _each in fall]
            yield np.array([self._adds(counter, failed) for counter in self.counters]), probability

    def _adds(self, counter: Counter, failed: list[frozenset[str]]) -> int:
        leaf, judged = counter.leaf, self.ruling.judged
        years = judged.last(leaf.last) if counter.year is None else (counter.year,)
        hit = [
            place
            for place, measures in enumerate(failed)
            if self.years[place] in years and not measures.isdisjoint(leaf.measures)
        ]
        if isinstance(leaf, Failed):
            return len(hit)
        process = self.process[leaf.path]
        failing = {(process[place], self.years[place]) for place in hit}
        needed = self.ruling.years_needed(leaf.in_years, years)
        return sum(1 for n in Counting(p for p, _year in failing).values() if n >= needed)


def groups_of(ruling: Ruling, counters: Sequence[Counter], chances: Chances) -> Iterator[Group]:
    """Split the outcomes into groups that touch the counters independently of each other."""
    judged, s, cell = ruling.judged, chances.s, chances.cell
    same = [leaf for leaf in walk(ruling.named.rule) if isinstance(leaf, Same)]
    process = {leaf.path: judged.process_of_cells(leaf.by) for leaf in same}
    group_of = _joined(list(process.values()), len(judged.ordered.cells))
    for group in np.unique(group_of[np.unique(cell)]):
        cells = [c for c in np.flatnonzero(group_of == group) if judged.cell_year[c] in judged.years]
        rows = [np.flatnonzero(cell == c) for c in cells]
        mine = np.unique(np.concatenate([s[r] for r in rows]))
        placed = tuple((r, np.searchsorted(mine, s[r])) for r in rows)
        years = tuple(int(judged.cell_year[c]) for c in cells)
        own = {path: tuple(int(each[c]) for c in cells) for path, each in process.items()}
        yield Group(mine, years, own, placed, tuple(counters), ruling)


def _joined(processes: list[Integers], cells: int) -> Integers:
    """Join cells that any condition calls the same indicator; without such conditions each stands alone."""
    group = np.arange(cells)
    for process in processes:
        for each in np.unique(process):
            members = group[process == each]
            group[np.isin(group, members)] = members.min()
    return group


def _fails_at(standing: Any, bounds: list[float], level: int) -> bool:
    """Say whether a true share between two neighbouring thresholds is past this one."""
    past = level > bounds.index(float(standing.number))
    return past if standing.comparison in ("above", "at least") else not past


def _placed(falls: Iterable[Fall], rows: Integers, at: Integers, schools: int) -> Iterator[Fall]:
    """Put the chances of one cell beside the schools of its group; a school without it fails nothing."""
    nothing = np.ones(schools)
    nothing[at] = 0.0
    for measures, chance in falls:
        here = np.zeros(schools)
        here[at] = chance[rows]
        if not measures:
            nothing = nothing + here
        elif here.any():
            yield measures, here
    if nothing.any():
        yield frozenset(), nothing
