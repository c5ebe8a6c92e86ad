"""What would turn a verdict (что изменило бы решение): the nearest way off a list, and the single result.

The nearest way out (ближайший выход) is the fewest low results by which the school's outcomes would have to
be fewer, takers unchanged, for the rule not to list it. It is arithmetic of the rule, never advice. The rule
is not solved here but asked: every candidate becomes a school of its own with changed outcomes, candidates
are put to ``identify`` in the order of their cost, and the first that is not listed is the answer. So a way
is true by construction, and the least, because every cheaper one was asked before.

An outcome changes the rule only where another measure begins or stops to be met; between two such places
nothing happens, so each outcome has few levels. Outcomes with the same levels that the rule cannot tell
apart (of one year; of one process, where the rule follows processes) are lowered cheapest first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
import polars as pl

from opora.methodology.edition import Edition
from opora.methodology.identification import identify
from opora.methodology.judging import fewest
from opora.methodology.rule import InZone, Rank, Same, walk
from opora.methodology.shares import share_meets
from opora.methodology.tables import OUTCOME_KEY, Outcomes, outcomes

MOST = 60_000  # ways tried: a school with more of them is not answered
AT_ONCE = 4_096
KEY = list(OUTCOME_KEY)

# Why there is no way out: what a person is told follows from it.
RELATIVE, FIXED, TOO_MANY = "relative", "fixed", "too_many"


@dataclass(frozen=True)
class Step:
    """One outcome and how many low results it would have; its place is its row in the school's outcomes."""

    place: int
    before: int
    after: int

    @property
    def change(self) -> int:
        """Answer by how many low results it differs: negative where they are fewer."""
        return self.after - self.before


@dataclass(frozen=True)
class Way:
    """The nearest way off a list: what would change, by how many low results in all; or why there is none."""

    steps: tuple[Step, ...] = ()
    why_not: str = ""  # relative, fixed, too_many

    @property
    def cost(self) -> int:
        """Answer by how many low results they would be fewer in all."""
        return sum(-step.change for step in self.steps)


@dataclass(frozen=True)
class Level:
    """Low results of an outcome, and which of the list's measures it fails with them."""

    low: int
    met: tuple[bool, ...]


@dataclass(frozen=True)
class Asked:
    """One school's outcomes and the rule that they are put to.

    own: one row per outcome, the columns of ``OUTCOME_KEY``, ``takers``, ``low`` (null where only a percent
    was published), ``percent``. The rest are the settings of ``identify``.
    """

    own: pl.DataFrame
    edition: Edition
    name: str  # of the list
    years: tuple[int, ...] | None
    territory: str
    indicators: pl.DataFrame | None = None
    changes: Mapping[str, Any] | None = None

    def listed(self, lows: Sequence[Sequence[int | None]]) -> list[bool]:
        """Say for each way of writing the low results whether the rule would list the school."""
        count = len(lows)
        many = pl.concat([self.own] * count).with_columns(
            pl.Series("low", [low for one in lows for low in one], pl.Int32),
            pl.Series("school", np.repeat(np.arange(count), len(self.own))),
        )
        facts = None
        if self.indicators is not None:
            numbers = pl.DataFrame({"school": range(count)}, schema={"school": pl.Int64})
            facts = self.indicators.join(numbers, how="cross")
        found = identify(
            _packed(many),
            self.edition,
            indicators=facts,
            years=self.years,
            territory=self.territory,
            changes=self.changes,
        )
        verdicts = found.verdicts.filter(pl.col("list") == self.name)
        told = dict(zip(verdicts["school"], verdicts["listed"], strict=True))
        return [bool(told.get(n, False)) for n in range(count)]


def _packed(flat: pl.DataFrame) -> Outcomes:
    """Give outcomes of many made-up schools the form of the engine, checked like any other."""
    return outcomes(flat.select("school", *KEY, "takers", "low", "percent"))


def way_out(asked: Asked) -> Way:
    """Find the nearest way off a list for a school that is on it.

    Empty: no steps, and ``why_not``: the rule compares schools with one another (``relative``), nothing that
    has counts would take it off (``fixed``), or there are too many ways to try (``too_many``).
    """
    if _is_relative(asked):
        return Way(why_not=RELATIVE)
    levels = _levels(asked, down=True)
    groups = _groups(asked, levels)
    if prod(1 + sum(len(levels[place]) - 1 for place in group) for group in groups) > MOST:
        return Way(why_not=TOO_MANY)
    kept = asked.own["low"].to_list()
    for batch in _batches(_cheapest_first(groups, levels)):
        lows = [[way.get(place, low) for place, low in enumerate(kept)] for way in batch]
        for way, is_listed in zip(batch, asked.listed(lows), strict=True):
            if not is_listed:
                return Way(tuple(Step(place, kept[place], low) for place, low in sorted(way.items())))
    return Way(why_not=FIXED)


def turning(asked: Asked) -> Step | None:
    """Find the single outcome whose smallest change of low results, either way, would turn the verdict.

    Empty: None where no single outcome would, or the rule compares schools with one another.
    """
    if _is_relative(asked):
        return None
    kept = asked.own["low"].to_list()
    both = (_levels(asked, down=True), _levels(asked, down=False))
    steps = [
        Step(place, kept[place], level.low)
        for levels in both
        for place, mine in enumerate(levels)
        for level in mine[1:]
    ]
    steps.sort(key=lambda step: (abs(step.change), step.place))
    changed = [
        [step.after if place == step.place else low for place, low in enumerate(kept)] for step in steps
    ]
    now, *told = asked.listed([kept, *changed])
    return next((step for step, is_listed in zip(steps, told, strict=True) if is_listed != now), None)


def _is_relative(asked: Asked) -> bool:
    return any(isinstance(leaf, Rank | InZone) for leaf in walk(asked.edition.lists[asked.name].rule))


def _levels(asked: Asked, *, down: bool) -> list[list[Level]]:
    """Find for each outcome where it stands, and the nearest low results at which it fails other measures.

    Fewer low results where ``down``, else more. Empty: nothing for an outcome without counts.
    """
    low, takers = pl.col("low"), pl.col("takers")
    lows = pl.int_ranges(low, -1, -1) if down else pl.int_ranges(low, takers + 1)
    each = asked.own.with_row_index("place").drop_nulls("low").with_columns(lows.alias("low")).explode("low")
    found: list[list[Level]] = [[] for _row in range(len(asked.own))]
    for place, now, *met in each.select("place", "low", *_failed(asked)).iter_rows():
        if not found[place] or found[place][-1].met != tuple(met):
            found[place].append(Level(now, tuple(met)))
    return found


def _failed(asked: Asked) -> list[pl.Expr]:
    """Say for each measure of the list whether an outcome counts for it and fails it."""
    settled = asked.edition.settle(asked.territory, None, asked.changes)
    failed = []
    for name in asked.edition.lists[asked.name].measures:
        measure = asked.edition.measures[name]
        if measure.of == "low results" and measure.threshold:
            standing = settled[measure.threshold]
            meets = share_meets(pl.col("low"), pl.col("takers"), standing.comparison, standing.number)
            taken = [pl.col(column).cast(pl.String).is_in(v) for column, v in measure.where if "any" not in v]
            enough = pl.col("takers") >= fewest(asked.edition, settled, measure)
            failed.append(pl.all_horizontal(meets, enough, *taken).alias(name))
    return failed


def _groups(asked: Asked, levels: list[list[Level]]) -> list[list[int]]:
    """Group the outcomes that the rule cannot tell apart, each group cheapest first.

    An outcome with several levels stands alone: which of two is cheaper depends on the level.
    """
    rule = asked.edition.lists[asked.name].rule
    followed = [column for leaf in walk(rule) if isinstance(leaf, Same) for column in leaf.by]
    told = asked.own.select(*dict.fromkeys(["year", *followed])).rows()
    groups: dict[Any, list[int]] = {}
    for place, (row, mine) in enumerate(zip(told, levels, strict=True)):
        if len(mine) > 1:
            alike = (row, mine[0].met, mine[1].met) if len(mine) == 2 else place
            groups.setdefault(alike, []).append(place)
    return [sorted(group, key=lambda place: (_cost(levels, place, 1), place)) for group in groups.values()]


def _cost(levels: list[list[Level]], place: int, level: int) -> int:
    return levels[place][0].low - levels[place][level].low


def _cheapest_first(groups: list[list[int]], levels: list[list[Level]]) -> list[dict[int, int]]:
    """Give every way to lower the outcomes as place → low results, the cheapest first, then the shortest."""
    ways = []
    for chosen in product(*(_choices(group, levels) for group in groups)):
        way = {place: level for part in chosen for place, level in part.items()}
        cost = sum(_cost(levels, place, level) for place, level in way.items())
        ways.append((cost, len(way), sorted(way), {p: levels[p][level].low for p, level in way.items()}))
    ways.sort(key=lambda one: one[:3])
    return [way for *_order, way in ways]


def _choices(group: list[int], levels: list[list[Level]]) -> list[dict[int, int]]:
    """Give the ways to lower one group as place → level: none, the cheapest, the two cheapest, …"""
    if len(group) == 1:
        return [{}, *({group[0]: level} for level in range(1, len(levels[group[0]])))]
    return [dict.fromkeys(group[:many], 1) for many in range(len(group) + 1)]


def _batches(ways: list[dict[int, int]]) -> Iterator[list[dict[int, int]]]:
    """Cut the ways into batches that grow: the first ones are often enough."""
    size = 64
    while ways:
        yield ways[:size]
        ways, size = ways[size:], min(size * 4, AT_ONCE)
