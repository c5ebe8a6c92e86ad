"""What the page of a questionnaire shows to whoever answers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Choice:
    """One answer that may be chosen."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class Line:
    """One row of a matrix."""

    field: str
    text: str
    choices: tuple[Choice, ...]
    error: str


@dataclass(frozen=True)
class Question:
    """An item as it is asked. kind: ``one``, ``many``, ``lines``, ``number`` or ``text``."""

    name: str
    kind: str
    is_step: bool  # its answers are steps of a scale: whole numbers
    text: str
    help: str
    required: bool
    choices: tuple[Choice, ...]  # of one and many
    lines: tuple[Line, ...]  # of a matrix
    heads: tuple[str, ...]  # the scale of a matrix
    value: str  # of a number or text
    unit: str  # «%» of a share
    least: int | None
    most: int | None
    dont_know: Choice | None  # beside a number
    asked_if: str  # the condition as JSON; "" where it is always asked
    error: str


@dataclass(frozen=True)
class Sheet:
    """A page of the questionnaire with its questions."""

    title: str
    text: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class AnswerPage:
    """The questionnaire of a link, as much of it as is answered."""

    token: str
    title: str
    introduction: str
    school: str
    purpose: str
    legal_basis: str
    used_by: str
    minutes: int
    voluntary: bool
    anonymous: bool
    standing: str  # early, open, over
    opens_on: date
    ends_on: date
    taken_until: date
    by_codes: bool
    code: str
    code_error: str
    receipt: str
    sheets: tuple[Sheet, ...]
    faults: tuple[tuple[str, str], ...]  # the field and what is wrong
    languages: tuple[tuple[str, str, bool], ...]  # code, name, whether it is this page's
    words: str  # what the page's program says, as JSON


@dataclass(frozen=True)
class ThanksPage:
    """What became of a sheet."""

    title: str
    school: str
    told: str  # a ``Told``
    short: str  # the receipt as a person may keep it: «7F3A-91BC»
    ends_on: date
    taken_until: date
