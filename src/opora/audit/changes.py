"""Says what events changed in rows: fields in words, before and after."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

from opora.audit.models import Change, Event
from opora.audit.naming import objects_of
from opora.audit.words import field_name, shown
from opora.ui.components import FieldChange

Linked = dict[tuple[str, Any], str]  # model, key → name
FEW = 3  # rows of one event that are told in full
# For each event its first few rows: an import may have changed tens of thousands.
ROWS = """
    SELECT one.id FROM unnest(%s::varchar[], %s::bigint[]) AS wanted (chain, number)
    CROSS JOIN LATERAL (
        SELECT id FROM audit_change
        WHERE audit_change.chain = wanted.chain AND audit_change.number = wanted.number {own}
        ORDER BY id LIMIT {most}) one"""
OWN = "AND target = %s AND target_id = %s"


@dataclass
class Told:
    """What the events of a page changed."""

    by_event: dict[tuple[str, int], tuple[FieldChange, ...]] = field(default_factory=dict)
    untold: dict[tuple[str, int], int] = field(default_factory=dict)

    def changes(self, event: Event) -> tuple[FieldChange, ...]:
        """Answer the fields that an event changed."""
        return self.by_event.get((event.chain_id, event.number), ())

    def more(self, event: Event) -> int:
        """Answer how many rows besides were counted; 0 where all are told."""
        return self.untold.get((event.chain_id, event.number), 0)


def told_of(events: Sequence[Event], own: tuple[str, str]) -> Told:
    """Read what events changed: in the page's own object, or in anything where those are a few rows."""
    told, rows = Told(), defaultdict(list)
    for change in _read(events, own):
        if change.kind == Change.Kind.CHANGED:
            rows[change.chain or "", change.number or 0].append(change)
    linked = _linked((one for found in rows.values() for one in found), are_named=not own[0])
    for place, found in rows.items():
        told.by_event[place] = tuple(one for row in found[:FEW] for one in _fields(row, linked))
        if len(found) > FEW:
            told.untold[place] = len(found) - FEW
    return told


def _read(events: Sequence[Event], own: tuple[str, str]) -> list[Change]:
    if not events:
        return []
    statement = ROWS.format(own=OWN if own[0] else "", most=FEW + 1)
    places: list[Any] = [[event.chain_id for event in events], [event.number for event in events]]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*places, *(own if own[0] else ())])
        keys = [row[0] for row in cursor.fetchall()]
    return list(Change.objects.filter(pk__in=keys).order_by("pk")) if keys else []


def _fields(change: Change, linked: Linked) -> Iterable[FieldChange]:
    model = apps.get_model(change.target)
    for column in change.after:
        if name := field_name(change.target, column):
            before, after = change.before.get(column), change.after[column]
            whose = linked.get((change.target, change.target_id), "")
            yield FieldChange(
                f"{whose}, {name}" if whose else name,
                _value(model, column, before, linked),
                _value(model, column, after, linked),
            )


def _value(model: Any, column: str, value: Any, linked: Linked) -> str:
    """Say a value: a choice by its label, another object by its name, a day as a day."""
    one = _field(model, column)
    if value is None or value == "":
        return ""
    if one is not None and one.many_to_one:
        return linked.get((one.related_model._meta.label_lower, value), f"№ {value}")
    choices = dict(one.flatchoices) if one is not None else {}
    return str(choices[value]) if value in choices else shown(value)


def _linked(changes: Iterable[Change], *, are_named: bool) -> Linked:
    """Read the names of objects that changed columns point at, and of the changed objects themselves."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for change in changes:
        model = apps.get_model(change.target)
        if are_named:
            wanted[change.target].add(change.target_id)
        for column in change.after:
            one = _field(model, column)
            if one is not None and one.many_to_one and field_name(change.target, column):
                keys = {change.before.get(column), change.after[column]} - {None}
                wanted[one.related_model._meta.label_lower] |= keys
    found: Linked = {}
    for target, keys in wanted.items():
        for key, name in objects_of(target, keys).items():
            found[target, key] = found[target, str(key)] = name
    return found


def _field(model: Any, column: str) -> Any:
    return next((one for one in model._meta.concrete_fields if one.column == column), None)
