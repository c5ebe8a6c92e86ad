"""Collects everything that is wrong with a file in one pass, without ever growing out of bounds."""

from opora.language import _
from opora.results.readers.book import Sheet, address
from opora.results.reading import Problem

MOST = 1_000


class Problems:
    """The problems of one file: the first thousand in full, of the rest their number.

    Nothing of a pupil's row may be put into a sentence: the cell is named by its address.
    """

    def __init__(self, most: int = MOST) -> None:
        self.count = 0
        self._most = most
        self._told: list[Problem] = []

    def __bool__(self) -> bool:
        return self.count > 0

    def add(  # noqa: PLR0913, PLR0917 (a problem has that many sides)
        self,
        what: str,
        allowed: str,
        sheet: Sheet | str = "",
        row: int | None = None,
        column: int | None = None,
        heading: str = "",
    ) -> None:
        """Tell one problem of a cell (row and column from 0), of a row, or of the whole sheet."""
        self.count += 1
        if len(self._told) >= self._most:
            return
        cell = "" if row is None else str(row + 1) if column is None else address(row, column)
        name = sheet if isinstance(sheet, str) else sheet.name
        self._told.append(Problem(sheet=name, cell=cell, what=what, allowed=allowed, column=heading))

    def told(self) -> list[Problem]:
        """What is told to the person, with the number of what is not."""
        more = self.count - len(self._told)
        if not more:
            return list(self._told)
        what = _("И ещё замечаний: {count}.").format(count=more)
        rest = Problem(
            sheet="", cell="", what=what, allowed=_("Исправьте перечисленные и загрузите файл снова.")
        )
        return [*self._told, rest]
