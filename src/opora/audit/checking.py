"""What is wrong with a chain: rows in their order go in, faults that name their events come out.

Knows no database: rows are what was read there, as text where a type could not hold what somebody wrote.

What it cannot find: whoever owns the tables can take away the newest events, or write everything anew with
right hashes, since the last anchor whose copy lies where he cannot reach it. What an anchor kept elsewhere
holds cannot be changed without being found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from opora.audit.links import moment_as_spelled, read_details, sealed, spelled_as_read

MOST_COMPARED = 200  # faulty events that are tried in each other's places
COLUMNS = ("number", "at", "by", "role", "deed", "target", "target_id", "municipality", "school", "details")
Row = tuple[Any, ...]  # COLUMNS, previous, hash


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: with the events ``first``–``last`` of a chain, or with anchors."""

    kind: str  # a word of fault_words.py
    territory: str
    first: int
    last: int
    other: int = 0  # the place where a moved event belongs; the anchor that remembers otherwise
    day: str = ""  # of that anchor
    at: str = ""  # of the event
    deed: str = ""


@dataclass(frozen=True)
class Pinned:
    """What an anchor says of one event of a chain."""

    event: int
    event_hash: str
    number: int
    day: str


@dataclass
class _Walk:
    """Where a walk along a chain stands."""

    territory: str
    number: int = 0
    stored: str = ""  # hash of the last row, as it stands
    truth: str = ""  # and as it should be by the row's content
    changed: dict[int, Row] = field(default_factory=dict)

    def is_at(self, hash_: str) -> bool:
        """Say whether a hash is that of the last row; one cell changed is one fault, not two."""
        return hash_ in (self.stored, self.truth)


def check_chain(
    territory: str, rows: Iterable[Row], head: tuple[int, str] | None, pins: Mapping[int, list[Pinned]]
) -> Iterator[Fault]:
    """Walk along a chain in the order of its numbers and answer all that is wrong.

    head: what the chain's own row says of its last event; None where that row is gone.
    pins: what anchors say, by the number of the event; the walk takes no more memory than these.
    """
    walk = _Walk(territory)
    agreed = 0  # the last event on which an anchor agreed
    for row in rows:
        yield from _check_row(walk, row)
        for pin in pins.get(walk.number, ()):
            if walk.is_at(pin.event_hash):
                agreed = walk.number
            else:
                yield Fault("anchor_differs", territory, agreed + 1, walk.number, pin.number, pin.day)
    yield from _check_head(walk, head)
    yield from _check_moved(walk)
    yield from _check_beyond(walk, head, pins)


def _check_row(walk: _Walk, row: Row) -> Iterator[Fault]:
    number, previous, stored = row[0], row[-2], row[-1]
    truth = seal_of(walk.territory, row, previous)
    follows = number == walk.number + 1
    if number > walk.number + 1:
        yield Fault("missing", walk.territory, walk.number + 1, number - 1)
    elif not follows:
        yield _of_row("repeated", walk, row)
    if truth != stored:
        if len(walk.changed) < MOST_COMPARED:
            walk.changed[number] = row
        else:
            yield _of_row("changed", walk, row)
    elif follows and not walk.is_at(previous):
        yield _of_row("torn", walk, row)
    walk.number, walk.stored, walk.truth = number, stored, truth


def _check_moved(walk: _Walk) -> Iterator[Fault]:
    """Tell of the changed events, and of which one stood in another's place."""
    for number, row in walk.changed.items():
        places = (other for other in walk.changed if other != number)
        other = next(
            (one for one in places if seal_of(walk.territory, (one, *row[1:]), row[-2]) == row[-1]), 0
        )
        yield _of_row("moved" if other else "changed", walk, row, other)


def _check_head(walk: _Walk, head: tuple[int, str] | None) -> Iterator[Fault]:
    if head is None:
        if walk.number:
            yield Fault("headless", walk.territory, 1, walk.number)
        return
    number, stored = head
    if walk.is_at(stored) != (number == walk.number):  # one of the two cells is the last event's
        yield Fault("head_differs", walk.territory, walk.number, walk.number)
    elif number > walk.number:
        yield Fault("missing", walk.territory, walk.number + 1, number)
    elif number < walk.number:
        yield Fault("past_head", walk.territory, number + 1, walk.number)


def _check_beyond(
    walk: _Walk, head: tuple[int, str] | None, pins: Mapping[int, list[Pinned]]
) -> Iterator[Fault]:
    """Tell of events that an anchor remembers and nothing else does."""
    end = max(walk.number, head[0] if head else 0)
    beyond = [pin for event, told in pins.items() if event > end for pin in told]
    if beyond:
        last = max(beyond, key=lambda pin: (pin.event, -pin.number))
        yield Fault("gone", walk.territory, end + 1, last.event, last.number, last.day)


def seal_of(territory: str, row: Row, previous: str) -> str:
    """Answer the hash that a row should have. Empty: "" where it holds what no event was recorded with."""
    content: dict[str, Any] = dict(zip(COLUMNS, row, strict=False))
    try:
        content["details"] = read_details(content["details"])
        content["at"] = moment_as_spelled(content["at"])
        content["chain"] = territory
        return sealed(previous, spelled_as_read(content))
    except (ValueError, RecursionError, AttributeError, TypeError):
        return ""


def _of_row(kind: str, walk: _Walk, row: Row, other: int = 0) -> Fault:
    return Fault(kind, walk.territory, row[0], row[0], other, at=row[1] or "", deed=row[4] or "")
