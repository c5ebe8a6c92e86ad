"""What is wrong with anchors: with their own links, and with a copy of them that was kept elsewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from opora.audit.anchor_file import AnchorLine
from opora.audit.checking import Fault, Pinned
from opora.audit.links import anchored

MOST_REMEMBERED = 10_000  # lines of the file that the database denies


@dataclass
class Copy:
    """A file of anchors against the database's: what the file holds and the database denies."""

    lines: int = 0
    denied: list[AnchorLine] = field(default_factory=list)

    def pins(self) -> Iterator[tuple[str, Pinned]]:
        """Answer what those say of events, by territory."""
        for line in self.denied:
            yield line.territory, pin_of(line)


def pin_of(line: AnchorLine) -> Pinned:
    """Answer what an anchor says of its event."""
    return Pinned(line.event, line.event_hash, line.number, line.day)


def check_anchors(anchors: Iterable[AnchorLine]) -> Iterator[Fault]:
    """Walk along the anchors and answer those that do not follow the one before, or were changed."""
    number, stored, truth = 0, "", ""
    for one in anchors:
        if one.number > number + 1:
            yield Fault("anchors_missing", "", 0, 0, number + 1, str(one.number - 1))
        elif one.previous not in (stored, truth):
            yield _of("anchor_torn", one)
        number, stored, truth = one.number, one.hash, seal_of(one)
        if truth != stored:
            yield _of("anchor_changed", one)


def check_copy(
    lines: Iterable[tuple[int, AnchorLine | None]], anchors: Iterable[AnchorLine], copy: Copy
) -> Iterator[Fault]:
    """Walk along a file and the database's anchors together: both are in the order of their numbers."""
    stored = iter(anchors)
    mine = next(stored, None)
    last = 0
    for place, line in lines:
        copy.lines += 1
        if line is None or seal_of(line) != line.hash or line.number <= last:
            yield Fault("line_changed", "", 0, 0, place)
            continue
        last = line.number
        while mine is not None and mine.number < line.number:
            mine = next(stored, None)
        if mine != line:
            if len(copy.denied) < MOST_REMEMBERED:
                copy.denied.append(line)
            yield _of("anchor_gone" if mine is None or mine.number != line.number else "anchor_denied", line)


def seal_of(one: AnchorLine) -> str:
    """Answer the hash that an anchor should have."""
    return anchored(one.previous, one.number, one.day, one.territory, one.event, one.event_hash)


def _of(kind: str, one: AnchorLine) -> Fault:
    return Fault(kind, one.territory, one.event, one.event, one.number, one.day)
