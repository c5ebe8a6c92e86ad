"""What the pages of a plan of repairs show."""

from dataclasses import dataclass
from datetime import date

from opora.quality.heads import CheckHead
from opora.quality.tally import Repairs
from opora.ui.components import Crumb


@dataclass(frozen=True)
class RepairRow:
    """A row of a plan. state, word: as a pill says them."""

    id: int
    what: str
    who: str
    due_on: date | None
    why_not: str
    state: str
    word: str
    remark: str
    proof: str
    proof_title: str
    proof_link: str
    done_on: date | None
    moves: tuple[str, ...]  # that one may make now


@dataclass(frozen=True)
class PlanCard:
    """A criterion that is not fulfilled, with what is planned about it."""

    criterion: str
    question: str
    state: str
    level: str
    why: str  # the municipality's reason, where it differs
    measure: str  # the standard one
    rows: tuple[RepairRow, ...]


@dataclass(frozen=True)
class PlanPage:
    """A school's plan of repairs in a check."""

    head: CheckHead
    crumbs: tuple[Crumb, ...]
    school: int
    name: str
    place: str
    cards: tuple[PlanCard, ...]
    counted: Repairs
    unplanned: int
    may_plan: bool
    waits: str  # why there is nothing to plan yet


@dataclass(frozen=True)
class RepairPage:
    """One row of a plan, to be written or moved on."""

    head: CheckHead
    crumbs: tuple[Crumb, ...]
    school: int
    name: str
    question: str
    criterion: str
    measure: str
    row: RepairRow | None  # None: a new one
    version: int
    changed_meanwhile: bool = False
