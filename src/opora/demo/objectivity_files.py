"""Writes what offices say of the objectivity of results: markers, and works that were under control."""

from pathlib import Path

import numpy as np

from opora.demo.region import Region
from opora.demo.vpr_files import SUBJECTS
from opora.demo.workbook import Cell, Sheet, write_workbook

WORKS = ("4 РУ", "4 МА", "5 РУ", "5 МА")
CAUGHT, MISTAKEN = 0.45, 0.015  # chances of a marker: where works are lifted, and where they are not
EVERY = 6  # of so many schools one writes under control


def under_control(region: Region) -> list[int]:
    """Answer the positions of the schools that write under control."""
    return [i for i, school in enumerate(region.schools) if school.kind != "special" and i % EVERY == 2]


def write_markers(folder: Path, region: Region, year: int) -> Path:
    """Write the markers of a year, a row a school that has pupils of these grades."""
    random = np.random.default_rng([region.seed, 5, year])
    rows: list[list[Cell]] = [["Год", "Логин", "Муниципалитет", "ОО", *WORKS, "Количество маркеров"]]
    for position, school in enumerate(region.schools):
        given = random.random(len(WORKS)) < (CAUGHT if region.lift[position] else MISTAKEN)
        if school.first_grade > 1 or school.kind == "special":
            continue
        markers: list[Cell] = [int(one) for one in given]
        rows.append([year, school.login, school.municipality.name, school.name, *markers, int(given.sum())])
    path = folder / f"Маркеры необъективности {year}.xlsx"
    write_workbook(path, Sheet("Маркеры", rows))
    return path


def write_controlled(folder: Path, region: Region, year: int, subject: str, grade: int) -> Path:
    """Write which schools wrote a work under control."""
    rows: list[list[Cell]] = [["Логин ОО", "Год", "Предмет", "Класс", "С контролем объективности"]]
    title = SUBJECTS[subject][0]
    rows += [[region.schools[position].login, year, title, grade, "да"] for position in under_control(region)]
    path = folder / f"Работы с контролем {year}.xlsx"
    write_workbook(path, Sheet("Список", rows))
    return path
