"""Runs the tests; what follows the word goes to pytest."""

import os
import signal
import subprocess
import sys
from pathlib import Path

SUMMARY = "Прогнать тесты; дальше можно назвать файлы и ключи pytest"
PASS_ALL = True
MOST = 8  # processes, each with a database cluster and perhaps a browser


def run(words: list[str]) -> int:
    """Run pytest in the project's folder, on the folders and options that were named.

    Where no single file is named, one process for each core shares the files among them, in their order.
    """
    named = [from_here(word) for word in words]
    return tests([*shared_among(os.cpu_count() or 1, named), *named])


def shared_among(cores: int, words: list[str]) -> list[str]:
    """Answer what lets pytest run in several processes; [] for a single file or a single core."""
    if cores < 2 or any(Path(word.partition("::")[0]).is_file() for word in words):
        return []
    return ["-n", str(min(cores, MOST)), "--dist", "loadfile", "--no-loadscope-reorder"]


def home() -> Path:
    """Answer the project's folder."""
    return Path(__file__).resolve().parents[3]


def from_here(word: str) -> str:
    """Find a file that was named from the folder of the call; other words pass as they are."""
    path, mark, rest = word.partition("::")
    if word.startswith("-") or not Path(path).exists():
        return word
    return f"{Path(path).resolve()}{mark}{rest}"


def tests(words: list[str]) -> int:
    """Run pytest as a program of its own and answer its exit code.

    Ctrl-C reaches it by itself; a request to end is passed on, and its cleaning up is waited for.
    """
    place = home()
    paths = os.pathsep.join([str(place / "src"), str(place)])
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *words], cwd=place, env={**os.environ, "PYTHONPATH": paths}
    )
    signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
