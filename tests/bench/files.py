"""Importing: thousands of small workbooks through the full reader, on two processes."""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from opora.config.environment import data_folder

PROCESSES = 2
ROWS = 87
TASKS = 14
FILES = {"quick": 200, "full": 2_000, "vast": 2_000}
SAMPLE = 60  # files that the slow peer reads
NAME = "ВПР 2022 математика 5 класс.xlsx"


def made(files: int) -> list[Path]:
    """Answer workbooks in the national test's form since 2022, one a school; those not there are written."""
    folder = data_folder() / "bench" / "protocols"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:05}.xlsx" for number in range(files)]
    for number, path in enumerate(paths):
        if not path.exists():
            _write(number, path)
    return paths


def _write(number: int, path: Path) -> None:
    import openpyxl

    from opora.results.readers import vpr_2022

    chance = np.random.default_rng([20, number])
    points = chance.integers(0, 2, (ROWS, TASKS)).tolist()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(vpr_2022.SHEET)
    tasks = [str(task) for task in range(1, TASKS + 1)]
    sheet.append([*vpr_2022.HEADINGS, *tasks, *vpr_2022.HEADINGS_AFTER])
    for pupil, row in enumerate(points):
        sheet.append([f"edu22{number:04}", pupil + 1, 1, *row, f"5{'АБВ'[pupil % 3]}", "м", 4])
    book.save(path)


def by_opora(paths: list[Path]) -> int:
    """Read files as an import does; answer the pupils that were counted."""
    from opora.results.readers import read
    from opora.results.reading import Context

    pupils = 0
    for path in paths:
        reading = read(path.read_bytes(), Context(NAME))
        if reading.problems:
            raise AssertionError(reading.problems[0])
        pupils += int(reading.outcomes["takers"].sum())
    return pupils


def by_calamine(paths: list[Path]) -> int:
    """Decode the cells and do nothing with them."""
    import io

    from python_calamine import CalamineWorkbook

    return sum(
        len(CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python())
        - 1
        for path in paths
    )


def by_openpyxl(paths: list[Path]) -> int:
    """Decode the cells by the library that most people would take."""
    import openpyxl

    return sum(
        sum(1 for _row in openpyxl.load_workbook(path, read_only=True).worksheets[0].values) - 1
        for path in paths
    )


def on_two_processes(work: Callable[[list[Path]], int], paths: list[Path]) -> tuple[int, float]:
    """Answer how many files were read, and the seconds, without the start of the processes."""
    parts = [paths[first : first + 20] for first in range(0, len(paths), 20)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(work, repeat(paths[:1], PROCESSES * 4)))
        started = time.perf_counter()
        pupils = sum(pool.map(work, parts))
        seconds = time.perf_counter() - started
    if pupils != ROWS * len(paths):
        raise AssertionError(f"{pupils} pupils were read of {ROWS * len(paths)}")
    return len(paths), seconds
