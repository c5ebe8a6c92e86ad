"""What the personal office shows."""

from dataclasses import dataclass
from datetime import datetime

from opora.people.pages import AppointmentRow
from opora.ui.components import Task


@dataclass(frozen=True)
class News:
    """One deed of somebody else."""

    who: str
    said: str
    at: datetime
    role: str
    behalf: str


@dataclass(frozen=True)
class OwnSchool:
    """A school of the person's."""

    id: int
    name: str
    place: str


@dataclass(frozen=True)
class OfficePage:
    """The personal office of one person."""

    name: str
    tasks: tuple[Task, ...]
    news: tuple[News, ...]
    since: datetime | None
    schools: tuple[OwnSchool, ...]
    all_schools: int
    appointments: tuple[AppointmentRow, ...]
    stands_in: tuple[str, ...]  # for whom the person acts now
    is_first_visit: bool
