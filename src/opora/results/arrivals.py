"""What has arrived and what has not (карта поступления): tables in, counts and gaps out.

A school is expected to have a subject where it teaches one of the grades in which the subject was written
in the region. A subject that is drawn by lot is no gap, nor is a school whose grades are not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LOTS = Path(__file__).with_name("arrivals.yaml")


@dataclass(frozen=True)
class Expected:
    """A school of the registry: where it is, and the grades that it teaches; none where unknown."""

    school: int
    place: int
    grades: range


@dataclass(frozen=True)
class Arrived:
    """One result of a school: which subject in which grade."""

    school: int
    subject: str
    grade: int


@dataclass(frozen=True)
class Square:
    """One place and one subject: how many schools have it, of how many that teach it, and which lack it."""

    arrived: int
    expected: int
    missing: tuple[int, ...]  # empty where the subject is drawn by lot
    by_lot: bool

    @property
    def state(self) -> str:
        """Say how whole it is: whole, part, none, lot, or blank where nobody teaches the subject."""
        if not self.expected and not self.arrived:
            return "blank"
        if self.by_lot:
            return "lot"
        if not self.missing:
            return "whole"
        return "part" if self.arrived else "none"


@cache
def _lots() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(LOTS.read_text(encoding="utf-8")))


def is_by_lot(assessment: str, year: int, subject: str, grades: Iterable[int]) -> bool:
    """Say whether a subject is drawn by lot in all these grades."""
    return any(
        lot["assessment"] == assessment
        and year >= lot["from_year"]
        and subject not in lot["everybody_writes"]
        and set(grades) <= set(lot["grades"])
        for lot in _lots()
    )


def squares(
    assessment: str, year: int, schools: Iterable[Expected], results: Iterable[Arrived]
) -> dict[tuple[int, str], Square]:
    """Put what has arrived beside what was expected, for every place and every subject that was written.

    Empty: no square where no result has arrived at all.
    """
    known, came = list(schools), list(results)
    there = {one.school: one.place for one in known}
    grades: dict[str, set[int]] = {}
    having: dict[tuple[int, str], set[int]] = {}
    for one in came:
        if one.school in there:
            grades.setdefault(one.subject, set()).add(one.grade)
            having.setdefault((there[one.school], one.subject), set()).add(one.school)
    found = {}
    for subject, written in grades.items():
        lot = is_by_lot(assessment, year, subject, written)
        teaching: dict[int, set[int]] = {}
        for school in known:
            if any(grade in school.grades for grade in written):
                teaching.setdefault(school.place, set()).add(school.school)
        for place in {one.place for one in known}:
            mine = having.get((place, subject), set())
            expected = teaching.get(place, set()) | mine
            missing = () if lot else tuple(sorted(expected - mine))
            found[place, subject] = Square(len(mine), len(expected), missing, lot)
    return found
