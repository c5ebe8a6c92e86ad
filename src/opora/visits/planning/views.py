"""Pages of visits: all of them, a new one, one visit, its protocol on paper."""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.identification.filters import whole
from opora.language import _
from opora.registry.access import NotAllowed
from opora.registry.doors import for_holders_of
from opora.registry.refusals import CannotDo
from opora.ui.components import Crumb, Wrong, page_asked
from opora.visits.access import sees_everything, visible_visits
from opora.visits.models import Visit
from opora.visits.paper import KINDS, protocol_on_paper
from opora.visits.planning.actions import cancel_visit, hold_visit, move_visit, plan_visit
from opora.visits.planning.forms import PlanForm
from opora.visits.query import receipts_page, visit_page, visits_page, with_names


def _visit(request: SignedIn, pk: int) -> Visit:
    return get_object_or_404(with_names(visible_visits(request.user, timezone.localdate())), pk=pk)


@require_GET
@for_holders_of("see_visits")
def visits(request: SignedIn) -> HttpResponse:
    """Show the visits that one sees, or those to one school."""
    asked = request.GET
    today, school = timezone.localdate(), whole(asked.get("school"))
    page = visits_page(request.user, today, asked.get("only", ""), school, page_asked(asked))
    return render(request, "visits/visits.html", {"page": page})


@require_http_methods(["GET", "POST"])
@for_holders_of("hold_visits")
def plan(request: SignedIn) -> HttpResponse:
    """Ask for a visit and plan it."""
    posted = request.POST if request.method == "POST" else None
    given = {"school": request.GET["school"]} if "school" in request.GET else {}
    form = PlanForm(posted, by=request.user, today=timezone.localdate(), initial=given)
    if posted is not None and form.is_valid():
        try:
            made = plan_visit(form.plan, request.user)
        except (CannotDo, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Визит запланирован: откройте его пакет на телефоне, пока есть связь")
            )
            return redirect("visits:visit", made.pk)
    crumbs = (Crumb(_("Визиты"), reverse("visits:visits")), Crumb(_("Новый визит")))
    told = {"form": form, "crumbs": crumbs}
    return render(request, "visits/plan.html", told, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def visit(request: SignedIn, pk: int) -> HttpResponse:
    """Show a visit; move, cancel or mark it."""
    found = _visit(request, pk)
    if request.method == "GET":
        page = visit_page(request.user, timezone.localdate(), found)
        return render(request, "visits/visit.html", {"page": page})
    try:
        _moved(request, found)
    except CannotDo as refusal:
        page = visit_page(request.user, timezone.localdate(), _visit(request, pk))
        page = replace(page, wrong=(Wrong(str(refusal)),), given=request.POST.dict())
        return render(request, "visits/visit.html", {"page": page}, status=422)
    except NotAllowed:
        raise Http404 from None
    return redirect("visits:visit", pk)


def _moved(request: SignedIn, found: Visit) -> None:
    posted, do = request.POST, request.POST.get("do", "")
    if do == "hold":
        hold_visit(found, request.user)
        messages.success(request, _("Визит отмечен как состоявшийся"))
    elif do == "move":
        move_visit(found, _day(posted.get("day", "")), request.user)
        messages.success(request, _("Визит перенесён"))
    elif do == "cancel":
        cancel_visit(found, posted.get("reason", "")[:500], request.user)
        messages.success(request, _("Визит отменён"))
    else:
        raise CannotDo(_("Не сказано, что сделать с визитом"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotDo(_("Назовите день, на который перенести визит")) from None


@require_GET
def receipts(request: SignedIn, pk: int) -> HttpResponse:
    """Show what the server has of a visit, record by record."""
    found, today = _visit(request, pk), timezone.localdate()
    if not sees_everything(request.user, found.school, today):
        raise Http404
    return render(request, "visits/receipts.html", {"page": receipts_page(today, found)})


@require_GET
def protocol(request: SignedIn, pk: int, kind: str) -> HttpResponse:
    """Give the protocol of a visit as PDF or DOCX: what this person may read of it."""
    if kind not in KINDS:
        raise Http404
    page = visit_page(request.user, timezone.localdate(), _visit(request, pk))
    response = HttpResponse(protocol_on_paper(page, kind), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="visit-{pk}.{kind}"'
    return response
