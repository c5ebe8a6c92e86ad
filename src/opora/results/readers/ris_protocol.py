"""Protocols of РИС ГИА: ЕГЭ, ОГЭ and ГВЭ, dense or with merged cells, several exams in a sheet."""

from collections import Counter
from typing import Any

from opora.language import _
from opora.results.readers.appeals import Appeals
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import at, grade_of_class, normal, plain_top, whole
from opora.results.readers.place import MARKS, Place
from opora.results.readers.problems import Problems
from opora.results.readers.ris import (
    BEFORE,
    MARK,
    MINIMUM,
    PRIMARY,
    SCHOOL,
    TEST_SCORES,
    TOTAL,
    Exam,
    blocks,
    document_of,
    exam_in,
    header_in,
    number_in,
    school_code,
    spread,
    tail_of,
)
from opora.results.readers.ris_block import Block, Score
from opora.results.readers.subjects import subject_title, subjects
from opora.results.readers.tally import Tally, no_indicators
from opora.results.readers.vpr import ABSENT
from opora.results.reading import Context, Reading
from opora.results.scales import Scales

NAME = "ris_protocol"
TITLE = "РИС ГИА: протокол ЕГЭ или ОГЭ"
SOURCE = "найдено в открытом коде"
HEADINGS = (
    "№",
    "Код МСУ",
    "Код ОО",
    "Класс",
    "Код ППЭ",
    "Аудитория",
    "Фамилия",
    "Имя",
    "Отчество",
    "Серия",
    "Номер",
    "Задания с кратким ответом",
    "Задания с развёрнутым ответом",
    "Первичный балл",
    "Балл",
)  # «Оценка» for ОГЭ and базовая математика
ORAL_HEADINGS = (
    "№",
    "Код ОО",
    "Класс",
    "Код ППЭ",
    "Аудитория",
    "Фамилия",
    "Имя",
    "Отчество",
    "Документ",
    "Часть с кратким ответом",
    "Часть с развёрнутым ответом",
    "Устная часть",
    "Первичный балл устной части",
    "Первичный балл письм. части",
    "Первичный балл",
    "Тестовый балл",
)
TAIL = ("Средние", "Минимальная граница", "Всего участников")
MOST = 100


def recognises(book: Book) -> bool:
    """Say whether a sheet has the headings of a protocol below or beside the title of an exam."""
    return any(_is_protocol(sheet) for sheet in book.sheets)


def _is_protocol(sheet: Sheet) -> bool:
    tops = plain_top(sheet)
    if not any(SCHOOL in names and PRIMARY in names and BEFORE not in names for names in tops):
        return False
    return any(exam_in(row) for row in sheet.head())


def read(book: Book, context: Context, appeals: Appeals | None = None) -> Reading:
    """Count the pupils of every exam in the book, with the results that appeals changed."""
    reader = _Protocol(context, appeals or Appeals())
    for sheet in book.sheets:
        reader.walk(sheet)
    if not reader.rows and not reader.problems:
        what = _("В файле нет ни одного результата.")
        reader.problems.add(what, _("Проверьте, тот ли файл выбран."))
    if reader.changed:
        text = _("Результатов изменено по апелляциям: {count}.")
        reader.notes.append(text.format(count=reader.changed))
    return Reading(
        format=NAME,
        digest=book.digest,
        outcomes=reader.tally.frame(),
        indicators=no_indicators(),
        problems=reader.problems.told(),
        notes=list(dict.fromkeys(reader.notes)),
        rows=reader.rows,
        skipped=dict(reader.skipped),
    )


class _Protocol:
    """Walks the sheets of a book and keeps counts only."""

    def __init__(self, context: Context, appeals: Appeals) -> None:
        self.context, self.appeals = context, appeals
        self.scales = Scales.load()
        self.tally, self.problems, self.skipped = Tally(), Problems(), Counter[str]()
        self.notes: list[str] = []
        self.rows = self.changed = 0
        self.seen: dict[int, int] = {}

    def walk(self, sheet: Sheet) -> None:
        """Read one sheet from title to title."""
        exam: Exam | None = None
        block: Block | None = None
        told = False
        for number, kind, row in blocks(sheet.iter_rows()):
            if kind == "title":
                self._finish(block)
                exam, block, told = exam_in(row), None, False
            elif kind == "header" and exam:
                self._finish(block)
                block = self._block(sheet, number, row, exam)
            elif kind == "tail" and block:
                self._tail(block, number, row)
            elif kind == "row" and block:
                self._row(block, number, row)
            elif kind == "row" and exam and not told and number_in(row) is not None:
                what = _("Под названием экзамена нет строки с заголовками столбцов.")
                self.problems.add(what, _("Строка «№, Код ОО, Класс, …»."), sheet, number)
                told = True
            elif kind == "header" and not told:
                what = _("Над заголовками нет названия экзамена с датой.")
                allowed = _("Строка вида «01 - Русский язык 2022.06.23».")
                self.problems.add(what, allowed, sheet, number)
                told = True
        self._finish(block)

    def _finish(self, block: Block | None) -> None:
        if block is not None:
            self.rows += block.finish(self.scales, self.context.region, self.tally, self.notes)

    def _block(self, sheet: Sheet, number: int, row: list[Any], exam: Exam) -> Block | None:
        header = header_in(number, row)
        if header is None or BEFORE in header.names:
            return None
        subject, marked = exam.subject, header.column(MARK)
        scored = header.column(*TEST_SCORES)
        if "гвэ" in exam.name.lower():
            assessment = "gve"
        elif subject == "maths_basic" or (scored is not None and marked is None):
            assessment = "ege"
        else:
            assessment = "oge"
        if assessment == "ege" and subject == "maths":
            subject = "maths_profile"
        self._note_subject(exam, subject)
        place = Place(sheet, header, self.problems, self.seen)
        return Block(exam, assessment, subject, place, scored if marked is None else marked)

    def _note_subject(self, exam: Exam, subject: str) -> None:
        if subject not in subjects():
            text = _("Предмет «{name}» не известен: оставлен, как в файле.")
            self.notes.append(text.format(name=subject))
        elif exam.code_differs:
            text = _("Код {code} обычно означает другой предмет; взят предмет из названия: «{name}».")
            self.notes.append(text.format(code=exam.code, name=subject_title(subject)))

    def _tail(self, block: Block, number: int, row: list[Any]) -> None:
        tail, value = tail_of(row), number_in(row)
        if tail == MINIMUM and (value is None or not 0 <= value <= MOST):
            what = _("Минимальная граница не читается.")
            block.place.wrong(number, None, what, _("Целое число от 0 до {most}.").format(most=MOST))
        elif tail == MINIMUM:
            block.minimum = value
        elif tail == TOTAL:
            block.total, block.total_row = value, number

    def _row(self, block: Block, number: int, row: list[Any]) -> None:
        """Count one pupil, leave the row out with its reason, or tell what is wrong in it."""
        if block.place.sheet.errors and block.place.faulty(number, _columns(block)):
            block.rows += 1
            return
        cells = spread(row, block.place.header)
        school, primary, result = (at(cells, column) for column in _columns(block))
        if school is None and primary is None and result is None:
            return  # a line of words: a signature, a date of printing
        block.rows += 1
        left_out = _left_out(block, primary, result)
        if left_out:
            self.skipped[left_out] += 1
            return
        code, score = _score_of(block, number, cells)
        if not code or score is None:
            return
        document = document_of(row, block.place.header)
        if document:
            if not self._first(block, number, [code, *score], document):
                return
            score = self._appealed(block, number, code, document, score)
        grade = grade_of_class(at(cells, block.place.header.column("класс")))
        if block.assessment != "gve" or grade not in (9, 11):
            grade = block.grade
        block.pupils[code, grade, score] += 1

    def _first(self, block: Block, number: int, result: list[Any], document: str) -> bool:
        """Say whether this person is met in this exam for the first time; count or tell a repetition."""
        column = block.place.header.column("документ", "номер")
        key = (*block.exam.dates, block.exam.name, document)
        repeated = block.place.repeated(number, result, key, column)
        if repeated:
            self.skipped[_("строка повторена")] = self.skipped[_("строка повторена")] + 1
            block.repeated += 1
        return repeated is False

    def _appealed(self, block: Block, number: int, school: str, document: str, score: Score) -> Score:
        """Take over a changed result; a protocol that shows it already is left as it is."""
        chain = self.appeals.of((block.exam.subject, *block.exam.dates), school, document)
        if not chain:
            return score
        for appeal in chain:
            appeal.met = True
        last = chain[-1]
        after = (last.primary if last.primary is not None else score[0], last.result)
        if score == after:
            return score
        if chain[0].before not in score:
            what = _("Балл в протоколе — ни тот, что был до апелляции, ни тот, что после неё.")
            block.place.wrong(number, block.result, what, _("Проверьте, к этому ли протоколу апелляции."))
            return score
        if block.by_mark and last.result not in MARKS:
            block.place.wrong(number, block.result, _("После апелляции не отметка."), _("2, 3, 4 или 5."))
            return score
        self.changed += 1
        return after


def _columns(block: Block) -> tuple[int | None, int | None, int | None]:
    header = block.place.header
    return header.column(SCHOOL), header.column(PRIMARY), block.result


def _left_out(block: Block, primary: Any, result: Any) -> str:
    """Say why a row is left out on purpose; "" where it is to be counted."""
    if any(isinstance(cell, str) and normal(cell).startswith(ABSENT) for cell in (primary, result)):
        return _("не участвовали в экзамене")
    if primary is None and result is None:
        return _("нет результата")
    if block.by_mark and whole(result) == 0:
        return _("отметка 0")
    return ""


def _score_of(block: Block, number: int, cells: list[Any]) -> tuple[str, Score | None]:
    """Read the school and the score of a row, telling everything that is wrong in it."""
    place, (school_column, primary_column, result_column) = block.place, _columns(block)
    school = school_code(at(cells, school_column))
    if not school:
        place.wrong(number, school_column, _("Это не код школы."), _("Число не длиннее шести цифр."))
    primary = place.number(number, cells, primary_column, MOST, _("Такого балла не бывает."))
    if at(cells, result_column) is None:
        return school, None if primary is None else (primary, None)
    if block.by_mark:
        result = place.mark(number, cells, result_column)
    else:
        result = place.number(number, cells, result_column, MOST, _("Такого балла не бывает."))
    return school, None if primary is None or result is None else (primary, result)
