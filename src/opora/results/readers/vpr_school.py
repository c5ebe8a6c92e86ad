"""The recent form of ВПР that a school fills in for itself: it does not name the school."""

import re

from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, header_with
from opora.results.readers.vpr import JOURNAL, MARK_HEADINGS, TOTAL_HEADINGS, Layout, limits_of, read_forms
from opora.results.readers.written import Form
from opora.results.reading import Context, Reading

NAME = "vpr_school"
TITLE = "ВПР: форма школы"
SOURCE = "найдено в открытом коде"
CODE = "Код участника"
VARIANT = "Вариант"
CLASS = "Порядковый номер класса"
AFTER = (CLASS, "Пол", "Отметка за предыдущий триместр/четверть", "Итого баллов")
TASK = re.compile(r"^\d+\s*\(.*\)$")
FORM = Form(NAME, class_tells_grade=False, names_school=False)


def recognises(book: Book) -> bool:
    """Say whether a sheet has codes of participants, variants and numbered tasks, and no logins."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Count the pupils of the book."""
    tables = [(sheet, _layout(header)) for sheet in book.sheets if (header := _header(sheet))]
    return read_forms(book, context, FORM, tables)


def _header(sheet: Sheet) -> Header | None:
    header = header_with(sheet, CODE.lower())
    if header is None or not header.starting("вариант") or "пользователь" in header.names:
        return None
    return header if any(TASK.match(name) for name in header.names) else None


def _layout(header: Header) -> Layout:
    tasks = [column for column, name in enumerate(header.names) if TASK.match(name)]
    return Layout(
        header,
        tasks=tasks,
        variants=header.starting("вариант"),
        klass=header.column(CLASS.lower()),
        code=header.column(CODE.lower()),
        total=header.column(*TOTAL_HEADINGS),
        mark=header.column(*MARK_HEADINGS),
        journal=next(iter(header.starting(JOURNAL)), None),
        limits=limits_of(header, tasks),
    )
