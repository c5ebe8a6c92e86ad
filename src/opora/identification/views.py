"""Pages of identification: the country, a region, the list, a school; a run is made and published."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.audit.log import read_asked
from opora.identification.access import visible_runs
from opora.identification.actions import AlreadyPublished, NoResults, publish_list, start_run
from opora.identification.filters import read_filters, whole
from opora.identification.forms import OrderForm, RunForm
from opora.identification.list_page import list_page
from opora.identification.queries import log_of_run, run_page, runs_page, territory_page, viewers_of_run
from opora.identification.school_page import school_page, viewers_of_school
from opora.language import _
from opora.methodology.edition import NotInForce
from opora.methodology.tables import TableMismatch
from opora.registry.access import has_deed, reach, visible_regions, visible_schools
from opora.registry.models import Region


@require_GET
def home(request: SignedIn) -> HttpResponse:
    """Lead to one's own place: the country, a region, a list of schools; else to the personal office."""
    today = timezone.localdate()
    if reach(request.user, today, "see_lists").country:
        return _territory(request, None)
    regions = list(visible_regions(request.user, today)[:2])
    if len(regions) == 1:
        return redirect("identification:territory", regions[0].pk)
    if regions:
        return redirect("identification:list")
    return redirect("office:home")


@require_GET
def territory(request: SignedIn, code: str) -> HttpResponse:
    """Show a region."""
    region = get_object_or_404(visible_regions(request.user, timezone.localdate()), pk=code)
    return _territory(request, region)


def _territory(request: SignedIn, region: Region | None) -> HttpResponse:
    asked = read_filters(request.GET)
    page = territory_page(request.user, timezone.localdate(), region, asked.run, asked.list)
    return render(request, "identification/territory.html", {"page": page})


@require_GET
def schools(request: SignedIn) -> HttpResponse:
    """Show the list, or only its table where htmx asks for it."""
    today = timezone.localdate()
    if not has_deed(request.user, "see_lists", today):
        raise Http404
    page = list_page(request.user, today, read_filters(request.GET))
    part = "#table" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"identification/list.html{part}", {"page": page})


@require_GET
def school(request: SignedIn, pk: int) -> HttpResponse:
    """Show why a school is on the list or not."""
    today = timezone.localdate()
    seen = visible_schools(request.user, today).select_related("region", "municipality", "main")
    page = school_page(request.user, today, get_object_or_404(seen, pk=pk), whole(request.GET.get("run")))
    return render(request, "identification/school.html", {"page": page})


@require_GET
def runs(request: SignedIn) -> HttpResponse:
    """Show the runs that have been made."""
    today = timezone.localdate()
    if not has_deed(request.user, "see_lists", today):
        raise Http404
    return render(request, "identification/runs.html", {"page": runs_page(request.user, today)})


@require_http_methods(["GET", "POST"])
def new_run(request: SignedIn) -> HttpResponse:
    """Make a run from what has been brought."""
    today = timezone.localdate()
    if not has_deed(request.user, "start_run", today):
        raise Http404
    form = RunForm(request.POST or None, viewer=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = start_run(given["edition"], given["years"], given["region"], request.user)
            return redirect("identification:run", run.pk)
        except (NoResults, NotInForce, TableMismatch) as refusal:
            form.add_error(None, str(refusal))
    return render(request, "identification/new_run.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def run(request: SignedIn, pk: int) -> HttpResponse:
    """Show a run; its order makes the list valid."""
    today = timezone.localdate()
    found = get_object_or_404(visible_runs(request.user, today).select_related("territory", "by"), pk=pk)
    may = reach(request.user, today, "publish_list").holds_region(found.territory_id)
    form = OrderForm(request.POST or None)
    if request.method == "POST" and not may:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            publish_list(found, form.cleaned_data["number"], form.cleaned_data["day"], request.user)
        except AlreadyPublished as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Перечень утверждён"))
        return redirect("identification:run", pk)
    page = run_page(request.user, today, found, may)
    status = 422 if request.method == "POST" else 200
    return render(request, "identification/run.html", {"form": form, "page": page}, status=status)


@require_GET
def school_viewers(request: SignedIn, pk: int) -> HttpResponse:
    """Say who sees a school, and why."""
    today = timezone.localdate()
    seen = visible_schools(request.user, today).select_related("region", "municipality")
    school = get_object_or_404(seen, pk=pk)
    if not reach(request.user, today, "see_viewers").holds(school):
        raise Http404
    page = viewers_of_school(request.user, today, school, read_filters(request.GET).page)
    return render(request, "registry/viewers.html", {"page": page})


@require_GET
def run_viewers(request: SignedIn, pk: int) -> HttpResponse:
    """Say who sees a list, or a draft of it, and why."""
    today = timezone.localdate()
    found = get_object_or_404(visible_runs(request.user, today), pk=pk)
    if not reach(request.user, today, "see_viewers").holds_region(found.territory_id):
        raise Http404
    page = viewers_of_run(today, found, read_filters(request.GET).page)
    return render(request, "registry/viewers.html", {"page": page})


@require_GET
def run_log(request: SignedIn, pk: int) -> HttpResponse:
    """Show the log of a run."""
    found = get_object_or_404(visible_runs(request.user, timezone.localdate()), pk=pk)
    return render(request, "audit/log.html", {"page": log_of_run(found, read_asked(request.GET))})
