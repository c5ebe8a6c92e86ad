"""Hands out what is longer than memory should be: piece by piece, each made in the name of the person."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

from opora.accounts.models import User
from opora.registry.acting import acting_as


def streamed(request: HttpRequest, pieces: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    """Answer a file that is made while it leaves; ``kind`` is its content type.

    The server of pages would collect an ordinary iterator whole before the first byte: it is given an
    asynchronous one, which binds each piece itself, because the request's own binding is over by then.
    """
    content: Any = pieces
    if isinstance(request, ASGIRequest):
        person: Any = request.user
        content = _one_by_one(pieces, person, getattr(person, "acting_role", None))
    answer = StreamingHttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


async def _one_by_one(pieces: Iterator[bytes], person: User, role: str | None) -> AsyncIterator[bytes]:
    try:
        while (piece := await sync_to_async(_next)(pieces, person, role)) is not None:
            yield piece
    finally:
        await sync_to_async(pieces.close)()  # type: ignore[attr-defined]


def _next(pieces: Iterator[bytes], person: User, role: str | None) -> bytes | None:
    with acting_as(person, role):
        return next(pieces, None)
