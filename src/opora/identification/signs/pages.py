"""What the pages of signs show."""

from dataclasses import dataclass

from django.core.paginator import Page

from opora.identification.cards import SignsCard
from opora.identification.pages import Choice, RunHead
from opora.ui.components import Crumb
from opora.ui.pictures.histogram import Histogram


@dataclass(frozen=True)
class SignsRow:
    """A school of a region whose signs were looked for."""

    name: str
    href: str
    municipality: str
    named: bool
    seen: tuple[str, ...]  # the strongest kind, where the school is named
    markers: tuple[str, ...]
    listed: bool | None  # on the first list of the run; None: the run said nothing of it


@dataclass(frozen=True)
class SignsPage:
    """The schools of a region whose results stand out."""

    run: RunHead
    crumbs: tuple[Crumb, ...]
    region: str
    regions: tuple[Choice, ...]
    years: str
    schools: int  # that the viewer sees and that were looked at
    named: int
    by_chance: int  # of honest ones that would be named by chance alone
    marked: int  # with an official marker
    rows: tuple[SignsRow, ...]
    paging: Page
    unknown: tuple[str, ...]  # what could not be looked at, and why


@dataclass(frozen=True)
class SchoolSignsPage:
    """Everything that was looked at in one school's results."""

    school: int
    name: str
    run: RunHead
    crumbs: tuple[Crumb, ...]
    card: SignsCard | None
    pictures: tuple[Histogram, ...]
    unknown: tuple[str, ...]
