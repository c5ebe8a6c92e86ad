"""What each page of identification shows: frozen values, made by ``queries.py``, drawn by the templates.

Shares are 0–1; ``href`` is None where the viewer may not go.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page

from opora.identification.cards import ContextCard, SignsCard
from opora.registry.history.queries import Life
from opora.ui.components import Crumb, Step
from opora.ui.pictures.intervals import DotPlot
from opora.ui.pictures.tile_map import TileMap


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
    state: str  # draft, review, agreed, published
    state_label: str  # the same in words
    objections_until: date | None
    valid_until: date | None
    order_number: str
    order_date: date | None
    at: datetime
    by: str
    unstable_below: float  # 0–1: a stability under it is called unstable
    changed: tuple[str, ...]  # numbers that are not the edition's, in words

    @property
    def is_valid(self) -> bool:
        """Say whether the list has its order."""
        return self.state == "published"


@dataclass(frozen=True)
class ListName:
    """A list that the edition names."""

    key: str
    title: str
    listed: int
    href: str
    is_current: bool


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
    picture: TileMap
    places: tuple[PlaceRow, ...]
    list_href: str
    may_import: bool
    log_href: str | None


@dataclass(frozen=True)
class Chip:
    """A filter as a button with its count; the empty key is the filter without which a list is opened."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    label: str
    is_on: bool


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
    amended: bool  # a decision stands against the rule
    excluded: str
    failed: int
    counted: int
    stability: float | None
    unstable: bool
    closed_on: date | None
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
    rows: tuple[ListRow, ...]
    search: str
    only: str
    paging: Page  # of all rows that the filters leave
    has_regions: bool  # the rows are of several regions
    clear_href: str | None  # None where nothing is filtered
    export_href: str | None


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
    likely: tuple[float, float] | None  # given the school's other results and the other schools
    threshold: float | None
    threshold_label: str  # «больше 30 %»
    value_label: str  # for an indicator that is not a share: «4,3», «D»; else ""
    failed: bool
    deciding: bool
    excluded: str  # why it was not counted; "" if it was
    source: str  # name of the imported file


@dataclass(frozen=True)
class Ways:
    """What would turn a verdict, in sentences; "" and nothing where there is nothing to say."""

    out: str  # the nearest way off the list, or why there is none
    steps: tuple[str, ...]  # «ВПР-2019, математика, 5 класс: 6 вместо 8»
    single: str  # the one result that would turn it


@dataclass(frozen=True)
class ListVerdict:
    """What the run says of the school for one list."""

    list: str
    title: str
    listed: bool
    amended: bool
    sentence: str
    branch: str
    excluded: str
    failed: int
    counted: int
    stability: float | None
    unstable: bool
    stability_sentence: str
    evidence: tuple[EvidenceRow, ...]
    picture: DotPlot  # of the rows that are shares
    ways: Ways | None
    object_href: str | None
    amend_href: str | None


@dataclass(frozen=True)
class ObjectionRow:
    """An objection of a school, and what was decided."""

    id: int
    school: str
    school_href: str
    list: str  # its title
    reasons: str
    by: str
    at: datetime
    state: str  # waiting, accepted, declined
    state_label: str
    answer: str
    decided_by: str
    decided_at: datetime | None
    href: str


@dataclass(frozen=True)
class AmendmentRow:
    """A school that left a list or joined it by a decision."""

    school: str
    school_href: str
    list: str  # its title
    joins: bool
    kind: str  # in words
    other: str  # the other school of a replacement
    reason: str
    order: str  # «приказ № 5 от 1 марта 2020»; "" before the list's own order
    by: str
    at: datetime


@dataclass(frozen=True)
class OnListPage:
    """A school on one list, where somebody objects or decides on it."""

    run: RunHead
    school: str
    school_href: str
    list: str
    list_title: str
    sentence: str
    candidates: tuple[str, ...]  # who may take its place: «Школа № 5 — sch250001»
    needs_order: bool


@dataclass(frozen=True)
class ObjectionPage:
    """One objection, and the verdict that it is against."""

    run: RunHead
    row: ObjectionRow
    sentence: str
    may_decide: bool
    needs_order: bool


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
    edition_known: tuple[str, ...]
    edition_unknown: tuple[str, ...]
    legal_note: str
    history: tuple[PastVerdict, ...]
    objections: tuple[ObjectionRow, ...]
    amendments: tuple[AmendmentRow, ...]
    life: Life
    viewers_href: str | None
    signs: SignsCard | None
    context: ContextCard | None


# What a list may be sorted by → the columns. The order of names is the default: a list is no rating.
SORTS = {
    "name": ("sort_key", "school"),
    "municipality": ("municipality__sort_key", "sort_key", "school"),
    "failed": ("failed", "sort_key", "school"),
    "stability": ("stability", "sort_key", "school"),
}


@dataclass(frozen=True)
class Tool:
    """A page that looks deeper into a list, and what it is for."""

    name: str
    note: str
    href: str


@dataclass(frozen=True)
class RunPage:
    """One run, before and after its order."""

    run: RunHead
    lists: tuple[ListName, ...]
    schools: int
    listed: int
    notes: tuple[str, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    edition_digest: str
    content: str
    result: str
    command: str  # that makes the list again and compares
    steps: tuple[Step, ...]
    next: str  # the form that is shown: draft, review, agreed; "" where there is none
    waiting: int  # objections without a decision
    objections: tuple[ObjectionRow, ...]
    amendments: tuple[AmendmentRow, ...]
    order_href: str | None
    export_href: str | None
    tools: tuple[Tool, ...]
    viewers_href: str | None


@dataclass(frozen=True)
class ChangeRow:
    """A school that is on one of two lists, and how it stands in each run."""

    school: str
    href: str
    municipality: str
    here: str  # how it stands in this run
    there: str  # and in the other one


@dataclass(frozen=True)
class ComparisonPage:
    """A run's list against another run's: who entered, who left."""

    run: RunHead
    other: RunHead | None
    others: tuple[Choice, ...]
    list_title: str
    crumbs: tuple[Crumb, ...]
    stayed: int = 0
    entered_count: int = 0
    left_count: int = 0
    entered: tuple[ChangeRow, ...] = ()  # the first 200 by name
    left: tuple[ChangeRow, ...] = ()


@dataclass(frozen=True)
class RunRow:
    """A run among others."""

    run: RunHead
    schools: int
    listed: int


@dataclass(frozen=True)
class RunsPage:
    """The runs that have been made."""

    runs: tuple[RunRow, ...]
    may_start: bool
