"""A rule put to judged results (решение по правилу): which school it finds, and by which branch."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology import points, ranks
from opora.methodology.edition import NamedList
from opora.methodology.judging import Flags, Judged, words
from opora.methodology.rule import AllOf, AnyOf, Condition, Counted, Failed, InZone, Not, Rank, Same
from opora.methodology.shares import compare

Counts = npt.NDArray[np.int64]


class Ruling:
    """One list's rule put to the judged results: the truth of each of its conditions for every school."""

    def __init__(self, judged: Judged, named: NamedList):
        self.judged = judged
        self.named = named
        self.n = len(judged.schools)
        self.truth: dict[str, Flags] = {}
        self.rankings: dict[str, ranks.Ranked] = {}
        self.indexed: dict[str, points.Indexed] = {}
        self.totals = judged.totals(named.measures)
        judgeable = (self.totals["counted"] > 0).to_numpy() & (judged.excluded == "")
        self.listed: Flags = self._decide(named.rule) & judgeable

    def _decide(self, condition: Condition) -> Flags:
        truth = self._truth(condition)
        self.truth[condition.path] = truth
        return truth

    def _truth(self, condition: Condition) -> Flags:  # noqa: PLR0911  one case a kind
        match condition:
            case AllOf(parts=parts):
                return np.logical_and.reduce([self._decide(part) for part in parts])
            case AnyOf(parts=parts):
                return np.logical_or.reduce([self._decide(part) for part in parts])
            case Not(part=part):
                return ~self._decide(part)
            case Failed():
                return self._failed(condition)
            case Same():
                return self._same(condition)
            case Counted():
                return self._counted(condition)
            case Rank():
                self.rankings[condition.path] = found = ranks.rank(self.judged, condition)
                return found.listed
            case InZone():
                return self._in_zone(condition)
        raise TypeError(condition)

    def _meets(self, count: Counts, parameter: str) -> Flags:
        standing = self.judged.settled[parameter]
        met: Flags = compare(count, standing.comparison, int(standing.value))
        return met

    def years_needed(self, parameter: str, years: tuple[int, ...]) -> int:
        return len(years) if parameter == "every" else self.judged.number(parameter)

    def _failed(self, condition: Failed) -> Flags:
        if condition.in_years:
            years = self.judged.last(condition.last)
            return self.years_met(condition).sum(axis=1) >= self.years_needed(condition.in_years, years)
        events = self.judged.events("failed", condition.measures)
        return self._meets(
            self._count(events.s[self.judged.within(events.year, condition.last)]), condition.count
        )

    def years_met(self, condition: Failed) -> Flags:
        """Find the years of the window in which the count of failed indicators is met.

        Shape: schools × every year from the window's first to its last.
        """
        first = min(self.judged.years)
        met = np.zeros((self.n, max(self.judged.years) - first + 1), np.bool_)
        events = self.judged.events("failed", condition.measures)
        for year in self.judged.last(condition.last):
            met[:, year - first] = self._meets(self._count(events.s[events.year == year]), condition.count)
        return met

    def _same(self, condition: Same) -> Flags:
        hits = self.same_processes(condition)
        count = hits.sum(axis=1)
        return self._meets(count, condition.count) if condition.count else count >= 1

    def same_processes(self, condition: Same) -> Flags:
        """Find which indicators of which school failed in each (or so many) of the years.

        Shape: schools × indicators, numbered as the events are.
        """
        years = self.judged.last(condition.last)
        events = self.judged.events("failed", condition.measures, condition.by)
        width = int(events.process.max(initial=0)) + 1
        met = np.zeros(self.n * width, np.int16)
        for year in years:
            now = events.year == year
            failed = np.zeros(self.n * width, np.bool_)
            failed[events.s[now] * width + events.process[now]] = True
            met += failed
        found: Flags = (met >= self.years_needed(condition.in_years, years)).reshape(self.n, width)
        return found

    def _counted(self, condition: Counted) -> Flags:
        events = self.judged.events("counted", condition.measures)
        in_years = self.judged.within(events.year, condition.last)
        return self._meets(self._count(events.s[in_years]), condition.count)

    def _in_zone(self, condition: InZone) -> Flags:
        years = self.judged.last(condition.last)
        if not condition.in_years:
            years = years[-1:]
        index = self.judged.edition.indexes[condition.index]
        self.indexed[condition.path] = found = points.index(self.judged, index, years)
        hits = np.isin(found.zone, condition.zones).sum(axis=1)
        needed = self.years_needed(condition.in_years, years) if condition.in_years else 1
        truth: Flags = hits >= needed
        return truth

    def _count(self, s: Counts) -> Counts:
        return np.bincount(s, minlength=self.n)

    @cached_property
    def branches(self) -> tuple[list[str], Counts]:
        """Find the deciding branch of every listed school: the first true one at each «any».

        Shape: the branches' paths, and per school the number of its branch, -1 where it is not listed.
        """
        paths: list[str] = []
        branch = np.full(self.n, -1, np.int64)

        def follow(condition: Condition, who: Flags) -> None:
            if isinstance(condition, AnyOf):
                for part in condition.parts:
                    follow(part, who & self.truth[part.path])
                    who = who & ~self.truth[part.path]
            elif who.any():
                branch[who] = len(paths)
                paths.append(condition.path)

        follow(self.named.rule, self.listed)
        return paths, branch

    def verdicts(self) -> pl.DataFrame:
        paths, branch = self.branches
        seen = (self.totals["seen"] > 0).to_numpy()
        return pl.DataFrame(
            {
                "school": self.judged.schools,
                "list": pl.repeat(self.named.name, self.n, dtype=pl.String, eager=True),
                "listed": self.listed,
                "branch": words(paths, branch),
                "failed": self.totals["failed"],
                "counted": self.totals["counted"],
            }
        ).filter(pl.Series(seen, dtype=pl.Boolean))
