"""Which works were written under control of objectivity (ВПР с контролем объективности), a row a work.

No form of such a list has been seen: the columns are Opora's own, and the guide names them.
"""

from opora.language import _
from opora.methodology.signs.flags import CONTROLLED, flag_name
from opora.results.readers.book import Book, Sheet
from opora.results.readers.flagged import LOGINS, flag_in, reading_of, school_in, year_in
from opora.results.readers.headings import Header, at, body, header_with, normal
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.subjects import subject_in
from opora.results.reading import Context, Reading

NAME = "controlled_sittings"
TITLE = "работы с контролем объективности"
SOURCE = "умолчание Опоры"
SUBJECT, GRADE, UNDER_CONTROL = "Предмет", "Класс", "С контролем объективности"
HIGHEST_GRADE = 12


def recognises(book: Book) -> bool:
    """Say whether a sheet has logins, subjects, grades and the flag."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Take the flags over."""
    problems, found, rows = Problems(), [], 0
    for sheet in book.sheets:
        if header := _header(sheet):
            place = Place(sheet, header, problems)
            for number, row in body(sheet.iter_rows(), header):
                rows += 1
                found += _work(number, row, place, context)
    return reading_of(NAME, book, found, rows, problems)


def _header(sheet: Sheet) -> Header | None:
    header = header_with(sheet, *map(normal, (SUBJECT, GRADE, UNDER_CONTROL)))
    return header if header is not None and header.column(*LOGINS) is not None else None


def _work(number: int, row: list, place: Place, context: Context) -> list[tuple[str, int, str, int]]:
    """Take over the flag of one work: (school, year, indicator, flag), or nothing."""
    school, year = school_in(number, row, place), year_in(number, row, place, context)
    header = place.header
    columns = [header.column(normal(name)) for name in (SUBJECT, GRADE, UNDER_CONTROL)]
    written, graded, flagged = columns
    subject = subject_in(str(at(row, written) or ""))
    if not subject:
        place.wrong(
            number, written, _("Такого предмета нет."), _("Название предмета, например «Математика».")
        )
    grade = place.number(number, graded, at(row, graded), HIGHEST_GRADE, _("Это не класс."))
    flag = flag_in(number, row, flagged, place)
    if not school or year is None or not subject or grade is None or flag is None:
        return []
    who = (school, str(year), subject, str(grade))
    if place.repeated(number, row, who, header.column(*LOGINS)) is not False:
        return []
    return [(school, year, flag_name(CONTROLLED, subject, grade), flag)]
