"""Counts the pupils of a protocol of ВПР, whichever of its forms laid the columns out."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from opora.language import _
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import (
    Header,
    body,
    cells_of,
    grade_of_class,
    normal,
    titles_above,
    whole,
)
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
JOURNAL = "отметка за предыдущ"  # …ую четверть/триместр, …ий триместр: as each form and year has it
MARK_HEADINGS = ("отметка", "отметка за впр", "отметка за работу")
TOTAL_HEADINGS = ("итого баллов", "всего баллов", "сумма баллов")
JOURNAL_MARKS = {cell: mark for mark in (2, 3, 4, 5) for cell in (mark, str(mark))}  # all else is unknown
MOST_POINTS = 30  # no task of ВПР gives more
MOST_TOTAL = 100

Group = tuple[str, int]  # the school and the grade that wrote

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
    journal: int | None = None  # the mark of the term before, where the form has one
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


def _by_limit(layout: Layout) -> dict[int, list[int]]:
    """Put the tasks together that give at most the same points."""
    found: dict[int, list[int]] = {}
    for task in layout.tasks:
        found.setdefault(layout.limits.get(task, MOST_POINTS), []).append(task)
    return found


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
        table = _Pupils(Place(sheet, layout.header, problems), layout, written, school, context.region)
        rows += table.count(tally, skipped)
        notes += [note for note in table.notes() if note not in notes]
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


class _NotPoints(Exception):
    """A cell holds what no task gives."""


class _Points(dict[Any, int]):
    """The points of tasks that give at most so many, by what their cells hold: each value is read once."""

    def __init__(self, most: int) -> None:
        super().__init__({None: 0})
        self.most = most

    def __missing__(self, cell: Any) -> int:
        points = 0 if normal(cell) in NO_ANSWER else whole(cell)
        if points is None or not 0 <= points <= self.most:
            raise _NotPoints
        self[cell] = points
        return points


class _Pupils:
    """Walks the rows of one table and keeps counts only."""

    def __init__(self, place: Place, layout: Layout, written: Written, school: str, region: str) -> None:
        self.place, self.layout, self.written = place, layout, written
        self.school, self.region = school, region
        self.scales = Scales.load()
        self.tasks = [
            (cells_of(tasks), _Points(most).__getitem__) for most, tasks in _by_limit(layout).items()
        ]
        self.groups: dict[tuple[Any, Any], Group] = {}  # by the cells of the login and of the class
        self.counted = Counter[tuple[Group, int, int, int | None]]()  # by group, mark, total, journal
        self.found: dict[int, Scale | None] = {}  # by the grade of the programme
        self.marks: dict[tuple[int, int], int] = {}  # of the scale, by the grade that wrote and the total

    def count(self, tally: Tally, skipped: Counter[str]) -> int:
        """Count every row; answer how many pupils were counted."""
        layout, sheet = self.layout, self.place.sheet
        told = [*layout.tasks, *layout.variants, layout.login, layout.klass, layout.total, layout.mark]
        width, truths, errors = len(layout.header.names), sheet.truths, sheet.errors
        for number, row in body(sheet.iter_rows(), layout.header):
            if errors and self.place.faulty(number, told):
                continue
            cells = self._full(row) if truths or len(row) < width else row
            points = self._points(cells)
            left_out = self._left_out(cells, points)
            if left_out is None:
                left_out = self._pupil(number, cells, points)
            if left_out:
                skipped[left_out] += 1
        for (group, mark, total, journal), pupils in self.counted.items():
            tally.add(self._key(*group), mark, total, journal=journal, pupils=pupils)
        return self.counted.total()

    def notes(self) -> list[str]:
        """Say by which scales the marks were found."""
        said = []
        for grade, scale in self.found.items():
            if scale is not None:
                title = subject_title(self.written.subject)
                text = _("{subject}, программа {grade} класса: отметки найдены по баллам. Шкала: {source}.")
                said.append(text.format(subject=title, grade=grade, source=scale.source))
        return said

    def _full(self, row: list[Any]) -> list[Any]:
        """Write a row as wide as the headings, with words for TRUE and FALSE, which else equal 1 and 0."""
        cells = [str(cell) if isinstance(cell, bool) else cell for cell in row]
        return cells + [None] * (len(self.layout.header.names) - len(row))

    def _left_out(self, row: list[Any], points: int | None) -> str | None:
        """Say why a row is left out on purpose, None where it is to be counted."""
        layout = self.layout
        for column in layout.variants:
            cell = row[column]
            if isinstance(cell, str) and normal(cell).startswith(ABSENT):
                return _("не писали работу")
        if layout.textbook is not None and normal(row[layout.textbook]) in SHIFTED:
            return _("столбцы строки сдвинуты")
        if layout.total is None:
            nothing = not points and all(row[task] is None for task in layout.tasks)
        else:
            nothing = row[layout.total] is None
        if nothing:
            return _("нет итогового балла")
        if layout.mark is not None and whole(row[layout.mark]) == 0:
            return _("отметка 0")
        return None

    def _pupil(self, number: int, row: list[Any], points: int | None) -> str | None:
        """Count one pupil; answer why not, "" where a problem was told, None where counted."""
        layout = self.layout
        login = None if layout.login is None else row[layout.login]
        klass = None if layout.klass is None else row[layout.klass]
        group = self.groups.get((login, klass)) or self._group(number, login, klass)
        if points is None:
            self._tell_points(number, row)
        total = points if layout.total is None else self._total(number, row[layout.total])
        mark = 0 if layout.mark is None else self._mark(number, row[layout.mark])
        if group is None or points is None or total is None or mark is None:
            return ""
        grade = group[1]
        mark = mark or self.marks.get((grade, total)) or self._mark_by_scale(number, grade, total)
        if mark is None:
            return ""
        if layout.code is not None and row[layout.code] is not None:
            who = (group[0], str(klass), str(row[layout.code]))
            repeated = self.place.repeated(number, row, who, layout.code)
            if repeated is not False:
                return _("строка повторена") if repeated else ""
        journal = None if layout.journal is None else JOURNAL_MARKS.get(row[layout.journal])
        self.counted[group, mark, total, journal] += 1
        return None

    def _key(self, school: str, grade: int) -> Key:
        written = self.written
        programme = written.programme(grade)
        return Key(school, written.year, "vpr", written.sitting, written.subject, grade, programme)

    def _group(self, number: int, login: Any, klass: Any) -> Group | None:
        """Answer whose result a row is by cells that no row above held."""
        school = self.school if self.layout.login is None else login_of(login)
        if not school:
            allowed = _("sch и от 6 до 8 цифр, например sch224208; edu вместо sch тоже подходит.")
            self.place.wrong(number, self.layout.login, _("Это не логин школы."), allowed)
        grade = self._grade(number, klass)
        if not school or grade is None:
            return None
        self.groups[login, klass] = school, grade
        return school, grade

    def _grade(self, number: int, cell: Any) -> int | None:
        """Answer the grade that wrote; a class that names another grade than the file is told."""
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

    def _points(self, row: list[Any]) -> int | None:
        """Add up the points of all tasks; None where one of them cannot be."""
        total = 0
        try:
            for cells, points in self.tasks:
                total += sum(map(points, cells(row)))
        except _NotPoints:
            return None
        return total

    def _tell_points(self, number: int, row: list[Any]) -> None:
        """Tell every task of a row whose points cannot be."""
        for task in self.layout.tasks:
            most = self.layout.limits.get(task, MOST_POINTS)
            try:
                _Points(most)[row[task]]
            except _NotPoints:
                allowed = _("Целое число от 0 до {most}, «Х» или пусто.").format(most=most)
                self.place.wrong(number, task, _("Такого балла за задание не бывает."), allowed)

    def _total(self, number: int, cell: Any) -> int | None:
        what = _("Такого итогового балла не бывает.")
        return self.place.number(number, self.layout.total, cell, MOST_TOTAL, what)

    def _mark(self, number: int, cell: Any) -> int | None:
        """Read the protocol's own mark, which wins over the scale; 0: it has none, None: it is wrong."""
        return 0 if cell is None else self.place.mark(number, self.layout.mark, cell)

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
        mark = self.marks[grade, total] = scale.mark(total)
        return mark

    def _scale(self, programme: int) -> Scale | None:
        written = self.written
        scale = self.scales.find(written.year, "vpr", written.subject, programme, self.region)
        if scale is None:
            what = _("Нет шкалы перевода баллов: ВПР {year}, {subject}, программа {grade} класса.")
            said = what.format(year=written.year, subject=subject_title(written.subject), grade=programme)
            allowed = _("Добавьте шкалу с её источником или загрузите файл с отметками за работу.")
            self.place.problems.add(said, allowed, self.place.sheet)
        return scale
