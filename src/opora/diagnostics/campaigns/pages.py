"""What the pages of campaigns show."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page

from opora.ui.components import Crumb


@dataclass(frozen=True)
class Turnout:
    """How many answered (явка): invited: people asked, None while some group's number is not told yet."""

    title: str  # of the questionnaire; "" where all are counted together
    group: str  # who answers it, shortly
    answered: int
    invited: int | None

    @property
    def share(self) -> float | None:
        """Answer the share of the invited who answered. Empty: None, where nobody said how many there are."""
        return self.answered / self.invited if self.invited else None


@dataclass(frozen=True)
class CampaignHead:
    """A campaign as every page names it. state: ``draft``, ``waiting``, ``open``, ``over`` or ``closed``."""

    id: int
    title: str
    place: str
    year: str  # «2026/27»
    state: str
    state_label: str
    opens_on: date
    ends_on: date
    taken_until: date  # sheets that were filled in without a line
    forms: tuple[str, ...]  # titles

    @property
    def has_ended(self) -> bool:
        """Say whether nobody can begin to answer any more."""
        return self.state in ("over", "closed")


@dataclass(frozen=True)
class CampaignRow:
    """A campaign among others."""

    head: CampaignHead
    schools: int
    turnout: Turnout


@dataclass(frozen=True)
class CampaignsPage:
    """All campaigns that one sees."""

    rows: tuple[CampaignRow, ...]
    may_prepare: bool


@dataclass(frozen=True)
class SchoolRow:
    """A school of a campaign: how many answered each questionnaire, in the order of the head's forms."""

    id: int
    name: str
    municipality: str
    turnouts: tuple[Turnout, ...]
    is_silent: bool  # nobody answered yet
    reminded_on: date | None  # the last time


@dataclass(frozen=True)
class RemindersCard:
    """Whom a campaign reminds, and when (напоминания)."""

    days: tuple[date, ...]  # on which it reminds by itself
    behind: int  # schools that are and were not reminded today
    reminded_today: int
    enough: int  # percent of the invited


@dataclass(frozen=True)
class CampaignPage:
    """A campaign: how it goes, school by school."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    rows: tuple[SchoolRow, ...]
    paging: Page | None
    turnouts: tuple[Turnout, ...]  # of all schools, by questionnaire
    schools: int
    silent: int  # schools where nobody answered
    is_mine: bool
    reminders: RemindersCard | None  # for who runs it
    profiles: bool  # they are there, and one may see them
    awaits_profiles: bool  # it has ended, somebody answered, and they are not there yet
    beyond: tuple[str, ...]  # titles of own questionnaires: the profile knows nothing of their questions
    version: str  # changes when any number on the page does


@dataclass(frozen=True)
class LinkCard:
    """One questionnaire of a school: its address, how many answered, what may be printed."""

    id: int
    title: str
    minutes: int
    way: str
    address: str
    short: str  # the address as it stands on paper
    square: str  # its QR code, drawn
    turnout: Turnout
    codes: int
    free: int  # codes nobody has used, but for those that are set aside for paper
    on_paper: int  # codes set aside for paper
    may_hand_out: bool
    counts_itself: bool  # the number of invited is known to the program: one director


@dataclass(frozen=True)
class SchoolSurveyPage:
    """The questionnaires of a school in a campaign."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    school: int
    name: str
    profile: bool  # it is there, and one may see it
    cards: tuple[LinkCard, ...]
