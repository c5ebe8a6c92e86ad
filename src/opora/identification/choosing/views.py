"""Pages of the choice of participants."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.identification.access import visible_runs
from opora.identification.actions.choosing import (
    SelectionError,
    choose_participants,
    drop_choice,
    fix_school,
)
from opora.identification.choosing.forms import ChoiceForm, FixForm
from opora.identification.choosing.query import choice_page, choices_page
from opora.identification.models import ParticipantChoice, Run
from opora.language import _
from opora.registry.access import NotAllowed, reach, visible_schools
from opora.ui.components import page_asked


def _run(request: SignedIn, pk: int, today: date) -> Run:
    """Answer a run of whose list the person may choose participants."""
    found = get_object_or_404(visible_runs(request.user, today).select_related("territory", "by"), pk=pk)
    if not reach(request.user, today, "try_lists").holds_region(found.territory_id):
        raise Http404
    return found


def _choice(request: SignedIn, pk: int, today: date) -> ParticipantChoice:
    found = get_object_or_404(ParticipantChoice.objects.select_related("run__territory", "by"), pk=pk)
    _run(request, found.run_id, today)
    return found


@require_http_methods(["GET", "POST"])
def choices(request: SignedIn, pk: int) -> HttpResponse:
    """Ask for a choice; show those that were made."""
    run = _run(request, pk, timezone.localdate())
    form = ChoiceForm(request.POST if request.method == "POST" else None, run=run)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name = given["list"] or run.lists[0]
        try:
            made = choose_participants(run, name, given["count"], form.asked, request.user)
        except SelectionError as refusal:
            form.add_error(None, str(refusal)[:1].upper() + str(refusal)[1:])
        else:
            return redirect("identification:choice", made.pk)
    page = choices_page(run)
    status = 422 if form.errors else 200
    return render(
        request, "identification/choosing/choices.html", {"form": form, "page": page}, status=status
    )


@require_GET
def choice(request: SignedIn, pk: int) -> HttpResponse:
    """Show who was chosen, whom they stand for and what each change by hand costs."""
    found = _choice(request, pk, timezone.localdate())
    page = choice_page(request.user, found, page_asked(request.GET))
    return render(request, "identification/choosing/choice.html", {"page": page})


@require_POST
def fix(request: SignedIn, pk: int) -> HttpResponse:
    """Take a school by hand, or not, or let it be free; the others are chosen anew."""
    today = timezone.localdate()
    found = _choice(request, pk, today)
    form = FixForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    school = get_object_or_404(visible_schools(request.user, today), pk=given["school"])
    try:
        fix_school(found, school, given["way"], given["reason"], request.user)
        messages.success(request, _("Отбор сделан заново: {school}").format(school=school))
    except SelectionError as refusal:
        messages.error(request, str(refusal)[:1].upper() + str(refusal)[1:])
    return redirect("identification:choice", pk)


@require_POST
def drop(request: SignedIn, pk: int) -> HttpResponse:
    """Forget a choice of one's own."""
    found = _choice(request, pk, timezone.localdate())
    try:
        drop_choice(found, request.user)
        messages.success(request, _("Отбор убран"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("identification:choices", found.run_id)
