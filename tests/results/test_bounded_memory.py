"""A million rows are read in memory that does not grow with their number."""

import subprocess
import sys

import pytest

from tests.results import files

READ = """
import sys
from pathlib import Path
from opora.results.readers.book import open_book
open_book(b"a;b\\n1;2\\n", "a")
before = peak()
path = Path(sys.argv[1])
book = open_book(path, path.name)
rows = sum(1 for row in book.sheets[0].iter_rows())
print(rows, peak() - before)
"""

PEAK = """
from pathlib import Path
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024
"""

PLAIN = """
import sys
from pathlib import Path
from opora.results.readers import read
from opora.results.reading import Context
reading = read(Path(sys.argv[1]), Context(name="a.csv"))
print(reading.rows, len(reading.problems), peak())
"""


def run(program, path):
    done = subprocess.run(
        [sys.executable, "-c", PEAK + program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [int(word) for word in done.stdout.split()]


@pytest.mark.slow
def test_a_csv_of_a_million_rows_is_read_in_bounded_memory(tmp_path):
    path = tmp_path / "million.csv"
    line = "sch224208;2018;впр;математика;5;20;8;название школы с кавычками\n"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("школа;год;процедура;предмет;класс;участников;низких;название\n")
        for _number in range(1_000):
            stream.write(line * 1_000)
    rows, megabytes = run(READ, path)
    assert rows == 1_000_001
    assert megabytes < 16


@pytest.mark.slow
def test_a_plain_table_of_300_000_outcomes_is_gathered_in_pieces(tmp_path):
    path = tmp_path / "plain.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("школа;год;процедура;предмет;класс;участников;низких\n")
        for number in range(300_000):
            stream.write(f"{number};2018;впр;математика;5;20;8\n")
    rows, problems, megabytes = run(PLAIN, path)
    assert (rows, problems) == (300_000, 0)
    assert megabytes < 450


@pytest.mark.slow
def test_a_bomb_is_refused_in_bounded_memory(tmp_path):
    """Полгигабайта в архиве на пару мегабайт, о чём он говорит прямо или лжёт: память почти не растёт."""
    program = """
import sys
from pathlib import Path
from opora.results.readers.book import open_book, FileRefused
try:
    open_book(Path(sys.argv[1]), "a.xlsx")
except FileRefused:
    print(1, peak())
"""
    path = tmp_path / "bomb.xlsx"
    for stated in (500_000_000, 1):
        path.write_bytes(files.bomb(stated))
        refused, megabytes = run(program, path)
        assert refused == 1
        assert megabytes < 100
