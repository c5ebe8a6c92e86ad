"""A check-list (чек-лист) of schools' own quality assessment: sections of criteria with their levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from opora.methodology.marked import Words

NO, PARTLY, YES, NOT_APPLICABLE = "no", "partly", "yes", "not_applicable"
LEVELS = (NO, PARTLY, YES)
ANSWERS = (*LEVELS, NOT_APPLICABLE)
FACTS = ("results", "journal", "signs")  # what the system itself knows of a school


@dataclass(frozen=True)
class Criterion:
    """One criterion (критерий): what is asked and what proves it.

    levels: what each level means here; without ``not_applicable`` it concerns every school. measure: the
    standard measure of a repair. fact: what the system knows of it, one of ``FACTS``; "" nothing.
    """

    name: str
    question: Words
    proof: Words
    levels: Mapping[str, Words]
    measure: Words
    weight: int = 1
    fact: str = ""


@dataclass(frozen=True)
class Section:
    """A section of a check-list (раздел): it is filled in and kept by itself."""

    name: str
    title: Words
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Checklist:
    """A check-list as its file says it. minutes: that filling it in takes. digest: SHA-256 of the file."""

    name: str
    title: Words
    since: date
    status: str
    source: str
    minutes: int
    sections: tuple[Section, ...]
    digest: str

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Answer every criterion by its name, in order."""
        return {one.name: one for section in self.sections for one in section.criteria}

    def section(self, name: str) -> Section | None:
        """Answer a section by its name; None where it has none such."""
        return next((one for one in self.sections if one.name == name), None)
