"""Pages of the registry: the logs of its objects; the role to act in is chosen in the header."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from opora.accounts.requests import SignedIn
from opora.audit.log import read_asked
from opora.registry import logs
from opora.registry.access import held_by, reach, visible_in_logs, visible_schools
from opora.registry.middleware import CHOSEN
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
    person = get_object_or_404(visible_in_logs(request.user, today), pk=pk)
    return render(
        request, PAGE, {"page": logs.person_log(request.user, person, today, read_asked(request.GET))}
    )


@require_POST
def act(request: SignedIn) -> HttpResponse:
    """Act in one of one's roles from now on, or in all of them, and begin at the first page."""
    role = request.POST.get("role", "")
    held = held_by(request.user, timezone.localdate(), any_role=True)
    if any(one.role == role for one in held):
        request.session[CHOSEN] = role
    else:
        request.session.pop(CHOSEN, None)
    after = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(after if safe else "/")
