"""What readers of flags share: whose row it is, of which year, and a cell that says yes, no or nothing."""

from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.tables import INDICATORS
from opora.results.readers.book import Book
from opora.results.readers.headings import at, hints, normal, whole
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.tally import no_outcomes
from opora.results.readers.written import login_of
from opora.results.reading import Context, Reading

LOGINS = ("логин оо", "логин", "логин школы", "логин впр")
YEARS = ("год", "год впр", "учебный год")
YES_NO = {"да": 1, "нет": 0, "1": 1, "0": 0}
FIRST_YEAR, LAST_YEAR = 2015, 2100  # ВПР were first written in 2015


def school_in(number: int, row: list[Any], place: Place) -> str:
    """Read the login of a row; "" where it is wrong, and told."""
    column = place.header.column(*LOGINS)
    school = login_of(at(row, column))
    if not school:
        place.wrong(number, column, _("Это не логин школы."), _("sch и от 6 до 8 цифр."))
    return school


def year_in(number: int, row: list[Any], place: Place, context: Context) -> int | None:
    """Read the year of a row, else that of the file; None where it is wrong or not known, and told."""
    column = place.header.column(*YEARS)
    cell = at(row, column)
    if cell is None:
        year = context.year or hints(context.name).year
        if year is None:
            what = _("Не сказано, за какой год.")
            place.wrong(number, column, what, _("Столбец «Год», или год при загрузке или в имени файла."))
        return year
    year = whole(cell)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        place.wrong(number, column, _("Это не год."), _("Год четырьмя цифрами, например 2024."))
        return None
    return year


def flag_in(number: int, row: list[Any], column: int | None, place: Place) -> int | None:
    """Read a flag; None where the cell is empty, or wrong and told."""
    cell = at(row, column)
    if cell is None or normal(cell) in ("", "-", "—"):
        return None
    found = YES_NO.get(str(whole(cell))) if whole(cell) is not None else YES_NO.get(normal(cell))
    if found is None:
        place.wrong(
            number, column, _("Здесь не 0 и не 1."), _("1 или «да», 0 или «нет», пусто — не сказано.")
        )
    return found


def reading_of(name: str, book: Book, found: list[tuple], rows: int, problems: Problems) -> Reading:
    """Answer what a file of flags says: (school, year, indicator, flag)."""
    if not found and not problems:
        problems.add(_("В файле нет ни одной отметки."), _("Проверьте, тот ли файл выбран."))
    told = [(school, year, indicator, "all", float(flag), None) for school, year, indicator, flag in found]
    return Reading(
        format=name,
        digest=book.digest,
        outcomes=no_outcomes(),
        indicators=pl.DataFrame(told, schema=INDICATORS, orient="row"),
        problems=problems.told(),
        rows=rows,
    )
