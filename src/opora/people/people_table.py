"""Reads rows of a table of people: known headings, all errors at once; nothing is written here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from opora.language import _
from opora.methodology.attributes import compared
from opora.registry.roles import Role
from opora.registry.school_table import Row, RowProblem
from opora.results.readers.subjects import subject_named, subjects

# Field → headings, in small letters, with «е» for «ё», without punctuation.
HEADINGS: dict[str, tuple[str, ...]] = {
    "full_name": ("фио", "фамилия имя отчество", "name", "full name"),
    "email": ("почта", "электронная почта", "email", "e mail", "e-mail"),
    "role": ("роль", "role"),
    "region": ("регион", "region"),
    "municipality": ("муниципалитет", "муниципальное образование", "municipality"),
    "school": ("школа", "код школы", "муниципалитет/школа", "school"),
    "subject": ("предмет", "subject"),
    "since": ("с", "начало", "since", "from"),
    "until": ("по", "окончание", "until", "to"),
    "order_number": ("номер приказа", "приказ", "order", "order number"),
    "order_day": ("дата приказа", "order date"),
}
NEEDED = ("full_name", "email", "role")
LONGEST = {"full_name": 200, "email": 254, "order_number": 50}


@dataclass
class PersonRow:
    """A row as it was read; what could not be read is absent."""

    row: int
    told: dict[str, Any] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)  # field → heading

    def text(self, name: str) -> str:
        """Answer a text of the row. Empty: ""."""
        return str(self.told.get(name, ""))


class WrongCell(Exception):
    """A cell that cannot be: what is wrong and what is allowed."""

    def __init__(self, what: str, allowed: str) -> None:
        self.what, self.allowed = what, allowed
        super().__init__(what)


def field_of(heading: str) -> str | None:
    """Answer the field that a heading names, if it is known."""
    wanted = compared(heading)
    return next((name for name, known in HEADINGS.items() if wanted in map(compared, known)), None)


def read_people(rows: Iterable[Row]) -> tuple[list[PersonRow], list[RowProblem]]:
    """Read every row, and everything that is wrong with any of them."""
    read: list[PersonRow] = []
    problems: list[RowProblem] = []
    for number, values in rows:
        entry = PersonRow(number)
        given = _given(values, entry)
        for name in HEADINGS:
            text = given.get(name, "")
            if not text and name not in NEEDED:
                continue
            try:
                entry.told[name] = _read(name, text)
            except WrongCell as wrong:
                column = entry.written.get(name, HEADINGS[name][0])
                problems.append(RowProblem(number, column, wrong.what, wrong.allowed))
        problems += _contradictions(entry)
        read.append(entry)
    return read, problems


def _given(values: Mapping[str, Any], entry: PersonRow) -> dict[str, str]:
    given: dict[str, str] = {}
    for heading, value in values.items():
        if name := field_of(heading):
            given[name] = text_of(value)
            entry.written[name] = heading
    return given


def text_of(value: Any) -> str:
    """Answer a cell as text: a spreadsheet's 7.0 is «7», a moment is its day."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%d.%m.%Y")
    return " ".join(str(value).split())


def _read(name: str, text: str) -> Any:
    if name in LONGEST and len(text) > LONGEST[name]:
        raise WrongCell(_("Слишком длинный текст"), _("До {count} знаков").format(count=LONGEST[name]))
    return READERS.get(name, str)(text)


def _name(text: str) -> str:
    if len(text.split()) < 2:
        raise WrongCell(_("ФИО не названо полностью"), _("Фамилия, имя и отчество, если оно есть"))
    return text


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise WrongCell(_("Это не адрес почты"), _("Например, ivanova@school.example")) from None
    return text.lower()


def role_of(text: str) -> str:
    """Answer the role that a text names.

    Raises: WrongCell with all that are known.
    """
    known = {compared(str(label)): value for value, label in Role.choices} | {
        role: role for role in Role.values
    }
    found = known.get(compared(text)) or known.get(text.lower())
    if found is None:
        allowed = ", ".join(str(label) for label in Role.labels)
        raise WrongCell(_("Такой роли нет"), _("Допустимо: {words}").format(words=allowed))
    return found


def _subject(text: str) -> str:
    found = subject_named(text)
    if found not in subjects():
        raise WrongCell(_("Такого предмета нет в справочнике"), _("Например, математика или русский язык"))
    return found


def _day(text: str) -> date:
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise WrongCell(_("Это не дата"), _("День.месяц.год, например 01.09.2015"))


def _contradictions(entry: PersonRow) -> list[RowProblem]:
    """Answer what the cells of one row say against each other."""
    told, found = entry.told, []

    def tell(name: str, what: str, allowed: str) -> None:
        found.append(RowProblem(entry.row, entry.written.get(name, HEADINGS[name][0]), what, allowed))

    if told.get("since") and told.get("until") and told["until"] < told["since"]:
        tell("until", _("Назначение кончается раньше, чем начинается"), _("День не раньше начала"))
    if bool(told.get("order_number")) != bool(told.get("order_day")):
        missing = "order_day" if told.get("order_number") else "order_number"
        tell(
            missing, _("Приказ назван не полностью"), _("Нужны и номер, и дата приказа, или ни то ни другое")
        )
    if told.get("subject") and told.get("role") not in (None, Role.METHODIST):
        tell("subject", _("Предмет бывает только у методиста"), _("Оставьте ячейку пустой"))
    return found


READERS: dict[str, Any] = {
    "full_name": _name,
    "email": _email,
    "role": role_of,
    "subject": _subject,
    "since": _day,
    "until": _day,
    "order_day": _day,
}
