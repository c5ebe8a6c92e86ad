"""The worker as a process: killed in the middle of a file, told to end, started beside the pages."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from opora.config.working import Companion
from opora.results.actions import store
from opora.results.models import DeskFile, ImportedFile
from tests.repo.tree import ROOT
from tests.results.desks import Sender
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import RESULTS

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PATIENCE = 60
# A worker whose reading of the first file takes as long as somebody needs to kill it.
SLOW = """
import sys, time
sys.argv = ["opora", "work"]
import opora.__main__ as door
from opora.config.postgres import ensure_database
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "opora.config.settings"
ensure_database(serving=True)
import django
django.setup()
from opora.results import actions
real = actions.{where}
def slow(*given, **told):
    answer = real(*given, **told) if {after} else None
    print("in the middle", flush=True)
    time.sleep(600)
    return answer
actions.{where} = slow
sys.exit(door.main(["work"]))
"""


@pytest.fixture
def surroundings(tmp_path, outcomes_folder, settings):
    """The data folder and the database of a worker's own process."""
    told = connection.settings_dict
    address = f"postgresql:///{told['NAME']}?host={told['HOST']}&user={told['USER']}"
    if told["PORT"] or told["PASSWORD"]:
        host = f"{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}"
        address = f"postgresql://{host}/{told['NAME']}"
    return os.environ | {
        "OPORA_DATA": str(tmp_path),
        "DATABASE_URL": address,
        "PYTHONPATH": str(ROOT / "src"),
    }


def waiting_file(people, client):
    client.force_login(people.operator)
    [row] = Sender(client).send(("results.csv", RESULTS.encode()), region="25")
    return row


@contextmanager
def worker(surroundings, *words):
    process = subprocess.Popen(
        [sys.executable, *words], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(true):
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, list(DeskFile.objects.values())
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("where", "after"),
    [("read_together", "False"), ("_add_to_store", "True")],
    ids=["while it reads", "between the store and the database"],
)
def test_a_worker_killed_in_the_middle_loses_nothing_and_counts_nothing_twice(
    surroundings, people, client, settings, where, after
):
    """kill -9 посреди файла: следующий читатель прочтёт его заново, числа те же."""
    row = waiting_file(people, client)
    with worker(surroundings, "-c", SLOW.format(where=where, after=after)) as process:
        assert process.stdout.readline() == "in the middle\n", process.stderr.read()
        row.refresh_from_db()
        assert (row.state, row.tries) == ("reading", 1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    killed = time.monotonic()
    with worker(surroundings, "-m", "opora", "work") as process:
        until(lambda: DeskFile.objects.get().state == "read")
        print(f"read again after {time.monotonic() - killed:.1f} s")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    row.refresh_from_db()
    assert (row.file.state, row.tries) == ("accepted", 2)
    assert ImportedFile.objects.count() == 1
    assert store().current().rows == 9
    assert store().verify() == []
    assert list(Path(settings.SPOOL).iterdir()) == []


def test_a_worker_reads_all_and_ends(surroundings, people, client):
    waiting_file(people, client)
    done = subprocess.run(
        [sys.executable, "-m", "opora", "work", "--all"],
        check=False, env=surroundings, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Прочитано файлов: 1\n"
    assert DeskFile.objects.get().state == "read"


def is_over(process):
    return process.poll() is not None


def test_a_worker_beside_pages_is_started_again_and_ends_with_them(surroundings, people, client, monkeypatch):
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("opora.config.working.AGAIN", 0.0)
    companion = Companion()
    companion.start()
    try:
        until(lambda: companion.process)
        first = companion.process
        first.kill()
        until(lambda: companion.process is not first)
        waiting_file(people, client)
        until(lambda: DeskFile.objects.get().state == "read")
    finally:
        companion.end()
    assert is_over(first) and is_over(companion.process)
    assert companion.process.returncode == 0
    assert companion.begin() is None


def test_a_worker_ends_when_whoever_started_it_is_gone(surroundings):
    with worker(surroundings, "-c", "pass"):
        pass
    words = [sys.executable, "-m", "opora", "work", "--with-parent"]
    process = subprocess.Popen(words, env=surroundings, stdin=subprocess.PIPE)
    try:
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
