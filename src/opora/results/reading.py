"""What comes out of one file of results: counts, and everything that is wrong with the file at once."""

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file, told to the person who can mend it.

    No value of a pupil's row is ever put in here: a cell is named by its address.
    """

    sheet: str  # "" for a file without sheets
    cell: str  # "B12", "12" for a whole row, "" for the whole file
    what: str  # what is wrong
    allowed: str  # what is allowed there, or what to do
    column: str = ""  # the heading of the column, where it has one


@dataclass(frozen=True)
class Context:
    """What is known about a file besides its content."""

    name: str  # the file's name as the person has it; a hint, never the proof of a format
    school: str = ""  # for school-level files that do not name their school
    year: int | None = None
    subject: str = ""
    grade: int | None = None
    region: str = ""  # whose scales apply


@dataclass
class Reading:
    """A file that was read: nothing of it remains but counts."""

    format: str  # the name of the reader that recognised it
    digest: str  # SHA-256 of the bytes, hex
    outcomes: pl.DataFrame  # columns of tables.OUTCOMES
    indicators: pl.DataFrame  # columns of tables.INDICATORS
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was left out on purpose and why, in sentences
    rows: int = 0  # rows with a pupil's or a school's result
    skipped: dict[str, int] = field(
        default_factory=dict
    )  # reason → rows left out (absent, mark 0, suppressed)
