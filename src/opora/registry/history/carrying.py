"""Figures as they were and as they are: counts of an earlier day, carried over to the schools of a later one.

Nothing is lost and nothing counted twice: what was counted either stands at one school of the later day, or
among what is not carried over, with the reason. The rules are told in ``carrying.yaml``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from opora.language import _
from opora.registry.history.changes import Change, Kind
from opora.registry.history.chronicle import Chronicle
from opora.registry.history.states import Standing
from opora.registry.history.wording import ended

FILE = Path(__file__).parent / "carrying.yaml"
Counts = Mapping[str, int]  # disjoint counts: those who are in one are in no other


@dataclass(frozen=True)
class Cut:
    """A part of a count between two points of a whole: from ``low`` to ``high`` of ``of``."""

    low: int
    high: int
    of: int

    def part(self, count: int) -> int:
        """Answer the part of a count; the parts of all cuts of a whole add up to it exactly."""
        return count * self.high // self.of - count * self.low // self.of


@dataclass(frozen=True)
class Route:
    """Where the figures of a school went: to ``school`` along ``changes``.

    cuts: where only a part went. lost: why they are not carried over; "" where they are.
    """

    school: int
    changes: tuple[Change, ...] = ()
    cuts: tuple[Cut, ...] = ()
    lost: str = ""

    def part(self, count: int) -> int:
        """Answer what of a count went this way."""
        for cut in self.cuts:
            count = cut.part(count)
        return count


@dataclass(frozen=True)
class Figure:
    """One row of a table of figures: a school's counts under a key, which may be anything.

    came_from: schools whose figures are in it besides its own. is_divided: some came by shares of a split.
    """

    school: int
    key: Any
    counts: Counts
    came_from: tuple[int, ...] = ()
    is_divided: bool = False


@dataclass(frozen=True)
class Carried:
    """A table of figures on a later day: what stands at its schools, and what could not be carried over."""

    figures: tuple[Figure, ...]
    lost: tuple[tuple[Figure, str], ...]  # with the reason


@cache
def rules() -> Mapping[str, Any]:
    """Read what the rules of carrying over are, and why."""
    content: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def day_of(year: int, sitting: str = "") -> date:
    """Answer the day by whose schools the results of a year are counted as they were."""
    told = rules()["day_of_an_autumn" if sitting == "autumn" else "day_of_a_year"]
    return date(year, told["month"], told["day"])


def routes(chronicle: Chronicle, since: date, until: date) -> dict[int, tuple[Route, ...]]:
    """Answer where the figures of every school of one day are on a later one.

    Raises: ValueError, when the later day comes first: figures are never carried back.
    """
    if until < since:
        raise ValueError(_("Результаты переносятся только вперёд по времени"))
    then, standing = chronicle.on(since), chronicle.on(until)
    found: dict[int, tuple[Route, ...]] = {school: (Route(school),) for school in then}
    for change in chronicle.everything:
        if since < change.on <= until:
            found = {school: _turned(told, change, chronicle) for school, told in found.items()}
    return {school: tuple(_closed(one, standing) for one in told) for school, told in found.items()}


def _turned(told: tuple[Route, ...], change: Change, chronicle: Chronicle) -> tuple[Route, ...]:
    return tuple(after for route in told for after in _after(route, change, chronicle))


def _after(route: Route, change: Change, chronicle: Chronicle) -> Iterable[Route]:
    """Answer where a route goes on at a change."""
    into: int | None = None
    if change.kind == Kind.MERGE and route.school in change.ends:
        into = change.school if change.school is not None else change.begins[0]
    elif change.kind == Kind.CLOSE and route.school == change.school:
        into = chronicle.main_before(change)
    elif change.kind == Kind.SPLIT and change.shares and route.school in (change.school, *change.ends):
        return _divided(route, change)
    return (route,) if into is None else (replace(route, school=into, changes=(*route.changes, change)),)


def _divided(route: Route, change: Change) -> Iterable[Route]:
    """Divide a route by the shares of a split."""
    whole = sum(share for _school, share in change.shares)
    low = 0
    for school, share in change.shares:
        cut = Cut(low, low + share, whole)
        low += share
        if share:
            yield replace(route, school=school, changes=(*route.changes, change), cuts=(*route.cuts, cut))


def _closed(route: Route, standing: Mapping[int, Standing]) -> Route:
    """Mark a route that ends at a school which is no more."""
    there = standing[route.school]
    if there.exists:
        return route
    return replace(route, lost=ended(there.ended))


def as_they_are(figures: Sequence[Figure], chronicle: Chronicle, since: date, until: date) -> Carried:
    """Carry a table of figures of one day over to the schools of a later one.

    A school that the chronicle does not know keeps its own. Counts of one key that come together are added.
    """
    ways = routes(chronicle, since, until)
    kept: dict[tuple[int, Any], list[tuple[Figure, Route]]] = {}
    lost = []
    for figure in figures:
        for route in ways.get(figure.school, (Route(figure.school),)):
            counts = {name: route.part(count) for name, count in figure.counts.items()}
            part = replace(figure, counts=counts)
            if route.lost:
                lost.append((replace(part, is_divided=bool(route.cuts)), route.lost))
            else:
                kept.setdefault((route.school, figure.key), []).append((part, route))
    return Carried(tuple(_sum(school, key, told) for (school, key), told in kept.items()), tuple(lost))


def _sum(school: int, key: Any, told: list[tuple[Figure, Route]]) -> Figure:
    names = dict.fromkeys(name for part, _route in told for name in part.counts)
    return Figure(
        school,
        key,
        {name: sum(part.counts.get(name, 0) for part, _route in told) for name in names},
        tuple(dict.fromkeys(part.school for part, _route in told if part.school != school)),
        any(part.is_divided or route.cuts for part, route in told),
    )
