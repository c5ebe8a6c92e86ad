"""Counts the pupils of a protocol of ВПР, whichever of its forms laid the columns out."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from opora.language import _
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import Header, at, body, grade_of_class, normal, titles_above, whole
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.subjects import subject_title
from opora.results.readers.tally import Key, Tally, no_indicators
from opora.results.readers.written import Form, Written, login_in, login_of, settle
from opora.results.reading import Context, Reading
from opora.results.scales import Scale, Scales

ABSENT = ("отсутств", "не присутств", "неявк")
NO_ANSWER = ("х", "x")  # Cyrillic and Latin
SHIFTED = ("0", "1", "2", "3", "4", "x", "х")  # met in «Учебник» where the columns of a row have slipped
MARK_HEADINGS = ("отметка", "отметка за впр", "отметка за работу")
TOTAL_HEADINGS = ("итого баллов", "всего баллов", "сумма баллов")
MOST_POINTS = 30  # no task of ВПР gives more
MOST_TOTAL = 100

_LIMIT = re.compile(r"\(\D{0,10}(\d{1,2})\s*(б\w*\.?)?\s*\)")


@dataclass(frozen=True)
class Layout:
    """Where the columns of one form stand in one sheet."""

    header: Header
    tasks: list[int]
    variants: list[int]
    login: int | None = None  # None: the form does not name its school
    klass: int | None = None
    code: int | None = None
    total: int | None = None  # None: the total is the sum of the tasks
    mark: int | None = None  # the mark for the work itself, where the form has one
    textbook: int | None = None
    limits: dict[int, int] = field(default_factory=dict)  # most points by column


def limits_of(header: Header, tasks: Iterable[int]) -> dict[int, int]:
    """Read the most points of each task from its heading («3 (2)», «3 (2 балла)»).

    Where a task's number stands in several headings, the brackets hold its criteria, not its points.
    """
    tasks = list(tasks)
    numbers = Counter(header.names[task].partition("(")[0].strip() for task in tasks)
    limits = {}
    for task in tasks:
        found = _LIMIT.search(header.names[task])
        if found and (found[2] or numbers[header.names[task].partition("(")[0].strip()] == 1):
            limits[task] = int(found[1])
    return limits


def read_forms(book: Book, context: Context, form: Form, tables: list[tuple[Sheet, Layout]]) -> Reading:
    """Count all tables of one form in a book."""
    problems, tally, skipped = Problems(), Tally(), Counter[str]()
    notes: list[str] = []
    rows = 0
    for sheet, layout in tables:
        above = titles_above(sheet.iter_rows(), layout.header)
        by_class = form.class_tells_grade and layout.klass is not None
        written = settle(context, above, form, by_class, problems)
        school = "" if form.names_school else _school_of(context, above, problems)
        if written is None or not (form.names_school or school):
            continue
        pupils = _Pupils(Place(sheet, layout.header, problems), layout, written, school, context.region)
        rows += pupils.count(tally, skipped)
        notes += [note for note in pupils.notes() if note not in notes]
    if not rows and not problems:
        problems.add(_("В файле нет ни одного результата."), _("Проверьте, тот ли файл выбран."))
    return Reading(
        format=form.name,
        digest=book.digest,
        outcomes=tally.frame(),
        indicators=no_indicators(),
        problems=problems.told(),
        notes=notes,
        rows=rows,
        skipped=dict(skipped),
    )


def _school_of(context: Context, above: list[str], problems: Problems) -> str:
    """Answer the school of a form without it: from the person, the lines above, the file's name."""
    school = login_of(context.school) or context.school
    for text in (*above, context.name):
        school = school or login_in(text)
    if not school:
        what = _("Форма не называет школу.")
        problems.add(what, _("Выберите школу при загрузке или добавьте её логин sch… в имя файла."))
    return school


class _Pupils:
    """Walks the rows of one table and keeps counts only."""

    def __init__(self, place: Place, layout: Layout, written: Written, school: str, region: str) -> None:
        self.place, self.layout, self.written = place, layout, written
        self.school, self.region = school, region
        self.scales = Scales.load()
        self.points: dict[int, dict[Any, int | None]] = {task: {None: None} for task in layout.tasks}
        self.logins: dict[Any, str] = {}
        self.grades: dict[Any, int] = {}
        self.keys: dict[tuple[str, int], Key] = {}
        self.found: dict[int, Scale | None] = {}  # by the grade of the programme
        self.textless = 0

    def count(self, tally: Tally, skipped: Counter[str]) -> int:
        """Count every row; answer how many pupils were counted."""
        counted = 0
        layout = self.layout
        told = [*layout.tasks, *layout.variants, layout.login, layout.klass, layout.total, layout.mark]
        for number, row in body(self.place.sheet.iter_rows(), layout.header):
            if self.place.sheet.errors and self.place.faulty(number, told):
                continue
            left_out = self._left_out(row)
            if left_out is None:
                left_out = self._pupil(number, row, tally)
            if left_out is None:
                counted += 1
            elif left_out:
                skipped[left_out] += 1
        return counted

    def notes(self) -> list[str]:
        """Say by which scales the marks were found."""
        said = []
        for grade, scale in self.found.items():
            if scale is not None:
                title = subject_title(self.written.subject)
                text = _("{subject}, программа {grade} класса: отметки найдены по баллам. Шкала: {source}.")
                said.append(text.format(subject=title, grade=grade, source=scale.source))
        return said

    def _left_out(self, row: list[Any]) -> str | None:
        """Say why a row is left out on purpose, None where it is to be counted."""
        layout = self.layout
        for column in layout.variants:
            cell = at(row, column)
            if isinstance(cell, str) and normal(cell).startswith(ABSENT):
                return _("не писали работу")
        if layout.textbook is not None and normal(at(row, layout.textbook)) in SHIFTED:
            return _("столбцы строки сдвинуты")
        if layout.total is not None and at(row, layout.total) is None:
            return _("нет итогового балла")
        if layout.total is None and all(at(row, task) is None for task in layout.tasks):
            return _("нет итогового балла")
        if layout.mark is not None and whole(at(row, layout.mark)) == 0:
            return _("отметка 0")
        return None

    def _pupil(self, number: int, row: list[Any], tally: Tally) -> str | None:
        """Count one pupil; answer why not, "" where a problem was told, None where counted."""
        school = self._school(number, row)
        grade = self._grade(number, row)
        points = self._tasks(number, row)
        total = self._total(number, row, points)
        mark = self._mark(number, row)
        if not school or grade is None or points is None or total is None or mark is None:
            return ""
        if mark == 0:
            mark = self._mark_by_scale(number, grade, total)
            if mark is None:
                return ""
        code = at(row, self.layout.code)
        if code is not None:
            who = (school, str(at(row, self.layout.klass)), str(code))
            repeated = self.place.repeated(number, row, who, self.layout.code)
            if repeated is not False:
                return _("строка повторена") if repeated else ""
        tally.add(self._key(school, grade), mark, total)
        return None

    def _key(self, school: str, grade: int) -> Key:
        if (school, grade) not in self.keys:
            written = self.written
            programme = written.programme(grade)
            self.keys[school, grade] = Key(
                school, written.year, "vpr", written.sitting, written.subject, grade, programme
            )
        return self.keys[school, grade]

    def _school(self, number: int, row: list[Any]) -> str:
        if self.layout.login is None:
            return self.school
        cell = at(row, self.layout.login)
        if cell in self.logins:
            return self.logins[cell]
        login = login_of(cell)
        if login:
            self.logins[cell] = login
        else:
            allowed = _("sch и от 6 до 8 цифр, например sch224208; edu вместо sch тоже подходит.")
            self.place.wrong(number, self.layout.login, _("Это не логин школы."), allowed)
        return login

    def _grade(self, number: int, row: list[Any]) -> int | None:
        """Answer the grade that wrote; a class that names another grade than the file is told."""
        cell = at(row, self.layout.klass)
        if cell not in self.grades:
            grade = self._grade_of(number, cell)
            if grade is None:
                return None
            self.grades[cell] = grade
        return self.grades[cell]

    def _grade_of(self, number: int, cell: Any) -> int | None:
        by_class = grade_of_class(cell)
        if self.written.grade is None:
            if by_class is None:
                allowed = _("Класс с его номером впереди, например 5А.")
                self.place.wrong(
                    number, self.layout.klass, _("По названию класса не видно параллели."), allowed
                )
            return by_class
        named = isinstance(cell, str) and not cell.strip().isdigit()  # «5А», not the class's number in a list
        if by_class is not None and named and by_class != self.written.grade:
            allowed = _("Класс параллели {grade}, как указано для файла.").format(grade=self.written.grade)
            self.place.wrong(number, self.layout.klass, _("Класс другой параллели."), allowed)
            return None
        return self.written.grade

    def _tasks(self, number: int, row: list[Any]) -> list[int | None] | None:
        """Read the points of all tasks; None where one of them is wrong."""
        try:
            return [known[row[task]] for task, known in self.points.items()]
        except (KeyError, IndexError):
            return self._new_tasks(number, row)

    def _new_tasks(self, number: int, row: list[Any]) -> list[int | None] | None:
        """Read points where a cell holds what no row above held, or the row is short."""
        points: list[int | None] = []
        right = True
        for task in self.layout.tasks:
            cell, known = at(row, task), self.points[task]
            if cell not in known:
                limit = self.layout.limits.get(task, MOST_POINTS)
                value = None if normal(cell) in NO_ANSWER else whole(cell)
                if normal(cell) not in NO_ANSWER and (value is None or not 0 <= value <= limit):
                    allowed = _("Целое число от 0 до {most}, «Х» или пусто.").format(most=limit)
                    self.place.wrong(number, task, _("Такого балла за задание не бывает."), allowed)
                    right = False
                    continue
                known[cell] = value
            points.append(known[cell])
        return points if right else None

    def _total(self, number: int, row: list[Any], points: list[int | None] | None) -> int | None:
        if self.layout.total is None:
            return None if points is None else sum(filter(None, points))
        what = _("Такого итогового балла не бывает.")
        return self.place.number(number, self.layout.total, at(row, self.layout.total), MOST_TOTAL, what)

    def _mark(self, number: int, row: list[Any]) -> int | None:
        """Read the protocol's own mark, which wins over the scale; 0: it has none, None: it is wrong."""
        if self.layout.mark is None or at(row, self.layout.mark) is None:
            return 0
        return self.place.mark(number, self.layout.mark, at(row, self.layout.mark))

    def _mark_by_scale(self, number: int, grade: int, total: int) -> int | None:
        programme = self.written.programme(grade)
        if programme not in self.found:
            self.found[programme] = self._scale(programme)
        scale = self.found[programme]
        if scale is None:
            return None
        if scale.max_score is not None and total > scale.max_score:
            allowed = _("Целое число от 0 до {most}.").format(most=scale.max_score)
            self.place.wrong(number, self.layout.total, _("Такого итогового балла не бывает."), allowed)
            return None
        return scale.mark(total)

    def _scale(self, programme: int) -> Scale | None:
        written = self.written
        scale = self.scales.find(written.year, "vpr", written.subject, programme, self.region)
        if scale is None:
            what = _("Нет шкалы перевода баллов: ВПР {year}, {subject}, программа {grade} класса.")
            said = what.format(year=written.year, subject=subject_title(written.subject), grade=programme)
            allowed = _("Добавьте шкалу с её источником или загрузите файл с отметками за работу.")
            self.place.problems.add(said, allowed, self.place.sheet)
        return scale
