"""ВПР-2020, written in autumn on the programme of the grade before; subject and grade are not inside."""

from opora.language import _
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, header_with
from opora.results.readers.vpr import Layout, read_forms
from opora.results.readers.written import Form
from opora.results.reading import Context, Reading

NAME = "vpr_2020"
TITLE = "ВПР 2020 (осень)"
SOURCE = "найдено в открытом коде"
HEADINGS = ("user", "klass", "code", "gender", "otc", "var-1", "var-2")  # then tasks, textbook, total
FIRST_TASK = "a-1-grade"
TASK_BEGINS = "a-"
TEXTBOOK = "Учебник"
TOTAL = "sum"
FORM = Form(NAME, year=2020, autumn=True, class_tells_grade=False)


def recognises(book: Book) -> bool:
    """Say whether a sheet has the Latin headings of 2020."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Count the pupils of the book."""
    tables = [(sheet, _layout(header)) for sheet in book.sheets if (header := _header(sheet))]
    reading = read_forms(book, context, FORM, tables)
    reading.notes.append(_("ВПР-2020 писали осенью: классы 5–9 — по программе предыдущего класса."))
    return reading


def _header(sheet: Sheet) -> Header | None:
    return header_with(sheet, "user", "klass", "var-1", TOTAL)


def _layout(header: Header) -> Layout:
    textbook, total = header.column(TEXTBOOK.lower()), header.column(TOTAL)
    ends = [column for column in (textbook, total) if column is not None]
    tasks = [column for column in header.starting(TASK_BEGINS) if column < min(ends)]
    return Layout(
        header,
        tasks=tasks,
        variants=header.starting("var-"),
        login=header.column("user"),
        klass=header.column("klass"),
        code=header.column("code"),
        total=total,
        journal=header.column("otc"),
    )
