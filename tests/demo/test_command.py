"""``./opora demo`` as a person runs it: made once, made again after a kill, served until told to end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.request import urlopen

import pytest

PATIENCE = 180  # seconds; a busy machine is no failure
SMALL = ("--schools", "12", "--port", "0")


@pytest.fixture
def place(tmp_path):
    """A data folder of this test's own; its path is long, as a home folder's may be."""
    return tmp_path / "data"


@contextmanager
def demo(place, *words):
    """Run the command in a process of its own; whatever happens it ends."""
    log = place.parent / f"log-{time.monotonic_ns()}"
    surroundings = {**os.environ, "OPORA_DATA": str(place), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "opora", "demo", *words],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=surroundings,
        )
        try:
            yield process, log
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(60)


def told(process, log, words: str) -> str:
    """Wait until the command says something; answer all that it has said."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = log.read_text(errors="replace")
        if words in text:
            return text
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(f"«{words}» was never said:\n{log.read_text(errors='replace')}")


@pytest.mark.slow
def test_a_demo_killed_in_the_middle_is_made_again_and_the_second_start_only_serves_it(place):
    """Убитая на середине демонстрация делается заново; готовая — только открывается, с тем же паролем."""
    with demo(place, *SMALL) as (process, log):
        told(process, log, "готовлю базу данных")
        process.send_signal(signal.SIGKILL)
        process.wait()
    with demo(place, *SMALL) as (process, log):
        text = told(process, log, "наблюдатель")
        address = re.search(r"http://127\.0\.0\.1:\d+/", text)[0]
        with urlopen(address) as page:
            assert page.status == 200
        password = re.search(r"у всех: (\S+)", text)[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) in (0, 130, -signal.SIGINT)
    with demo(place, *SMALL) as (process, log):
        text = told(process, log, "наблюдатель")
        assert f"у всех: {password}\n" in text
        assert "пишу файлы" not in text
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert not (place / "postgres").exists(), "the demo keeps to its own folder"


def test_a_busy_port_is_told_before_anything_is_made(place):
    """Занятый порт назван сразу, и ничего ещё не сделано."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with demo(place, "--port", str(taken.getsockname()[1])) as (process, log):
            assert process.wait(60) == 2
            assert "занят" in log.read_text()
    assert not (place / "demo" / "postgres").exists()


@pytest.mark.parametrize("words", [("--schools", "3"), ("--schools", "много"), ("--seed", "семь")])
def test_a_wrong_argument_is_refused_in_one_sentence(place, words):
    """Неверный аргумент: код 2 и одно предложение."""
    with demo(place, *words) as (process, log):
        assert process.wait(60) == 2
        text = log.read_text()
        assert text.count("\n") == 1
        assert "Traceback" not in text


def test_a_folder_with_other_files_is_refused(place):
    """В чужую папку демонстрация не пишет."""
    folder = place / "мои документы"
    folder.mkdir(parents=True)
    (folder / "диплом.docx").write_text("важное")
    with demo(place, "--folder", str(folder), *SMALL) as (process, log):
        assert process.wait(60) == 2
        assert "не демонстрация" in log.read_text()
    assert [path.name for path in folder.iterdir()] == ["диплом.docx"]
