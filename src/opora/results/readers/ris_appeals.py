"""Appeals of РИС ГИА: changed results that override the protocol read together with them."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from opora.language import _
from opora.results.readers.appeals import Appeal, Appeals
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, normal, top_of
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.ris import (
    BEFORE,
    MARK,
    PRIMARY,
    SCHOOL,
    TEST_SCORES,
    Exam,
    blocks,
    document_columns,
    document_of,
    exam_in,
    header_in,
    school_code,
    within,
)
from opora.results.readers.tally import no_indicators, no_outcomes
from opora.results.reading import Context, Problem, Reading

NAME = "ris_appeals"
TITLE = "РИС ГИА: апелляции и перепроверки"
SOURCE = "найдено в открытом коде"
HEADINGS = (
    "№",
    "Код ОО",
    "Класс",
    "Код ППЭ",
    "Аудитория",
    "Фамилия",
    "Имя",
    "Отчество",
    "Документ",
    "Тип апелляции / перепроверки",
    "Состояние",
    "Дата отправки на обработку",
    "Дата изменений",
    "Балл до изменения",
    "Текущие",
    "",
    "Разница",
)
SECOND_ROW = {"Текущие": ("Первичный балл", "Балл")}  # below the merged heading
STATE, CHANGED = "состояние", "дата изменений"
MOST = 100


def recognises(book: Book) -> bool:
    """Say whether a sheet has the headings of appeals."""
    return any(top_of(sheet).rows_with(SCHOOL, BEFORE) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Check the file; alone it changes nothing, and says so."""
    appeals = Appeals()
    reading = gather(book, context, appeals)
    if len(appeals):
        what = _("Апелляции изменяют протокол, а его в загрузке нет.")
        allowed = _("Загрузите протокол экзамена и файл апелляций вместе.")
        reading.problems.append(Problem("", "", what, allowed))
    return reading


def gather(book: Book, context: Context, appeals: Appeals) -> Reading:
    """Take the changed results of a book into ``appeals``; nothing is counted here."""
    problems, skipped, rows = Problems(), 0, 0
    for sheet in book.sheets:
        for kept in _walk(sheet, appeals, problems):
            rows += 1
            skipped += not kept
    return Reading(
        format=NAME,
        digest=book.digest,
        outcomes=no_outcomes(),
        indicators=no_indicators(),
        problems=problems.told(),
        rows=rows,
        skipped={_("апелляция не изменила результат"): skipped} if skipped else {},
    )


def _walk(sheet: Sheet, appeals: Appeals, problems: Problems) -> Iterator[bool]:
    """Answer for every appeal whether it changed a result."""
    exam: Exam | None = None
    place: Place | None = None
    for number, kind, row in blocks(sheet.iter_rows()):
        if kind == "title":
            exam, place = exam_in(row), None
        elif kind == "header":
            header = header_in(number, row)
            place = Place(sheet, header, problems) if header else None
        elif place and kind == "row" and place.header.row + 1 == number and PRIMARY in map(normal, row):
            place = Place(sheet, _second_row(place.header, row), problems)
        elif place and kind == "row" and within(row, place.header, place.header.column(SCHOOL)) is not None:
            if exam is None:
                place.wrong(number, None, *_no_title())
            elif not _changes(within(row, place.header, place.header.column(STATE))):
                yield False
            else:
                _take(number, row, place, exam, appeals)
                yield True


def _no_title() -> tuple[str, str]:
    what = _("Над строками нет названия экзамена с датой.")
    return what, _("Строка вида «01 - Русский язык 2022.06.23» над заголовками.")


def _second_row(header: Header, row: list[Any]) -> Header:
    """Put the headings of the second row into the first, where the merged one stands above them."""
    width = max(len(header.names), len(row))
    names = list(header.names) + [""] * (width - len(header.names))
    titles = list(header.titles) + [""] * (width - len(header.titles))
    for column, cell in enumerate(row):
        if cell is not None:
            names[column], titles[column] = normal(cell), str(cell)
    return Header(header.row, tuple(titles), tuple(names))


def _changes(state: Any) -> bool:
    """Say whether the state of an appeal means that the result was changed."""
    said = normal(state)
    if re.search(r"\bне (удовлетвор|измен)|без измен|отклон", said):
        return False
    return "удовлетвор" in said or "измен" in said


def _take(number: int, row: list[Any], place: Place, exam: Exam, appeals: Appeals) -> None:
    header = place.header
    columns = header.column(BEFORE), header.column(PRIMARY), header.column(*TEST_SCORES, MARK)
    what = _("Такого балла не бывает.")
    before, primary, result = (
        place.number(number, column, within(row, header, column), MOST, what) for column in columns
    )
    school = school_code(within(row, header, header.column(SCHOOL)))
    document = document_of(row, header, document_columns(header))
    if not school:
        place.wrong(number, header.column(SCHOOL), _("Это не код школы."), _("Число не длиннее шести цифр."))
    if not document:
        what = _("Нет документа: участника в протоколе не найти.")
        place.wrong(number, header.column("документ", "номер"), what, _("Документ, как в протоколе."))
    if before is None or result is None or not school or not document:
        return
    when = _moment(within(row, header, header.column(CHANGED)))
    appeal = Appeal(place.sheet.name, str(number + 1), before, primary, result, when)
    appeals.add((exam.subject, *exam.dates), school, document, appeal)


def _moment(cell: Any) -> tuple[int, ...]:
    """Read the moment of a change («05.07.2021 9:54:41») as numbers that sort."""
    if isinstance(cell, datetime):
        return cell.timetuple()[:6]
    found = re.match(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", str(cell))
    if not found:
        return ()
    day, month, year, *time = (int(part or 0) for part in found.groups())
    return (year, month, day, *time)
