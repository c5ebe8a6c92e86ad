"""Reads the trace as it stands at one moment and holds it against itself, its anchors and their copy."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from opora.audit.anchor_file import AnchorLine, read_lines
from opora.audit.checking import Fault, Pinned, Row, check_chain
from opora.audit.checking_anchors import Copy, check_anchors, check_copy, pin_of

AT_ONCE = 5_000  # rows that the database hands over at a time
MOST_TOLD = 1_000
EVENTS = """
    SELECT number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US AD'), by_id, role, deed, target,
        target_id, municipality, school, details::text, previous, hash
    FROM audit_event WHERE chain_id = %s ORDER BY number"""
ANCHORS = """
    SELECT number, to_char(day, 'YYYY-MM-DD'), chain_id, event, event_hash, previous, hash
    FROM audit_anchor {condition} ORDER BY number"""
# Each territory is looked up in the index: a scan of all events would cost as much as the walk.
TERRITORIES = """
    WITH RECURSIVE found AS (
        (SELECT chain_id FROM audit_event ORDER BY chain_id LIMIT 1)
        UNION ALL
        SELECT (SELECT chain_id FROM audit_event WHERE chain_id > found.chain_id ORDER BY chain_id LIMIT 1)
        FROM found WHERE found.chain_id IS NOT NULL)
    SELECT chain_id FROM found WHERE chain_id IS NOT NULL
    UNION SELECT territory FROM audit_chain UNION SELECT chain_id FROM audit_anchor"""


@dataclass
class Verified:
    """What a verification found."""

    events: int = 0
    chains: int = 0
    anchors: int = 0
    lines: int = 0  # of the file; 0 where there was none
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    untold: int = 0  # faults beyond MOST_TOLD

    def is_sound(self) -> bool:
        """Say whether nothing was found."""
        return not self.faults

    def add(self, faults: Iterable[Fault]) -> None:
        """Keep faults, up to what anybody will read."""
        for fault in faults:
            if len(self.faults) < MOST_TOLD:
                self.faults.append(fault)
            else:
                self.untold += 1


def verify(territory: str | None = None, file: Path | None = None) -> Verified:
    """Check the chain of a territory, or all of them; anchors are always walked along.

    territory: a region's code, "" for the country's own chain; None is all.
    file: a copy of the anchors that was kept elsewhere.

    Raises: OSError, when the file cannot be read.
    """
    found, copy, began = Verified(), Copy(), perf_counter()
    with _one_moment():
        found.add(check_anchors(_counting(_anchors(), found, "anchors")))
        if file is not None:
            found.add(check_copy(read_lines(file), _anchors(), copy))
        denied = defaultdict(list)
        for place, pin in copy.pins():
            denied[place].append(pin)
        places = {row[0] for row in _read(TERRITORIES, [])} | set(denied)
        for place in sorted(places) if territory is None else [territory]:
            rows = _counting(_read(EVENTS, [place]), found, "events")
            found.add(check_chain(place, rows, _head(place), _pins(place, denied[place])))
            found.chains += 1
    found.lines, found.seconds = copy.lines, perf_counter() - began
    return found


def _pins(territory: str, denied: list[Pinned]) -> dict[int, list[Pinned]]:
    pins: dict[int, list[Pinned]] = defaultdict(list)
    for one in [*(pin_of(line) for line in _anchors(territory)), *denied]:
        pins[one.event].append(one)
    return dict(pins)


def _anchors(territory: str | None = None) -> Iterator[AnchorLine]:
    condition = "" if territory is None else "WHERE chain_id = %s"
    rows = _read(ANCHORS.format(condition=condition), [] if territory is None else [territory])
    return (AnchorLine(*row) for row in rows)


def _head(territory: str) -> tuple[int, str] | None:
    rows = list(_read("SELECT number, hash FROM audit_chain WHERE territory = %s", [territory]))
    return (rows[0][0], rows[0][1]) if rows else None


def _read(statement: str, given: list[Any]) -> Iterator[Row]:
    """Read rows a few thousand at a time, whatever the length of a chain."""
    connection.ensure_connection()
    name = f"audit_{id(given):x}"
    with connection.wrap_database_errors, connection.connection.cursor(name=name) as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(statement, given)
        yield from cursor


def _counting(rows: Iterable[Any], found: Verified, what: str) -> Iterator[Any]:
    for row in rows:
        setattr(found, what, getattr(found, what) + 1)
        yield row


@contextmanager
def _one_moment() -> Iterator[None]:
    """See all tables as they stand at one moment, while deeds go on being recorded."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
