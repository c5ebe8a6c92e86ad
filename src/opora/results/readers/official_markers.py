"""Official markers of biased results (маркеры необъективности): one 0 or 1 for each grade and subject.

They are kept as their issuer gave them and counted nowhere; how they were made is not published.
"""

import re
from collections.abc import Iterator

from opora.language import _
from opora.methodology.signs.flags import MARKER, flag_name
from opora.results.readers.book import Book, Sheet
from opora.results.readers.flagged import LOGINS, flag_in, reading_of, school_in, year_in
from opora.results.readers.headings import Header, at, body, header_with, normal, whole
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.subjects import subject_in
from opora.results.reading import Context, Reading

NAME = "official_markers"
TITLE = "маркеры необъективности (0 и 1 по классам и предметам)"
SOURCE = "названия столбцов найдены в открытом коде"
TOTAL = "Количество маркеров"
SUBJECTS = {"ру": "russian", "ма": "maths"}  # as the tables write them; a whole name is understood too
WORK = re.compile(r"^(\d{1,2})\s+([а-яё ]+)$")  # «4 РУ»


def recognises(book: Book) -> bool:
    """Say whether a sheet has logins, columns such as «4 РУ» and the number of markers."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Take the markers over; a work of which nothing is said has no row."""
    problems, found, rows = Problems(), [], 0
    for sheet in book.sheets:
        if header := _header(sheet):
            place, works = Place(sheet, header, problems), _works(header)
            for number, row in body(sheet.iter_rows(), header):
                rows += 1
                found += list(_markers(number, row, place, works, context))
    return reading_of(NAME, book, found, rows, problems)


def _header(sheet: Sheet) -> Header | None:
    found = (header_with(sheet, login, normal(TOTAL)) for login in LOGINS)
    return next((header for header in found if header is not None and _works(header)), None)


def _works(header: Header) -> dict[int, tuple[str, int]]:
    """Answer the columns of markers: column → subject and grade."""
    found = {}
    for column, name in enumerate(header.names):
        if told := WORK.match(name):
            subject = SUBJECTS.get(told[2].strip()) or subject_in(told[2])
            if subject:
                found[column] = subject, int(told[1])
    return found


def _markers(
    number: int, row: list, place: Place, works: dict[int, tuple[str, int]], context: Context
) -> Iterator[tuple[str, int, str, int]]:
    """Take over one school's markers: (school, year, indicator, marker)."""
    school, year = school_in(number, row, place), year_in(number, row, place, context)
    if not school or year is None:
        return
    if place.repeated(number, row, (school, str(year)), place.header.column(*LOGINS)) is not False:
        return
    given = {column: flag_in(number, row, column, place) for column in works}
    total = place.header.column(normal(TOTAL))
    stated = whole(at(row, total))
    if stated is not None and stated != sum(flag for flag in given.values() if flag):
        what = _("Число маркеров не то, что получается по столбцам.")
        place.wrong(number, total, what, _("Сумма единиц в столбцах этой строки."))
        return
    for column, flag in given.items():
        if flag is not None:
            yield school, year, flag_name(MARKER, *works[column]), flag
