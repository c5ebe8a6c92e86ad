"""What the pages of results show."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page

from opora.results.reading import Problem


@dataclass(frozen=True)
class Annotated:
    """A copy of the person's own file with its errors marked, inside the page: nothing is kept of it."""

    name: str
    href: str  # data:…; "" where the copy would be too large
    too_large: bool


@dataclass(frozen=True)
class PairRow:
    """A result that two files tell differently."""

    school: str
    label: str  # «ВПР-2018, математика, 5 класс»
    kept: str  # «8 из 20»
    came: str
    kept_file: str


@dataclass(frozen=True)
class FileReport:
    """What became of one file just now."""

    name: str
    format_label: str
    state: str  # accepted, refused, repeated
    state_label: str
    rows: int
    schools: int
    outcomes: int
    skipped: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    annotated: Annotated | None
    same: int  # results that another file tells with the same numbers
    different: int  # and with others
    pairs: tuple[PairRow, ...]  # the first of those


@dataclass(frozen=True)
class PastFile:
    """A file that was brought before."""

    id: int
    name: str
    format_label: str
    state: str
    state_label: str
    rows: int
    schools: int
    outcomes: int
    problems: tuple[Problem, ...]
    by: str
    at: datetime
    may_withdraw: bool
    viewers_href: str | None


@dataclass(frozen=True)
class ImportPage:
    """The import page: the form, what became of the files just sent, and what was brought before."""

    reports: tuple[FileReport, ...]
    files: tuple[PastFile, ...]
    paging: Page
    may_import_schools: bool
    formats: tuple[str, ...]
