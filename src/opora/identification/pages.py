"""What each page of identification shows: frozen values, made by ``queries.py``, drawn by the templates.

Shares are 0–1; ``href`` is None where the viewer may not go.
"""

from dataclasses import dataclass
from datetime import date, datetime

from opora.registry.pages import Crumb


@dataclass(frozen=True)
class RunHead:
    """The run that a page speaks of."""

    id: int
    title: str
    edition: str
    edition_title: str
    status: str  # official text, reconstructed, Opora default
    status_label: str  # the same in words
    years: tuple[int, ...]
    years_label: str  # «2018, 2019»
    territory: str  # region's name, or «Россия»
    is_draft: bool
    order_number: str
    order_date: date | None
    at: datetime
    by: str


@dataclass(frozen=True)
class ListName:
    """A list that the edition names."""

    key: str
    title: str
    listed: int
    href: str
    is_current: bool


@dataclass(frozen=True)
class Tile:
    """A region on the tile map; without data ``schools``, ``listed`` and ``share`` are None."""

    code: str
    name: str
    short: str
    column: int
    row: int
    schools: int | None
    listed: int | None
    share: float | None
    href: str | None
    is_current: bool = False


@dataclass(frozen=True)
class PlaceRow:
    """A region or municipality in the table of a territory page."""

    name: str
    district: str  # federal district of a region; "" for a municipality
    schools: int
    listed: int
    unstable: int
    share: float | None
    href: str | None


@dataclass(frozen=True)
class TerritoryPage:
    """The country, or one region: how many schools, how many on the list, where."""

    title: str
    region: str | None  # its code; None is the country
    crumbs: tuple[Crumb, ...]
    run: RunHead | None  # None: no list has been made yet
    lists: tuple[ListName, ...]
    schools: int
    listed: int
    unstable: int
    share: float | None
    tiles: tuple[Tile, ...]
    places: tuple[PlaceRow, ...]
    list_href: str
    may_import: bool


@dataclass(frozen=True)
class Chip:
    """A filter as a button with its count."""

    key: str
    label: str
    count: int
    href: str
    is_on: bool


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class Column:
    """A column's heading that sorts; ``direction`` is "" where the table is not sorted by it."""

    key: str
    label: str
    href: str | None
    direction: str  # ascending, descending, ""


@dataclass(frozen=True)
class ListRow:
    """A school in the list."""

    school: int
    name: str
    code: str  # the code that people know the school by
    municipality: str
    region: str
    rural: bool
    listed: bool
    excluded: str
    branch: str
    failed: int
    counted: int
    stability: float | None
    unstable: bool
    href: str


@dataclass(frozen=True)
class ListPage:
    """The list with its filters: fifty schools of ``total``."""

    title: str
    crumbs: tuple[Crumb, ...]
    run: RunHead | None
    lists: tuple[ListName, ...]
    chips: tuple[Chip, ...]
    regions: tuple[Choice, ...]
    municipalities: tuple[Choice, ...]
    columns: tuple[Column, ...]
    rows: tuple[ListRow, ...]
    search: str
    kept: tuple[tuple[str, str], ...]  # other filters, as hidden fields of the search form
    total: int
    page: int
    pages: int
    first: int  # number of the first row shown, 1-based; 0 where nothing was found
    last: int
    previous_href: str | None
    next_href: str | None
    clear_href: str | None  # None where nothing is filtered


@dataclass(frozen=True)
class EvidenceRow:
    """One outcome or indicator behind a verdict."""

    label: str  # «ВПР-2018, математика, 5 класс»
    year: int
    assessment: str
    subject: str
    grade: int | None
    takers: int | None
    low: int | None
    share: float | None
    interval: tuple[float, float] | None
    threshold: float | None
    threshold_label: str  # «больше 30 %»
    value_label: str  # for an indicator that is not a share: «4,3», «D»; else ""
    failed: bool
    deciding: bool
    excluded: str  # why it was not counted; "" if it was
    source: str  # name of the imported file


@dataclass(frozen=True)
class ListVerdict:
    """What the run says of the school for one list."""

    list: str
    title: str
    listed: bool
    sentence: str
    branch: str
    excluded: str
    failed: int
    counted: int
    stability: float | None
    unstable: bool
    stability_sentence: str
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class PastVerdict:
    """The school in another published list."""

    title: str
    years_label: str
    listed: bool
    href: str
    is_current: bool


@dataclass(frozen=True)
class SchoolPage:
    """«Почему школа в перечне»: the verdicts on one school, and what they rest on."""

    school: int
    name: str
    short_name: str
    facts: tuple[tuple[str, str], ...]  # label, value: kind, settlement, levels, pupils, codes
    crumbs: tuple[Crumb, ...]
    run: RunHead | None
    verdicts: tuple[ListVerdict, ...]
    edition_source: str
    edition_known: str  # what is and is not known about the edition
    legal_note: str
    history: tuple[PastVerdict, ...]
