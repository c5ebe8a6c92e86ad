"""The normalised export of ОГЭ: Latin headings, one exam a file; the exam itself is not named inside."""

from collections import Counter
from typing import Any

from opora.language import _
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, at, body, header_with, hints
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.ris import Exam, school_code
from opora.results.readers.ris_block import Block, Columns
from opora.results.readers.subjects import subject_named
from opora.results.readers.tally import Tally, no_indicators
from opora.results.reading import Context, Reading
from opora.results.scales import Scales

NAME = "oge_export"
TITLE = "ОГЭ: нормализованная выгрузка"
SOURCE = "найдено в открытом коде"
HEADINGS = (
    "SchoolCode",
    "ClassCode",
    "SurnameCell",
    "NameCell",
    "SecondNameCell",
    "DocumentSeriesCode",
    "DocumentNumberCode",
    "TestResultBCell",
    "TestResultCCell",
    "PrimaryMark",
    "Mark5",
)
SCHOOL, SERIES, NUMBER = "schoolcode", "documentseriescode", "documentnumbercode"
PRIMARY, MARK = "primarymark", "mark5"
MOST = 100


def recognises(book: Book) -> bool:
    """Say whether a sheet has the Latin headings of the export."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Count the pupils; a mark that is not given (0 or empty) is found by the scale."""
    tally, problems, skipped, rows, notes = Tally(), Problems(), Counter[str](), 0, list[str]()
    told = hints(context.name)
    year, subject = context.year or told.year, subject_named(context.subject) or told.subject
    how = _("Укажите это при загрузке или в имени файла, например «ОГЭ 2022 Математика».")
    if year is None:
        problems.add(_("Из файла не видно, за какой год результаты."), how)
    if not subject:
        problems.add(_("Из файла не видно, по какому предмету результаты."), how)
    for sheet in book.sheets:
        header = _header(sheet)
        if header is None or year is None or not subject:
            continue
        exam = Exam(None, subject, (str(year),))
        columns = Columns(header.column(SCHOOL), header.column(PRIMARY))
        block = Block(exam, "oge", subject, Place(sheet, header, problems), header.column(MARK), columns)
        for number, row in body(sheet.iter_rows(), header):
            left_out = _count(block, number, row)
            if left_out:
                skipped[left_out] += 1
        rows += block.finish(Scales.load(), context.region, tally, notes)
    if not rows and not problems:
        problems.add(_("В файле нет ни одного результата."), _("Проверьте, тот ли файл выбран."))
    return Reading(
        format=NAME,
        digest=book.digest,
        outcomes=tally.frame(),
        indicators=no_indicators(),
        problems=problems.told(),
        notes=notes,
        rows=rows,
        skipped=dict(skipped),
    )


def _header(sheet: Sheet) -> Header | None:
    return header_with(sheet, SCHOOL, PRIMARY, MARK)


def _count(block: Block, number: int, row: list[Any]) -> str:
    """Count one row; answer why it is left out, "" where it was counted or told."""
    place, header = block.place, block.place.header
    primary_cell, mark_cell = at(row, header.column(PRIMARY)), at(row, header.column(MARK))
    if primary_cell is None:
        return _("нет результата")
    school = school_code(at(row, header.column(SCHOOL)))
    if not school:
        place.wrong(number, header.column(SCHOOL), _("Это не код школы."), _("Число не длиннее шести цифр."))
    primary = place.number(number, header.column(PRIMARY), primary_cell, MOST, _("Такого балла не бывает."))
    mark = 0 if mark_cell is None else place.mark(number, header.column(MARK), mark_cell)
    if not school or primary is None or mark is None:
        return ""
    document = tuple(str(at(row, header.column(name)) or "") for name in (SERIES, NUMBER))
    if any(document):
        repeated = place.repeated(number, [school, primary, mark], document, header.column(NUMBER))
        if repeated is not False:
            return _("строка повторена") if repeated else ""
    block.pupils[school, block.grade, (primary, mark or None)] += 1
    return ""
