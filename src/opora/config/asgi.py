"""The application as a server runs it."""

import asyncio
import os
import warnings
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any

import django
from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from opora.config.serving import MOST
from opora.lib import full_disk

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opora.config.settings")
# Static files are small and read by a thread: that they are no asynchronous stream is no news to anybody.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
django.setup(set_prefix=False)
Receive = Callable[[], Awaitable[Any]]


class Application(ASGIHandler):
    """The framework's own, but that a request is answered by one thread from its first step to its last.

    All of Opora waits for the database. The framework would change between thread and event loop at every
    step, and start a thread for each request; threads that stay keep what costs to make.
    """

    def __init__(self) -> None:
        """Load the middleware once."""
        super(ASGIHandler, self).__init__()
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(MOST, thread_name_prefix="request")

    async def handle(self, scope: Any, receive: Receive, send: Any) -> None:
        """Answer a request; one whose body found no room on the disk gets a page that says so."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        except OSError as fault:
            if not full_disk.is_full(fault):
                raise
            while (await receive()).get("more_body"):  # who still sends does not read the answer
                pass
            await self.send_response(no_room(), send)
            return
        with body:
            response = await self._in_thread(self._answered, scope, body)
            if not response.streaming:
                await self.send_response(response, send)
                return
            try:
                await self._streamed(response, receive, send)
            finally:
                await sync_to_async(response.close)()

    async def _in_thread(self, work: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(
            self.threads, copy_context().run, work, *given
        )

    def _answered(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        """Answer a request; what it asked the database on is given back before the answer leaves."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refusal
        response._handler_class = type(self)
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming:
            close_old_connections()  # a stream takes one of its own, in a thread of its own
        else:
            response.close()
        return response

    async def _streamed(self, response: HttpResponseBase, receive: Receive, send: Any) -> None:
        """Send a stream as long as somebody reads it."""
        sending = asyncio.create_task(self.send_response(response, send))
        leaving = asyncio.ensure_future(receive())
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, leaving):
            if not task.done():
                task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)
        if not sending.cancelled() and (fault := sending.exception()):
            raise fault


def no_room() -> HttpResponse:
    """Answer the page that says that a disk is full; it reads neither the session nor the database."""
    from django.template.loader import render_to_string

    return HttpResponse(render_to_string("507.html"), status=507)


application = Application()
