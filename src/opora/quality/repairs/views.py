"""Pages of a plan of repairs: the whole plan, a new row, a row that is changed or moved on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.identification.filters import whole
from opora.language import _
from opora.quality.access import visible_repairs
from opora.quality.heads import checklist_of
from opora.quality.models import CheckSheet, Repair
from opora.quality.repairs.actions import (
    agree_repair,
    change_repair,
    drop_repair,
    plan_repair,
    report_repair,
    return_repair,
)
from opora.quality.repairs.forms import ProofForm, RepairForm, ReturnForm
from opora.quality.repairs.query import plan_page, repair_page
from opora.quality.sheets.views import seen_sheet
from opora.registry.access import NotAllowed
from opora.registry.refusals import CannotDo, ChangedMeanwhile

Deed = Callable[[Repair, Any, int, Any], object]
DEEDS: dict[str, tuple[type[Any] | None, Deed, Any]] = {
    "change": (
        RepairForm,
        lambda row, form, at, by: change_repair(row, form.planned, at, by),
        lazy("Сохранено"),
    ),
    "report": (
        ProofForm,
        lambda row, form, at, by: report_repair(row, form.told, at, by),
        lazy("Мера выполнена"),
    ),
    "return": (
        ReturnForm,
        lambda row, form, at, by: return_repair(row, form.cleaned_data["words"], at, by),
        lazy("Возвращено школе"),
    ),
    "agree": (None, lambda row, form, at, by: agree_repair(row, at, by), lazy("Согласовано")),
    "drop": (None, lambda row, form, at, by: drop_repair(row, at, by), lazy("Мера убрана")),
}


@require_GET
def plan(request: SignedIn, pk: int, school: int) -> HttpResponse:
    """Show a school's plan of repairs."""
    found = seen_sheet(request, pk, school)
    page = plan_page(request.user, timezone.localdate(), found)
    return render(request, "quality/plan.html", {"page": page})


@require_http_methods(["GET", "POST"])
def new_repair(request: SignedIn, pk: int, school: int, criterion: str) -> HttpResponse:
    """Ask for a row of the plan and keep it."""
    found = seen_sheet(request, pk, school)
    known = checklist_of(found.quality_check).criteria.get(criterion)
    page = plan_page(request.user, timezone.localdate(), found) if known else None
    if known is None or page is None or not page.may_plan:
        raise Http404
    form = RepairForm(request.POST or None, initial={"what": str(known.measure)})
    if request.method == "POST" and form.is_valid():
        try:
            plan_repair(found, criterion, form.planned, request.user)
        except CannotDo as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Мера добавлена в план"))
            return redirect("quality:plan", pk, school)
    shown = repair_page(request.user, timezone.localdate(), found, criterion)
    forms = {"change": form}
    return render(request, "quality/repair.html", {"page": shown, "forms": forms}, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.errors else 200


@require_http_methods(["GET", "POST"])
def repair(request: SignedIn, pk: int) -> HttpResponse:
    """Show a row of a plan; change it or move it on."""
    rows = visible_repairs(request.user, timezone.localdate())
    row = get_object_or_404(rows.select_related("sheet"), pk=pk)
    sheet = seen_sheet(request, row.sheet.quality_check_id, row.school_id)
    if request.method == "POST":
        return _moved(request, sheet, row)
    return _shown(request, sheet, row, {}, 200)


def _moved(request: SignedIn, sheet: CheckSheet, row: Repair) -> HttpResponse:
    do, version = request.POST.get("do", ""), whole(request.POST.get("version"))
    if do not in DEEDS:
        raise Http404
    kind, deed, said = DEEDS[do]
    form = kind(request.POST) if kind else None
    typed = {do: form} if form else {}
    if form is not None and not form.is_valid():
        return _shown(request, sheet, row, typed, 422)
    try:
        deed(row, form, version if version is not None else -1, request.user)
    except NotAllowed:
        raise Http404 from None
    except ChangedMeanwhile:
        return _shown(request, sheet, Repair.objects.filter(pk=row.pk).first(), typed, 409)
    except CannotDo as refusal:
        return _refused(request, sheet, row, typed, str(refusal))
    messages.success(request, said)
    return redirect("quality:plan", sheet.quality_check_id, sheet.school_id)


def _refused(
    request: SignedIn, sheet: CheckSheet, row: Repair, typed: dict[str, Any], reason: str
) -> HttpResponse:
    """Say why it was not done: at the form that was filled in, else at the top of the page."""
    for form in typed.values():
        form.add_error(None, reason)
    if not typed:
        messages.error(request, reason)
    return _shown(request, sheet, row, typed, 422)


def _shown(
    request: SignedIn, sheet: CheckSheet, row: Repair | None, typed: dict[str, Any], status: int
) -> HttpResponse:
    """Show a row with its forms; what was typed stays in its form, whatever the row has become."""
    if row is None:
        raise Http404
    page = repair_page(request.user, timezone.localdate(), sheet, row.criterion, row)
    page = replace(page, changed_meanwhile=status == 409)
    fresh = {"change": RepairForm.of(row), "report": ProofForm(), "return": ReturnForm()}
    moves = page.row.moves if page.row else ()
    forms = {name: form for name, form in fresh.items() if name in moves} | typed
    return render(request, "quality/repair.html", {"page": page, "forms": forms}, status=status)
