"""The role in which pages ask: made beside the database, demanded of a foreign one, never a superuser."""

import os
import subprocess
import sys

import psycopg
import pytest

from opora.config.postgres import Cluster, running
from opora.config.postgres.roles import MADE, check_roles, missing_roles
from opora.lib.spoken import Refused
from tests.config.conftest import ROOT


@pytest.fixture
def server(place):
    """A cluster of this test; answers the address of a login of it, the superuser's by default."""
    with running(place / "pg", durable=False):
        cluster = Cluster(place / "pg")
        socket = cluster.server().socket

        def address(user="postgres", database="opora"):
            return cluster.url(socket, user, database)

        yield address


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            found = connection.execute(statement)
        return found.fetchone() if found.description else None


def test_the_launcher_makes_the_role_and_it_can_do_nothing_by_itself(server):
    """Роль страниц сама не входит, ничем не владеет, правил не обходит; владелец базы может ею быть."""
    rights = "rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
    for role in MADE:
        assert run(server(), f"SELECT {rights} FROM pg_roles WHERE rolname = '{role}'") == (False,) * 5
        assert run(server("opora"), f"SET ROLE {role}", "SELECT current_user") == (role,)


def test_a_cluster_of_an_earlier_version_gets_the_role_at_its_next_start(place):
    with running(place / "pg", durable=False):
        cluster = Cluster(place / "pg")
        run(
            cluster.url(cluster.server().socket, "postgres"), "DROP ROLE opora_gate, opora_country, opora_app"
        )
    with running(place / "pg", durable=False) as url:
        assert run(url, "SET ROLE opora_app", "SELECT current_user") == ("opora_app",)
        assert run(url, "SET ROLE opora_country", "SELECT current_user") == ("opora_country",)


def test_a_foreign_database_without_the_roles_is_told_which_lines_to_run(server):
    """Чужая база: одна фраза и четыре строки SQL; после них всё принимается."""
    run(server(), "DROP ROLE opora_gate, opora_country, opora_app", 'CREATE ROLE "Web-1" LOGIN')
    with pytest.raises(Refused) as refused:
        check_roles(server("Web-1"))
    assert "opora_app" in str(refused.value) and "\n" not in str(refused.value)
    statements = [
        "CREATE ROLE opora_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
        "CREATE ROLE opora_country NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS IN ROLE opora_app",
        "CREATE ROLE opora_gate NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
        " NOINHERIT IN ROLE opora_country",
        'GRANT opora_app, opora_gate TO "Web-1"',
    ]
    with psycopg.connect(server()) as connection:
        assert missing_roles(connection, "Web-1") == statements
    assert "; ".join(statements) in str(refused.value)
    run(server(), *statements)
    check_roles(server("Web-1"), serving=True)


@pytest.mark.parametrize("right", ["SUPERUSER", "BYPASSRLS"])
def test_nobody_serves_who_passes_by_the_policies(server, right):
    run(server(), f"CREATE ROLE mighty LOGIN {right} IN ROLE opora_app, opora_gate")
    check_roles(server("mighty"))
    with pytest.raises(Refused, match=r"«mighty».*SUPERUSER или BYPASSRLS"):
        check_roles(server("mighty"), serving=True)
    done = opora("serve", "--port", "0", DATABASE_URL=server("mighty"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "BYPASSRLS" in done.stderr and "Traceback" not in done.stderr


def test_pages_log_in_as_one_and_migrations_as_another(server, place):
    """Два входа: таблицы принадлежат владельцу, а страницы входят тем, кто без имени не видит ничего."""
    run(server(), "CREATE ROLE pages LOGIN IN ROLE opora_app, opora_gate")
    logins = {"DATABASE_URL": server("pages"), "OPORA_OWNER_URL": server("opora")}
    text = (
        "from opora.commands.serve import prepare; prepare()\n"
        "from django.db import connection\n"
        "from opora.registry.acting import acting_as\n"
        "from opora.registry.models import Region, School, Municipality\n"
        "print(Region.objects.count(), Municipality.objects.count())\n"
        "with connection.cursor() as c:\n"
        "    c.execute('SELECT current_user'); print(c.fetchone()[0])\n"
        "with acting_as(None), connection.cursor() as c:\n"
        "    c.execute('SELECT current_user'); print(c.fetchone()[0])\n"
    )
    done = python(text, OPORA_DATA=str(place / "data"), **logins)
    assert done.stdout.split() == ["85", "0", "pages", "opora_app"], done.stderr
    owner = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'registry_school'"
    assert run(server(), owner) == ("opora",)
    run(server("opora"), "INSERT INTO registry_municipality (region_id, name, kind, oktmo, msu_code) "
        "VALUES ('25', 'x', 'other', '', '')")  # fmt: skip
    again = python(text, OPORA_DATA=str(place / "data"), **logins)
    assert again.stdout.split() == ["85", "0", "pages", "opora_app"], again.stderr


def opora(*words, **more):
    return started([sys.executable, "-m", "opora", *words], more)


def python(text, **more):
    return started([sys.executable, "-c", text], more)


def started(words, more):
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **more}
    return subprocess.run(words, env=environ, capture_output=True, text=True, timeout=120, check=False)
