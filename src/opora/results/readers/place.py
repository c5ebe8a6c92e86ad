"""Points at the cells of one table: where a problem is, by the sheet, the cell and the column's heading."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from opora.language import _
from opora.results.readers.book import Sheet
from opora.results.readers.headings import Header, whole
from opora.results.readers.problems import Problems

MARKS = range(2, 6)


@dataclass
class Place:
    """One table in one sheet. A cell's value is never told, only where it stands and what is allowed."""

    sheet: Sheet
    header: Header
    problems: Problems
    seen: dict[int, int] = field(
        default_factory=dict
    )  # participants met, as numbers that cannot be turned back

    def wrong(self, row: int, column: int | None, what: str, allowed: str) -> None:
        """Tell that a cell, or a whole row where the column is None, is wrong."""
        self.problems.add(what, allowed, self.sheet, row, column, self.header.title(column))

    def faulty(self, row: int, columns: Iterable[int | None]) -> bool:
        """Tell the cells of a row that hold an Excel error, or a formula whose value was not saved."""
        faults = [c for c in columns if c is not None and (row, c) in self.sheet.errors]
        for column in faults:
            what = _("В ячейке ошибка Excel или формула без значения.")
            self.wrong(row, column, what, _("Значение, а не формула."))
        return bool(faults)

    def number(self, row: int, column: int | None, cell: Any, most: int, what: str) -> int | None:
        """Read a whole number from 0 to ``most``; anything else is told and answered with None."""
        value = whole(cell)
        if value is None or not 0 <= value <= most:
            self.wrong(row, column, what, _("Целое число от 0 до {most}.").format(most=most))
            return None
        return value

    def mark(self, row: int, column: int | None, cell: Any) -> int | None:
        """Read a mark: 2–5, or 0 where none was given; anything else is told and answered with None."""
        mark = whole(cell)
        if mark != 0 and mark not in MARKS:
            self.wrong(row, column, _("Такой отметки не бывает."), _("2, 3, 4 или 5."))
            return None
        return mark

    def repeated(self, row: int, result: list[Any], key: tuple[str, ...], column: int | None) -> bool | None:
        """Say whether a participant has been met before: True with the same result, None with another one.

        Nothing but ``seen`` is kept, and not longer than the file is read.
        """
        mine, content = hash(key), hash(tuple(result))
        before = self.seen.get(mine)
        if before is None:
            self.seen[mine] = content
            return False
        if before == content:
            return True
        what = _("Этот участник уже был выше, с другим результатом.")
        self.wrong(row, column, what, _("Один участник — одна строка: оставьте верную."))
        return None
