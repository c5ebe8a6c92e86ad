"""Lets every request act as the person who is signed in, in the role that they chose."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from opora.accounts.models import User
from opora.registry.access import held_by
from opora.registry.acting import acting_as, kept_acting

CHOSEN = "acting_role"  # in the session; absent: all of one's roles at once


class ActingMiddleware:
    """Stands right after authentication: all that a page reads and writes is bound by the second wall."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the person's name; what is streamed after it, too."""
        person = request.user
        with acting_as(person, chosen := request.session.get(CHOSEN)):
            role = _held_role(request, person, chosen) if isinstance(person, User) else None
            if role == chosen:
                response = self.get_response(request)
            else:
                with acting_as(person, role):
                    response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = kept_acting(response.streaming_content, person, role)
        return response


def _held_role(request: HttpRequest, person: User, chosen: str | None) -> str | None:
    """Answer the role that the person chose to act in; one that is no longer held is forgotten."""
    held = held_by(person, timezone.localdate(), any_role=True)
    role = chosen if any(one.role == chosen for one in held) else None
    if role is None:
        request.session.pop(CHOSEN, None)
    person.acting_role = role  # type: ignore[attr-defined]
    return role
