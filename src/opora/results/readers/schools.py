"""Reads a table of schools and brings every code of a school (логин ВПР, код РИС) to one key."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.attributes import kind_of, settlement_of
from opora.results.readers.book import Book, Cell, Sheet, number, open_book
from opora.results.readers.fields import folded
from opora.results.readers.mapped import plain
from opora.results.readers.problems import Problems
from opora.results.reading import Problem

WITHIN = 30
HEADINGS: dict[str, tuple[str, ...]] = {
    "school": ("school", "school code", "код", "код школы", "школа", "код организации"),
    "vpr_login": ("vpr_login", "vpr login", "логин впр", "логин", "логин оо", "логин школы"),
    "ris_code": ("ris_code", "ris code", "код рис", "код оо", "код рис гиа"),
    "inn": ("inn", "инн"),
    "ogrn": ("ogrn", "огрн"),
    "name": ("name", "school name", "название", "наименование", "краткое наименование", "название школы"),
    "municipality": ("municipality", "муниципалитет", "муниципальное образование", "район", "мсу"),
    "kind": ("kind", "вид", "вид оо", "вид организации", "тип"),
    "settlement": ("settlement", "тип населенного пункта", "населенный пункт", "город/село"),
    "cluster": ("cluster", "кластер"),
    "size": ("size", "численность", "число обучающихся", "количество обучающихся", "контингент"),
}
FIELD_OF = {folded(heading): name for name, headings in HEADINGS.items() for heading in headings}
CODES = ("school", "vpr_login", "ris_code", "inn", "ogrn")
VPR_LOGIN = re.compile(r"(?:edu|sch)(\d{6,8})")


# What editions ask for is said in their words, whatever the table calls it.
MEANINGS: dict[str, Callable[[str], str]] = {"kind": kind_of, "settlement": settlement_of}


class SchoolsMismatch(ValueError):
    """A table of schools that cannot be used; ``problems`` names everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [f"{one.cell}: {one.what} {one.allowed}".lstrip(": ") for one in problems[:5]]
        super().__init__("\n".join(lines))


def read_schools(source: Path | bytes, name: str = "") -> pl.DataFrame:
    """Read a table of schools from CSV or Excel.

    Shape: ``school`` (the key: its own column, else the РИС code, else the ВПР login), then the columns of
    ``HEADINGS`` (``size`` Int32, the rest String), then every other column under its own heading as String.
    Raises: FileRefused, SchoolsMismatch.
    """
    book = open_book(source, name or (source.name if isinstance(source, Path) else ""))
    found = _header(book)
    if found is None:
        what = _("Не найдены заголовки таблицы школ.")
        allowed = _("Нужен столбец «Код школы», «Код РИС» или «Логин ВПР» и хотя бы ещё один известный.")
        raise SchoolsMismatch([Problem("", "", what, allowed)])
    sheet, header, columns = found
    problems = Problems()
    records = _records(sheet, header, columns, problems)
    _refuse_shared_codes(records, sheet, problems)
    if problems:
        raise SchoolsMismatch(problems.told())
    others = [name for name in columns if name not in HEADINGS]
    schema: dict[str, Any] = dict.fromkeys([*HEADINGS, *others], pl.String) | {"size": pl.Int32}
    return pl.DataFrame([record for _row, record in records], schema=schema)


def _header(book: Book) -> tuple[Sheet, int, dict[str, int]] | None:
    """The sheet, the row of the headings, and the column of each field."""
    for sheet in book.sheets:
        for row, cells in enumerate(sheet.head(WITHIN)):
            columns: dict[str, int] = {}
            for index, cell in enumerate(cells):
                if cell is not None:
                    columns.setdefault(FIELD_OF.get(folded(cell), str(cell)), index)
            known = columns.keys() & HEADINGS.keys()
            if known & {"school", "ris_code", "vpr_login"} and len(known) > 1:
                return sheet, row, columns
    return None


def _records(
    sheet: Sheet, header: int, columns: dict[str, int], problems: Problems
) -> list[tuple[int, dict[str, Any]]]:
    """The schools, each with its row."""
    records = []
    for row, cells in enumerate(sheet.iter_rows()):
        if row <= header or not any(cell is not None for cell in cells):
            continue
        record: dict[str, Any] = {}
        for name, index in columns.items():
            cell = cells[index] if index < len(cells) else None
            said = MEANINGS.get(name, str)(plain(cell))
            record[name] = _size(cell, sheet, row, index, problems) if name == "size" else said or None
        key = record.get("school") or record.get("ris_code") or record.get("vpr_login")
        if key is None:
            problems.add(_("У школы нет кода."), _("Заполните код школы."), sheet, row)
        records.append((row, {**record, "school": key}))
    return records


def _size(cell: Cell, sheet: Sheet, row: int, column: int, problems: Problems) -> int | None:
    value = number(cell)
    if cell is None or (isinstance(value, int) and 0 <= value < 100_000):
        return value if isinstance(value, int) else None
    what, allowed = _("Численность — не целое число."), _("Допускается целое число от 0.")
    problems.add(what, allowed, sheet, row, column)
    return None


def _refuse_shared_codes(records: list[tuple[int, dict[str, Any]]], sheet: Sheet, problems: Problems) -> None:
    """A code that two schools share would send results to the wrong one."""
    for name in CODES:
        seen: dict[str, int] = {}
        for row, record in records:
            code = record.get(name)
            if code is None:
                continue
            first = seen.setdefault(folded(code), row)
            if first != row:
                what = _("Такой же код уже стоит в строке {row}.").format(row=first + 1)
                problems.add(what, _("Код принадлежит одной школе."), sheet, row, heading=name)


def resolve(frame: pl.DataFrame, schools: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Replace each school's code by the school's key; answer also the codes that no school has.

    A code matches as it is written in any code column; else without regard to case, leading zeros and the
    ``edu``/``sch`` of a ВПР login, if that names one school only. Unknown codes stay as they are.
    Shape: ``frame`` is a table of outcomes or indicators, ``schools`` comes from ``read_schools``.
    """
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for name in _code_columns(schools):
        for code, school in schools.select(name, key="school").iter_rows():
            if code:
                exact.setdefault(code, school)
                loose.setdefault(loosened(code), set()).add(school)
    found: dict[str, str] = {}
    unknown = []
    for code in frame["school"].unique().sort().to_list():
        near = loose.get(loosened(code), set())
        key = exact.get(code) or (next(iter(near)) if len(near) == 1 else None)
        found[code] = key or code
        if key is None:
            unknown.append(code)
    column = pl.col("school").replace_strict(found, return_dtype=pl.String)
    return (frame.with_columns(column) if found else frame), unknown


def _code_columns(schools: pl.DataFrame) -> list[str]:
    """The columns that hold codes of schools: the known ones, and «код …» where no two schools share it."""
    others = [name for name in schools.columns if name not in CODES]
    named = [name for name in others if "код" in folded(name) or "code" in folded(name)]
    return [name for name in CODES if name in schools.columns] + [
        name for name in named if not schools[name].drop_nulls().is_duplicated().any()
    ]


def loosened(code: str) -> str:
    """A code as it is compared: «edu224208» is «sch224208», «011002» is «11002»."""
    word = folded(code)
    login = VPR_LOGIN.fullmatch(word)
    if login:
        return f"sch{login.group(1)}"
    return (word.lstrip("0") or "0") if word.isdecimal() else word
