"""Gives a request's person the role chosen in the header, while they hold it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from opora.registry.access import held_by

CHOSEN = "acting_role"  # in the session; absent: all of one's roles at once


class ActingRoleMiddleware:
    """Set ``person.acting_role``; a role that is no longer held is forgotten."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        role = request.session.get(CHOSEN)
        if role and request.user.is_authenticated:
            held = held_by(request.user, timezone.localdate(), any_role=True)
            if any(one.role == role for one in held):
                request.user.acting_role = role  # type: ignore[attr-defined]
            else:
                del request.session[CHOSEN]
        return self.get_response(request)
