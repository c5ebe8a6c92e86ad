"""What the pages of risk profiles show."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page

from opora.diagnostics.campaigns.pages import CampaignHead
from opora.ui.components import Crumb
from opora.ui.pictures.bars import Bars
from opora.ui.pictures.levels import LevelPlot


@dataclass(frozen=True)
class ItemLine:
    """What one question, or one known number, gave to a score."""

    text: str
    said: str  # «в среднем 2,4 из 4, ответили 17»
    contribution: float | None  # points of the factor; None where it may not be told


@dataclass(frozen=True)
class GroupLine:
    """What one group told of an indicator: its score, or why there is none."""

    name: str
    points: float | None
    said: str
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator of a factor; contributions of a factor's indicators add up to it."""

    title: str
    points: float | None
    contribution: str  # points of the factor, rounded so that they add up to what is shown
    lacking: str  # which groups told nothing of it
    changed: str  # since the earlier survey, or why that cannot be said; "" where there was none
    groups: tuple[GroupLine, ...]


@dataclass(frozen=True)
class FactorCard:
    """A factor with everything behind its level. state: high, middle, low or none."""

    name: str
    title: str
    numbers: str  # «№ 3 перечня 2022 года»
    state: str
    level: str
    points: float | None
    sentences: tuple[str, ...]
    beside: str
    changed: str
    indicators: tuple[IndicatorLine, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """How and when profiles were made."""

    at: datetime
    edition: str
    kind: str  # origin: official, reconstructed, default
    levels: str  # how levels are judged
    is_last: bool  # no sheets are waited for


@dataclass(frozen=True)
class ProfilePage:
    """The risk profile of one school."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    school: int
    name: str
    place: str
    made: Made
    picture: LevelPlot
    factors: tuple[FactorCard, ...]
    responses: tuple[str, ...]
    beyond: tuple[str, ...]  # own questionnaires of the survey, which the profile leaves out
    disagreements: tuple[str, ...]


@dataclass(frozen=True)
class LevelCell:
    """The level of one factor at one school."""

    state: str
    word: str
    factor: str


@dataclass(frozen=True)
class ProfileRow:
    """A school among others: its levels in the order of the edition."""

    id: int
    name: str
    municipality: str
    cells: tuple[LevelCell, ...]
    high: int  # factors of a high level
    unknown: int  # factors without data


@dataclass(frozen=True)
class ProfilesPage:
    """The profiles of a campaign's schools; rows is empty before they are made."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    made: Made | None
    picture: Bars | None = None
    chosen: str = ""  # the factor by which schools are chosen
    rows: tuple[ProfileRow, ...] = ()
    paging: Page | None = None
    schools: int = 0
    waits: str = ""  # why there are none yet, and until when
