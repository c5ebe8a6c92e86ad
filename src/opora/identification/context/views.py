"""The page of a region's context."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opora.accounts.requests import SignedIn
from opora.identification.access import visible_runs
from opora.identification.context.looking import region_context
from opora.identification.context.query import ONLY, context_page
from opora.identification.regional import region_seen
from opora.ui.components import page_asked


@require_GET
def context(request: SignedIn, pk: int) -> HttpResponse:
    """Show where a region's schools stand: how hard their context is, and what they achieve in it."""
    today = timezone.localdate()
    run = get_object_or_404(visible_runs(request.user, today).select_related("territory", "by"), pk=pk)
    seen = region_seen(request.user, today, run, "see_context", request.GET.get("region", ""))
    if seen is None:
        raise Http404
    found = region_context(run, seen.region.pk)
    if found is None:
        return render(request, "identification/context/not_kept.html", {"run": run}, status=409)
    only = request.GET.get("only", "")
    page = context_page(seen, found, only if only in ONLY else ONLY[0], page_asked(request.GET))
    return render(request, "identification/context/context.html", {"page": page})
