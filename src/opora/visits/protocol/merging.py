"""What stands of a visit's records, whichever devices told them and in whichever order they came.

All answers follow from the set of records alone: from two devices comes what would come from one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opora.visits.protocol.records import AGREEMENT, CORRECTION, KEPT, PHOTOGRAPH, Payload, Record


@dataclass(frozen=True)
class Thing:
    """A record with its corrections (что записано): what stands now, and everything said before.

    root: the record that was said first; said: the one whose words stand. earlier: all others of the
    thread, in their order. rivals: those of ``earlier`` that correct the same words as ``said`` does on
    another device: somebody should look at both.
    """

    root: Record
    said: Record
    kind: str
    payload: Payload
    is_withdrawn: bool
    earlier: tuple[Record, ...] = ()
    rivals: tuple[Record, ...] = ()


class State(StrEnum):
    """How far an agreement is."""

    OPEN = "open"
    OVERDUE = "overdue"
    KEPT = "kept"


@dataclass(frozen=True)
class Agreement:
    """An agreement (договорённость) as it stands on a day."""

    root: Record
    what: str
    who: str
    due: date
    state: State
    kept_notes: tuple[str, ...] = ()


def together(*sets: Iterable[Record]) -> dict[str, Record]:
    """Put records of several devices together, each once. The first of two of one name stays."""
    found: dict[str, Record] = {}
    for records in sets:
        for record in records:
            found.setdefault(record.uuid, record)
    return found


def things(records: Iterable[Record]) -> tuple[Thing, ...]:
    """Answer what stands, in the order in which it was first said by the devices' clocks.

    A correction whose record has not come yet stands by itself until it does. Where corrections go in a
    circle, the first of it is taken for the beginning: nothing is left out.
    """
    known = together(sorted(records, key=lambda one: one.order))
    after: dict[str, list[Record]] = {}
    for record in known.values():
        if target := _target(record, known):
            after.setdefault(target, []).append(record)
    begin = [record for record in known.values() if not _target(record, known)]
    told: set[str] = set()
    found = [_thing(record, after, told) for record in begin]
    found += [_thing(one, after, told) for one in known.values() if one.uuid not in told]
    return tuple(sorted(found, key=lambda thing: thing.root.order))


def _target(record: Record, known: Mapping[str, Record]) -> str:
    """Answer the name of the record that this one corrects. Empty: "", where it corrects none that came."""
    replaced = record.payload["replaces"] if record.kind == CORRECTION else ""
    return replaced if replaced in known else ""


def _thing(root: Record, after: Mapping[str, list[Record]], told: set[str]) -> Thing:
    thread: list[Record] = []
    ends: list[Record] = []
    waiting = [root]
    while waiting:
        record = waiting.pop()
        if record.uuid in told:
            continue
        told.add(record.uuid)
        thread.append(record)
        later = [one for one in after.get(record.uuid, []) if one.uuid not in told]
        waiting += later
        if not later:
            ends.append(record)
    said = max(ends, key=lambda one: one.order)
    kind, payload = said.content
    kinds = [one.content[0] for one in sorted(thread, key=lambda one: one.order) if one.content[0]]
    return Thing(
        root=root,
        said=said,
        kind=kind or next(iter(kinds), ""),
        payload=payload,
        is_withdrawn=not kind,
        earlier=tuple(sorted((one for one in thread if one is not said), key=lambda one: one.order)),
        rivals=tuple(sorted((one for one in ends if one is not said), key=lambda one: one.order)),
    )


def standing(found: Iterable[Thing], kind: str) -> Iterator[Thing]:
    """Give what stands of one kind and was not taken away."""
    return (thing for thing in found if thing.kind == kind and not thing.is_withdrawn)


def photos(found: Iterable[Thing]) -> set[str]:
    """Answer the names of the photos that stand."""
    return {thing.payload["photo"] for thing in standing(found, PHOTOGRAPH)}


def agreements(found: Iterable[Thing], today: date) -> tuple[Agreement, ...]:
    """Answer the agreements of visits to one school, those that are due first before others."""
    every = tuple(found)
    root_of: dict[str, str] = {
        one.uuid: thing.root.uuid for thing in every for one in (thing.root, thing.said, *thing.earlier)
    }
    kept: dict[str, list[str]] = {}
    for thing in standing(every, KEPT):
        name = str(thing.payload["agreement"])
        kept.setdefault(root_of.get(name, name), []).append(thing.payload["note"])
    made = []
    for thing in standing(every, AGREEMENT):
        due = date.fromisoformat(thing.payload["due"])
        notes = kept.get(thing.root.uuid)
        state = State.OPEN if due >= today else State.OVERDUE
        made.append(
            Agreement(
                root=thing.root,
                what=thing.payload["what"],
                who=thing.payload["who"],
                due=due,
                state=state if notes is None else State.KEPT,
                kept_notes=tuple(note for note in notes or () if note.strip()),
            )
        )
    return tuple(sorted(made, key=lambda one: (one.due, one.root.order)))
