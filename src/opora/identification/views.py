"""Pages of identification: the country, a region, the list, a school; a run goes its way to a list."""

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.audit.log import read_asked
from opora.identification.access import visible_objections, visible_runs
from opora.identification.actions import (
    CannotAmend,
    CannotObject,
    CannotPublish,
    NoResults,
    decide_objection,
    exit_school,
    object_to_list,
    replace_school,
    start_run,
)
from opora.identification.comparing import comparison_page
from opora.identification.filters import read_filters, whole
from opora.identification.forms import AmendForm, DecisionForm, ObjectionForm, RunForm
from opora.identification.life import find_candidate, listed_at, objection_page, on_list_page
from opora.identification.list_page import list_page
from opora.identification.on_list import OnList
from opora.identification.queries import territory_page
from opora.identification.run_page import log_of_run, run_page, runs_page, viewers_of_run
from opora.identification.school_page import school_page, viewers_of_school
from opora.identification.step_forms import StepForms
from opora.language import _
from opora.methodology.edition import NotInForce
from opora.methodology.tables import TableMismatch
from opora.registry.access import has_deed, reach, visible_regions, visible_schools
from opora.registry.models import Region
from opora.registry.orders import handed_out


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
    """Show a run and take its next step: shown to its schools, agreed, made valid by an order."""
    today = timezone.localdate()
    found = get_object_or_404(visible_runs(request.user, today).select_related("territory", "by"), pk=pk)
    may = reach(request.user, today, "publish_list").holds_region(found.territory_id)
    if request.method == "POST" and not may:
        raise Http404
    forms = StepForms(request, found, today)
    if request.method == "POST" and forms.is_valid():
        try:
            messages.success(request, forms.take())
        except CannotPublish as refusal:
            messages.error(request, str(refusal))
        return redirect("identification:run", pk)
    page = run_page(request.user, today, found, may)
    status = 422 if request.method == "POST" else 200
    return render(request, "identification/run.html", {"forms": forms, "page": page}, status=status)


@require_GET
def compare(request: SignedIn, pk: int) -> HttpResponse:
    """Show who entered and who left a list, against another one."""
    today = timezone.localdate()
    runs = visible_runs(request.user, today).select_related("territory", "by")
    found = get_object_or_404(runs, pk=pk)
    if not has_deed(request.user, "see_lists", today):
        raise Http404
    page = comparison_page(
        request.user, today, found, whole(request.GET.get("with")), request.GET.get("list", "")
    )
    return render(request, "identification/compare.html", {"page": page})


@require_GET
def run_order(request: SignedIn, pk: int) -> FileResponse:
    """Hand out the file of the order that made a list valid."""
    found = get_object_or_404(visible_runs(request.user, timezone.localdate()), pk=pk)
    return handed_out(found.order_digest, found.order_file)


@require_http_methods(["GET", "POST"])
def object_to(request: SignedIn, pk: int, school: int) -> HttpResponse:
    """Say for a school why it does not agree to be on a list."""
    where = _on_list(request, pk, school, "object_to_list")
    form = ObjectionForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = object_to_list(where, form.cleaned_data["reasons"], request.user)
        except CannotObject as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Возражение подано: о решении вы узнаете в личном кабинете"))
            return redirect("identification:objection", made.pk)
    return _answer(request, "identification/object.html", form, where)


@require_http_methods(["GET", "POST"])
def amend(request: SignedIn, pk: int, school: int) -> HttpResponse:
    """Take a school off a list by a decision, with another in its place or without."""
    where = _on_list(request, pk, school, "amend_list")
    form = AmendForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            _amended(request, where, form)
        except CannotAmend as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Перечень изменён"))
            return redirect("identification:run", pk)
    return _answer(request, "identification/amend.html", form, where)


def _sent(request: SignedIn) -> QueryDict | None:
    """Answer what was sent; an empty form is sent, too."""
    return request.POST if request.method == "POST" else None


def _amended(request: SignedIn, where: OnList, form: AmendForm) -> None:
    """Take the school off; put the one that is named in its place."""
    named = form.cleaned_data["other"].strip()
    if not named:
        exit_school(where, form.grounds(), request.user)
        return
    other = find_candidate(request.user, timezone.localdate(), where, named)
    if other is None:
        raise CannotAmend(_("Не нашли школу «{text}» среди тех, кого можно включить").format(text=named))
    replace_school(where, other, form.grounds(), request.user)


def _answer(request: SignedIn, template: str, form: Form, where: OnList) -> HttpResponse:
    page = on_list_page(request.user, timezone.localdate(), where)
    return render(request, template, {"form": form, "page": page}, status=422 if form.errors else 200)


def _on_list(request: SignedIn, run: int, school: int, deed: str) -> OnList:
    """Find the school on the list, where the person may do the deed; anything else is not found."""
    today = timezone.localdate()
    found = get_object_or_404(visible_runs(request.user, today), pk=run)
    seen = get_object_or_404(visible_schools(request.user, today), pk=school)
    name = listed_at(found, seen, request.GET.get("list", ""))
    if name is None or not reach(request.user, today, deed).holds(seen):
        raise Http404
    return OnList(found, name, seen)


@require_http_methods(["GET", "POST"])
def objection(request: SignedIn, pk: int) -> HttpResponse:
    """Show an objection; who may, decides on it."""
    today = timezone.localdate()
    found = get_object_or_404(visible_objections(request.user, today).select_related("run", "school"), pk=pk)
    may = reach(request.user, today, "amend_list").holds(found.school)
    if request.method == "POST" and not may:
        raise Http404
    form = DecisionForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        accept = form.cleaned_data["accept"] == "yes"
        try:
            decide_objection(found, accept, form.grounds(), request.user)
        except CannotAmend as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Решение записано: школа увидит его и причину"))
            return redirect("identification:objection", pk)
    page = objection_page(found, may)
    status = 422 if form.errors else 200
    return render(request, "identification/objection.html", {"form": form, "page": page}, status=status)


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
