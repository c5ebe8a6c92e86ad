"""What the page of a region's context shows."""

from dataclasses import dataclass

from django.core.paginator import Page

from opora.identification.pages import Chip, Choice, RunHead
from opora.ui.components import Crumb
from opora.ui.pictures.scatter import Scatter


@dataclass(frozen=True)
class ContextRow:
    """A school of the map."""

    name: str
    href: str
    municipality: str
    context: str  # «труднее, чем у 82 % школ»
    results: str  # «низких 12 из 80, обычно 20»
    stands: str  # its quadrant in words
    resilient: bool
    listed: bool | None  # on the first list of the run; None: the run said nothing of it


@dataclass(frozen=True)
class WeightRow:
    """What an indicator weighs, and of how many schools it is known."""

    title: str
    weight: str  # "" where it is not in the index
    between: str
    known: str
    note: str


@dataclass(frozen=True)
class ClusterRow:
    """A cluster of similar schools, those of it that the viewer sees."""

    name: str
    schools: int
    listed: int


@dataclass(frozen=True)
class ContextPage:
    """Context and results of a region's schools."""

    run: RunHead
    crumbs: tuple[Crumb, ...]
    region: str
    regions: tuple[Choice, ...]
    fit: str
    usable: bool
    picture: Scatter
    chips: tuple[Chip, ...]
    rows: tuple[ContextRow, ...]
    paging: Page
    weights: tuple[WeightRow, ...]
    clusters: tuple[ClusterRow, ...]
