"""What the pages of a choice of participants show."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page

from opora.identification.pages import RunHead
from opora.ui.components import Crumb


@dataclass(frozen=True)
class ChoiceRow:
    """A choice that was made of a run's list."""

    id: int
    list_title: str
    count: int
    said: tuple[str, ...]  # its quotas
    fixed: int  # schools fixed by hand
    by: str
    at: datetime


@dataclass(frozen=True)
class ChoicesPage:
    """The choices of a run."""

    run: RunHead
    crumbs: tuple[Crumb, ...]
    rows: tuple[ChoiceRow, ...]
    listed: tuple[tuple[str, int], ...]  # list and how many schools stand on it


@dataclass(frozen=True)
class Participant:
    """A candidate: chosen and what it represents, or not chosen and who represents it."""

    id: int
    name: str
    href: str
    municipality: str
    settlement: str
    fixed: str  # "in", "out" or ""
    reason: str
    represents: tuple[str, ...]  # the others that it stands for
    by: str  # who stands for it
    distance: str  # to who stands for it, or of the farthest that it stands for; standard deviations
    cost: str  # of the change by hand: «на 1,2 % хуже»; "" where it was not counted
    other: str  # who would leave for it or come instead


@dataclass(frozen=True)
class ChoicePage:
    """One choice: who takes part, whom they stand for, what each change by hand costs."""

    id: int
    run: RunHead
    crumbs: tuple[Crumb, ...]
    list_title: str
    count: int
    candidates: int
    said: tuple[str, ...]
    proven: bool
    gap: str  # «0,4 %»: how much better another choice could be at most
    mean: str  # the mean distance of a candidate to who stands for it
    notes: tuple[str, ...]
    features: tuple[str, ...]  # by what schools are alike
    is_stale: bool  # a school of it left the list since: the choice is to be made anew
    is_mine: bool
    taken: tuple[Participant, ...]
    others: tuple[Participant, ...]
    paging: Page | None  # of the others
    places: tuple[tuple[str, int, int], ...]  # municipality, candidates, chosen
    costs_left_out: bool  # too many candidates to count every exchange while one waits
