"""The cluster of the data folder: made, shared, stopped, recovered, with either kind of PostgreSQL."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from opora.config.postgres import Cluster, running
from opora.config.postgres.postmaster import is_alive
from opora.lib.spoken import Refused
from tests.config.conftest import NOBODY, ROOT, installation_of, until


def ask(url, question):
    """Answer the first row of a query."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question).fetchone()


def pid_of(folder):
    """Answer the number of the server that runs over a folder."""
    server = Cluster(folder).server()
    return server.pid if server else None


def test_a_cluster_is_made_used_stopped_and_keeps_its_rows(given, way, place):
    """Обе сборки PostgreSQL, от root и нет: строки остаются до следующего запуска."""
    with running(place / "pg") as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        assert ask(url, "SHOW server_version_num")[0][:2] == str(given.major)
    assert pid_of(place / "pg") is None
    with running(place / "pg") as url:
        assert ask(url, "SELECT seven FROM kept") == (7,)


def test_the_role_is_plain_and_owns_its_database(given, place):
    """Роль opora — не суперпользователь, может создавать базы (для тестов), владеет своей базой."""
    with running(place / "pg") as url:
        rights = "rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls"
        question = f"SELECT {rights} FROM pg_roles WHERE rolname = current_user"
        assert ask(url, question) == ("opora", False, True, False, False)
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert ask(url, owner) == ("opora",)


def test_cyrillic_letters_and_needed_extensions_work(given, place):
    """Русские буквы, полнотекстовый поиск и расширения есть в обеих сборках."""
    with running(place / "pg") as url:
        for name in ("pg_trgm", "unaccent", "btree_gist"):
            with psycopg.connect(url) as connection:
                connection.execute(f"CREATE EXTENSION {name}")
        assert ask(url, "SELECT upper('ёлка'), 'ЁЛКА' ILIKE 'ёл%', 'Школа' ~* 'шк'") == ("ЁЛКА", True, True)
        assert ask(url, "SELECT to_tsvector('russian', 'Школы села')::text") == ("'сел':2 'школ':1",)
        assert ask(url, "SELECT similarity('школа', 'школы') > 0.4") == (True,)
        order = "SELECT array_agg(w ORDER BY w) FROM unnest(ARRAY['б', 'а', 'В', 'ё']) AS w"
        assert ask(url, order) == (["В", "а", "б", "ё"],)
        assert ask(url, "SHOW server_encoding") == ("UTF8",)


def test_the_server_listens_on_a_private_socket_only(given, way, place):
    """Сети нет; в папку сокета входит только владелец; права чужих папок не изменились."""
    before = {folder: folder.stat().st_mode for folder in [place, *place.parents]}
    with running(place / "pg") as url:
        assert ask(url, "SHOW listen_addresses") == ("",)
        assert stat.S_IMODE((place / "pg/socket").stat().st_mode) == 0o700
        assert stat.S_IMODE((place / "pg/data").stat().st_mode) == 0o700
        assert stat.S_IMODE((place / "pg").stat().st_mode) == 0o700
    assert {folder: folder.stat().st_mode for folder in [place, *place.parents]} == before


def test_as_root_the_files_stay_with_whom_the_server_runs_as(way, place):
    """В пространстве имён файлы остаются у root, иначе — у обычного пользователя."""
    with running(place / "pg"):
        owner = (place / "pg/data").stat().st_uid
        server = Path(f"/proc/{pid_of(place / 'pg')}").stat().st_uid
    expected = NOBODY.pw_uid if way == "user" else os.geteuid()
    assert (owner, server) == (expected, expected)


def test_several_programs_share_one_server_and_the_last_to_leave_stops_it(place, program):
    """Три первых запуска разом: один сервер, он останавливается с последним из них."""
    programs = [program(place / "pg") for _ in range(3)]
    addresses = {one.wait() for one in programs}
    assert len(addresses) == 1
    pid = pid_of(place / "pg")
    for one in programs[:-1]:
        assert one.leave() == 0
        assert pid_of(place / "pg") == pid
    assert programs[-1].leave() == 0
    assert not is_alive(pid)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_program_that_is_told_to_end_stops_the_server_quietly(place, program, number, code):
    """Ctrl-C и SIGTERM: сервер остановлен, ни следа исключения."""
    one = program(place / "pg")
    one.wait()
    pid = pid_of(place / "pg")
    assert one.signal(number) == (code, "")
    assert not is_alive(pid)


def test_the_server_of_a_killed_program_is_taken_over(place, program):
    """kill -9 запустившей программы: сервер жив, следующая берёт его и останавливает уходя."""
    one = program(place / "pg")
    one.wait()
    pid = pid_of(place / "pg")
    one.signal(signal.SIGKILL)
    with running(place / "pg") as url:
        assert ask(url, "SELECT 1") == (1,)
        assert pid_of(place / "pg") == pid
    assert not is_alive(pid)


def test_what_was_committed_survives_a_killed_server(given, way, place):
    """kill -9 сервера: следующий запуск восстанавливает записанное, пока старые процессы ещё уходят."""
    with running(place / "pg") as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        os.kill(pid_of(place / "pg"), signal.SIGKILL)
        with running(place / "pg") as again:
            assert ask(again, "SELECT count(*) FROM kept") == (1000,)
    assert pid_of(place / "pg") is None


def test_program_and_server_killed_together_are_recovered(place, program):
    """kill -9 обоих: замки не мешают, данные на месте."""
    one = program(place / "pg")
    with psycopg.connect(one.wait()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 5 AS five")
    server = pid_of(place / "pg")
    one.signal(signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    with running(place / "pg") as url:
        assert ask(url, "SELECT five FROM kept") == (5,)


def test_a_number_that_passed_to_another_process_is_not_taken_for_the_server(place):
    """После сбоя номер сервера мог достаться другой программе: она не мешает и не тронута."""
    with running(place / "pg"):
        text = (place / "pg/data/postmaster.pid").read_text().splitlines()
    # Neither we nor our parent: PostgreSQL itself forgives those two numbers.
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as other:
        text[0] = str(other.pid)
        (place / "pg/data/postmaster.pid").write_text("\n".join(text) + "\n")
        (place / "pg/socket/.s.PGSQL.5432.lock").write_text("\n".join(text) + "\n")
        with running(place / "pg") as url:
            assert ask(url, "SELECT 1") == (1,)
        assert other.poll() is None
        other.communicate("\n")


@pytest.mark.parametrize("text", ["", "123", "no number\n", "1\n2\n"])
def test_a_pid_file_that_was_cut_off_is_no_server(place, text):
    """Обрывок postmaster.pid — не сервер, запуску он не мешает."""
    with running(place / "pg"):
        pass
    (place / "pg/data/postmaster.pid").write_text(text)
    assert pid_of(place / "pg") is None
    with running(place / "pg") as url:
        assert ask(url, "SELECT 1") == (1,)


def test_half_a_cluster_is_made_anew(place):
    """Прерванное создание базы не принимают за готовую базу."""
    (place / "pg/data.making/base").mkdir(parents=True)
    (place / "pg/data.making/PG_VERSION").write_text("15\n")
    with running(place / "pg") as url:
        assert ask(url, "SELECT 1") == (1,)
    assert not (place / "pg/data.making").exists()


def test_a_long_path_gets_its_socket_in_a_private_folder_elsewhere(place):
    """Путь длиннее ста байт: сокет лежит в своей закрытой папке под коротким путём."""
    deep = place / ("очень-длинная-папка-" * 4) / "pg"
    with running(deep) as url:
        assert ask(url, "SELECT 1") == (1,)
        socket = Cluster(deep).server().socket
        assert not socket.is_relative_to(place)
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        with running(deep) as second:
            assert second == url


@pytest.mark.parametrize("name", ["с пробелом", "it's", "a,b", 'a"b', "50%", "a&b=c#d"])
def test_a_folder_may_be_called_anything(place, name):
    """Пробел, кавычка, запятая, процент в пути не мешают."""
    with running(place / name, durable=False) as url:
        assert ask(url, "SELECT current_user") == ("opora",)


def test_data_of_another_version_are_served_by_the_installation_that_made_them(place, monkeypatch):
    """База из сборки wheel остаётся за ней, хотя системный PostgreSQL предпочитается."""
    wheel, system = installation_of("wheel"), installation_of("system")
    assert wheel.major != system.major
    monkeypatch.setenv("OPORA_PG_BIN", str(wheel.bin))
    with running(place / "pg"):
        pass
    monkeypatch.delenv("OPORA_PG_BIN")
    with running(place / "pg") as url:
        assert ask(url, "SHOW server_version_num")[0][:2] == str(wheel.major)
    monkeypatch.setenv("OPORA_PG_BIN", str(system.bin))
    with pytest.raises(
        Refused, match=f"создана PostgreSQL {wheel.major}, а здесь есть только {system.major}"
    ):
        Cluster(place / "pg").start()


def test_a_broken_data_folder_is_said_in_the_servers_own_words(place):
    """Испорченная база: одна фраза со словами PostgreSQL, а не молчание."""
    with running(place / "pg"):
        pass
    (place / "pg/data/global/pg_control").write_bytes(b"")
    with pytest.raises(Refused, match=r"PostgreSQL не запустился в .*FATAL|PANIC"), running(place / "pg"):
        pass


def test_a_server_that_is_to_be_kept_outlives_its_users(place):
    """«database start»: сервер не уходит с последней программой; «stop» его останавливает."""
    cluster = Cluster(place / "pg")
    cluster.folder.make()
    cluster.folder.keep.touch()
    with cluster.used():
        pass
    pid = pid_of(place / "pg")
    assert pid is not None
    with cluster.folder.turn():
        cluster.folder.keep.unlink()
        assert cluster.stop()
    assert not is_alive(pid)


@pytest.mark.skipif("os.geteuid() != 0", reason="we are a plain user: every other test here shows it")
def test_a_plain_user_runs_the_server_as_himself(place, program):
    """Обычный пользователь: сервер его, файлы его."""
    os.chown(place, NOBODY.pw_uid, NOBODY.pw_gid)
    one = program(place / "pg", as_nobody=True)
    assert one.wait().startswith("postgresql:///opora?host=")
    assert (place / "pg/data").stat().st_uid == NOBODY.pw_uid
    assert one.leave() == 0


@pytest.mark.skipif("os.geteuid() != 0", reason="only root can come to a folder of somebody else's")
def test_root_serves_a_plain_users_data_as_that_user(place, program):
    """root пришёл к базе обычного пользователя: владелец не меняется, и тот потом работает дальше."""
    os.chown(place, NOBODY.pw_uid, NOBODY.pw_gid)
    one = program(place / "pg", as_nobody=True)
    one.wait()
    one.leave()
    with running(place / "pg") as url:
        assert ask(url, "SELECT 1") == (1,)
    owners = {path.lstat().st_uid for path in (place / "pg/data").rglob("*")}
    assert owners == {NOBODY.pw_uid}
    again = program(place / "pg", as_nobody=True)
    assert again.wait()
    assert again.leave() == 0


@pytest.mark.skipif("os.geteuid() != 0", reason="a plain user's own folder is writable")
def test_a_folder_that_cannot_be_written_is_said(place, program):
    """Чужая папка: одна фраза, код 2."""
    one = program(place / "pg", as_nobody=True)
    assert one.wait() == ""
    out, error = one.process.communicate(timeout=30)
    assert one.process.returncode == 2
    assert "нельзя писать" in error
    assert "Traceback" not in out + error


def test_durability_is_off_for_the_tests_own_cluster_only(place):
    """Настоящая база пишет на диск всегда; только тестовая — нет."""
    with running(place / "a", durable=False) as url:
        assert ask(url, "SHOW fsync") == ("off",)
    with running(place / "b") as url:
        assert ask(url, "SHOW fsync") == ("on",)
        assert ask(url, "SHOW full_page_writes") == ("on",)


@pytest.mark.skipif("sys.platform != 'linux'", reason="only Linux ends a child with its parent")
def test_a_server_bound_to_its_parent_ends_even_when_that_is_killed(place, program):
    """Тестовый сервер уходит и после kill -9 запустившей его программы."""
    bound = program_bound(place)
    assert until(lambda: pid_of(place / "pg") is not None)
    pid = pid_of(place / "pg")
    bound.kill()
    bound.wait()
    assert until(lambda: not is_alive(pid))


def program_bound(place):
    """Start a program whose server is bound to it."""
    text = (
        "import sys, time; from pathlib import Path; from opora.config.postgres import running\n"
        "with running(Path(sys.argv[1]), with_parent=True): time.sleep(60)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen([sys.executable, "-c", text, str(place / "pg")], env=environ)
