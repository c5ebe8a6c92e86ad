"""The command line: what is listed, what is refused, how a command ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from itertools import pairwise
from pathlib import Path

import pytest

from opora import __main__ as entry
from opora.commands import serve
from opora.commands import test as test_command
from opora.lib.spoken import Refused
from tests.config.conftest import ROOT


def start(*words, **more):
    """Start a command as ``./opora`` does."""
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-m", "opora", *words],
        env={**environ, "PYTHONPATH": str(ROOT / "src"), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def call(*words, **more):
    """Run a command to its end; answers its exit code and what it said."""
    process = start(*words, **more)
    out, error = process.communicate(timeout=120)
    return process.returncode, out, error


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_every_command_is_listed_with_a_sentence(words, capsys):
    """Без слов и с --help: все команды, у каждой фраза."""
    assert entry.main(words) == 0
    listed = dict(re.findall(r"^  (\S+) +(.+)$", capsys.readouterr().out, re.MULTILINE))
    assert sorted(listed) == entry.names()
    assert {"serve", "test", "check", "database", "manage"} <= set(listed)
    assert all(re.match(r"[А-Я].+[^.]$", text) for text in listed.values()), listed


def test_the_list_loads_no_heavy_part():
    """Список команд не ждёт ни Django, ни Polars."""
    text = (
        "import sys; from opora.__main__ import main; main(['--help']);"
        "print([name for name in ('django', 'polars', 'psycopg', 'uvicorn') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["нет-такой"], "Нет команды «нет-такой». Есть: "),
        (
            ["serve", "--port", "восемь"],
            "--port: не подходит значение восемь. Подсказка: ./opora serve --help",
        ),
        (["serve", "--порт", "8"], "лишнее: --порт 8"),
        (["database"], "не хватает: start|stop|status|url|psql"),
        (["database", "drop"], "нет такого выбора: drop"),
        (["../config"], "Нет команды «../config»"),
        (["__init__"], "Нет команды «__init__»"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_code_two(words, said, capsys):
    """Ошибка, которую человек может исправить: одна фраза, код 2."""
    assert entry.main(words) == 2
    out, error = capsys.readouterr()
    assert (out, len(error.splitlines())) == ("", 1)
    assert said in error


def test_the_commands_speak_english_too():
    """OPORA_LANG=en: тот же список и те же отказы по-английски."""
    code, out, _ = call("--help", OPORA_LANG="en")
    assert (code, "serve" in out) == (0, True)
    assert "Open the system's pages on this computer" in out
    assert not re.search("[а-яё]", out, re.IGNORECASE)
    assert "invalid int value" in call("serve", "--port", "x", OPORA_LANG="en")[2]


@pytest.mark.parametrize(
    ("raised", "code"), [(Refused("нельзя"), 2), (KeyboardInterrupt(), 130), (BrokenPipeError(), 0)]
)
def test_how_a_command_ends_is_its_exit_code(monkeypatch, raised, code, capsys):
    """Отказ — 2, Ctrl-C — 130, читатель ушёл — 0; следов исключений нет."""

    def run(words):
        raise raised

    monkeypatch.setattr(entry, "dispatch", run)
    monkeypatch.setattr(entry.os, "dup2", lambda *descriptors: None)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert entry.main([]) == code
    finally:
        signal.signal(signal.SIGTERM, before)
    assert "Traceback" not in capsys.readouterr().err


def test_a_busy_port_is_said_before_anything_is_started(tmp_path):
    """Порт занят: одна фраза с другим портом, база не запускалась."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, out, error = call("serve", "--port", str(port), OPORA_DATA=str(tmp_path / "data"))
    assert (code, out) == (2, "")
    assert error.startswith(f"Порт {port} занят другой программой: остановите её или выберите другой порт")
    assert f"(--port {port + 1})" in error
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("host", "port"),
    [("127.0.0.1", 70000), ("127.0.0.1", -1), ("256.0.0.1", 8000), ("нет.такого.invalid", 8000)],
)
def test_an_address_that_will_not_do_is_said(host, port):
    """Порт или адрес не годятся: одна фраза."""
    with pytest.raises(Refused, match="не годится: проверьте --host и --port"):
        serve.take_port(host, port)


def test_a_port_that_only_root_may_take_is_said():
    """Порт 80 обычному пользователю: сказано, какой взять."""
    assert serve.why_not("127.0.0.1", 80, PermissionError(13, "Permission denied")).endswith("(--port 8000).")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_pages_are_served_until_the_person_ends_it(tmp_path, number, code):
    """serve: база запущена, таблицы созданы, страница отвечает, после Ctrl-C всё остановлено."""
    process = start("serve", "--port", "0", OPORA_DATA=str(tmp_path))
    line = process.stdout.readline()
    assert line.startswith("Опора: http://127.0.0.1:"), line or process.stderr.read()
    address = re.search(r"http://\S+/", line)[0]
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            status = answer.status
    except urllib.error.HTTPError as problem:
        status = problem.code
    assert status < 500
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in error) == (code, False), error
    assert not (tmp_path / "postgres/data/postmaster.pid").exists()


def test_the_database_is_started_shown_and_stopped(place):
    """database start, status, url, stop: база живёт между командами."""
    more = {"OPORA_DATA": str(place)}
    assert call("database", "status", **more)[1] == f"База не работает; её папка: {place}/postgres\n"
    assert call("database", "url", **more)[0] == 2
    address = f"postgresql:///opora?host={place}/postgres/socket&user=opora"
    assert call("database", "start", **more)[:2] == (0, f"База работает: {address}\n")
    try:
        assert call("database", "url", **more)[1] == f"{address}\n"
        assert call("database", "status", **more)[1] == f"База работает: {address}\n"
    finally:
        assert call("database", "stop", **more)[:2] == (0, "База остановлена.\n")
    assert call("database", "stop", **more)[1] == "База и так не работает.\n"


def test_a_database_that_was_given_is_not_ours_to_stop(monkeypatch, capsys):
    """DATABASE_URL задан: Опора чужой базой не управляет."""
    monkeypatch.setenv("DATABASE_URL", "postgresql:///x")
    assert entry.main(["database", "stop"]) == 2
    assert "Опора ею не управляет" in capsys.readouterr().err


def test_a_test_is_named_from_the_folder_of_the_call(monkeypatch, tmp_path):
    """Файлы тестов называют от своей папки, ключи проходят как есть."""
    (tmp_path / "test_x.py").touch()
    monkeypatch.chdir(tmp_path)
    named = [
        test_command.from_here(word)
        for word in ("test_x.py::test_a", "-k", "x", "--durations=3", "tests/repo")
    ]
    assert named == [f"{tmp_path}/test_x.py::test_a", "-k", "x", "--durations=3", "tests/repo"]


@pytest.mark.parametrize(
    ("cores", "words", "processes"),
    [
        (2, [], "2"),
        (32, ["tests/trust", "-k", "x"], "8"),
        (1, [], None),
        (8, [f"{__file__}::test_a"], None),
        (8, ["tests/trust", __file__], None),
    ],
)
def test_the_tests_are_shared_among_processes_unless_a_file_is_named(cores, words, processes):
    """Весь набор идёт по процессу на ядро; названный файл — в одном, чтобы читать и отлаживать."""
    keys = test_command.shared_among(cores, words)
    assert dict(pairwise(keys)).get("-n") == processes


def test_the_root_of_the_project_is_found_from_the_code():
    """test и check работают из любой папки."""
    assert test_command.home() == ROOT
    assert (test_command.home() / "pyproject.toml").exists()
    assert Path(entry.folder()).name == "commands"
