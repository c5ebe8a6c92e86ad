"""ВПР-2021: one row a pupil with the total, a workbook or a CSV; columns of some rows have slipped."""

from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, header_with
from opora.results.readers.vpr import MARK_HEADINGS, Layout, limits_of, read_forms
from opora.results.readers.written import Form
from opora.results.reading import Context, Reading

NAME = "vpr_2021"
TITLE = "ВПР 2021"
SOURCE = "найдено в открытом коде"
HEADINGS = ("логин школы", "класс", "номер обучающегося", "пол", "вариант")
FIRST_TASK = "балл за 1"
TASK_BEGINS = "балл за "
TOTAL = "всего баллов"
BEFORE = "отметка за предыдущую четверть/триместр"
TEXTBOOK = "Учебник"
FORM = Form(NAME, year=2021)


def recognises(book: Book) -> bool:
    """Say whether a sheet has the headings of 2021."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Count the pupils of the book."""
    tables = [(sheet, _layout(header)) for sheet in book.sheets if (header := _header(sheet))]
    return read_forms(book, context, FORM, tables)


def _header(sheet: Sheet) -> Header | None:
    return header_with(sheet, HEADINGS[0], HEADINGS[4], TOTAL)


def _layout(header: Header) -> Layout:
    tasks = header.starting(TASK_BEGINS)
    return Layout(
        header,
        tasks=tasks,
        variants=[i for i in [header.column("вариант")] if i is not None],
        login=header.column("логин школы"),
        klass=header.column("класс"),
        code=header.column("номер обучающегося"),
        total=header.column(TOTAL),
        mark=header.column(*MARK_HEADINGS),
        journal=header.column(BEFORE),
        textbook=header.column(TEXTBOOK.lower()),
        limits=limits_of(header, tasks),
    )
