"""ВПР since 2022: the sheet «Протокол» with ``edu…`` logins; the total is the sum of the tasks."""

from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, header_with
from opora.results.readers.vpr import JOURNAL, MARK_HEADINGS, TOTAL_HEADINGS, Layout, limits_of, read_forms
from opora.results.readers.written import Form
from opora.results.reading import Context, Reading

NAME = "vpr_2022"
TITLE = "ВПР с 2022 года, лист «Протокол»"
SOURCE = "найдено в открытом коде"
SHEET = "Протокол"
HEADINGS = ("Пользователь", "Код", "Вариант")  # then the tasks, then HEADINGS_AFTER
HEADINGS_AFTER = ("Наименование класса", "Пол", "Отметка за предыдущий триместр/ четверть/полугодие")
FORM = Form(NAME)


def recognises(book: Book) -> bool:
    """Say whether a sheet has the headings used since 2022."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Count the pupils of the book."""
    tables = [(sheet, _layout(header)) for sheet in book.sheets if (header := _header(sheet))]
    return read_forms(book, context, FORM, tables)


def _header(sheet: Sheet) -> Header | None:
    return header_with(sheet, "пользователь", "вариант", "наименование класса")


def _layout(header: Header) -> Layout:
    variants = header.starting("вариант")
    total, mark, klass = (
        header.column(*TOTAL_HEADINGS),
        header.column(*MARK_HEADINGS),
        header.column("наименование класса"),
    )
    between = range(variants[-1] + 1, klass or 0)
    tasks = [column for column in between if header.names[column] and column not in (total, mark)]
    return Layout(
        header,
        tasks=tasks,
        variants=variants,
        login=header.column("пользователь"),
        klass=klass,
        code=header.column("код"),
        total=total,
        mark=mark,
        journal=next(iter(header.starting(JOURNAL)), None),
        limits=limits_of(header, tasks),
    )
