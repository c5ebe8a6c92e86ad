"""Opens a table of municipalities or schools and hands its rows to the registry."""

from collections.abc import Callable
from dataclasses import dataclass, field

from opora.accounts.models import User
from opora.language import _
from opora.methodology.attributes import compared
from opora.registry.actions import RowsRefused, SchoolsImported, import_municipalities, import_schools
from opora.registry.models import Region
from opora.registry.school_table import Row, field_of, is_of_schools
from opora.results.readers import FileRefused, open_book
from opora.results.readers.book import Sheet, address
from opora.results.reading import Problem
from opora.results.uploads import Upload

HEAD = 30  # rows in which the headings are looked for


@dataclass(frozen=True)
class TableReport:
    """What became of a table of schools: what it did, or everything that is wrong with it."""

    name: str
    done: SchoolsImported | None = None
    problems: tuple[Problem, ...] = ()


@dataclass
class Table:
    """A sheet with known headings: its rows as texts by heading."""

    sheet: str
    headings: dict[str, int] = field(default_factory=dict)  # heading → column
    rows: list[Row] = field(default_factory=list)

    def problem(self, row: int, column: str, what: str, allowed: str) -> Problem:
        """Say a problem of a row with the cell that it is in."""
        places = {compared(heading): place for heading, place in self.headings.items()}
        place = places.get(compared(column))
        cell = "" if not row else str(row) if place is None else address(row - 1, place)
        return Problem(self.sheet, cell, what, allowed, column)


def import_table(upload: Upload, by: User, region: Region | None) -> TableReport:
    """Bring municipalities or schools from one file: all of it, or nothing and every error."""
    try:
        table = open_table(upload, lambda heading: field_of(heading) is not None)
    except FileRefused as refusal:
        return TableReport(upload.name, problems=(refusal.problem,))
    if table is None:
        what = _("В файле не нашлась строка с заголовками «Муниципалитет», «Наименование» и кодами школ")
        allowed = _("Заголовки — в одной из первых {count} строк первого листа").format(count=HEAD)
        return TableReport(upload.name, problems=(Problem("", "", what, allowed),))
    bring = import_schools if is_of_schools(table.headings) else import_municipalities
    try:
        return TableReport(upload.name, bring(table.rows, by, region))
    except RowsRefused as refusal:
        told = [table.problem(one.row, one.column, one.what, one.allowed) for one in refusal.problems]
        return TableReport(upload.name, problems=tuple(told))


def open_table(upload: Upload, is_known: Callable[[str], bool]) -> Table | None:
    """Open the first sheet that has two known headings in one row; None where there is none.

    Raises: FileRefused.
    """
    book = open_book(upload.content, upload.name)
    for sheet in book.sheets:
        for number, cells in enumerate(sheet.head(HEAD)):
            headings = {
                str(cell).strip(): place for place, cell in enumerate(cells) if cell not in (None, "")
            }
            if sum(1 for heading in headings if is_known(heading)) >= 2:
                return _rows(sheet, number, headings)
    return None


def _rows(sheet: Sheet, head: int, headings: dict[str, int]) -> Table:
    table = Table(sheet.name, headings)
    for number, cells in enumerate(sheet.iter_rows()):
        if number <= head or all(cell in (None, "") for cell in cells):
            continue
        values = {heading: cells[place] for heading, place in headings.items() if place < len(cells)}
        table.rows.append((number + 1, values))
    return table
