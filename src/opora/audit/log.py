"""What a log page is asked for and what it shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page

from opora.ui.components import Crumb, LogEntry

A_PAGE = 50
MOST = 2_500  # the newest lines that a page turns over; older ones are reached by the period


@dataclass(frozen=True)
class Asked:
    """What the address of a log asks for."""

    person: int | None = None
    deed: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1

    def is_narrowed(self) -> bool:
        """Say whether anything but a page is asked for."""
        return bool(self.person or self.deed or self.since or self.until)


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class LogPage:
    """The log of one object or territory: fifty lines of it."""

    title: str
    lead: str
    crumbs: tuple[Crumb, ...]
    entries: tuple[LogEntry, ...]
    paging: Page
    people: tuple[Option, ...]
    deeds: tuple[Option, ...]
    since: str
    until: str
    is_narrowed: bool
    is_cut: bool  # there are more than MOST
    unrecorded: int  # changes of the object that no event tells of


def read_asked(query: Any) -> Asked:
    """Read what an address asks for; what cannot be is left out, never an error."""
    return Asked(
        person=_whole(query.get("person")),
        deed=query.get("deed", "")[:60],
        since=_day(query.get("since")),
        until=_day(query.get("until")),
        page=_whole(query.get("page")) or 1,
    )


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 < day.year < 3000 else None
