"""Changes of schools (изменения школ) as plain values: what kinds there are, and whom each touches.

A school, a municipality, a founder is any value that compares; the rules look at nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

Value = Any  # a name, a municipality, a founder, a code


class Kind(StrEnum):
    """What happened."""

    OPEN = "open"
    REOPEN = "reopen"
    INDEPENDENT = "independent"
    RENAME = "rename"
    FOUNDER = "founder"
    MOVE = "move"
    REFORM = "reform"
    VPR_LOGIN = "vpr_login"
    RIS_CODE = "ris_code"
    INN = "inn"
    BRANCH = "branch"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"


# In what order changes of one day take place: what begins comes first, what ends comes last.
ORDER = {kind: place for place, kind in enumerate(Kind)}
# Kind → which attribute of a school it changes.
ATTRIBUTES = {
    Kind.RENAME: "name",
    Kind.FOUNDER: "founder",
    Kind.MOVE: "municipality",
    Kind.REFORM: "municipality",
    Kind.VPR_LOGIN: "vpr_login",
    Kind.RIS_CODE: "ris_code",
    Kind.INN: "inn",
}
CODES = (Kind.VPR_LOGIN, Kind.RIS_CODE, Kind.INN)


@dataclass(frozen=True)
class Change:
    """One dated change (изменение).

    number: the order in which changes were recorded. on: the first day on which it is in force.
    school: whom it changes, or who continues in a merge or a split; None where nobody does.
    ends, begins: schools that are no more from this day, or are new on it. moved: those of a reform.
    before, after: the attribute's values. shares: of a split's figures, a whole number for each school.
    """

    number: int
    kind: Kind
    on: date
    school: int | None = None
    ends: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    main: int | None = None
    before: Value = None
    after: Value = None
    shares: tuple[tuple[int, int], ...] = ()

    @property
    def place(self) -> tuple[date, int, int]:
        """Answer where it stands among others."""
        return self.on, ORDER[self.kind], self.number

    @property
    def attribute(self) -> str:
        """Answer the attribute that it changes. Empty: ""."""
        return ATTRIBUTES.get(self.kind, "")

    @property
    def schools(self) -> tuple[int, ...]:
        """Answer everybody who takes part, each once."""
        some = (one for one in (self.school, self.main) if one is not None)
        return tuple(dict.fromkeys([*some, *self.ends, *self.begins, *self.moved]))

    def changes_attribute_of(self, school: int) -> bool:
        """Say whether an attribute of a school is changed."""
        return bool(self.attribute) and (school == self.school or school in self.moved)

    def begins_with(self, school: int) -> bool:
        """Say whether a school begins with this change."""
        return school in self.begins or (self.kind == Kind.OPEN and school == self.school)

    def ends_with(self, school: int) -> bool:
        """Say whether this change tells of a school's end, or of its coming back."""
        return school in self.ends or (self.kind in (Kind.CLOSE, Kind.REOPEN) and school == self.school)

    def is_of_life(self, school: int) -> bool:
        """Say whether a school begins or ends with this change."""
        return self.begins_with(school) or self.ends_with(school)


@dataclass(frozen=True)
class Beginning:
    """What the register says of a school: true where no change says otherwise.

    values: name, municipality, founder and codes. opened, closed: the register's own days, if it has them;
    they count where no recorded change tells of the beginning, or of an end.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    opened: date | None = None
    closed: date | None = None


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Answer changes in the order in which they took place, whenever they were recorded."""
    return sorted(changes, key=lambda change: change.place)


def of_register(beginnings: Mapping[int, Beginning], changes: Iterable[Change]) -> list[Change]:
    """Answer the openings and closings that only the register's own days tell of."""
    begun, ended = set(), set()
    for change in changes:
        begun |= {school for school in change.schools if change.begins_with(school)}
        ended |= {school for school in change.schools if change.ends_with(school)}
    return [
        Change(0, kind, on, school)
        for school, beginning in beginnings.items()
        for kind, on, known in (
            (Kind.OPEN, beginning.opened, begun),
            (Kind.CLOSE, beginning.closed, ended),
        )
        if on is not None and school not in known
    ]
