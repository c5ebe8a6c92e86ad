"""Writes files with mistakes that people make, so that the error report can be seen."""

from pathlib import Path

from opora.demo.region import Region
from opora.demo.vpr_files import RESEARCH_HEADINGS
from opora.demo.workbook import Cell, Sheet, workbook, write_workbook

WRONG_MARKS = "ВПР 2019 с неверными отметками.csv"
WRONG_POINTS = "ВПР 2022 Математика 5 класс с опечатками.xlsx"
HALF = "половина файла.xlsx"
RENAMED = "фотография вместо протокола.xlsx"
EMPTY = "пустой файл.csv"
STRANGER = "ВПР 2019 чужая школа.csv"


def write_broken(folder: Path, region: Region) -> list[Path]:
    """Write one file for each kind of mistake."""
    folder.mkdir(parents=True, exist_ok=True)
    login = region.schools[0].login
    _write_wrong_marks(folder / WRONG_MARKS, login)
    _write_wrong_points(folder / WRONG_POINTS, login)
    whole = workbook(Sheet("Протокол", [[n, "строка", n * 7 % 13] for n in range(400)]))
    (folder / HALF).write_bytes(whole[: len(whole) // 2])
    (folder / RENAMED).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (folder / EMPTY).write_bytes(b"")
    _write_stranger(folder / STRANGER)
    return sorted(folder.iterdir())


def _write_wrong_marks(path: Path, login: str) -> None:
    """Write marks that do not exist, a score that is a word, a login that is not one."""
    rows = [
        (5, 1, login, 151001, 31, 4, "2018-2019"),
        (5, 1, login, 151002, 28, 7, "2018-2019"),
        (5, 1, login, 151003, "много", 3, "2018-2019"),
        (5, 1, "школа 1", 151004, 12, 2, "2018-2019"),
        (5, 3, login, 151005, 12, 2, "2018-2019"),
        (5, 2, login, 251001, 9, "зачёт", "2018-2019"),
    ]
    lines = [";".join(RESEARCH_HEADINGS), *(";".join(map(str, row)) for row in rows)]
    path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))


def _write_wrong_points(path: Path, login: str) -> None:
    """Write a protocol with points that no task gives."""
    heads: list[Cell] = [
        "Пользователь",
        "Код",
        "Вариант",
        *map(str, range(1, 17)),
        "Наименование класса",
        "Пол",
    ]
    rows: list[list[Cell]] = [[*heads, "Отметка за предыдущий триместр/ четверть/полугодие"]]
    for pupil in range(1, 13):
        points: list[Cell] = [(pupil + task) % 2 for task in range(16)]
        if pupil == 4:
            points[2] = "верно"
        if pupil == 9:
            points[7] = 88
        rows.append([login.replace("sch", "edu"), 5000 + pupil, 1 + pupil % 2, *points, "5А", "М", 3])
    write_workbook(path, Sheet("Протокол", rows))


def _write_stranger(path: Path) -> None:
    """Write results of a school that is not in the register."""
    lines = [";".join(RESEARCH_HEADINGS), *(f"5;1;sch999999;15{n:04d};30;4;2018-2019" for n in range(1, 9))]
    path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))
