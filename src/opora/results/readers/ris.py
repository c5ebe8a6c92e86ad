"""The shape of protocols of РИС ГИА: titles of exams, headings, tails; a sheet may hold several."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from opora.results.readers.headings import Header, is_blank, normal, whole
from opora.results.readers.subjects import subject_by_code, subject_in

SCHOOL = "код оо"
PRIMARY = "первичный балл"
TEST_SCORES = ("балл", "тестовый балл")
MARK = "оценка"
BEFORE = "балл до изменения"
TAILS = ("средние", "минимальная граница", "всего участников")
MINIMUM, TOTAL = TAILS[1:]

_DATE = r"\d{4}\.\d{2}\.\d{2}"
_SINGLE = re.compile(rf"^(\d+)\s*-\s*(.+?)\s+({_DATE})(?!\d)")
_PARTS = rf"п\.?\s*:\s*({_DATE})\s*[;,]\s*у\.?\s*:\s*({_DATE})(?!\d)"  # written, oral
_JOINT = re.compile(rf"^(?:(\d+)\s*-\s*)?(.+?)\s+{_PARTS}", re.IGNORECASE)


@dataclass(frozen=True)
class Exam:
    """What the title line of an exam says: «01 - Русский язык 2022.06.23»."""

    code: int | None
    name: str
    dates: tuple[str, ...]  # of the written and the oral part where there are two

    @property
    def year(self) -> int:
        """The year in which it was held."""
        return int(self.dates[0][:4])

    @property
    def subject(self) -> str:
        """The subject by its name, which wins over the code; an unknown name is kept."""
        return subject_in(self.name) or self.name.lower()

    @property
    def code_differs(self) -> bool:
        """Whether the code speaks of another subject than the name."""
        by_code = subject_by_code(self.code) if self.code is not None else ""
        return bool(by_code) and not self.subject.startswith(by_code) and not by_code.startswith(self.subject)


def exam_in(row: list[Any]) -> Exam | None:
    """Find the title of an exam in any cell of a row."""
    cells = [cell for cell in row if cell is not None]
    if len(cells) == 2 and all(isinstance(cell, str) for cell in cells):
        cells.append("; ".join(cells))  # a CSV without quotes cuts the joint title at its semicolon
    for cell in cells:
        for line in cell.splitlines() if isinstance(cell, str) else ():
            text = " ".join(line.split())
            if found := _JOINT.match(text):
                return Exam(int(found[1]) if found[1] else None, found[2], (found[3], found[4]))
            if found := _SINGLE.match(text):
                return Exam(int(found[1]), found[2], (found[3],))
    return None


def header_in(number: int, row: list[Any]) -> Header | None:
    """Take a row as the headings of a protocol or of appeals."""
    names = tuple(normal(cell) for cell in row)
    if SCHOOL in names and (PRIMARY in names or BEFORE in names):
        return Header(number, tuple("" if cell is None else str(cell) for cell in row), names)
    return None


def tail_of(row: list[Any]) -> str:
    """Say which tail row this is («Средние», «Минимальная граница», «Всего участников»); "" for none."""
    first = next((normal(cell) for cell in row if cell is not None), "")
    return next((tail for tail in TAILS if first.startswith(tail)), "")


def number_in(row: list[Any]) -> int | None:
    """Take the first whole number of a tail row: its column is not the heading's."""
    return next((value for value in map(whole, row) if value is not None), None)


def within(row: list[Any], header: Header, column: int | None) -> Any:
    """Answer a cell of a row where merged headings leave empty columns: up to the next heading."""
    if column is None:
        return None
    for place in range(column, len(row)):
        if place > column and place < len(header.names) and header.names[place]:
            return None
        if row[place] is not None:
            return row[place]
    return None


def school_code(cell: Any) -> str:
    """Print the code of a school with six digits; "" where it is not a code."""
    code = whole(cell)
    return f"{code:06d}" if code is not None and 0 < code < 1_000_000 else ""


def document_columns(header: Header) -> tuple[int, ...]:
    """Answer the column of a person's document, or those of its series and number."""
    one = header.column("документ")
    found = (one,) if one is not None else (header.column("серия"), header.column("номер"))
    return tuple(column for column in found if column is not None)


def document_of(row: list[Any], header: Header, columns: tuple[int, ...]) -> str:
    """Join a person's document so that «Документ» agrees with «Серия» and «Номер».

    Used to find a person again while a file is read, never kept.
    """
    parts = [str(cell) for column in columns if (cell := within(row, header, column)) is not None]
    if len(columns) == 1 and parts:
        parts = parts[0].split()
    if len(parts) == 2 and all(part.isdigit() for part in parts):
        return parts[0].zfill(4) + parts[1].zfill(6)
    return "".join("".join(parts).split()).upper()


def blocks(rows: Iterable[list[Any]]) -> Iterator[tuple[int, str, list[Any]]]:
    """Walk a sheet: each filled row with its number and what it is: title, header, tail or row."""
    for number, row in enumerate(rows):
        if is_blank(row):
            continue
        if whole(next(cell for cell in row if cell is not None)) is not None:
            yield number, "row", row  # a row of the table begins with its number
            continue
        if exam_in(row):
            yield number, "title", row
        elif header_in(number, row):
            yield number, "header", row
        elif tail_of(row):
            yield number, "tail", row
        else:
            yield number, "row", row
