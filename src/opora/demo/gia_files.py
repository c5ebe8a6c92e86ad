"""Writes ОГЭ and ЕГЭ of the demo region as protocols of РИС ГИА, with appeals beside them.

The protocols hold invented names and document numbers, as the real ones do: a reader must discard them.
"""

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from opora.demo.names import draw_pupils
from opora.demo.region import Municipality, Region
from opora.demo.sittings import Sitting
from opora.demo.workbook import Cell, Sheet, write_workbook

SERIES = "0000"  # a series that no document bears
# code and name of an exam in the first line of its protocol, and the days on which it is held
TITLES = {
    ("oge", "russian"): ("01 - Русский язык {year}.06.06",),
    ("oge", "maths"): ("02 - Математика {year}.06.09",),
    ("ege", "russian"): ("01 - Русский язык {year}.06.03",),
    ("ege", "maths_profile"): ("02 - Математика профильная {year}.05.29",),
    ("ege", "maths_basic"): ("22 - Математика базовая {year}.05.29",),
    ("ege", "social_studies"): ("12 - Обществознание {year}.06.10",),
    ("ege", "english"): ("09 - Английский язык п:{year}.06.05; у:{year}.06.07",),
}
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
)
APPEAL_HEADINGS: tuple[list[Cell], list[Cell]] = (
    [
        *("№", "Код ОО", "Класс", "Код ППЭ", "Аудитория", "ФИО", "Документ", "Тип апелляции / перепроверки"),
        *("Состояние", "Дата отправки", "Дата изменений", "Балл до изменения", "Текущие", None, "Разница"),
    ],
    [*[None] * 12, "Первичный балл", "Балл", None],
)


@dataclass(frozen=True)
class Person:
    """An invented pupil as a protocol names one."""

    surname: str
    first: str
    patronymic: str
    number: str


@dataclass(frozen=True)
class Protocol:
    """One exam of one municipality as lines: the title, the headings, the pupils, the tail."""

    title: str
    headings: list[Cell]
    lines: list[list[Cell]]
    tail: list[list[Cell]]


def protocol(region: Region, place: Municipality, sitting: Sitting) -> Protocol:
    """Lay out one exam of one municipality."""
    exam = sitting.exam
    pupils = [i for school in region.of(place) for i in sitting.rows(school)]
    names = people(region, place, sitting, len(pupils))
    given = _given(sitting)
    lines: list[list[Cell]] = []
    for line, (i, person) in enumerate(zip(pupils, names, strict=True), 1):
        school = region.schools[int(sitting.school[i])]
        known: list[Cell] = [
            line,
            place.msu,
            school.ris,
            f"{sitting.grade}А",
            f"{place.msu % 100:02d}01",
            f"{i % 15 + 1:04d}",
        ]
        who: list[Cell] = [person.surname, person.first, person.patronymic, SERIES, person.number]
        lines.append([*known, *who, *_answers(sitting, i), int(sitting.score[i]), int(given[i])])
    oral = ["Устная часть", "Первичный балл устной части", "Первичный балл письм. части"] if exam.oral else []
    last = "Оценка" if not exam.scores else "Балл"
    answers = ["Задания с кратким ответом", "Задания с развёрнутым ответом"]
    return Protocol(
        TITLES[exam.assessment, exam.subject][0].format(year=sitting.year),
        [*HEADINGS, *answers, *oral, "Первичный балл", last],
        lines,
        _tail(sitting, pupils, given),
    )


def people(region: Region, place: Municipality, sitting: Sitting, count: int) -> list[Person]:
    """Name the pupils of one protocol; the same seed names them the same.

    Numbers of documents do not repeat within an exam: by them an appeal finds its pupil.
    """
    key = crc32(f"{sitting.exam.assessment} {sitting.exam.subject} {sitting.year}".encode())
    random = np.random.default_rng([region.seed, 4, place.msu, key])
    names = draw_pupils(random, count)
    return [Person(*name, f"{place.msu % 100:02d}{number:04d}") for number, name in enumerate(names, 1)]


def _given(sitting: Sitting) -> np.ndarray:
    """Answer what the last column says: the mark, or the test score."""
    return sitting.exam.test_scores(sitting.score) if sitting.exam.scores else sitting.mark


def _answers(sitting: Sitting, pupil: int) -> list[Cell]:
    """Write the answers as protocols do: «++−1» for short ones, «1(2)0(3)» for extended ones."""
    exam, points = sitting.exam, sitting.points[pupil].tolist()
    short, extended = len(exam.short), len(exam.short) + len(exam.extended)
    signs = (
        str(point) if highest > 1 else "+" if point else "-"
        for point, highest in zip(points[:short], exam.short, strict=True)
    )
    cells: list[Cell] = ["".join(signs), _bracketed(points[short:extended], exam.extended)]
    if exam.oral:
        spoken = sum(points[extended:])
        cells += [_bracketed(points[extended:], exam.oral), spoken, sum(points[:extended])]
    return cells


def _bracketed(points: list[int], highest: tuple[int, ...]) -> str:
    return "".join(f"{point}({most})" for point, most in zip(points, highest, strict=True))


def _tail(sitting: Sitting, pupils: list[int], given: np.ndarray) -> list[list[Cell]]:
    """Sum the protocol up in its last lines."""
    exam = sitting.exam
    border = exam.test_scores(np.array([exam.bounds[0]]))[0] if exam.scores else exam.bounds[0]
    mean = round(float(given[pupils].mean()), 2) if pupils else 0
    return [["Средние", mean], ["Минимальная граница", int(border)], ["Всего участников", len(pupils)]]


def write_dense_csv(path: Path, protocols: list[Protocol], encoding: str) -> None:
    """Write exams one after another as «;» text with decimal commas."""
    lines = []
    for one in protocols:
        lines += [
            _quoted(one.title),
            _joined(one.headings),
            *map(_joined, one.lines),
            *map(_joined, one.tail),
            "",
        ]
    path.write_bytes("\r\n".join(lines).encode(encoding))


def _quoted(text: str) -> str:
    """Quote a cell that holds the delimiter, as the title of a language with two parts does."""
    return f'"{text}"' if ";" in text else text


def _joined(cells: list[Cell]) -> str:
    return ";".join(str(cell).replace(".", ",") if isinstance(cell, float) else str(cell) for cell in cells)


def write_dense_xlsx(path: Path, protocols: list[Protocol]) -> None:
    """Write exams one under another in one sheet, without empty columns."""
    rows: list[list[Cell]] = []
    for one in protocols:
        rows += [[one.title], one.headings, *one.lines, *one.tail, []]
    write_workbook(path, Sheet("Протоколы", rows))


def write_sparse_xlsx(path: Path, protocols: list[Protocol]) -> None:
    """Write exams as a printed form exported to a sheet: merged cells leave columns empty.

    The title stands in the eighth column; every heading takes two columns, those of names three.
    """
    rows: list[list[Cell]] = []
    merged: list[str] = []
    for one in protocols:
        width = [3 if heading in ("Фамилия", "Имя", "Отчество") else 2 for heading in one.headings]
        rows += [[], [*[None] * 7, one.title], []]
        rows += [_spread(line, width) for line in (one.headings, *one.lines)]
        rows += [[None, *line] for line in one.tail]
        title = len(rows) - len(one.tail) - len(one.lines) - 2
        merged.append(f"H{title}:N{title}")
    write_workbook(path, Sheet("Отчёт", rows, merged))


def _spread(cells: list[Cell], width: list[int]) -> list[Cell]:
    """Put cells at the beginning of their merged columns, the first column left empty."""
    line: list[Cell] = [None]
    for cell, columns in zip(cells, width, strict=True):
        line += [cell, *[None] * (columns - 1)]
    return line


@dataclass(frozen=True)
class Appeal:
    """A satisfied appeal: a pupil's primary score after it."""

    pupil: int
    person: Person
    before: int
    after: int


def file_appeals(region: Region, place: Municipality, sitting: Sitting) -> list[Appeal]:
    """Let a few pupils just below the minimum appeal; about half of them win a point or two.

    A sitting counts as it is after appeals: this changes ``sitting`` when its protocol is written already.
    """
    pupils = [i for school in region.of(place) for i in sitting.rows(school)]
    names = people(region, place, sitting, len(pupils))
    bound = sitting.exam.bounds[0]
    near = [k for k, i in enumerate(pupils) if bound - 2 <= sitting.score[i] < bound and i % 2 == 0]
    return [Appeal(pupils[k], names[k], int(sitting.score[pupils[k]]), bound) for k in near[:3]]


def settle(sitting: Sitting, appeals: list[Appeal]) -> None:
    """Put the appeals' results into the sitting, so that its counts are those after appeals."""
    for appeal in appeals:
        sitting.score[appeal.pupil] = appeal.after
        if not sitting.exam.scores:
            sitting.mark[appeal.pupil] = int(sitting.exam.marks(np.array([appeal.after]))[0])


def write_appeals(
    path: Path, region: Region, place: Municipality, filed: list[tuple[Sitting, list[Appeal]]]
) -> None:
    """Write the appeals of a municipality, exams one under another, with headings in two rows."""
    rows: list[list[Cell]] = []
    for sitting, appeals in filed:
        exam = sitting.exam
        rows.append([TITLES[exam.assessment, exam.subject][0].format(year=sitting.year)])
        rows += APPEAL_HEADINGS
        rows += [_appeal_line(region, place, sitting, n, appeal) for n, appeal in enumerate(appeals, 1)]
        rows.append([])
    write_workbook(path, Sheet("Апелляции", rows))


def _appeal_line(
    region: Region, place: Municipality, sitting: Sitting, line: int, appeal: Appeal
) -> list[Cell]:
    """Write one appeal with the scores before and after."""
    school, who = region.schools[int(sitting.school[appeal.pupil])], appeal.person
    exam = sitting.exam
    if exam.scores:
        before, now = (int(score) for score in exam.test_scores(np.array([appeal.before, appeal.after])))
    else:
        before, now = 2, int(exam.marks(np.array([appeal.after]))[0])
    return [
        line,
        school.ris,
        f"{sitting.grade}А",
        f"{place.msu % 100:02d}01",
        f"{appeal.pupil % 15 + 1:04d}",
        f"{who.surname} {who.first} {who.patronymic}",
        f"{SERIES} {who.number}",
        "О несогласии с выставленными баллами",
        "Удовлетворена",
        f"20.06.{sitting.year} 9:30:00",
        f"24.06.{sitting.year} 15:05:00",
        before,
        appeal.after,
        now,
        now - before,
    ]
