"""Reads the plain tables (простые таблицы показателей): outcomes or indicators under canonical headings.

The headings are known in Russian and English, in any order; no mapping is needed.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from opora.language import _
from opora.results.readers import mapped
from opora.results.readers.book import REMARKS, Book, Cell, Sheet
from opora.results.readers.fields import FIELDS, NEEDED, folded
from opora.results.readers.mapping import Column, Mapping
from opora.results.readers.problems import Problems
from opora.results.reading import Context, Reading

NAME = "plain"
TITLE = "простая таблица результатов или показателей"
WITHIN = 30

HEADINGS: dict[str, tuple[str, ...]] = {
    "school": (
        "school", "school code", "школа", "код школы", "код оо", "код рис", "логин впр", "логин оо",
        "логин школы",
    ),
    "year": ("year", "год", "год процедуры"),
    "assessment": ("assessment", "процедура", "оценочная процедура"),
    "sitting": ("sitting", "период", "сессия", "волна"),
    "subject": ("subject", "предмет", "учебный предмет"),
    "grade": ("grade", "класс", "параллель"),
    "grade_programme": ("grade_programme", "grade programme", "класс программы", "программа класса"),
    "category": ("category", "категория", "категория обучающихся", "категория участников"),
    "takers": ("takers", "участников", "число участников", "количество участников", "кол-во участников"),
    "low": (
        "low", "низкий результат", "с низким результатом", "участников с низким результатом", "низких",
        "число участников с низким результатом", "не достигли минимума",
    ),
    "percent": ("percent", "процент низких", "доля низких, %", "процент с низким результатом"),
    "mark2": ("mark2", "mark 2", "2", "отметка 2", "«2»", "двоек"),
    "mark3": ("mark3", "mark 3", "3", "отметка 3", "«3»", "троек"),
    "mark4": ("mark4", "mark 4", "4", "отметка 4", "«4»", "четверок"),
    "mark5": ("mark5", "mark 5", "5", "отметка 5", "«5»", "пятерок"),
    "indicator": ("indicator", "показатель", "код показателя"),
    "value": ("value", "значение"),
    "letter": ("letter", "буква", "оценка буквой", "уровень"),
}  # fmt: skip
FIELD_OF = {folded(heading): field for field, headings in HEADINGS.items() for heading in headings}

ASSESSMENTS = {"впр": "vpr", "огэ": "oge", "егэ": "ege", "гвэ": "gve", "нико": "niko", "рикк": "rikk"}
SUBJECTS = {
    "русский язык": "russian",
    "русский": "russian",
    "математика": "maths",
    "математика базовая": "maths_basic",
    "математика профильная": "maths_profile",
    "окружающий мир": "world",
    "биология": "biology",
    "география": "geography",
    "история": "history",
    "обществознание": "social_studies",
    "физика": "physics",
    "химия": "chemistry",
    "информатика": "informatics",
    "литература": "literature",
    "английский язык": "english",
    "немецкий язык": "german",
    "французский язык": "french",
    "испанский язык": "spanish",
    "китайский язык": "chinese",
}
CATEGORIES = {"все": "all", "все участники": "all", "всего": "all"}
WORDS = {"assessment": ASSESSMENTS, "subject": SUBJECTS, "category": CATEGORIES}


def recognises(book: Book) -> bool:
    """Whether one of the sheets has the canonical headings."""
    return any(_header(sheet) is not None for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Read every sheet that has the canonical headings of the first such sheet's table."""
    problems = Problems()
    jobs: list[tuple[mapped.Layout, Mapping]] = []
    notes: list[str] = []
    table = ""
    for sheet in book.sheets:
        row, kind, headings = _header(sheet) or (0, "", {})
        table = table or kind
        if kind and kind == table:
            mapping = _mapping(table, row, headings)
            found = mapped.find_layouts(replace(book, sheets=[sheet]), mapping, problems)
            jobs += [(layout, mapping) for layout in found]
            notes += _unread(sheet, row, headings)
        elif sheet.head(1):
            notes.append(_("Лист «{sheet}» не прочитан: в нём другая таблица.").format(sheet=sheet.name))
    reading = mapped.gather(book, table, jobs, problems)
    reading.format = NAME
    reading.notes = notes
    return reading


def _header(sheet: Sheet) -> tuple[int, str, dict[str, str]] | None:
    """The row of the headings, the kind of table and its headings, if this is one."""
    for row, cells in enumerate(sheet.head(WITHIN)):
        fields = _fields(cells)
        for table, groups in NEEDED.items():
            if all(fields.keys() & set(group) for group in groups):
                return row, table, {name: fields[name] for name in fields if name in FIELDS[table]}
    return None


def _fields(cells: Iterable[Cell]) -> dict[str, str]:
    """The field of each heading that is known: field → heading; the first of two wins."""
    found: dict[str, str] = {}
    for cell in cells:
        field = FIELD_OF.get(folded(cell)) if isinstance(cell, str | int) else None
        if field is not None:
            found.setdefault(field, str(cell))
    return found


def _mapping(table: str, row: int, headings: dict[str, str]) -> Mapping:
    """The mapping that the headings say by themselves."""
    columns = {name: Column((heading,), values=WORDS.get(name, {})) for name, heading in headings.items()}
    return Mapping(table=table, header=row + 1, columns=columns)


def _unread(sheet: Sheet, row: int, headings: dict[str, str]) -> list[str]:
    """Which columns of the table were passed over."""
    known = {folded(heading) for heading in headings.values()}
    cells = next(islice(sheet.iter_rows(), row, None), [])
    passed = [f"«{str(cell)[:40]}»" for cell in cells if _is_passed(cell, known)]
    if not passed:
        return []
    return [_("Столбцы не прочитаны: {columns}.").format(columns=", ".join(passed[:20]))]


def _is_passed(cell: Cell, known: set[str]) -> bool:
    return cell is not None and folded(cell) not in known and not str(cell).startswith(REMARKS)
