"""Context of the open research set: attributes of schools as the schools told them, one row a school."""

import re
from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.tables import INDICATORS
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, at, body, header_with, hints, normal, whole
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.tally import no_outcomes
from opora.results.readers.written import login_of
from opora.results.reading import Context, Reading

NAME = "research_context"
TITLE = "открытый исследовательский набор ВПР: контекст школ"
SOURCE = "найдено в открытом коде"
LOGIN = "Логин ОО"
LOCATION = "Где расположена образовательная организация?"
SETTLEMENT = "Наименование населенного пункта"
SIZE = "Размер населенного пункта"
SPECIAL = "ОО является специальной (коррекционной)"
PUPILS = "Количество обучающихся в ОО (в сумме по всем классам)"
HEADINGS = (LOGIN, LOCATION, SETTLEMENT, SIZE, SPECIAL, PUPILS)
# What each attribute is called among indicators.
INDICATOR = {
    LOCATION: "location_code",
    SETTLEMENT: "settlement",
    SIZE: "settlement_size_code",
    SPECIAL: "special_school",
    PUPILS: "pupils",
}
Attribute = tuple[str, str, str, float | None, str | None]
YES_NO = {"да": 1.0, "нет": 0.0, "1": 1.0, "0": 0.0}


def recognises(book: Book) -> bool:
    """Say whether a sheet has logins of schools beside the question where they are."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Turn the attributes into indicators; nothing is counted."""
    problems, rows, found = Problems(), 0, []
    year = context.year or hints(context.name).year
    if year is None:
        allowed = _("Укажите год при загрузке или в имени файла.")
        problems.add(_("Из файла не видно, к какому году относятся сведения."), allowed)
    again = 0
    for sheet in book.sheets:
        if header := _header(sheet):
            place = Place(sheet, header, problems)
            for number, row in body(sheet.iter_rows(), header):
                if normal(at(row, header.column(normal(LOGIN)))) == normal(LOGIN):
                    again += 1  # the first row of data repeats the headings
                    continue
                attributes = _attributes(number, row, place)
                rows += bool(attributes)
                found += [(school, year, *rest) for school, *rest in attributes]
    return Reading(
        format=NAME,
        digest=book.digest,
        outcomes=no_outcomes(),
        indicators=pl.DataFrame(found, schema=INDICATORS, orient="row"),
        problems=problems.told(),
        rows=rows,
        skipped={_("заголовки повторены"): again} if again else {},
    )


def _header(sheet: Sheet) -> Header | None:
    return header_with(sheet, normal(LOGIN), normal(LOCATION))


def _attributes(number: int, row: list[Any], place: Place) -> list[Attribute]:
    """Read the attributes of one school: (school, indicator, category, value, letter)."""
    header = place.header
    login = header.column(normal(LOGIN))
    school = login_of(at(row, login))
    if not school:
        place.wrong(number, login, _("Это не логин школы."), _("sch и от 6 до 8 цифр."))
        return []
    if place.repeated(number, row, (school,), login) is not False:
        return []
    found: list[Attribute] = []
    for heading, indicator in INDICATOR.items():
        column = header.column(normal(heading))
        cell = at(row, column)
        if cell is None:
            continue
        if heading == SETTLEMENT:
            found.append((school, indicator, "all", None, str(cell)))
            continue
        value = _value(heading, cell)
        if value is None:
            place.wrong(number, column, _("Значение не читается."), _allowed(heading))
        else:
            found.append((school, indicator, "all", value, None))
    return found


def _value(heading: str, cell: Any) -> float | None:
    if heading == SPECIAL:
        return YES_NO.get(normal(cell))
    if heading == PUPILS:
        pupils = whole(cell)
        return float(pupils) if pupils is not None and pupils >= 0 else None
    found = re.match(r"\s*(\d+)", str(cell))  # «2 - в городе»: the answer begins with its code
    return float(found[1]) if found else None


def _allowed(heading: str) -> str:
    if heading == SPECIAL:
        return _("«Да» или «нет».")
    if heading == PUPILS:
        return _("Целое число, 0 или больше.")
    return _("Ответ с его кодом впереди, например «2 - в городе».")
