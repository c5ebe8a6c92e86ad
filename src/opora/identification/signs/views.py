"""Pages of signs of bias: a region's, and a school's."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opora.accounts.requests import SignedIn
from opora.identification.access import visible_runs
from opora.identification.filters import whole
from opora.identification.regional import region_seen
from opora.identification.signs.card import school_signs_page
from opora.identification.signs.query import signs_page
from opora.registry.access import visible_schools
from opora.ui.components import page_asked


@require_GET
def signs(request: SignedIn, pk: int) -> HttpResponse:
    """Show the schools of a region whose results stand out."""
    today = timezone.localdate()
    run = get_object_or_404(visible_runs(request.user, today).select_related("territory", "by"), pk=pk)
    seen = region_seen(request.user, today, run, "see_signs", request.GET.get("region", ""))
    if seen is None:
        raise Http404
    only = "all" if request.GET.get("only") == "all" else ""
    page = signs_page(seen, only, page_asked(request.GET))
    return render(request, "identification/signs/signs.html", {"page": page})


@require_GET
def school_signs(request: SignedIn, pk: int) -> HttpResponse:
    """Show what was looked at in a school's results."""
    today = timezone.localdate()
    schools = visible_schools(request.user, today).select_related("region", "municipality")
    school = get_object_or_404(schools, pk=pk)
    runs = visible_runs(request.user, today).select_related("territory", "by").filter(verdicts__school=school)
    wanted = whole(request.GET.get("run"))
    run = (runs.filter(pk=wanted).first() if wanted else None) or runs.first()
    if run is None:
        raise Http404
    return render(request, "identification/signs/school.html", {"page": school_signs_page(run, school)})
