"""Pages of school history: the timeline, a change told, confirmed, taken back, schools by words."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.language import _
from opora.registry.access import reach, visible_schools
from opora.registry.change_model import SchoolChange
from opora.registry.history.actions import TakenBackAlready, record_change, take_back_change
from opora.registry.history.chronicle import DependsOn
from opora.registry.history.forms import ChangeForm, TakeBackForm
from opora.registry.history.queries import crumbs_to, history_page, life_of, preview_of, schools_page
from opora.registry.history.states import Impossible
from opora.registry.history.ways import WAYS
from opora.registry.models import School
from opora.registry.refusals import ChangedMeanwhile
from opora.ui.components import page_asked


@require_GET
def schools(request: SignedIn) -> HttpResponse:
    """Show the schools that one may see, found by words of present and former names and codes."""
    today = timezone.localdate()
    if not reach(request.user, today):
        raise Http404
    search, number = request.GET.get("search", "").strip()[:100], page_asked(request.GET)
    page = schools_page(request.user, today, search, number)
    return render(request, "registry/schools.html", {"page": page})


@require_GET
def school(request: SignedIn, pk: int) -> HttpResponse:
    """Show what happened to a school."""
    today = timezone.localdate()
    page = history_page(request.user, today, _school(request, pk, today))
    return render(request, "registry/history.html", {"page": page})


@require_http_methods(["GET", "POST"])
def record(request: SignedIn, pk: int) -> HttpResponse:
    """Tell a change: its way first, then its form, then what it would do, then it is recorded."""
    today = timezone.localdate()
    found = _recorded_by(request, pk, today)
    way = WAYS.get(request.GET.get("way", ""))
    crumbs = crumbs_to(found, _("Записать изменение"))
    shown: dict[str, Any] = {"school": found, "crumbs": crumbs, "ways": WAYS.values(), "way": way}
    if way is None:
        return render(request, "registry/record.html", shown)
    form = ChangeForm(request.POST or None, way=way, school=found, today=today)
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        return _recorded(request, found, form, shown)
    status = 422 if form.errors else 200
    return render(request, "registry/record.html", {**shown, "form": form}, status=status)


def _recorded(request: SignedIn, found: School, form: ChangeForm, shown: dict[str, Any]) -> HttpResponse:
    """Show what the change would do, or record it where the person has confirmed it."""
    today, status = timezone.localdate(), 200
    try:
        draft = form.draft()
        if "confirm" in request.POST:
            record_change(draft, request.user, request.POST.get("seen", ""))
            messages.success(request, _("Изменение записано"))
            return redirect("history:school", found.pk)
        shown["preview"] = preview_of(draft, request.user, today)
    except Impossible as refusal:
        form.add_error(None, refusal.sentence)
        status = 422
    except ChangedMeanwhile as refusal:
        form.add_error(None, str(refusal))
        shown["changed"] = life_of(request.user, today, found)
        status = 409
    return render(request, "registry/record.html", {**shown, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def take_back(request: SignedIn, pk: int, change: int) -> HttpResponse:
    """Take a recorded change back, with a reason."""
    today = timezone.localdate()
    found = _recorded_by(request, pk, today)
    row = get_object_or_404(SchoolChange, pk=change, schools__contains=[found.pk], taken_back_at=None)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            take_back_change(row, form.cleaned_data["why"], request.user)
            messages.success(request, _("Изменение отменено"))
            return redirect("history:school", pk)
        except DependsOn as refusal:
            form.add_error(None, refusal.sentence)
        except TakenBackAlready as refusal:
            messages.error(request, str(refusal))
            return redirect("history:school", pk)
    shown = {
        "school": found,
        "change": row,
        "form": form,
        "crumbs": crumbs_to(found, _("Отменить изменение")),
    }
    return render(request, "registry/take_back.html", shown, status=422 if form.errors else 200)


def _school(request: SignedIn, pk: int, today: date) -> School:
    seen = visible_schools(request.user, today).select_related("region", "municipality")
    return get_object_or_404(seen, pk=pk)


def _recorded_by(request: SignedIn, pk: int, today: date) -> School:
    """Answer a school whose changes the person may record."""
    found = _school(request, pk, today)
    if not reach(request.user, today, "record_changes").holds_region(found.region_id):
        raise Http404
    return found
