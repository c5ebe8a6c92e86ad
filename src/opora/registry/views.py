"""Pages of the registry: the logs of its objects."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opora.accounts.requests import SignedIn
from opora.audit.log import read_asked
from opora.registry import logs
from opora.registry.access import reach, visible_people, visible_schools
from opora.registry.models import Region

PAGE = "audit/log.html"


@require_GET
def log(request: SignedIn) -> HttpResponse:
    """Lead to the log of one's own territory: the country, a region, a municipality."""
    far = reach(request.user, timezone.localdate(), "see_log")
    if far.country:
        return render(request, PAGE, {"page": logs.region_log(None, read_asked(request.GET))})
    if far.regions:
        return redirect("registry:region_log", min(far.regions))
    if far.municipalities:
        return redirect("registry:municipality_log", min(far.municipalities))
    raise Http404


@require_GET
def region_log(request: SignedIn, code: str) -> HttpResponse:
    """Show the log of a region."""
    if not reach(request.user, timezone.localdate(), "see_log").holds_region(code):
        raise Http404
    region = get_object_or_404(Region, pk=code)
    return render(request, PAGE, {"page": logs.region_log(region, read_asked(request.GET))})


@require_GET
def municipality_log(request: SignedIn, pk: int) -> HttpResponse:
    """Show the log of a municipality."""
    found = get_object_or_404(logs.logged_municipalities(request.user, timezone.localdate()), pk=pk)
    return render(request, PAGE, {"page": logs.municipality_log(found, read_asked(request.GET))})


@require_GET
def school_log(request: SignedIn, pk: int) -> HttpResponse:
    """Show the log of a school."""
    school = get_object_or_404(visible_schools(request.user, timezone.localdate()), pk=pk)
    return render(request, PAGE, {"page": logs.school_log(school, read_asked(request.GET))})


@require_GET
def person_log(request: SignedIn, pk: int) -> HttpResponse:
    """Show the log of a person."""
    today = timezone.localdate()
    person = get_object_or_404(visible_people(request.user, today), pk=pk)
    return render(
        request, PAGE, {"page": logs.person_log(request.user, person, today, read_asked(request.GET))}
    )
