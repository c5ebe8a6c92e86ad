"""What the pages of visits show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.paginator import Page

from opora.ui.components import Crumb, Wrong


@dataclass(frozen=True)
class VisitHead:
    """How a visit is named and where it stands. standing: ahead, today, overdue, done or cancelled."""

    id: int
    school: int
    name: str
    place: str
    planned_on: date
    purpose: str
    by: str
    state: str
    standing: str
    pill: str
    word: str
    campaign: str
    reason: str
    ended_at: datetime | None


@dataclass(frozen=True)
class AgreementLine:
    """An agreement as it stands. visit: the day of the visit at which it was made."""

    uuid: str
    what: str
    who: str
    due: date
    pill: str
    word: str
    visit: int
    on: date
    notes: tuple[str, ...]
    is_kept: bool


@dataclass(frozen=True)
class Receipt:
    """That the server has a record: what, whose, from which device, when by its clock and by ours."""

    uuid: str
    title: str
    device: str
    by: str
    told_at: datetime
    received_at: datetime
    digest: str


@dataclass(frozen=True)
class RecordCard:
    """A thing that was told: lines are pairs of a term and words. earlier: what was said before.

    photo: its address; "" where it is none or has not come (``photo_waits``).
    """

    receipt: Receipt
    kind: str
    title: str
    lines: tuple[tuple[str, str], ...]
    earlier: tuple[str, ...]
    has_rivals: bool
    is_withdrawn: bool
    photo: str = ""
    photo_waits: bool = False


@dataclass(frozen=True)
class VisitsPage:
    """Visits that somebody sees: what is ahead, overdue and past."""

    rows: tuple[VisitHead, ...]
    paging: Page
    counts: Mapping[str, int]  # standing → how many
    only: str
    school: str  # whose visits alone are shown; "" for all
    may_plan: bool


@dataclass(frozen=True)
class VisitPage:
    """One visit: its records from all devices, agreements of the school, what may be done."""

    head: VisitHead
    crumbs: tuple[Crumb, ...]
    moves: tuple[str, ...]
    holds: bool  # tells records
    sees_everything: bool
    groups: tuple[tuple[str, tuple[RecordCard, ...]], ...]
    withdrawn: tuple[RecordCard, ...]
    agreements: tuple[AgreementLine, ...]
    devices: tuple[str, ...]
    received: int
    last_at: datetime | None
    profile: str  # its address; "" where there is none to see
    verification: str
    wrong: tuple[Wrong, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReceiptsPage:
    """All that the server has of a visit, record by record."""

    head: VisitHead
    crumbs: tuple[Crumb, ...]
    receipts: tuple[Receipt, ...]
