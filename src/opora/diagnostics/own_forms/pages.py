"""What the pages of questionnaires show."""

from dataclasses import dataclass
from datetime import datetime

from opora.ui.components import Crumb


@dataclass(frozen=True)
class SurveyTie:
    """A survey that asks a questionnaire."""

    id: int
    title: str


@dataclass(frozen=True)
class FormHead:
    """A questionnaire as a list names it. state: ``shipped``, ``draft``, ``in_force`` or ``withdrawn``."""

    name: str
    title: str
    group: str  # who answers; "" where a draft does not say it
    place: str  # whose it is; "" of those that come with Opora
    languages: tuple[str, ...]  # their names
    minutes: int  # 0: not said
    state: str
    surveys: tuple[SurveyTie, ...]  # the latest ones
    more: int  # surveys besides


@dataclass(frozen=True)
class FormsPage:
    """All questionnaires that one sees."""

    own: tuple[FormHead, ...]
    shipped: tuple[FormHead, ...]
    may_bring: bool


@dataclass(frozen=True)
class Asked:
    """A question as people see it."""

    number: int
    text: str
    help: str
    kind: str  # «один ответ», «целое число от 0 до 30»
    answers: tuple[str, ...]
    lines: tuple[str, ...]  # rows of a table
    skip: str  # who answers, and where all others go on
    is_required: bool


@dataclass(frozen=True)
class Sheet:
    """A page of the questionnaire."""

    title: str
    text: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class FormPage:
    """One questionnaire as people will see it, and what may be done with it.

    hindrances, not_carried: of a draft, by sheet and row. refused: why the workbook that was brought just now
    is not taken. changed_meanwhile: somebody has kept another draft since the page was opened.
    """

    head: FormHead
    crumbs: tuple[Crumb, ...]
    language: str
    languages: tuple[tuple[str, str, bool], ...]  # code, name, whether it is this page's
    introduction: str
    purpose: str
    legal_basis: str
    used_by: str
    promises: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    count: int  # questions
    may_keep: bool
    seen: str  # the digest of the draft
    by: str
    at: datetime | None
    hindrances: tuple[str, ...]
    not_carried: tuple[str, ...]
    refused: tuple[str, ...] = ()
    changed_meanwhile: bool = False
