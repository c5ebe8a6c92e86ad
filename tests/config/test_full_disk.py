"""A really full disk under the data folder: said in one sentence, nothing lost, and all goes on by itself."""

import os
import subprocess
import sys
import time
from http.client import HTTPConnection

import psycopg
import pytest

from opora.config.environment import secret_key
from opora.config.postgres import Cluster, running
from opora.config.postgres.watch import OFTEN, watched
from opora.lib import full_disk
from opora.lib.spoken import Refused
from tests.config.conftest import ROOT, until
from tests.disks import PAGE

ROOM = 400 * 1024  # kilobytes with which a database is made
FULL = "На диске с папкой базы «{}» кончилось место; освободите его и повторите."


def test_a_new_database_is_refused_before_anything_is_made(disk):
    """Места мало: сказано, сколько нужно и что сделать, и в папке ничего не появилось."""
    folder = disk(12 * 1024).path / "pg"
    said = "свободно 12 МБ, а базе нужно не меньше 300 МБ: освободите место или выберите другую папку"
    with pytest.raises(Refused, match=said), running(folder):
        pass
    assert not (folder / "data").exists()
    assert not (folder / "data.making").exists()


@pytest.fixture
def made(disk):
    """Answer a disk with a database that holds a row, and next to no room but for it."""
    small = disk(ROOM)
    with running(small.path / "pg") as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    small.resize(ROOM // 4)
    return small


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_a_server_that_finds_no_room_is_explained_even_if_its_log_has_none(made, pages):
    """Журналу тоже некуда писать: фраза всё равно о месте; место есть — строки на месте."""
    folder = made.path / "pg"
    with (folder / "postgres.log").open("ab") as log:
        log.write(b"." * (-log.tell() % PAGE))
    made.fill(pages * PAGE)
    with pytest.raises(Refused) as refusal, running(folder):
        pass
    assert str(refusal.value) == FULL.format(folder)
    made.empty()
    with running(folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)


def fill_and_write_until_it_ends(cluster, small):
    """Write until the server needs a new piece of its log, for which there is no room."""
    url = cluster.url(cluster.server().socket, "postgres")
    with pytest.raises(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
        small.fill()
        for _ in range(20):
            connection.execute("SELECT pg_logical_emit_message(true, 'x', 'y'), pg_switch_wal()")


def test_a_server_that_ended_on_a_full_disk_comes_back_when_there_is_room(made, capfd):
    """База упала без места: сказано один раз; место появилось — она работает, строки на месте."""
    cluster = Cluster(made.path / "pg")
    with cluster.used() as url, watched(cluster):
        fill_and_write_until_it_ends(cluster, made)
        assert until(lambda: cluster.server() is None)
        time.sleep(3 * OFTEN)
        assert cluster.server() is None
        said = capfd.readouterr().err.splitlines()
        assert len(said) == 1
        assert f"на диске с папкой «{made.path / 'pg'}» кончилось место" in said[0]
        made.empty()
        assert until(lambda: cluster.server() is not None)
        assert until(lambda: "База снова работает." in capfd.readouterr().err)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)
    assert cluster.server() is None


def test_a_secret_is_kept_whole_or_not_at_all(disk):
    """Ключ, не поместившийся на диск, не остаётся пустым файлом; пустой от прежней беды заменяется."""
    small = disk(64)
    small.fill()
    with pytest.raises(OSError, match="No space left"):
        secret_key(small.path)
    assert not (small.path / "secret_key").exists()
    (small.path / "secret_key").touch()
    small.empty()
    key = secret_key(small.path)
    assert len(key) > 50
    assert secret_key(small.path) == key


@pytest.mark.parametrize("words", [["manage", "check"], ["database", "start"], ["demo", "--port", "0"]])
def test_a_command_ends_with_one_sentence(disk, words, database_url):
    """Команда на полном диске: одна фраза, код 2, без следа программы."""
    small = disk(64)
    small.fill()
    given = {"DATABASE_URL": database_url} if words[0] == "manage" else {"DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "opora", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "OPORA_DATA": str(small.path / "data"), **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert str(small.path) in done.stderr
    assert "освободите" in done.stderr


@pytest.fixture
def server(disk, tmp_path):
    """Serve the application without a database; bodies that memory does not hold lie on a small disk."""
    small = disk(16 * 1024)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "opora.config.asgi:application",
            "--port",
            "0",
            "--lifespan",
            "off",
        ],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "TMPDIR": str(small.path),
            "OPORA_DATA": str(tmp_path),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    while "Uvicorn running on" not in (line := process.stderr.readline()):
        assert line, "the server ended"
    yield small, int(line.split(":")[-1].split()[0])
    process.terminate()
    process.communicate()


def post(port, size):
    """Send a body; answers the status and the page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/results/import/", b"x" * size)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_a_body_that_has_no_room_is_answered_with_a_page_and_the_next_one_is_served(server):
    """Присланное не поместилось: страница говорит о диске; место появилось — сервер принимает дальше."""
    small, port = server
    assert post(port, 5_000_000)[0] == 403  # nobody has signed in
    small.fill()
    status, page = post(port, 5_000_000)
    assert (status, "На диске кончилось место" in page, "Traceback" in page) == (507, True, False)
    small.empty()
    assert post(port, 5_000_000)[0] == 403
    assert list(small.path.iterdir()) == []


def test_other_faults_are_not_taken_for_a_full_disk():
    """Нет прав, нет файла, кончилось терпение — это не место на диске; причина причины — тоже причина."""
    assert not full_disk.is_full(PermissionError(13, "Permission denied"))
    assert not full_disk.is_full(None)
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as cause:
            raise ValueError("the deed failed") from cause
    except ValueError as fault:
        assert full_disk.is_full(fault)
