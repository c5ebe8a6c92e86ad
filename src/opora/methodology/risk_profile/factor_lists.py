"""The federal lists of risk factors (перечни рисковых факторов) by year, and which factors match."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opora.methodology.marked import Node, Words, read
from opora.methodology.parameters import STATUSES, Source, read_sources, shipped_sources

FILE = Path(__file__).parent.joinpath("factor_lists.yaml")


@dataclass(frozen=True)
class Listed:
    """One factor of a list of a year."""

    number: int
    title: Words
    source: Source
    status: str


@dataclass(frozen=True)
class FactorLists:
    """All lists. matches: (year, another year) → number in the first → number in the second."""

    lists: Mapping[int, Mapping[int, Listed]]
    matches: Mapping[tuple[int, int], Mapping[int, int]]

    def match(self, number: int, year: int, other: int) -> int | None:
        """Find the same factor in another year's list. Empty: None, where no one factor is the same."""
        if year == other:
            return number if number in self.lists[year] else None
        if (year, other) in self.matches:
            return self.matches[year, other].get(number)
        back = {to: of for of, to in self.matches.get((other, year), {}).items()}
        return back.get(number)


@cache
def factor_lists() -> FactorLists:
    """Read the lists that come with Opora."""
    parts = read(FILE.read_text(encoding="utf-8"), FILE.name).mapping(["sources", "lists", "matches"])
    sources = {**shipped_sources(), **read_sources(parts["sources"])}
    lists = {
        int(year): {
            int(number): _listed(int(number), piece, sources) for number, piece in node.pairs().items()
        }
        for year, node in parts["lists"].pairs().items()
    }
    matches = {}
    for node in parts["matches"].items():
        given = node.mapping(["from", "to", "source", "status", "same"])
        given["source"].choice(sources)
        given["status"].choice(STATUSES)
        pairs = {int(of): to.integer() for of, to in given["same"].pairs().items()}
        matches[given["from"].integer(), given["to"].integer()] = pairs
    return FactorLists(lists, matches)


def _listed(number: int, node: Node, sources: Mapping[str, Source]) -> Listed:
    given = node.mapping(["title", "source", "status"])
    source = sources[given["source"].choice(sources)]
    return Listed(number, given["title"].words(), source, given["status"].choice(STATUSES))
