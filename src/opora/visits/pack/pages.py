"""What the pack of a visit shows: the school in short, and the forms of records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from opora.visits.pages import AgreementLine, RecordCard, VisitHead

Choices = tuple[tuple[str, str, bool], ...]  # value, words, whether it is chosen


@dataclass(frozen=True)
class Blank:
    """A form of one record, empty or with what was typed and not taken. key: its own on the page."""

    key: str
    kind: str
    uuid: str
    given: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class FactorInShort:
    """A risk factor of the profile: its level and the indicators that decided it."""

    title: str
    state: str
    level: str
    points: float | None
    deciding: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class QuestionForm:
    """A question to check, and the form of its answer."""

    blank: Blank
    name: str
    text: str
    says: Choices


@dataclass(frozen=True)
class QuestionGroup:
    """Questions about one risk factor; those of high factors stand first."""

    title: str
    state: str
    level: str
    questions: tuple[QuestionForm, ...]


@dataclass(frozen=True)
class RubricRow:
    """A row of a sheet: its levels in words."""

    name: str
    title: str
    levels: Choices


@dataclass(frozen=True)
class SheetForm:
    """An observation sheet as a form."""

    blank: Blank
    name: str
    title: str
    about: str
    rows: tuple[RubricRow, ...]


@dataclass(frozen=True)
class Forms:
    """The forms that every pack has once."""

    met: Blank
    who: Choices
    agreement: Blank
    kept: Blank
    open_agreements: Choices
    note: Blank
    photo: Blank
    consent: Choices


@dataclass(frozen=True)
class PackPage:
    """The pack of a visit (пакет визита). person: who opened it; words: what its program says, as JSON."""

    head: VisitHead
    person: int
    person_name: str
    made_at: datetime
    told_at: str
    factors: tuple[FactorInShort, ...]
    groups: tuple[QuestionGroup, ...]
    sheets: tuple[SheetForm, ...]
    forms: Forms
    agreements: tuple[AgreementLine, ...]
    cards: tuple[RecordCard, ...]
    words: str
    error: str = ""
