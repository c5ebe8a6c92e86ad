"""Lets every request act as the person who is signed in, in the role that they chose."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from opora.registry.access import Role
from opora.registry.acting import acting_as, kept_acting


class ActingMiddleware:
    """Stands right after authentication: all that a page reads and writes is bound by the second wall."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the person's name; what is streamed after it, too."""
        person, role = request.user, None
        if person.is_authenticated:
            chosen = request.session.get("acting_role")
            role = chosen if chosen in Role.values else None
            person.acting_role = role  # type: ignore[attr-defined]
        with acting_as(person, role):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = kept_acting(response.streaming_content, person, role)
        return response
