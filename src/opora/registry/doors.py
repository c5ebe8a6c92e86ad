"""Pages that exist only for whoever may do a deed somewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone

from opora.accounts.requests import SignedIn
from opora.registry.access import has_deed

View = Callable[..., HttpResponse]


def for_holders_of(deed: str) -> Callable[[View], View]:
    """Open a page to people who hold a deed (``deeds.py``) today; to everybody else it answers 404."""

    def guarded(view: View) -> View:
        @wraps(view)
        def opened(request: SignedIn, *words: Any, **named: Any) -> HttpResponse:
            if not has_deed(request.user, deed, timezone.localdate()):
                raise Http404
            return view(request, *words, **named)

        return opened

    return guarded
