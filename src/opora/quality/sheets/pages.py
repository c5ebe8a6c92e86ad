"""What the pages of a sheet show."""

from dataclasses import dataclass
from datetime import datetime

from opora.quality.heads import CheckHead
from opora.quality.sheets.facts import Fact
from opora.ui.components import Crumb, Wrong


@dataclass(frozen=True)
class SectionRow:
    """A section of a sheet: how much of it each side has said, and what it shows as far as one may read."""

    name: str
    title: str
    answered: int
    found: int  # by the municipality
    criteria: int
    share: str  # «60 %, 6 из 10»; "" where nothing may be read or nothing is answered


@dataclass(frozen=True)
class Signature:
    """How far a side is: ``at`` None is not signed yet."""

    side: str
    at: datetime | None
    by: str


@dataclass(frozen=True)
class SheetPage:
    """The sheet of one school, as one person sees it."""

    head: CheckHead
    crumbs: tuple[Crumb, ...]
    school: int
    name: str
    place: str
    state: str
    word: str
    wanted: str  # of whoever looks, in a sentence
    sections: tuple[SectionRow, ...]
    share: str
    missing: int
    not_applicable: int
    signatures: tuple[Signature, ...]
    own: str  # side that one speaks for
    is_signed: bool  # that side
    locked: str  # why one's own side cannot write now
    version: int
    conclusion: str
    may_conclude: bool
    differing: tuple[str, ...]  # questions on which the sides differ
    repairs: str  # «мер — 3, из них выполнено 1»; "" where there is no plan yet
    has_plan: bool  # a plan can be made or looked at
    has_fact: bool  # the comparison with the journal is known
    wrong: tuple[Wrong, ...] = ()
    changed_meanwhile: bool = False

    @property
    def shows_form(self) -> bool:
        """Say whether one's own side has something to do or to read at the end of the page."""
        return bool(self.own) and (self.is_signed or not self.locked or bool(self.conclusion))


@dataclass(frozen=True)
class LevelChoice:
    """A level that can be chosen: its word and what it means for this criterion."""

    value: str
    word: str
    meaning: str
    is_schools: bool  # the municipality is shown what the school chose


@dataclass(frozen=True)
class ProofShown:
    """What a school tells of a criterion, as words and as a document."""

    words: str
    title: str
    dated: str  # as a form takes it
    link: str
    on: str  # as people say it


@dataclass(frozen=True)
class CriterionCard:
    """A criterion with what both sides say of it."""

    name: str
    number: str  # «2.3»
    question: str
    asks: str  # what proves it
    choices: tuple[LevelChoice, ...]
    fact: Fact | None
    level: str  # of one's own side, to be shown as chosen
    reason: str
    proof: ProofShown  # the school's
    school: tuple[str, str, str] | None  # state, word and meaning of its level; None: it may not be read
    municipality: tuple[str, str, str] | None
    why: str  # the municipality's reason, where it may be read


@dataclass(frozen=True)
class SectionPage:
    """A section of a school's sheet to be filled in, checked or read."""

    head: CheckHead
    crumbs: tuple[Crumb, ...]
    school: int
    name: str
    section: str
    title: str
    cards: tuple[CriterionCard, ...]
    own: str
    may_write: bool
    locked: str
    is_signed: bool
    version: int
    before: Crumb | None
    after: Crumb | None
    wrong: tuple[Wrong, ...] = ()
    changed_meanwhile: bool = False
