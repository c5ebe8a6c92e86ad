"""What the page of the comparison with the journal shows."""

from dataclasses import dataclass

from opora.ui.components import Crumb
from opora.ui.pictures.parts import PartsPlot


@dataclass(frozen=True)
class MarksRow:
    """One work in numbers. takers: "" where the group is too small to be shown; parts: «62 %, 31 из 50»."""

    label: str
    takers: str
    parts: tuple[tuple[str, str, str, str], ...]  # share and count, interval, usual ("" not known), name
    schools: str  # others that wrote the same work


@dataclass(frozen=True)
class MarksPage:
    """A school's external works beside its journal."""

    name: str
    place: str
    crumbs: tuple[Crumb, ...]
    said: str  # all shown works together; "" where none is
    picture: PartsPlot | None
    rows: tuple[MarksRow, ...]
    names: tuple[str, ...]  # of the parts
    hidden: int  # works of groups that are too small
    smallest: int
    level: str  # of the intervals
    fewest: int  # other schools from which anything is called usual
