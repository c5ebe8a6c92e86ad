"""What the pages of paper sheets show."""

from dataclasses import dataclass
from datetime import date

from opora.diagnostics.campaigns.pages import CampaignHead
from opora.diagnostics.on_paper import OnPaper
from opora.ui.components import Crumb, Wrong


@dataclass(frozen=True)
class PackRow:
    """A pack among others: sheets that were typed twice and agreed on, of how many."""

    id: int
    number: int
    sheets: int
    ready: int
    finished_on: date | None
    differing: float | None  # share of answers that differed in a pack that was handed in


@dataclass(frozen=True)
class PaperPage:
    """The paper sheets of one questionnaire of a school: what to print, codes set aside, packs."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    link: int
    school: int
    name: str
    title: str
    languages: tuple[tuple[str, str], ...]  # code, name
    by_codes: bool
    codes: OnPaper
    free: int  # codes for phones that nobody has used
    may_set_aside: bool
    may_enter: bool
    is_alone: bool  # one person answers for an office and types it into the questionnaire
    of_teachers: bool
    is_begun: bool
    packs: tuple[PackRow, ...]


@dataclass(frozen=True)
class SheetRow:
    """A sheet of a pack. state: ``once``, ``apart`` (the entries differ) or ``ready``."""

    number: int
    state: str
    differing: int
    by_one: bool  # one person typed it twice
    first_is_mine: bool
    second_is_mine: bool


@dataclass(frozen=True)
class PackPage:
    """A pack: its sheets, what is left to do, how often the entries differ."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    id: int
    number: int
    title: str
    name: str
    finished_on: date | None
    sheets: tuple[SheetRow, ...]
    count: int  # of sheets, of a pack that was handed in too
    ready: int
    entered: int
    differing: int
    usual: float
    is_much: bool  # more differs than is usual
    next_first: int  # 0: the pack is full
    next_second: int  # a sheet that waits for its second entry, one that somebody else typed first; 0: none
    next_apart: int  # a sheet on which the entries differ; 0: none
    by_codes: bool
    left: int  # codes set aside that no sheet has used up
    is_over: bool
    may_finish: bool

    @property
    def share(self) -> float | None:
        """Answer the share of answers that were typed differently. Empty: None, where none was."""
        return self.differing / self.entered if self.entered else None


@dataclass(frozen=True)
class Key:
    """An answer and what is typed for it."""

    key: str
    text: str


@dataclass(frozen=True)
class Blank:
    """One place of a sheet to type. kind: ``one``, ``many``, ``number`` or ``words``."""

    place: str
    number: str
    text: str
    row: str  # of a table
    kind: str
    keys: tuple[Key, ...]
    least: int | None
    most: int | None
    value: str
    error: str
    is_first_of_item: bool
    item: str
    skip: str
    asked_if: str  # the condition as JSON; "" where it is always asked
    names: str  # of options, by which conditions know them, parted by blanks
    said: tuple[str, ...] = ()  # of a place that is decided: what each entry says, in words


@dataclass(frozen=True)
class SheetPage:
    """A sheet that is typed, for the first or the second time, or looked at again."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    pack: int
    pack_number: int
    title: str
    number: int
    turn: str  # first, second or apart
    version: int
    blanks: tuple[Blank, ...]
    by_one: bool  # who types it for the second time typed it the first time, too
    is_kept: bool  # this entry is there already and is changed
    wrong: tuple[Wrong, ...] = ()
    changed_meanwhile: bool = False
    moved_to: int = 0  # the number that the sheet has now, as another took the one it had
