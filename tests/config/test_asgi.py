"""The application as a server runs it: threads that stay, streams that end when nobody reads them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.decorators import login_not_required
from django.db import connection, connections
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils.translation import get_language

from opora.config.asgi import Application

told = {"pieces": 0, "ended": False}
asked_on = []  # connections on which views and streams asked the database


async def endless():
    """Stream until whoever reads has gone."""
    try:
        while True:
            told["pieces"] += 1
            yield b"piece"
            await asyncio.sleep(0.01)
    finally:
        told["ended"] = True


async def broken():
    yield b"piece"
    raise ValueError("broken on its way")


def ask():
    """Ask the database something, and note on which connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        asked_on.append(connections["default"])
        return cursor.fetchone()[0]


@login_not_required
def reading(request):
    """Ask the database, then stream what each piece asks anew."""

    async def pieces():
        for _piece in range(3):
            yield (await sync_to_async(ask)()).encode()

    ask()
    return StreamingHttpResponse(pieces())


@login_not_required
def who(request):
    """Say in what language and in whose name a request is answered."""
    return HttpResponse(f"{get_language()} {ask()}")


urlpatterns = [
    path("endless/", login_not_required(lambda request: StreamingHttpResponse(endless()))),
    path("broken/", login_not_required(lambda request: StreamingHttpResponse(broken()))),
    path("who/", who),
    path("reading/", reading),
]


@pytest.fixture
def application(settings):
    """An application of one thread, which all requests share."""
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["*"]
    told.update(pieces=0, ended=False)
    made = Application()
    made.threads = ThreadPoolExecutor(1)
    yield made
    made.threads.submit(connections.close_all).result()
    made.threads.shutdown()


def run(coroutine):
    """Run a coroutine in a thread of its own: the browser of another test keeps its loop in ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def asked(application, address, *headers):
    scope = {
        "type": "http", "method": "GET", "path": address, "query_string": b"", "http_version": "1.1",
        "headers": [(b"host", b"opora.example"), *headers], "client": ("127.0.0.1", 1), "server": ("s", 80),
    }  # fmt: skip
    return ApplicationCommunicator(application, scope)


async def answered(application, address, *headers):
    """Answer the text of a page."""
    browser = asked(application, address, *headers)
    await browser.send_input({"type": "http.request"})
    start = await browser.receive_output(10)
    body = await browser.receive_output(10)
    await browser.wait(10)
    return start["status"], body["body"].decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_thread_carries_nothing_from_one_request_into_the_next(application):
    """Один поток отвечает всем: ни язык, ни имя предыдущего не остаются."""

    async def ask():
        english = await answered(application, "/who/", (b"cookie", b"django_language=en"))
        return english, await answered(application, "/who/")

    english, russian = run(ask())
    assert english == (200, "en opora_app")
    assert russian == (200, "ru opora_app")


def test_a_stream_ends_when_nobody_reads_it(application):
    """Читатель ушёл: поток остановлен и закрыт, а не читается до конца."""

    async def leave():
        browser = asked(application, "/endless/")
        await browser.send_input({"type": "http.request"})
        assert (await browser.receive_output(10))["status"] == 200
        assert (await browser.receive_output(10))["body"] == b"piece"
        await browser.send_input({"type": "http.disconnect"})
        await browser.wait(10)

    run(leave())
    assert told["ended"] and told["pieces"] < 100


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_stream_gives_back_every_connection(application):
    """И запрос, и его поток спрашивают базу; оба соединения отданы, когда поток кончился."""

    async def read():
        browser = asked(application, "/reading/")
        await browser.send_input({"type": "http.request"})
        start = await browser.receive_output(10)
        pieces = [await browser.receive_output(10) for _ in range(4)]
        await browser.wait(10)
        return start["status"], len(pieces)

    asked_on.clear()
    assert run(read()) == (200, 4)
    assert len(asked_on) == 4 and len({id(one) for one in asked_on}) == 2
    assert [one.connection for one in asked_on] == [None] * 4


def test_a_stream_that_breaks_is_told_to_the_server(application):
    """Поток сломался на полпути: сервер обрывает связь, а не выдаёт половину за целое."""

    async def read():
        browser = asked(application, "/broken/")
        await browser.send_input({"type": "http.request"})
        while True:
            await browser.receive_output(10)

    with pytest.raises(ValueError, match="broken on its way"):
        run(read())


def test_who_leaves_before_the_question_is_whole_is_not_answered(application):
    async def leave():
        browser = asked(application, "/who/")
        await browser.send_input({"type": "http.disconnect"})
        await browser.wait(10)
        return await browser.receive_nothing()

    assert run(leave())
