"""Protocols of РИС ГИА: ЕГЭ, ОГЭ and ГВЭ, dense or with merged cells, several exams in a sheet."""

from collections import Counter
from typing import Any

from opora.language import _
from opora.results.readers.appeals import Appeals
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import grade_of_class, normal, top_of, whole
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
    document_columns,
    document_of,
    exam_in,
    header_in,
    number_in,
    school_code,
    tail_of,
    within,
)
from opora.results.readers.ris_block import Block, Columns, Score
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
    top = top_of(sheet)
    if all(BEFORE in top.words[row] for row in top.rows_with(SCHOOL, PRIMARY)):
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
        self.codes: dict[Any, str] = {}

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
        columns = Columns(
            header.column(SCHOOL), header.column(PRIMARY), header.column("класс"), document_columns(header)
        )
        return Block(exam, assessment, subject, place, scored if marked is None else marked, columns)

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
        header, columns = block.place.header, block.columns
        needed = (columns.school, columns.primary, block.result)
        if block.place.sheet.errors and block.place.faulty(number, needed):
            block.rows += 1
            return
        school = within(row, header, columns.school)
        primary, result = within(row, header, columns.primary), within(row, header, block.result)
        if school is None and primary is None and result is None:
            return  # a line of words: a signature, a date of printing
        block.rows += 1
        left_out = _left_out(block, primary, result)
        if left_out:
            self.skipped[left_out] += 1
            return
        code = self._school(block, number, school)
        score = _score_of(block, number, primary, result)
        if not code or score is None:
            return
        document = document_of(row, header, columns.document)
        if document:
            if not self._first(block, number, [code, *score], document):
                return
            score = self._appealed(block, number, code, document, score)
        grade = block.grade
        if block.assessment == "gve":
            by_class = grade_of_class(within(row, header, columns.klass))
            grade = by_class if by_class in (9, 11) else grade
        block.pupils[code, grade, score] += 1

    def _school(self, block: Block, number: int, cell: Any) -> str:
        code = self.codes.get(cell) or school_code(cell)
        if code:
            self.codes[cell] = code
        else:
            column = block.columns.school
            block.place.wrong(number, column, _("Это не код школы."), _("Число не длиннее шести цифр."))
        return code

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


def _left_out(block: Block, primary: Any, result: Any) -> str:
    """Say why a row is left out on purpose; "" where it is to be counted."""
    if any(isinstance(cell, str) and normal(cell).startswith(ABSENT) for cell in (primary, result)):
        return _("не участвовали в экзамене")
    if primary is None and result is None:
        return _("нет результата")
    if block.by_mark and whole(result) == 0:
        return _("отметка 0")
    return ""


def _score_of(block: Block, number: int, primary_cell: Any, result_cell: Any) -> Score | None:
    """Read the score of a row, telling everything that is wrong in it."""
    place, what = block.place, _("Такого балла не бывает.")
    primary = place.number(number, block.columns.primary, primary_cell, MOST, what)
    if result_cell is None:
        return None if primary is None else (primary, None)
    if block.by_mark:
        result = place.mark(number, block.result, result_cell)
    else:
        result = place.number(number, block.result, result_cell, MOST, what)
    return None if primary is None or result is None else (primary, result)
