"""The store when a writer is killed, or when two write at once: one valid content, always."""

import os
import random
import signal
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import pytest

from opora.results.store import AlreadyKept, Store

WRITER = """
import sys
from opora.results.store import Store
from tests.results.test_store_crash import told_by
store = Store(sys.argv[1])
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    number += 1
    store.add(told_by(number), f"source-{number}")
    print(number, flush=True)
"""
ROOT = Path(__file__).resolve().parents[2]


def told_by(number: int, rows: int = 200) -> pl.DataFrame:
    """What the source of this number tells: it alone knows of its schools."""
    return pl.DataFrame(
        {
            "school": [f"{number:04}-{row:04}" for row in range(rows)],
            "year": [2018 + number % 2] * rows,
            "assessment": "vpr",
            "subject": "maths",
            "grade": 5,
            "grade_programme": 5,
            "takers": [20 + row % 9 for row in range(rows)],
            "low": [row % 20 for row in range(rows)],
        }
    )


def written(folder: Path, number: int) -> int:
    """Add source after source in another process until it is killed; answer the last one it reported."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "POLARS_MAX_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(number)],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.uniform(0.01, 0.25))
    process.send_signal(signal.SIGKILL)
    reported = process.communicate()[0].split()
    return int(reported[-1]) if reported else number


def test_a_writer_killed_at_any_moment_leaves_a_valid_content(tmp_path):
    """kill -9 в любой миг: хранилище цело и содержит всё, о чём было доложено."""
    store, number = Store(tmp_path / "outcomes"), 0
    for _ in range(8):
        reported = written(store.folder.path, number)
        current = store.current()
        assert store.verify(current) == []
        kept = store.sources()["source"].to_list()
        assert {f"source-{one}" for one in range(1, reported + 1)} <= set(kept)
        assert store.outcomes().counts.height == 200 * len(kept)
        number = len(kept)
    assert number > 0
    again = Store(tmp_path / "again")
    again.add_many([(f"source-{one}", told_by(one)) for one in range(1, number + 1)])
    assert again.current() == store.current()


class PowerIsGone(BaseException):
    """What a test throws in the middle of a write."""


@pytest.mark.parametrize("change", ["add", "withdraw"])
def test_a_write_that_dies_before_any_of_its_steps_leaves_the_earlier_content(tmp_path, monkeypatch, change):
    """Walks every step that touches the disk: file, manifest, pointer, names of folders."""
    steps = 0
    whole = Store(tmp_path / "whole")
    whole.add(told_by(1), "source-1")
    whole.add(told_by(2), "source-2")
    after = whole.withdraw("source-2") if change == "withdraw" else whole.add(told_by(3), "source-3")
    while True:
        store = Store(tmp_path / f"{change}-{steps}")
        first = store.add(told_by(1), "source-1")
        second = store.add(told_by(2), "source-2")
        left = steps

        def or_die(real):
            def step(*arguments):
                nonlocal left
                left -= 1
                if left < 0:
                    raise PowerIsGone
                return real(*arguments)

            return step

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", or_die(os.fsync))
            patch.setattr(Path, "replace", or_die(Path.replace))
            try:
                store.withdraw("source-2") if change == "withdraw" else store.add(told_by(3), "source-3")
                done = True
            except PowerIsGone:
                done = False
        current = Store(store.folder.path).current()
        assert store.verify(current) == [] and store.verify(first) == [] and store.verify(second) == []
        assert current in ((after,) if done else (second, after))
        if done:
            break
        steps += 1
        assert store.add(told_by(9), "source-9") == store.current()
        assert not list(store.folder.path.glob("**/*.unfinished"))
    assert steps > 5


def _add(folder: Path, numbers: list[int]) -> None:
    store = Store(folder)
    for number in numbers:
        store.add(told_by(number, 20), f"source-{number}")


def test_two_writers_at_once_lose_nothing(tmp_path):
    context = get_context("spawn")
    writers = [context.Process(target=_add, args=(tmp_path, list(range(start, 24, 2)))) for start in (0, 1)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    store = Store(tmp_path)
    assert store.sources()["source"].to_list() == sorted(f"source-{number}" for number in range(24))
    assert store.outcomes().counts.height == 24 * 20
    assert store.verify() == []


def _race(folder: Path, answers) -> None:
    try:
        Store(folder).add(told_by(1), "source-1")
        answers.put("added")
    except AlreadyKept:
        answers.put("told")


def test_of_two_who_bring_the_same_file_one_adds_it_and_the_other_is_told(tmp_path):
    context = get_context("spawn")
    answers = context.Queue()
    people = [context.Process(target=_race, args=(tmp_path, answers)) for _ in range(2)]
    for person in people:
        person.start()
    said = sorted(answers.get(timeout=60) for _ in people)
    for person in people:
        person.join(60)
    assert said == ["added", "told"]
    assert Store(tmp_path).outcomes().counts.height == 200


def test_a_reader_sees_one_content_while_others_write(tmp_path):
    """Cells and counts of one answer belong together, whatever is published between them."""
    store = Store(tmp_path)
    store.add(told_by(0, 20), "source-0")
    context = get_context("spawn")
    writer = context.Process(target=_add, args=(tmp_path, list(range(1, 20))))
    writer.start()
    while writer.is_alive():
        found = store.outcomes()
        assert set(found.counts["cell"]) == set(found.cells["cell"])
        assert found.counts.height % 20 == 0
    writer.join()
    assert writer.exitcode == 0
