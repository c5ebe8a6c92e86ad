"""How a scope ends: nested, after errors, on a connection that is used again."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import RequestFactory

from opora.registry.acting import acting_as
from opora.registry.middleware import ActingMiddleware
from opora.registry.models import School
from tests.trust.plain_sql import ids, rows, state

OF_PRIMORYE = ("listed", "passed", "gymnasium", "quiet")


def test_blocks_nest_and_each_puts_back_what_was_before(world):
    owner = state()
    with acting_as(world.people.coordinator):
        outer = state()
        with acting_as(world.people.stranger):
            assert ids("registry_school") == {world.places.foreign.pk}
            with acting_as(None):
                assert ids("registry_school") == set()
            assert ids("registry_school") == {world.places.foreign.pk}
        assert state() == outer
    assert state() == owner
    assert School.objects.count() == 5


def test_an_error_inside_leaves_no_scope_behind(world):
    owner = state()
    with pytest.raises(ZeroDivisionError), acting_as(world.people.coordinator):
        raise ZeroDivisionError
    assert state() == owner


def test_a_broken_transaction_leaves_no_scope_behind(world):
    owner = state()
    with acting_as(world.people.coordinator):
        outer = state()
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(world.people.stranger):
            rows("no_such_table")
        assert state() == outer
        with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_as(world.people.stranger):
            raise ZeroDivisionError
        assert state() == outer
    assert state() == owner


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_outside_of_a_transaction_an_error_leaves_no_scope_behind(world):
    """Как на сервере: соединение живёт дальше, запросы идут один за другим без общей транзакции."""
    owner = state()
    for who in (world.people.coordinator, world.people.stranger, None):
        with pytest.raises(DatabaseError), acting_as(who):
            rows("no_such_table")
        with pytest.raises(DatabaseError), acting_as(who), transaction.atomic():
            rows("no_such_table")
        assert state() == owner


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_connection_opened_anew_is_bound_as_the_old_one_was(world):
    """Соединение порвалось посреди запроса: новое не становится лазейкой."""
    with acting_as(world.people.stranger):
        connection.close()
        assert ids("registry_school") == {world.places.foreign.pk}
        with acting_as(world.people.director):
            connection.close()
            assert ids("registry_school") == {world.places.listed.pk}
        assert ids("registry_school") == {world.places.foreign.pk}
        connection.close()
    assert School.objects.count() == 5


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_lasting_connection_carries_nothing_to_the_next_request(world, client, settings):
    """Соединение переходит от запроса к запросу; чужая территория с ним не переходит."""
    kept = connections.settings["default"]["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = None
    try:
        connection.close()
        seen, servers = [], set()
        for who in ("coordinator", "nobody", "stranger", None, "director"):
            client.logout()
            if who:
                client.force_login(getattr(world.people, who))
            client.get("/list/")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid(), current_setting('role'), opora_sees_anything()")
                pid, *left = cursor.fetchone()
            servers.add(pid)
            seen.append(left)
        assert seen == [["none", False]] * 5
        assert len(servers) == 1  # it really was one connection
    finally:
        connection.settings_dict["CONN_MAX_AGE"] = kept
        connection.close()


def test_a_view_that_breaks_leaves_no_scope_behind(world):
    request = RequestFactory().get("/")
    request.user, request.session = world.people.coordinator, {}
    owner = state()

    def broken(_request):
        assert ids("registry_school") == {getattr(world.places, name).pk for name in OF_PRIMORYE}
        rows("no_such_table")

    with pytest.raises(DatabaseError), transaction.atomic():
        ActingMiddleware(broken)(request)
    assert state() == owner


def test_what_is_streamed_after_a_request_is_bound_too(world):
    from django.http import StreamingHttpResponse

    request = RequestFactory().get("/")
    request.user, request.session = world.people.stranger, {"acting_role": "regional_coordinator"}
    answer = ActingMiddleware(
        lambda _request: StreamingHttpResponse(f"{pk}\n" for pk in sorted(ids("registry_school")))
    )(request)
    assert b"".join(answer.streaming_content).decode() == f"{world.places.foreign.pk}\n"
    assert state()[0] == "none"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_at_once_see_their_own(world):
    """Двое в одно время: у каждого своё соединение и своя территория."""
    found, ready = {}, threading.Barrier(2)

    def look(who):
        try:
            with acting_as(getattr(world.people, who)):
                ready.wait(10)
                found[who] = ids("registry_school")
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=(who,)) for who in ("director", "stranger")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"director": {world.places.listed.pk}, "stranger": {world.places.foreign.pk}}
