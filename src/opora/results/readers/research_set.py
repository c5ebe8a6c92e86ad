"""The open research set of ВПР (русский и математика, 4–6 классы): one CSV, one row a pupil, marks given."""

import re
from collections import Counter
from typing import Any

from opora.language import _
from opora.results.readers.book import Book, Sheet
from opora.results.readers.headings import GRADES, YEARS, Header, at, body, header_with, whole
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.tally import Key, Tally, no_indicators
from opora.results.readers.written import login_of
from opora.results.reading import Context, Reading

NAME = "research_set"
TITLE = "открытый исследовательский набор ВПР"
SOURCE = "найдено в открытом коде"
HEADINGS = (
    "Класс",
    "Код предмета (1- РУ, 2- МА)",
    "ОО (логин школы)",
    "Код ученика",
    "Балл",
    "Отметка",
    "Year - Учебный год",
)
SUBJECTS = {1: "russian", 2: "maths"}
MOST = 100
_SCHOOL_YEAR = re.compile(r"(20\d\d)\s*[-–/]\s*(20\d\d|\d\d)")


def recognises(book: Book) -> bool:
    """Say whether the table has the headings of the set."""
    return any(_header(sheet) for sheet in book.sheets)


def read(book: Book, context: Context) -> Reading:
    """Count the pupils of the set; rows with mark 0 are left out."""
    tally, problems, skipped, rows = Tally(), Problems(), Counter[str](), 0
    for sheet in book.sheets:
        header = _header(sheet)
        if header is None:
            continue
        table = _Table(Place(sheet, header, problems), tally)
        for number, row in body(sheet.iter_rows(), header):
            left_out = table.count(number, row)
            rows += left_out is None
            if left_out:
                skipped[left_out] += 1
    if not rows and not problems:
        problems.add(_("В файле нет ни одного результата."), _("Проверьте, тот ли файл выбран."))
    return Reading(
        format=NAME,
        digest=book.digest,
        outcomes=tally.frame(),
        indicators=no_indicators(),
        problems=problems.told(),
        notes=_notes(tally),
        rows=rows,
        skipped=dict(skipped),
    )


def _notes(tally: Tally) -> list[str]:
    """Say what the set does not tell of the autumn of 2020."""
    if not tally.frame().filter(year=2020).height:
        return []
    return [_("ВПР-2020 писали осенью; набор не говорит, чей это класс: взят один и тот же для обоих.")]


def _header(sheet: Sheet) -> Header | None:
    header = header_with(sheet, "класс", "оо (логин школы)", "балл", "отметка")
    return header if header and header.starting("код предмета") and header.starting("year") else None


class _Table:
    """Counts the rows of the set."""

    def __init__(self, place: Place, tally: Tally) -> None:
        self.place, self.tally = place, tally
        header = place.header
        self.grade, self.login = header.column("класс"), header.column("оо (логин школы)")
        self.subject, self.year = header.starting("код предмета")[0], header.starting("year")[0]
        self.code = header.column("код ученика")
        self.score, self.mark = header.column("балл"), header.column("отметка")

    def count(self, number: int, row: list[Any]) -> str | None:
        """Count one row; answer why not, "" where a problem was told, None where counted."""
        if whole(at(row, self.mark)) == 0:
            return _("отметка 0")
        if at(row, self.mark) is None and at(row, self.score) is None:
            return _("нет результата")
        cell = self._cell(number, row)
        mark = self.place.mark(number, self.mark, at(row, self.mark))
        score = self.place.number(number, self.score, at(row, self.score), MOST, _("Такого балла не бывает."))
        if cell is None or mark is None or score is None:
            return ""
        code = at(row, self.code)
        if code is not None:
            repeated = self.place.repeated(number, [mark, score], (*map(str, cell), str(code)), self.code)
            if repeated is not False:
                return _("строка повторена") if repeated else ""
        school, year, subject, grade = cell
        self.tally.add(Key(school, year, "vpr", "", subject, grade, grade), mark, score)
        return None

    def _cell(self, number: int, row: list[Any]) -> tuple[str, int, str, int] | None:
        """Read school, year, subject and grade, telling each that is wrong."""
        school, year = login_of(at(row, self.login)), _year(at(row, self.year))
        subject, grade = SUBJECTS.get(whole(at(row, self.subject)) or 0), whole(at(row, self.grade))
        wrong = self.place.wrong
        if not school:
            wrong(number, self.login, _("Это не логин школы."), _("sch и от 6 до 8 цифр."))
        if year is None:
            wrong(number, self.year, _("Год не читается."), _("Год вида 2019 или 2018/2019."))
        if subject is None:
            wrong(number, self.subject, _("Такого кода предмета нет."), _("1 — русский, 2 — математика."))
        if grade not in GRADES:
            wrong(number, self.grade, _("Такого класса нет."), _("Целое число от 1 до 12."))
        if not school or year is None or subject is None or grade is None or grade not in GRADES:
            return None
        return school, year, subject, grade


def _year(cell: Any) -> int | None:
    """Read the year of the assessment; of a school year «2018/2019» the second."""
    year = whole(cell)
    if year is None and (found := _SCHOOL_YEAR.fullmatch(str(cell).strip())):
        first, second = int(found[1]), int(found[2]) % 100 + 2000
        year = second if second == first + 1 else None
    return year if year in YEARS else None
