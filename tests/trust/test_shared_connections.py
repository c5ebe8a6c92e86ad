"""Connections that requests share: nothing that one request said of itself is left for the next."""

from copy import deepcopy

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

LEFT = ("role", "opora.person", "opora.country", "opora.regions", "opora.schools")


@pytest.fixture
def shared(db):
    """Make a connection that comes from a pool of one, as each request makes one."""
    told = deepcopy(connection.settings_dict)
    told |= {"CONN_HEALTH_CHECKS": True, "OPTIONS": {"pool": {"min_size": 1, "max_size": 1, "timeout": 1}}}
    one = DatabaseWrapper(told, alias="default")
    yield one
    one.close()
    one.close_pool()


def ask(shared, statement):
    """Ask over the connection that is taken now."""
    with shared.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def left(shared):
    """Answer what is set on the connection."""
    names = ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in LEFT)
    return ask(shared, f"SELECT {names}")


def test_a_request_finds_nothing_of_the_one_before_it(shared):
    """Прошлый запрос не успел убрать за собой: следующий всё равно никого не видит его глазами."""
    pid = ask(shared, "SELECT pg_backend_pid()")
    ask(shared, "SELECT set_config('role', 'opora_app', false), set_config('opora.country', 'yes', false)")
    ask(shared, "SELECT set_config('opora.person', '7', false), set_config('opora.schools', '1,2', false)")
    assert left(shared) == ("opora_app", "7", "yes", "", "1,2")
    shared.close()
    assert left(shared) == ("none", "", "", "", "")
    assert ask(shared, "SELECT pg_backend_pid()") == pid  # it is the same one, cleaned


def test_a_connection_that_was_cut_is_replaced(shared):
    """База перезапустилась: следующий запрос получает новое соединение, а не ошибку."""
    (pid,) = ask(shared, "SELECT pg_backend_pid()")
    shared.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert ask(shared, "SELECT pg_backend_pid()") != (pid,)


def test_where_all_are_taken_the_next_waits_and_is_refused_in_the_end(shared):
    taken = shared.copy()
    taken.ensure_connection()
    with pytest.raises(OperationalError):
        shared.ensure_connection()
    taken.close()
    shared.ensure_connection()
