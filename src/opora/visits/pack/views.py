"""The page of a pack, and the worker that keeps it on a device."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opora.accounts.requests import SignedIn
from opora.visits.access import held_visits
from opora.visits.models import Visit
from opora.visits.pack.query import Typed, pack_page
from opora.visits.pack.words import worker as worker_text
from opora.visits.query import with_names


def held_visit(request: SignedIn, pk: int) -> Visit:
    """Find a visit of which somebody tells records.

    Raises: Http404.
    """
    return get_object_or_404(with_names(held_visits(request.user, timezone.localdate())), pk=pk)


@require_GET
def pack(request: SignedIn, pk: int) -> HttpResponse:
    """Show the pack of a visit."""
    return shown(request, held_visit(request, pk))


def shown(request: SignedIn, visit: Visit, typed: Typed | None = None) -> HttpResponse:
    """Show a pack, with what was typed in a plain form and not taken."""
    page = pack_page(request.user, timezone.localdate(), visit, typed)
    response = render(request, "visits/pack.html", {"page": page}, status=422 if typed else 200)
    response["Cache-Control"] = "no-cache"  # asked anew where there is a line: the service worker keeps it
    return response


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, from the folder of the addresses that it serves."""
    response = HttpResponse(worker_text(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
