"""Finds the row of headings in a sheet, and what the words around it and the file's name tell."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from opora.results.readers.book import Sheet
from opora.results.readers.subjects import subject_by_letters, subject_in

HEADER_DEPTH = 25  # rows from the top in which headings are looked for
YEARS = range(2015, 2041)
GRADES = range(1, 13)


def normal(cell: Any) -> str:
    """Write a heading plainly: one line, single spaces, small letters, «е» for «ё»."""
    if type(cell) is int:
        return str(cell)
    return " ".join(str(cell).split()).lower().replace("ё", "е") if cell is not None else ""


class _Plainly(dict[Any, str]):
    """Cells written plainly, each value once: the rows below the headings hold the same few."""

    def __missing__(self, cell: Any) -> str:
        plain = self[cell] = normal(cell)
        return plain


class Top(NamedTuple):
    """What stands in the first rows of a sheet, written plainly."""

    words: list[frozenset[str]]  # of each row
    every: frozenset[str]  # of all rows

    def rows_with(self, *wanted: str) -> list[int]:
        """Answer the rows that hold all ``wanted`` words."""
        if not self.every.issuperset(wanted):
            return []
        return [number for number, words in enumerate(self.words) if words.issuperset(wanted)]


# Ten readers look at the same first rows: they are written plainly once, for as long as the sheet lives.
_tops: "WeakKeyDictionary[Sheet, Top]" = WeakKeyDictionary()


def top_of(sheet: Sheet) -> Top:
    """Answer the first rows of a sheet, written plainly."""
    top = _tops.get(sheet)
    if top is None:
        plain = normal if sheet.truths else _Plainly().__getitem__
        words = [frozenset(map(plain, row)) for row in sheet.head(HEADER_DEPTH)]
        top = _tops[sheet] = Top(words, frozenset().union(*words))
    return top


@dataclass(frozen=True)
class Header:
    """The headings of a table: where they stand and which column each one names."""

    row: int  # counted from 0
    titles: tuple[str, ...]  # as written
    names: tuple[str, ...]  # plainly

    def column(self, *names: str) -> int | None:
        """Answer the first column whose heading is one of ``names``."""
        return next((self.names.index(name) for name in names if name in self.names), None)

    def starting(self, *beginnings: str) -> list[int]:
        """Answer the columns whose headings begin with one of ``beginnings``."""
        return [i for i, name in enumerate(self.names) if name.startswith(beginnings)]

    def title(self, column: int | None) -> str:
        """Answer a heading as it is written, on one line."""
        return " ".join(self.titles[column].split()) if column is not None else ""


def header_with(sheet: Sheet, *wanted: str) -> Header | None:
    """Find the first row near the top of a sheet that holds all ``wanted`` headings."""
    top = top_of(sheet)
    found = top.rows_with(*wanted)
    if not found:
        return None
    cells = sheet.head(found[0] + 1)[found[0]]
    titles = tuple("" if cell is None else str(cell) for cell in cells)
    return Header(found[0], titles, tuple(map(normal, cells)))


def at(row: list[Any], column: int | None) -> Any:
    """Answer the cell of a row; short rows end in empty cells."""
    return row[column] if column is not None and column < len(row) else None


def cells_of(columns: list[int]) -> Callable[[list[Any]], tuple[Any, ...]]:
    """Answer what takes the cells of these columns out of a row that has them all."""
    return (
        itemgetter(*columns) if len(columns) > 1 else lambda row: tuple([row[column] for column in columns])
    )


def is_blank(row: list[Any]) -> bool:
    """Say whether a row holds nothing."""
    return not any(row) and all(cell is None for cell in row)


def body(rows: Iterable[list[Any]], header: Header) -> Iterator[tuple[int, list[Any]]]:
    """Walk the rows below the headings with their numbers (from 0), empty ones left out."""
    for number, row in enumerate(rows):
        if number > header.row and not is_blank(row):
            yield number, row


def whole(cell: Any) -> int | None:
    """Read a whole number from a cell («12», «12,0», 12); None where it is not one."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else None
    found = re.fullmatch(r"([+-]?\d{1,9})(?:[.,]0+)?", str(cell).strip()) if cell is not None else None
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Hints:
    """What a file's name and the lines above its table tell: taken where the person did not say."""

    year: int | None = None
    subject: str = ""
    grade: int | None = None  # as it is written there
    by_letters: bool = False  # the grade comes from an abbreviation like «Mat5»: the grade that wrote
    sitting: str = ""


_ABBREVIATION = re.compile(r"(?<![A-Za-z])([A-Za-z]{2,5})[ _-]?(\d{1,2})(?!\d)")
_GRADE = re.compile(r"(?<!\d)(\d{1,2})\s*[-–]?\s*(?:й|го|е|х|ый|ого|ые)?\s*(?:кл\b|класс)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*[-–/_]\s*(20\d\d|\d\d)(?!\d)")


def hints(*texts: str) -> Hints:
    """Gather year, subject and grade from a file's name and its title lines; the first that tells wins."""
    year, subject, grade, by_letters, sitting = None, "", None, False, ""
    for text in texts:
        plain = normal(text).replace("_", " ")
        for letters, digits in _ABBREVIATION.findall(text):
            slug = subject_by_letters(letters)
            if slug and int(digits) in GRADES and grade is None and subject in ("", slug):
                subject, grade, by_letters = slug, int(digits), True
        subject = subject or subject_in(plain)
        if grade is None and (found := _GRADE.search(plain)) and int(found[1]) in GRADES:
            grade = int(found[1])
        year = year or _year_in(plain)
        sitting = sitting or _sitting_in(plain)
    return Hints(year, subject, grade, by_letters, sitting)


def _year_in(plain: str) -> int | None:
    """Take the year of an assessment; of a school year «2021/22» the second."""
    if found := _SCHOOL_YEAR.search(plain):
        first, second = int(found[1]), int(found[2]) % 100 + 2000
        if second == first + 1:
            return second if second in YEARS else None
    years = [int(year) for year in _YEAR.findall(plain) if int(year) in YEARS]
    return years[0] if len(set(years)) == 1 else None


def _sitting_in(plain: str) -> str:
    if "осен" in plain or "autumn" in plain:
        return "autumn"
    return "spring" if "весн" in plain or "весен" in plain or "spring" in plain else ""


def grade_of_class(cell: Any) -> int | None:
    """Read the grade from a class's name («5А», «11 б», 5); None where it begins with no grade."""
    found = re.match(r"\s*(\d{1,2})(?!\d)", str(cell)) if cell is not None else None
    return int(found[1]) if found and int(found[1]) in GRADES else None


def titles_above(rows: Iterable[list[Any]], header: Header) -> list[str]:
    """Answer the lines of words above a table."""
    lines = (" ".join(str(cell) for cell in row if cell is not None) for row in islice(rows, header.row))
    return [line for line in lines if line]
