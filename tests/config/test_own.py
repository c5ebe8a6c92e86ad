"""The database of this program: the given one is checked, an own one is launched."""

import os
import subprocess
import sys

import psycopg
import pytest

from opora.config.postgres import own
from opora.config.postgres.own import check, ensure_database, url_or_launch
from opora.lib.spoken import Refused
from tests.config.conftest import ROOT


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/nothing",
        "postgresql:///opora?host=/nonexistent&user=opora",
        "postgresql://host-that-is-not.invalid/opora",
        "postgresql://:not-a-port/opora",
        "not an address",
    ],
)
def test_an_address_where_nothing_answers_is_said(url):
    """Порт, сокет, имя или сам адрес неверны: одна фраза, что проверить."""
    with pytest.raises(Refused, match=r"^База из DATABASE_URL не отвечает: .*Проверьте адрес, порт и имя"):
        check(url)


def test_the_given_database_wins_and_nothing_is_launched(database_url, place, monkeypatch):
    """DATABASE_URL задан: своя база не появляется."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OPORA_DATA", str(place))
    assert ensure_database() == database_url
    with url_or_launch(place / "pg") as url:
        assert url == database_url
    assert list(place.iterdir()) == []


def test_an_old_server_is_refused(database_url, monkeypatch):
    """Сервер старее нужного: сказано, какой он и какой нужен."""
    with psycopg.connect(database_url) as connection:
        major = connection.info.server_version // 10000
    monkeypatch.setattr(own, "OLDEST", major + 1)
    with pytest.raises(Refused, match=f"PostgreSQL {major}, а нужен {major + 1} или новее"):
        check(database_url)


def test_without_an_address_the_data_folder_gets_its_own_until_the_program_ends(place):
    """Без DATABASE_URL: база в папке данных, адрес в окружении, в конце остановлена."""
    text = (
        "import os, psycopg\n"
        "from opora.config.postgres import ensure_database\n"
        "url = ensure_database()\n"
        "assert url == os.environ['DATABASE_URL'] == ensure_database()\n"
        "print(psycopg.connect(url).execute('SELECT current_user').fetchone()[0])\n"
    )
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", text],
        env={**environ, "OPORA_DATA": str(place), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("opora\n", 0), done.stderr
    assert not (place / "postgres/data/postmaster.pid").exists()
    assert (place / "postgres/data/PG_VERSION").exists()
