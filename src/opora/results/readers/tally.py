"""Counts pupils into outcomes one by one, so that no reader keeps a pupil's row."""

from typing import NamedTuple

import polars as pl

from opora.methodology.tables import INDICATORS, OUTCOMES

MARKS = (2, 3, 4, 5)
HIGHEST_SCORE = 1_000  # primary scores are well below; a misread document number is not
NO_OUTCOMES, NO_INDICATORS = pl.DataFrame(schema=OUTCOMES), pl.DataFrame(schema=INDICATORS)


class Key(NamedTuple):
    """Whose outcome it is: the school and the columns of ``OUTCOME_KEY``."""

    school: str
    year: int
    assessment: str
    sitting: str
    subject: str
    grade: int
    grade_programme: int
    category: str = "all"


class Tally:
    """Counts by school and assessment."""

    def __init__(self) -> None:
        self._counts: dict[Key, _Counts] = {}

    def __len__(self) -> int:
        return len(self._counts)

    def __contains__(self, key: Key) -> bool:
        return key in self._counts

    def add(  # noqa: PLR0913 (what is known of one pupil)
        self,
        key: Key,
        mark: int | None,
        score: int | None = None,
        low: bool | None = None,
        *,
        journal: int | None = None,
        pupils: int = 1,
    ) -> None:
        """Count one pupil, or several with the same result.

        ``low`` is taken from the mark (2) where it is not given; one of the two must be known. ``journal`` is
        the mark in the school's journal, None where it is not known.
        Raises: ValueError for a mark or score that cannot be: the reader tells the problem before it counts.
        """
        if mark is not None and mark not in MARKS:
            raise ValueError(f"mark must be 2, 3, 4 or 5, not {type(mark).__name__}")
        if low is None and mark is None:
            raise ValueError("a pupil without a mark needs low to be said")
        if score is not None and not 0 <= score <= HIGHEST_SCORE:
            raise ValueError(f"score must be from 0 to {HIGHEST_SCORE}")
        counts = self._counts.setdefault(key, _Counts())
        counts.takers += pupils
        counts.low += pupils * (mark == 2 if low is None else low)
        if mark is not None:
            counts.marks[mark - 2] += pupils
            counts.marked += pupils
        if mark is not None and journal is not None:
            counts.journal[(mark >= journal) + (mark > journal)] += pupils
        if score is not None:
            counts.scores.extend([0] * (score + 1 - len(counts.scores)))
            counts.scores[score] += pupils

    def add_counts(
        self,
        key: Key,
        takers: int,
        low: int | None,
        percent: float | None = None,
        marks: tuple[int, int, int, int] | None = None,
    ) -> bool:
        """Take over counts that somebody else made; False where this outcome is already there."""
        if key in self._counts:
            return False
        counts = self._counts[key] = _Counts(takers=takers, low=low, percent=percent)
        if marks is not None:
            counts.marks, counts.marked = list(marks), takers
        return True

    def frame(self) -> pl.DataFrame:
        """The outcomes: columns and types of ``tables.OUTCOMES``, in the order of their first pupil."""
        rows = [(*key, *counts.row()) for key, counts in self._counts.items()]
        return pl.DataFrame(rows, schema=OUTCOMES, orient="row")


class _Counts:
    """The counts of one outcome."""

    __slots__ = ("journal", "low", "marked", "marks", "percent", "scores", "takers")

    def __init__(self, takers: int = 0, low: int | None = 0, percent: float | None = None) -> None:
        self.takers = takers
        self.low: int = low  # type: ignore[assignment]  # empty only where a percent stands instead
        self.percent = percent
        self.marks = [0, 0, 0, 0]
        self.marked = 0
        self.scores: list[int] = []
        self.journal = [0, 0, 0]

    def row(self) -> tuple[object, ...]:
        marks = self.marks if self.marked == self.takers else [None] * 4
        return (
            self.takers,
            self.low,
            self.percent,
            *marks,
            self.scores or None,
            self.journal if any(self.journal) else None,
        )


def no_outcomes() -> pl.DataFrame:
    """An empty table of outcomes."""
    return NO_OUTCOMES.clone()


def no_indicators() -> pl.DataFrame:
    """An empty table of indicators."""
    return NO_INDICATORS.clone()
