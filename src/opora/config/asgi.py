"""The application as a server runs it."""

import os
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from opora.lib import full_disk

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opora.config.settings")
# Static files are small and read by a thread: that they are no asynchronous stream is no news to anybody.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
django.setup(set_prefix=False)


class Application(ASGIHandler):
    """The framework's own, which also answers a request whose body found no room on the disk.

    All of Opora waits for the database, so a request goes through its middleware and its view in one thread;
    the framework would change between thread and loop at every step that could do without one.
    """

    def __init__(self) -> None:
        """Load the middleware once."""
        super(ASGIHandler, self).__init__()
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request in a thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

    async def handle(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        """Answer a request."""
        try:
            await super().handle(scope, receive, send)
        except OSError as fault:
            if not full_disk.is_full(fault):
                raise
            while (await receive()).get("more_body"):  # who still sends does not read the answer
                pass
            await self.send_response(no_room(), send)


def no_room() -> HttpResponse:
    """Answer the page that says that a disk is full; it reads neither the session nor the database."""
    from django.template.loader import render_to_string

    return HttpResponse(render_to_string("507.html"), status=507)


application = Application()
