"""The tests' own cluster: started when first asked for, gone after the run however the run ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from opora.config.postgres.postmaster import is_alive
from tests.config.conftest import ROOT, until

TESTS = """
import os, time
from pathlib import Path

NOTES = Path(__file__).with_name("notes")

def test_without_a_database():
    folder = Path(os.environ["OPORA_DATA"]).parent
    NOTES.write_text(f"{folder}\\n")
    assert not (folder / "postgres" / "data").exists()

def test_with_a_database(database_url):
    import psycopg
    assert psycopg.connect(database_url).execute("SHOW fsync").fetchone() == ("off",)
    folder = Path(os.environ["OPORA_DATA"]).parent
    pid = (folder / "postgres/data/postmaster.pid").read_text().splitlines()[0]
    NOTES.write_text(f"{folder}\\n{pid}\\n")
    time.sleep(float(os.environ["SLEEP"]))
"""


@pytest.fixture
def run(tmp_path):
    """Start a run of two small tests, with no database given."""
    (tmp_path / "test_small.py").write_text(TESTS)
    started = []

    def start(*words, sleep=0.0):
        environ = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "OPORA_DATA"}
        }
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(tmp_path),
                 "-p", "no:django", "-p", "tests.postgres", "-p", "no:cacheprovider", "-q", str(tmp_path), *words],
                cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env={**environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "SLEEP": str(sleep)},
            )
        )  # fmt: skip
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            one.kill()
            one.wait()


def notes(tmp_path):
    """Answer what the small tests noted: their folder and their server's number."""
    lines = (tmp_path / "notes").read_text().split("\n") if (tmp_path / "notes").exists() else []
    return (Path(lines[0]), int(lines[1])) if len(lines) == 3 else None


def test_a_run_that_ends_leaves_nothing(run, tmp_path):
    """После прогона нет ни сервера, ни папки."""
    out, _ = run().communicate(timeout=60)
    assert "2 passed" in out
    folder, pid = notes(tmp_path)
    assert not folder.exists()
    assert not is_alive(pid)


def test_tests_without_a_database_start_none(run, tmp_path):
    """Тестам ядра база не нужна, и она не запускается."""
    out, _ = run("--deselect", "test_small.py::test_with_a_database").communicate(timeout=60)
    assert "1 passed" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_leaves_nothing(run, tmp_path, number):
    """Ctrl-C и SIGTERM посреди теста: сервер остановлен, папки нет."""
    one = run(sleep=60)
    assert until(lambda: notes(tmp_path), 60)
    folder, pid = notes(tmp_path)
    one.send_signal(number)
    out, _ = one.communicate(timeout=60)
    assert one.returncode == 2, out
    assert not folder.exists()
    assert not is_alive(pid)


def test_a_killed_run_leaves_no_server_and_its_folder_goes_with_the_next(run, tmp_path):
    """kill -9: сервер уходит сам, папку убирает следующий прогон."""
    one = run(sleep=60)
    assert until(lambda: notes(tmp_path), 60)
    folder, pid = notes(tmp_path)
    one.kill()
    one.wait()
    assert until(lambda: not is_alive(pid))
    run("--deselect", "test_small.py::test_with_a_database").communicate(timeout=60)
    assert not folder.exists()
