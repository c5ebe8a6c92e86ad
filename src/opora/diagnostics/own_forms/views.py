"""Pages of questionnaires: all of them, one as people see it, and a territory's own from a workbook on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.diagnostics.access import visible_forms
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.own_forms.actions import (
    bring_form,
    drop_form,
    put_in_force,
    replace_form,
    withdraw_form,
)
from opora.diagnostics.own_forms.forms import WORKBOOK, BringForm, WorkbookForm
from opora.diagnostics.own_forms.query import crumbs, form_page, forms_page
from opora.diagnostics.own_forms.reading import draft_of
from opora.diagnostics.questionnaires import is_shipped, load
from opora.language import _
from opora.questionnaires.form import Form
from opora.questionnaires.xlsform.writing import to_xlsform
from opora.registry.access import NotAllowed
from opora.registry.doors import for_holders_of
from opora.registry.refusals import CannotDo, ChangedMeanwhile, NotWhole

STEPS: dict[str, tuple[Callable[..., object], Any]] = {
    "put-in-force": (put_in_force, lazy("Анкета действует: её можно спрашивать в опросах")),
    "withdraw": (withdraw_form, lazy("Анкета снята: в новых опросах её не будет")),
    "drop": (drop_form, lazy("Черновик убран")),
}
MEDIA = WORKBOOK.partition(",")[2]


@require_GET
@for_holders_of("see_surveys")
def forms(request: SignedIn) -> HttpResponse:
    """Show all questionnaires that one sees."""
    page = forms_page(request.user, timezone.localdate())
    return render(request, "diagnostics/forms.html", {"page": page})


@require_http_methods(["GET", "POST"])
@for_holders_of("run_surveys")
def bring(request: SignedIn) -> HttpResponse:
    """Ask for a workbook and keep it as a draft, or tell everything for which it cannot be kept."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BringForm(*sent, by=request.user, today=timezone.localdate())
    if sent and form.is_valid() and (found := form.read()) is not None:
        try:
            own = bring_form(found, form.chosen_place, request.user)
        except NotAllowed:
            raise Http404 from None
        messages.success(request, _("Анкета загружена как черновик: проверьте её и введите в действие"))
        return redirect("diagnostics:form", own.name)
    told = {"form": form, "crumbs": crumbs()}
    return render(request, "diagnostics/bring_form.html", told, status=422 if sent else 200)


@require_GET
@for_holders_of("see_surveys")
def form(request: SignedIn, name: str) -> HttpResponse:
    """Show a questionnaire as people see it."""
    return _shown(request, _found(request, name))


@require_GET
@for_holders_of("see_surveys")
def workbook(request: SignedIn, name: str) -> HttpResponse:
    """Give a questionnaire as an XLSForm workbook."""
    found = _found(request, name)
    whole = draft_of(found.text, name) if isinstance(found, OwnForm) else found
    response = HttpResponse(to_xlsform(whole), content_type=MEDIA)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@require_POST
@for_holders_of("run_surveys")
def replaced(request: SignedIn, name: str) -> HttpResponse:
    """Put another workbook in the place of a draft."""
    own = _own(request, name)
    form = WorkbookForm(request.POST, request.FILES, today=timezone.localdate())
    found = form.read() if form.is_valid() else None
    if found is None:
        said = form.faults or (_("Выберите книгу .xlsx"),)
        return _shown(request, own, 422, refused=said)
    try:
        replace_form(own, request.POST.get("seen", ""), found, request.user)
    except ChangedMeanwhile:
        return _again(request, name)
    except CannotDo as refusal:
        return _shown(request, _own(request, name), 409, refused=(str(refusal),))
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Черновик заменён"))
    return redirect("diagnostics:form", name)


@require_POST
@for_holders_of("run_surveys")
def step(request: SignedIn, name: str, to: str) -> HttpResponse:
    """Put a questionnaire in force, withdraw it, or drop a draft."""
    if to not in STEPS:
        raise Http404
    deed, said = STEPS[to]
    try:
        deed(_own(request, name), request.POST.get("seen", ""), request.user)
    except ChangedMeanwhile:
        return _again(request, name)
    except NotWhole:
        return _shown(request, _own(request, name), 422, refused=(_("Мешает то, что сказано ниже."),))
    except CannotDo as refusal:
        return _shown(request, _own(request, name), 409, refused=(str(refusal),))
    except NotAllowed:
        raise Http404 from None
    messages.success(request, said)
    return redirect("diagnostics:forms") if to == "drop" else redirect("diagnostics:form", name)


def _found(request: SignedIn, name: str) -> OwnForm | Form:
    return load(name) if is_shipped(name) else _own(request, name)


def _own(request: SignedIn, name: str) -> OwnForm:
    mine = visible_forms(request.user, timezone.localdate())
    return get_object_or_404(mine.select_related("region", "municipality", "by"), name=name)


def _shown(
    request: SignedIn, found: OwnForm | Form, status: int = 200, refused: tuple[str, ...] = ()
) -> HttpResponse:
    page = form_page(request.user, timezone.localdate(), found, request.GET.get("lang", ""))
    told = {"page": replace(page, refused=refused), "form": WorkbookForm(today=timezone.localdate())}
    return render(request, "diagnostics/form.html", told, status=status)


def _again(request: SignedIn, name: str) -> HttpResponse:
    """Show the draft that somebody else has kept meanwhile; where they dropped it, there is none."""
    found = visible_forms(request.user, timezone.localdate()).filter(name=name)
    own = found.select_related("region", "municipality", "by").first()
    if own is None:
        messages.error(request, _("Пока страница была открыта, этот черновик убрали"))
        return redirect("diagnostics:forms")
    page = form_page(request.user, timezone.localdate(), own, request.GET.get("lang", ""))
    told = {
        "page": replace(page, changed_meanwhile=True),
        "form": WorkbookForm(today=timezone.localdate()),
    }
    return render(request, "diagnostics/form.html", told, status=409)
