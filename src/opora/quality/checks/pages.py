"""What the pages of checks show."""

from dataclasses import dataclass

from django.core.paginator import Page

from opora.quality.heads import CheckHead
from opora.quality.tally import Repairs
from opora.ui.components import Crumb
from opora.ui.pictures.bars import Bars


@dataclass(frozen=True)
class CheckRow:
    """A check among others."""

    head: CheckHead
    schools: int  # that one sees
    filled: int  # signed by the school, or checked
    checked: int
    only: int | None  # the one school that one sees; None where there are more


@dataclass(frozen=True)
class ChecksPage:
    """All checks that one sees."""

    rows: tuple[CheckRow, ...]
    may_begin: bool


@dataclass(frozen=True)
class SchoolRow:
    """A school of a check: how far it is, never how well."""

    id: int
    name: str
    municipality: str  # "" where the check is of one
    state: str
    word: str
    answered: int  # criteria that the school has answered
    criteria: int
    repairs: Repairs


@dataclass(frozen=True)
class Chip:
    """A filter of the schools of a check."""

    value: str
    name: str
    count: int


@dataclass(frozen=True)
class CheckPage:
    """A check: how far its schools are, school by school, in the order of their names."""

    head: CheckHead
    crumbs: tuple[Crumb, ...]
    rows: tuple[SchoolRow, ...]
    paging: Page
    chips: tuple[Chip, ...]
    only: str
    search: str
    schools: int
    filled: int
    checked: int
    repairs: Repairs
    picture: Bars | None  # fulfilled criteria by section; None where too few sheets are checked
    summed_from: int  # checked sheets from which they are summed up
    is_mine: bool
    may_drop: bool
    version: str  # changes when anything on the page does
