"""Pages of «Что, если»: numbers tried, kept as a scenario, made a draft."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opora.accounts.requests import SignedIn
from opora.identification.access import visible_runs
from opora.identification.actions import CannotKeep, NoResults, drop_scenario, save_scenario, start_run
from opora.identification.models import Run, Scenario
from opora.identification.queries import chosen_list
from opora.identification.what_if.forms import ControlsForm
from opora.identification.what_if.held import Held, NotHeld, held
from opora.identification.what_if.numbers import numbers_page
from opora.identification.what_if.query import Asked, Tried, address, read_asked, tried, what_if_page
from opora.identification.what_if.stabilised import stabilised_page
from opora.identification.wording import edition_of
from opora.language import _
from opora.methodology.edition import EditionError, NotInForce
from opora.methodology.tables import TableMismatch
from opora.registry.access import NotAllowed, reach
from opora.ui.components import page_asked


def _run(request: SignedIn, pk: int, today: date) -> Run:
    """Answer a run that the person may try other numbers on."""
    found = get_object_or_404(visible_runs(request.user, today).select_related("territory", "by"), pk=pk)
    if not reach(request.user, today, "try_lists").holds_region(found.territory_id):
        raise Http404
    return found


def _form(held_run: Held, query: QueryDict) -> ControlsForm:
    base = held_run.base
    return ControlsForm(query, edition=held_run.edition, settled=base.settled, years=base.years)


def _query(request: SignedIn, run: Run) -> QueryDict:
    """Answer the numbers that an address asks for: its own, or those of a scenario."""
    number = request.GET.get("scenario", "")
    kept = (
        Scenario.objects.filter(run=run, pk=number).first() if number.isascii() and number.isdigit() else None
    )
    if kept is None:
        return request.GET
    return ControlsForm.query_of(edition_of(run), kept.changes, kept.years, kept.list)


def _answer(held_run: Held, form: ControlsForm, asked: Asked) -> Tried:
    """Try the numbers; what the rule cannot be asked is said at the form, and its own list is shown."""
    try:
        return tried(held_run, form, asked)
    except (EditionError, TableMismatch) as refusal:
        form.add_error(None, str(refusal))
        return tried(held_run, form, asked)


@require_GET
def what_if(request: SignedIn, pk: int) -> HttpResponse:
    """Show what other numbers would make of a list, or only what they made of it where htmx asks."""
    today = timezone.localdate()
    run = _run(request, pk, today)
    try:
        held_run = held(run)
    except NotHeld:
        return render(request, "identification/what_if/not_held.html", {"run": run}, status=409)
    query = _query(request, run)
    form, asked = _form(held_run, query), read_asked(run, query)
    answer = _answer(held_run, form, asked)
    may_start = reach(request.user, today, "start_run").holds_region(run.territory_id)
    page = what_if_page(request.user, run, form, asked, answer, may_start=may_start)
    part = "#found" if request.htmx and not request.htmx.boosted else ""
    told = {"page": page, "form": form, "controls": list(form.controls())}
    return render(request, f"identification/what_if/what_if.html{part}", told)


@require_GET
def numbers(request: SignedIn, pk: int) -> HttpResponse:
    """Show on which number of the rule the verdicts hang."""
    run = _run(request, pk, timezone.localdate())
    try:
        held_run = held(run)
    except NotHeld:
        return render(request, "identification/what_if/not_held.html", {"run": run}, status=409)
    asked = read_asked(run, request.GET)
    page = numbers_page(run, held_run, asked, request.GET.get("number", ""), page_asked(request.GET))
    return render(request, "identification/what_if/numbers.html", {"page": page})


@require_GET
def stabilised(request: SignedIn, pk: int) -> HttpResponse:
    """Show the list of the same size that is wrong least often, beside the rule's."""
    run = _run(request, pk, timezone.localdate())
    page = stabilised_page(run, chosen_list(run, request.GET.get("list", "")))
    return render(request, "identification/what_if/stabilised.html", {"page": page})


@require_POST
def save(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the numbers that were tried."""
    run, form, asked, answer = _posted(request, pk)
    told = answer.told
    kept: dict[str, Any] = {
        "list": asked.list,
        "changes": form.changes if form.is_valid() else {},
        "years": list(form.years) if form.is_valid() else list(run.years),
        "listed": int(told.schools["listed_after"].sum()),
        "entered": len(told.entered),
        "left": len(told.left),
    }
    try:
        save_scenario(run, request.POST.get("title", "")[:100], kept, request.user)
        messages.success(request, _("Сценарий сохранён"))
    except CannotKeep as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('identification:what_if', args=(pk,))}?{address(form, asked)}")


@require_POST
def draft(request: SignedIn, pk: int) -> HttpResponse:
    """Make a run of what was tried, on the results of today."""
    run, form, asked, _told = _posted(request, pk)
    today = timezone.localdate()
    if not form.is_valid() or not reach(request.user, today, "start_run").holds_region(run.territory_id):
        raise Http404
    years = None if form.years == form.run_years and not run.options.get("years") else form.years
    changes = {**run.changes, **form.changes}
    try:
        made = start_run(edition_of(run), years, run.territory, request.user, run.title, changes=changes)
    except (NoResults, NotInForce, EditionError, TableMismatch) as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('identification:what_if', args=(pk,))}?{address(form, asked)}")
    messages.success(request, _("Проект перечня составлен"))
    return redirect("identification:run", made.pk)


def _posted(request: SignedIn, pk: int) -> tuple[Run, ControlsForm, Asked, Tried]:
    run = _run(request, pk, timezone.localdate())
    try:
        held_run = held(run)
    except NotHeld:
        raise Http404 from None
    query = QueryDict(request.POST.get("numbers", "")[:4_000])
    form, asked = _form(held_run, query), read_asked(run, query)
    asked = Asked(asked.list, None, asked.schools_a_curator)  # a scenario is of the whole list
    return run, form, asked, _answer(held_run, form, asked)


@require_POST
def drop(request: SignedIn, pk: int) -> HttpResponse:
    """Forget a scenario of one's own."""
    scenario = get_object_or_404(Scenario.objects.select_related("run"), pk=pk)
    run = _run(request, scenario.run_id, timezone.localdate())
    try:
        drop_scenario(scenario, request.user)
        messages.success(request, _("Сценарий убран"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("identification:what_if", run.pk)
