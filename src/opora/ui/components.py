"""Names what components are given: steps, tasks, crumbs, errors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from opora.language import _

PILL_STATES = ("ok", "attention", "trouble", "neutral", "none")
"""States of a status pill; each has a shape, a colour and always a word."""


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the country to this page; the last one has no ``href``."""

    name: str
    href: str | None = None


@dataclass(frozen=True)
class Step:
    """A stage on the step line; ``state`` is ``done``, ``current`` or ``ahead``."""

    name: str
    state: str
    note: str = ""
    href: str | None = None


@dataclass(frozen=True)
class Task:
    """A deed that waits for a person; ``state`` is a state of a pill and ``word`` is what it says."""

    name: str
    href: str | None
    state: str
    word: str
    note: str = ""


@dataclass(frozen=True)
class Happening:
    """One thing on a timeline: since when, what, notes; ``undone`` says how it was taken back.

    ``ties`` are pairs of a word and a page; ``deed`` is what may be done about it.
    """

    on: date
    title: str
    ties: Sequence[tuple[str, Crumb]] = ()
    notes: Sequence[str] = ()
    undone: str = ""
    deed: Crumb | None = None


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: what, where to mend it, and what is allowed."""

    what: str
    href: str = ""
    allowed: str = ""


@dataclass(frozen=True)
class FileRemark:
    """One remark on a file: the sheet, cell and column, what is wrong and what is allowed.

    What stands in the cell is never repeated: it may be a pupil's.
    """

    sheet: str
    cell: str
    what: str
    allowed: str = ""
    column: str = ""


@dataclass(frozen=True)
class FieldChange:
    """One field that a deed changed: in words, before and after; an empty side was or became empty."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class LogEntry:
    """A line of a log: who, when, in which role, what; what it was done to, and what it changed there."""

    at: datetime
    who: str
    role: str
    what: str
    about: str = ""
    href: str = ""
    changes: tuple[FieldChange, ...] = ()
    more: str = ""  # what else was changed, where all of it would be too much


def errors_of_form(form: Any) -> list[Wrong]:
    """Answer the errors of a form, each leading to its field."""
    wrong = [Wrong(str(error)) for error in form.non_field_errors()]
    for bound in form:
        wrong += [Wrong(f"{bound.label}: {error}", f"#{bound.id_for_label}") for error in bound.errors]
    return wrong


def pages_around(number: int, last: int) -> list[int | None]:
    """Answer the page numbers worth showing; None stands for a gap of more than one page."""
    near = sorted({1, last, *(page for page in range(number - 1, number + 2) if 1 <= page <= last)})
    shown: list[int | None] = []
    for page in near:
        before = shown[-1] if shown else None
        if before is not None and page - before == 2:
            shown.append(page - 1)
        elif before is not None and page - before > 2:
            shown.append(None)
        shown.append(page)
    return shown


def sorting(current: str, column: str) -> tuple[str, str]:
    """Answer what a click on a column's head asks for and how the column is sorted now (``aria-sort``).

    A first click sorts upwards, a second one downwards.
    """
    if current == column:
        return f"-{column}", "ascending"
    if current == f"-{column}":
        return column, "descending"
    return column, ""


def page_asked(query: Any) -> int:
    """Answer which page of a long list an address asks for; nonsense is the first."""
    text = query.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def address_with(query: Any, **changes: str | int | None) -> str:
    """Answer ``?…`` of this page with some parameters changed; None or an empty value takes one out.

    A changed filter or order starts from the first page again.
    """
    asked = query.copy()
    if "page" not in changes:
        asked.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return "?" + asked.urlencode(safe=",-")


def origin(kind: str) -> tuple[str, str]:
    """Answer the word and the explanation of where a rule or a number comes from."""
    return {
        "official": (_("официальный текст"), _("Сказано в документе, на который дана ссылка.")),
        "reconstructed": (_("реконструкция"), _("Восстановлено по косвенным источникам, документа нет.")),
        "default": (_("умолчание Опоры"), _("Выбрано в Опоре: официального значения нет.")),
    }[kind]


def crumbs_of(entries: Iterable[Any]) -> Sequence[Crumb]:
    """Take crumbs as they are, or as pairs of a name and an address."""
    return [entry if isinstance(entry, Crumb) else Crumb(*entry) for entry in entries]
