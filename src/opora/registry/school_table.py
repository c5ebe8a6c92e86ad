"""Reads rows of a table of municipalities and schools: known headings, checked codes, all errors at once.

A row is its number and its texts by heading, however it was written: in a workbook, in a CSV or by the demo.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from opora.language import _
from opora.methodology import attributes
from opora.methodology.attributes import compared
from opora.registry import codes
from opora.registry.codes import WrongCode
from opora.registry.models import Municipality, School

Headings = Mapping[str, tuple[str, ...]]
Row = tuple[int, Mapping[str, Any]]  # number of the row as the person sees it; values by heading


@dataclass(frozen=True)
class RowProblem:
    """One thing that is wrong in a row; ``column`` is the heading as it was written."""

    row: int
    column: str
    what: str
    allowed: str


@dataclass
class SchoolRow:
    """A row that was read: the school's fields that the table has, and where it lies."""

    row: int
    region: str = ""
    municipality: dict[str, str] = field(default_factory=dict)
    school: dict[str, Any] = field(default_factory=dict)


# Field → headings, in small letters, with «е» for «ё», without punctuation.
HEADINGS: dict[str, tuple[str, ...]] = {
    "region": ("регион", "код региона", "субъект рф", "region"),
    "municipality.name": ("муниципалитет", "муниципальное образование", "мсу", "municipality"),
    "municipality.kind": ("вид муниципалитета", "вид муниципального образования", "municipality kind"),
    "municipality.oktmo": ("октмо муниципалитета", "municipality oktmo"),
    "municipality.msu_code": ("код мсу", "msu code"),
    "name": ("наименование", "полное наименование", "название", "школа", "name"),
    "short_name": ("краткое наименование", "сокращенное наименование", "short name"),
    "kind": ("вид", "вид оо", "вид школы", "kind"),
    "vpr_login": ("логин впр", "логин", "логин оо", "логин школы", "vpr login"),
    "ris_code": ("код оо", "код рис", "код оо рис гиа", "ris code"),
    "inn": ("инн", "inn"),
    "ogrn": ("огрн", "ogrn"),
    "oktmo": ("октмо", "октмо школы", "oktmo"),
    "settlement_kind": ("тип населенного пункта", "город село", "settlement kind"),
    "settlement_name": ("населенный пункт", "наименование населенного пункта", "settlement"),
    "settlement_size": ("жителей", "размер населенного пункта", "население", "settlement size"),
    "levels": ("уровни", "классы", "ступени", "levels"),
    "pupils": ("обучающихся", "число обучающихся", "количество обучающихся", "учеников", "pupils"),
    "founder": ("учредитель", "founder"),
    "opened_on": ("открыта", "дата открытия", "opened"),
    "closed_on": ("закрыта", "дата закрытия", "closed"),
}
NEEDED = ("municipality.name", "name")
# A table of municipalities alone calls the same things by shorter words.
PLACE_HEADINGS: dict[str, tuple[str, ...]] = {
    "region": HEADINGS["region"],
    "municipality.name": (*HEADINGS["municipality.name"], "наименование", "название", "name"),
    "municipality.kind": (*HEADINGS["municipality.kind"], "вид", "kind"),
    "municipality.oktmo": (*HEADINGS["municipality.oktmo"], "октмо", "oktmo"),
    "municipality.msu_code": HEADINGS["municipality.msu_code"],
}
LONGEST = {"name": 500, "founder": 500, "short_name": 200, "settlement_name": 150, "municipality.name": 150}


def field_of(heading: str, known: Headings = HEADINGS) -> str | None:
    """Answer the field that a heading names, if it is known."""
    wanted = compared(heading)
    return next((name for name, headings in known.items() if wanted in headings), None)


def is_of_schools(headings: Iterable[str]) -> bool:
    """Say whether a table tells of schools: it names the municipality or a code of each."""
    told = {field_of(heading) for heading in headings}
    return bool(told & {"municipality.name", "vpr_login", "ris_code", "inn", "ogrn", "levels", "pupils"})


def read_rows(rows: Iterable[Row], known: Headings = HEADINGS) -> tuple[list[SchoolRow], list[RowProblem]]:
    """Read every row, and everything that is wrong with any of them."""
    read: list[SchoolRow] = []
    problems: list[RowProblem] = []
    for number, values in rows:
        given = {
            name: (heading, value) for heading, value in values.items() if (name := field_of(heading, known))
        }
        entry = SchoolRow(number)
        for name in known:
            heading, value = given.get(name, ("", None))
            text = _text(value)
            if not text and name not in NEEDED:
                continue
            try:
                _put(entry, name, READERS.get(name, _words(name))(text))
            except WrongCode as wrong:
                column = heading or known[name][0]
                problems.append(RowProblem(number, column, wrong.what, wrong.allowed))
        read.append(entry)
    return read, problems


def _put(entry: SchoolRow, name: str, value: Any) -> None:
    if name == "region":
        entry.region = value
    elif name.startswith("municipality."):
        entry.municipality[name.removeprefix("municipality.")] = value
    else:
        entry.school[name] = value


def _text(value: Any) -> str:
    """Answer a cell as text: a spreadsheet's 7.0 is «7», a moment is its day."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return " ".join(str(value).split())


def _words(name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text:
            raise WrongCode(_("Пустая ячейка"), _("Здесь нужно название"))
        if len(text) > LONGEST[name]:
            raise WrongCode(_("Слишком длинный текст"), _("До {count} знаков").format(count=LONGEST[name]))
        return text

    return read


def _choice(choices: Any, meaning: Callable[[str], str] = str) -> Callable[[str], str]:
    def read(text: str) -> str:
        known = {compared(value): value for value in choices.values}
        known |= {compared(str(label)): value for value, label in choices.choices}
        found = known.get(compared(text)) or known.get(compared(meaning(text)))
        if found is None:
            allowed = ", ".join(str(label) for label in choices.labels)
            raise WrongCode(_("Такого значения нет"), _("Допустимо: {words}").format(words=allowed))
        return found

    return read


def _count(text: str) -> int:
    digits = re.sub(r"[\s\u00a0]", "", text)
    if not re.fullmatch(r"\d{1,8}", digits, re.ASCII):
        raise WrongCode(_("Это не число людей"), _("Целое число, например 214"))
    return int(digits)


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise WrongCode(_("Это не дата"), _("День.месяц.год, например 01.09.2015"))


def _region(text: str) -> str:
    """Answer a region's two digits as written; whether there is such a region the registry knows."""
    return text.zfill(2) if re.fullmatch(r"\d{1,2}", text, re.ASCII) else text


def _municipality_oktmo(text: str) -> str:
    digits = codes.oktmo(text)
    if len(digits) != 8:
        raise WrongCode(_("Это ОКТМО населённого пункта"), _("ОКТМО муниципалитета — 8 цифр"))
    return digits


def _levels(text: str) -> str:
    found = re.sub(r"[\s\u2010-\u2014]+", "-", text.replace(" ", "")).removesuffix("классы")
    return _choice(School.Levels)(found if found in School.Levels.values else text)


READERS: dict[str, Callable[[str], Any]] = {
    "region": _region,
    "municipality.kind": _choice(Municipality.Kind),
    "municipality.oktmo": _municipality_oktmo,
    "municipality.msu_code": codes.msu_code,
    "kind": _choice(School.Kind, attributes.kind_of),
    "vpr_login": codes.vpr_login,
    "ris_code": codes.ris_code,
    "inn": codes.inn,
    "ogrn": codes.ogrn,
    "oktmo": codes.oktmo,
    "settlement_kind": _choice(School.SettlementKind, attributes.settlement_of),
    "settlement_size": _count,
    "levels": _levels,
    "pupils": _count,
    "opened_on": _day,
    "closed_on": _day,
}
