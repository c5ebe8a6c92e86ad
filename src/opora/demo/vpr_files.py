"""Writes ВПР of the demo region as the files of each year looked, one function a format."""

from pathlib import Path

import numpy as np

from opora.demo.region import Municipality, Region, School
from opora.demo.sittings import Sitting
from opora.demo.workbook import Cell, Sheet, write_workbook

SUBJECTS = {
    "russian": ("Русский язык", "Rus"),
    "maths": ("Математика", "Mat"),
    "history": ("История", "Ist"),
    "biology": ("Биология", "Bio"),
}
RESEARCH_CODES = {"russian": 1, "maths": 2}
RESEARCH_HEADINGS = (
    "Класс",
    "Код предмета (1- РУ, 2- МА)",
    "ОО (логин школы)",
    "Код ученика",
    "Балл",
    "Отметка",
    "Year - Учебный год",
)
CLASS_SIZE = 26
PARALLELS = "АБВГДЕЖЗИК"
TEXTBOOKS = ("Виленкин Н.Я.", "Никольский С.М.", "Мерзляк А.Г.", "Ладыженская Т.А.")


def write_research_csv(path: Path, region: Region, place: Municipality, sittings: list[Sitting]) -> None:
    """Write the open research form (открытый исследовательский набор): one municipality, one year.

    Pupils who were absent stand there with mark 0, as in the original. Files of 2018 are in cp1251.
    """
    lines = [";".join(RESEARCH_HEADINGS)]
    for sitting in sittings:
        code = RESEARCH_CODES[sitting.exam.subject]
        year = f"{sitting.year - 1}-{sitting.year}"
        score = np.where(sitting.present, sitting.score, 0)
        for school in region.of(place):
            login = region.schools[school].login
            lines += [
                f"{sitting.grade};{code};{login};{code}{sitting.grade}{sitting.number[i]:03d};"
                f"{score[i]};{sitting.mark[i]};{year}"
                for i in sitting.rows(school)
            ]
    encoding = "cp1251" if sittings[0].year == 2018 else "utf-8-sig"
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))


def write_autumn_2020(folder: Path, region: Region, place: Municipality, sitting: Sitting) -> Path:
    """Write the form of autumn 2020: the subject stands in the file's name only, and the grade that wrote."""
    tasks = [f"a-{i}-grade" for i in range(1, len(sitting.exam.tasks) + 1)]
    rows: list[list[Cell]] = [
        ["user", "klass", "code", "gender", "otc", "var-1", "var-2", *tasks, "Учебник", "sum"]
    ]
    for school in region.of(place):
        login = region.schools[school].login
        for i in sitting.rows(school):
            known: list[Cell] = [
                login,
                _class_name(sitting, i),
                _code(sitting, i),
                _gender(sitting, i),
                int(sitting.before[i]),
            ]
            if sitting.present[i]:
                points = sitting.points[i].tolist()
                rows.append([*known, 1 + i % 4, "", *points, TEXTBOOKS[i % 4], int(sitting.score[i])])
            else:
                rows.append([*known, "отсутствовал", "", *[""] * len(tasks), "", ""])
    name = f"{SUBJECTS[sitting.exam.subject][1]}{sitting.grade} 2020 осень {place.msu}.xlsx"
    write_workbook(folder / name, Sheet("Лист1", rows))
    return folder / name


def slipped(sitting: Sitting) -> np.ndarray:
    """Say whose rows have slipped in the form of 2021: whoever reads it must leave them out."""
    found: np.ndarray = sitting.present & (sitting.number % 37 == 0)
    return found


def write_form_2021(
    folder: Path, region: Region, place: Municipality, sitting: Sitting, *, csv: bool
) -> Path:
    """Write the form of 2021, as a workbook or as «;» text.

    A few rows have slipped three columns to the right, so that the last points stand under «Учебник».
    """
    tasks = [f"балл за {i}" for i in range(1, len(sitting.exam.tasks) + 1)]
    heads = ["логин школы", "класс", "номер обучающегося", "пол", "вариант", *tasks]
    rows: list[list[Cell]] = [[*heads, "всего баллов", "отметка за предыдущую четверть/триместр", "Учебник"]]
    slip = slipped(sitting)
    for school in region.of(place):
        login = region.schools[school].login
        for i in sitting.rows(school):
            known: list[Cell] = [login, _class_name(sitting, i), _code(sitting, i), _gender(sitting, i)]
            if sitting.present[i]:
                gap: list[Cell] = [""] * 3 if slip[i] else []
                points = sitting.points[i].tolist()
                end: list[Cell] = [int(sitting.score[i]), int(sitting.before[i]), TEXTBOOKS[i % 4]]
                rows.append([*known, 1 + i % 4, *gap, *points, *end][: len(rows[0])])
            else:
                rows.append([*known, "отсутствовал", *[""] * len(tasks), "", int(sitting.before[i]), ""])
    title = SUBJECTS[sitting.exam.subject][0]
    path = folder / f"ВПР 2021 {title} {sitting.grade} класс {place.msu}.{'csv' if csv else 'xlsx'}"
    if csv:
        path.write_bytes(("\r\n".join(";".join(map(str, row)) for row in rows) + "\r\n").encode("utf-8-sig"))
    else:
        write_workbook(path, Sheet("Sheet1", rows))
    return path


def write_protocol_2022(folder: Path, region: Region, schools: list[int], sitting: Sitting) -> Path:
    """Write the «Протокол» of 2022 for some schools; their logins begin with «edu» there."""
    tasks = [str(i) for i in range(1, len(sitting.exam.tasks) + 1)]
    before = "Отметка за предыдущий триместр/ четверть/полугодие"
    rows: list[list[Cell]] = [
        ["Пользователь", "Код", "Вариант", *tasks, "Наименование класса", "Пол", before]
    ]
    for school in schools:
        login = region.schools[school].login.replace("sch", "edu")
        for i in sitting.rows(school):
            end: list[Cell] = [_class_name(sitting, i), _gender(sitting, i), int(sitting.before[i])]
            variant: Cell = 1 + i % 4 if sitting.present[i] else "отсутствовал"
            points = _points(sitting, i) if sitting.present[i] else [""] * len(tasks)
            rows.append([login, _code(sitting, i), variant, *points, *end])
    title = SUBJECTS[sitting.exam.subject][0]
    path = (
        folder / f"ВПР {sitting.year} {title} {sitting.grade} класс {region.schools[schools[0]].login}.xlsx"
    )
    write_workbook(path, Sheet("Протокол", rows))
    return path


def write_school_form(folder: Path, school: School, position: int, sitting: Sitting) -> Path:
    """Write the recent form of one school: headings with line breaks, «Х» where nothing was answered."""
    tasks = [f"{i}\n({highest})" for i, highest in enumerate(sitting.exam.tasks, 1)]
    heads: list[Cell] = ["Код\nучастника", "Вариант", *tasks, "Порядковый\nномер класса", "Пол"]
    rows: list[list[Cell]] = [[*heads, "Отметка за предыдущую\nчетверть/триместр", "Итого\nбаллов"]]
    for i in sitting.rows(position):
        parallel = int(sitting.number[i] - 1) // CLASS_SIZE + 1
        end: list[Cell] = [parallel, _gender(sitting, i), int(sitting.before[i])]
        if sitting.present[i]:
            rows.append([_code(sitting, i), 1 + i % 4, *_points(sitting, i), *end, int(sitting.score[i])])
        else:
            rows.append([_code(sitting, i), "не присутствовал", *[""] * len(tasks), *end, ""])
    title = SUBJECTS[sitting.exam.subject][0]
    path = folder / f"{school.login} ВПР {sitting.year} {title} {sitting.grade} класс.xlsx"
    write_workbook(path, Sheet("Форма сбора", rows))
    return path


def write_statistics(folder: Path, region: Region, place: Municipality, sitting: Sitting) -> Path:
    """Write the ФИС ОКО report «Статистика по отметкам» of one municipality, in percents."""
    title = SUBJECTS[sitting.exam.subject][0]
    rows: list[list[Cell]] = [
        [f"ВПР {sitting.year}. {sitting.grade} класс"],
        [f"Предмет: {title}"],
        ["Статистика по отметкам"],
        ["Группы участников", "Кол-во ОО", "Кол-во участников", "2", "3", "4", "5"],
    ]
    wrote = [s for s in region.of(place) if any(sitting.present[i] for i in sitting.rows(s))]
    rows.append(_statistics_row(region.name, sitting, sorted(set(sitting.school.tolist()))))
    rows.append(_statistics_row(place.name, sitting, wrote))
    for school in wrote:
        name = f"{region.schools[school].name} ({region.schools[school].login})"
        rows.append(_statistics_row(name, sitting, [school]))
    path = folder / f"Статистика по отметкам {title} {sitting.grade} класс {sitting.year} {place.msu}.xlsx"
    write_workbook(path, Sheet("Статистика по отметкам", rows, ["A1:G1", "A2:G2", "A3:G3"]))
    return path


def _statistics_row(name: str, sitting: Sitting, schools: list[int]) -> list[Cell]:
    """Count one group of the report and round its percents to two decimals."""
    here = sitting.present & np.isin(sitting.school, schools)
    counts = np.bincount(sitting.mark[here], minlength=6)[2:6]
    takers = max(1, int(counts.sum()))
    percents = [(int(count) * 20_000 + takers) // (2 * takers) / 100 for count in counts]  # half up
    return [name, len(schools), int(here.sum()), *percents]


def _class_name(sitting: Sitting, pupil: int) -> str:
    return f"{sitting.grade}{PARALLELS[int(sitting.number[pupil] - 1) // CLASS_SIZE % len(PARALLELS)]}"


def _code(sitting: Sitting, pupil: int) -> int:
    return sitting.grade * 1000 + int(sitting.number[pupil])


def _gender(sitting: Sitting, pupil: int) -> str:
    return "Ж" if sitting.girl[pupil] else "М"


def _points(sitting: Sitting, pupil: int) -> list[Cell]:
    """Write a pupil's points; of the tasks without any, every third was not answered."""
    found = sitting.points[pupil].tolist()
    return ["Х" if not point and (pupil + task) % 3 == 0 else point for task, point in enumerate(found)]
