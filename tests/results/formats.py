"""Writes result files in the formats that people have, and compares outcomes with drawn tables."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

from opora.results.readers import (
    controlled_sittings,
    fisoko_marks,
    official_markers,
    oge_export,
    research_context,
    research_set,
    ris_appeals,
    ris_protocol,
    vpr_2020,
    vpr_2021,
    vpr_2022,
    vpr_school,
)

Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, sheet: str = "Лист1", merged: Iterable[str] = ()) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text(rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """A CSV."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def vpr_2020_rows(pupils: Rows, tasks: int = 3) -> list[list[Any]]:
    """pupils: (login, class, code, points of the tasks or «отсутствовал», total)."""
    headings = [*vpr_2020.HEADINGS, *(f"a-{n}-grade" for n in range(1, tasks + 1))]
    rows = [[*headings, vpr_2020.TEXTBOOK, vpr_2020.TOTAL]]
    for login, klass, code, points, total in pupils:
        if isinstance(points, str):
            rows.append([login, klass, code, "ж", 4, points, points, *[None] * tasks, None, None])
        else:
            rows.append([login, klass, code, "ж", 4, 1, 2, *points, "Моро", total])
    return rows


def vpr_2021_rows(pupils: Rows, tasks: int = 3, textbook: str = "Моро") -> list[list[Any]]:
    """pupils: (login, class, code, points of the tasks or «отсутствовал», total)."""
    headings = [*vpr_2021.HEADINGS, *(f"балл за {n}" for n in range(1, tasks + 1))]
    rows = [[*headings, vpr_2021.TOTAL, vpr_2021.BEFORE, vpr_2021.TEXTBOOK]]
    for login, klass, code, points, total in pupils:
        if isinstance(points, str):
            rows.append([login, klass, code, "м", points, *[None] * tasks, None, None, None])
        else:
            rows.append([login, klass, code, "м", 1, *points, total, 4, textbook])
    return rows


def vpr_2022_rows(pupils: Rows, tasks: int = 3) -> list[list[Any]]:
    """pupils: (login, class, code, points of the tasks or «отсутствовал»)."""
    rows = [[*vpr_2022.HEADINGS, *(str(n) for n in range(1, tasks + 1)), *vpr_2022.HEADINGS_AFTER]]
    for login, klass, code, points in pupils:
        absent = isinstance(points, str)
        variant = points if absent else 1
        rows.append([login, code, variant, *([None] * tasks if absent else points), klass, "м", 4])
    return rows


def vpr_school_rows(pupils: Rows, limits: Sequence[int] = (2, 2, 12)) -> list[list[Any]]:
    """pupils: (class number, code, points of the tasks or «не присутствовал», total)."""
    tasks = [f"{n}\n({limit})" for n, limit in enumerate(limits, 1)]
    rows = [[vpr_school.CODE, "Вариант\nчасть 1", "Вариант\nчасть 2", *tasks, *vpr_school.AFTER]]
    for klass, code, points, total in pupils:
        if isinstance(points, str):
            rows.append([code, points, points, *[None] * len(limits), klass, "ж", None, None])
        else:
            rows.append([code, 1, 2, *points, klass, "ж", 4, total])
    return rows


def research_rows(pupils: Rows) -> list[list[Any]]:
    """pupils: (grade, subject code, login, code, score, mark, year)."""
    return [list(research_set.HEADINGS), *map(list, pupils)]


def research_context_rows(schools: Rows) -> list[list[Any]]:
    """schools: (login, location, settlement, size, special, pupils)."""
    return [list(research_context.HEADINGS)] * 2 + [list(school) for school in schools]


def marker_rows(schools: Rows, works: Sequence[str] = ("4 РУ", "4 МА")) -> list[list[Any]]:
    """schools: (year, login, marker of each work …, their number)."""
    return [["Год", "Логин", *works, official_markers.TOTAL], *map(list, schools)]


def controlled_rows(works: Rows) -> list[list[Any]]:
    """works: (login, year, subject, grade, under control)."""
    names = (controlled_sittings.SUBJECT, controlled_sittings.GRADE, controlled_sittings.UNDER_CONTROL)
    return [["Логин ОО", "Год", *names], *map(list, works)]


PERSON = ("Фамильева", "Имярека", "Отчествовна", "4512", "987654")


def ris_rows(title: str, pupils: Rows, result: str = "Балл", tail: Rows = ()) -> list[list[Any]]:
    """pupils: (school code, class, number of document, primary score, result)."""
    rows: list[list[Any]] = [[title], [*ris_protocol.HEADINGS[:-1], result]]
    for number, (school, klass, document, primary, score) in enumerate(pupils, 1):
        person = [*PERSON[:4], document]
        rows.append([number, 111, school, klass, 1018, 9, *person, "++-", "1(1)", primary, score])
    return [*rows, *map(list, tail)]


def sparse(rows: Rows, title_at: int = 7) -> list[list[Any]]:
    """The same protocol with an empty column after each, as merged cells leave them."""
    spread = []
    for row in rows:
        if len(row) == 1:
            spread.append([None] * title_at + list(row))
        else:
            spread.append([cell for value in row for cell in (value, None)])
    return spread


def tail(total: int, minimum: int | None = None) -> list[list[Any]]:
    """The last rows of a protocol; their numbers do not stand under the headings."""
    rows: list[list[Any]] = [["Средние", *[None] * 12, 9, 40]]
    if minimum is not None:
        rows.append([ris_protocol.TAIL[1], *[None] * 11, minimum])
    return [*rows, [ris_protocol.TAIL[2], *[None] * 11, total]]


def appeal_rows(title: str, appeals: Rows) -> list[list[Any]]:
    """appeals: (school code, document, state, changed, before, primary, result)."""
    second: list[Any] = [None] * len(ris_appeals.HEADINGS)
    current = ris_appeals.HEADINGS.index("Текущие")
    second[current : current + 2] = ris_appeals.SECOND_ROW["Текущие"]
    rows: list[list[Any]] = [[None] * 7 + [title], list(ris_appeals.HEADINGS), second]
    for number, (school, document, state, changed, before, primary, result) in enumerate(appeals, 1):
        person = [*PERSON[:3], document, "Апелляция на результат"]
        rows.append(
            [number, school, 11, 1111, 2, *person, state, changed, changed, before, primary, result, 1]
        )
    return rows


def oge_export_rows(pupils: Rows) -> list[list[Any]]:
    """pupils: (school code, number of document, primary score, mark)."""
    rows = [list(oge_export.HEADINGS)]
    rows += [[school, 9, *PERSON[:4], document, "++-", "1(2)", *score] for school, document, *score in pupils]
    return rows


def fisoko_rows(groups: Rows, titles: Sequence[str] = ("ВПР 2022. 5 класс", "Предмет: Математика")) -> Rows:
    """groups: (group, schools, takers, percents of 2, 3, 4, 5)."""
    return [*([title] for title in titles), list(fisoko_marks.HEADINGS), *map(list, groups)]


def drawn(table: str) -> list[dict[str, Any]]:
    """Read a drawn table: whole numbers where they stand, «-» for nothing."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(lines[0], map(_value, line), strict=True)) for line in lines[1:]]


def _value(cell: str) -> Any:
    if cell == "-":
        return None
    return int(cell) if cell.isdigit() and not (len(cell) == 6 and cell.startswith(("0", "1"))) else cell


def same_outcomes(reading: Any, table: str) -> bool:
    """Whether the outcomes are those of the drawn table, in the columns that it draws."""
    expected = drawn(table)
    columns = list(expected[0])
    found = reading.outcomes.select(columns).to_dicts()
    as_text = [sorted(str(row) for row in rows) for rows in (found, expected)]
    assert as_text[0] == as_text[1], f"\n{found}\n{reading.problems}"
    return True
