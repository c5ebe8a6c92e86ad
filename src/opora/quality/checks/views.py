"""Pages of checks: all of them, a new one, how one goes, what it came to on paper."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.diagnostics.profiles.documents import KINDS
from opora.language import _
from opora.quality.access import visible_checks
from opora.quality.checks.actions import begin_check, drop_check, end_check
from opora.quality.checks.counting import version_of
from opora.quality.checks.forms import CheckForm
from opora.quality.checks.paper import summary_on_paper
from opora.quality.checks.query import FILTERS, OVERDUE, Filter, check_page, checks_page, counted_of
from opora.quality.models import QualityCheck
from opora.registry.access import NotAllowed
from opora.registry.doors import for_holders_of
from opora.registry.refusals import CannotDo
from opora.ui.components import page_asked

STEPS: dict[str, tuple[Callable[..., object], Any]] = {
    "end": (end_check, lazy("Проверка завершена")),
    "drop": (drop_check, lazy("Проверка убрана")),
}


def _check(request: SignedIn, pk: int) -> QualityCheck:
    seen = visible_checks(request.user, timezone.localdate())
    return get_object_or_404(seen.select_related("region", "municipality"), pk=pk)


@require_GET
@for_holders_of("see_quality")
def checks(request: SignedIn) -> HttpResponse:
    """Show all checks that one sees."""
    page = checks_page(request.user, timezone.localdate())
    return render(request, "quality/checks.html", {"page": page})


@require_http_methods(["GET", "POST"])
@for_holders_of("run_quality_checks")
def new_check(request: SignedIn) -> HttpResponse:
    """Ask for a check and begin it."""
    posted = request.POST if request.method == "POST" else None
    form = CheckForm(posted, by=request.user, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_check(form.asked, form.chosen, request.user)
        except (CannotDo, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Проверка начата: школы видят свои листы"))
            return redirect("quality:check", made.pk)
    status = 422 if form.errors else 200
    return render(request, "quality/new_check.html", {"form": form}, status=status)


@require_GET
def check(request: SignedIn, pk: int) -> HttpResponse:
    """Show how a check goes; nothing, if that is on the screen already."""
    today, found, asked = timezone.localdate(), _check(request, pk), _asked(request)
    counted = counted_of(request.user, today, found)
    if request.GET.get("seen") == version_of(found, counted):
        return HttpResponse(status=204)
    page = check_page(request.user, today, found, counted, asked)
    part = request.htmx and not request.htmx.boosted
    template = "quality/progress.html" if part else "quality/check.html"
    return render(request, template, {"page": page})


def _asked(request: SignedIn) -> Filter:
    only = request.GET.get("only", "")
    search = " ".join(request.GET.get("search", "").replace("\0", "").split())[:100]
    return Filter(only if only in (*FILTERS, OVERDUE) else "", search, page_asked(request.GET))


@require_POST
def step(request: SignedIn, pk: int, to: str) -> HttpResponse:
    """End a check, or drop one that nobody has written in."""
    if to not in STEPS:
        raise Http404
    deed, said = STEPS[to]
    try:
        deed(_check(request, pk), request.user)
    except CannotDo as refusal:
        messages.error(request, str(refusal))
        return redirect("quality:check", pk)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, said)
    return redirect("quality:checks") if to == "drop" else redirect("quality:check", pk)


@require_GET
def summary(request: SignedIn, pk: int, kind: str) -> HttpResponse:
    """Give what a check came to as PDF or DOCX."""
    found = _check(request, pk)
    if kind not in KINDS:
        raise Http404
    content = summary_on_paper(request.user, timezone.localdate(), found, kind)
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="quality-{pk}.{kind}"'
    return response
