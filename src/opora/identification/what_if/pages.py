"""What the page «Что, если» shows: frozen values, made by ``query.py``, drawn by its templates."""

from dataclasses import dataclass
from datetime import datetime

from opora.identification.pages import Choice, RunHead
from opora.ui.components import Crumb


@dataclass(frozen=True)
class PlaceChange:
    """A region or municipality before and after the change."""

    name: str
    href: str | None  # the same numbers within a region
    before: int
    after: int
    entered: int
    left: int
    curators: int
    curators_after: int

    @property
    def changes(self) -> bool:
        """Say whether anything is otherwise."""
        return bool(self.entered or self.left)


@dataclass(frozen=True)
class SchoolChange:
    """A school that enters the list, or leaves it."""

    name: str
    href: str
    municipality: str
    why: str  # «выше порога 2 из 8 вместо 1 из 8»
    results: tuple[str, ...]  # those that decide: «ВПР-2019, математика, 5 класс: 9 из 28»


@dataclass(frozen=True)
class ScenarioRow:
    """A saved scenario."""

    id: int
    title: str
    said: tuple[str, ...]  # what it changes
    listed: int
    entered: int
    left: int
    by: str
    at: datetime
    href: str
    is_mine: bool


@dataclass(frozen=True)
class WhatIfPage:
    """A run's list as it would be with other numbers."""

    run: RunHead
    crumbs: tuple[Crumb, ...]
    lists: tuple[Choice, ...]
    list: str
    list_title: str
    region: str  # its name; "" is the run's whole territory
    region_code: str
    said: tuple[str, ...]  # what is changed: «Доля …: больше 35 % вместо больше 30 %»
    before: int
    after: int
    stayed: int
    entered_count: int
    left_count: int
    entered: tuple[SchoolChange, ...]  # the first 50 by name
    left: tuple[SchoolChange, ...]
    places: tuple[PlaceChange, ...]
    of_regions: bool
    schools_a_curator: int
    curators: int
    curators_after: int
    scenarios: tuple[ScenarioRow, ...]
    notes: tuple[str, ...]
    query: str  # the numbers as an address, to be sent along
    may_start: bool  # a draft may be made of them

    @property
    def is_changed(self) -> bool:
        """Say whether any number is otherwise."""
        return bool(self.said)
