"""Pages of campaigns: all of them, a new one, how one goes, a school's invitations."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.diagnostics.access import visible_campaigns, visible_links
from opora.diagnostics.campaigns.actions import (
    close_campaign,
    drop_campaign,
    make_codes,
    open_campaign,
    prepare_campaign,
    tell_invited,
)
from opora.diagnostics.campaigns.forms import CampaignForm, InvitedForm
from opora.diagnostics.campaigns.query import campaign_page, campaigns_page, school_survey_page
from opora.diagnostics.campaigns.reminders.actions import remind_now
from opora.diagnostics.campaigns.strips import TooMany, strips
from opora.diagnostics.models import Campaign, SurveyLink
from opora.diagnostics.numbers import AWAKE_FROM, AWAKE_UNTIL
from opora.identification.filters import whole
from opora.language import _
from opora.registry.access import NotAllowed
from opora.registry.doors import for_holders_of
from opora.registry.models import School
from opora.registry.refusals import CannotDo
from opora.ui.numbers import counted

STEPS: dict[str, tuple[Callable[..., object], Any]] = {
    "open": (open_campaign, lazy("Опрос начат")),
    "close": (close_campaign, lazy("Опрос завершён")),
}


def _campaign(request: SignedIn, pk: int) -> Campaign:
    return get_object_or_404(visible_campaigns(request.user, timezone.localdate()), pk=pk)


@require_GET
@for_holders_of("see_surveys")
def campaigns(request: SignedIn) -> HttpResponse:
    """Show all campaigns that one sees."""
    page = campaigns_page(request.user, timezone.localdate())
    return render(request, "diagnostics/campaigns.html", {"page": page})


@require_http_methods(["GET", "POST"])
@for_holders_of("run_surveys")
def new_campaign(request: SignedIn) -> HttpResponse:
    """Ask for a campaign and prepare it."""
    posted = request.POST if request.method == "POST" else None
    form = CampaignForm(posted, by=request.user, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_campaign(form.asked, form.chosen, request.user)
        except (CannotDo, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Опрос подготовлен: проверьте и начните его"))
            return redirect("diagnostics:campaign", made.pk)
    status = 422 if form.errors else 200
    return render(request, "diagnostics/new_campaign.html", {"form": form}, status=status)


@require_GET
def campaign(request: SignedIn, pk: int) -> HttpResponse:
    """Show how a campaign goes; nothing, if that is on the screen already."""
    found = _campaign(request, pk)
    page = campaign_page(request.user, timezone.localdate(), found, whole(request.GET.get("page")) or 1)
    if request.GET.get("seen") == page.version:
        return HttpResponse(status=204)
    part = request.htmx and not request.htmx.boosted
    template = "diagnostics/turnout.html" if part else "diagnostics/campaign.html"
    return render(request, template, {"page": page})


@require_POST
def step(request: SignedIn, pk: int, to: str) -> HttpResponse:
    """Begin or end a campaign."""
    if to not in STEPS:
        raise Http404
    deed, said = STEPS[to]
    try:
        deed(_campaign(request, pk), request.user)
    except CannotDo as refusal:
        messages.error(request, str(refusal))
    except NotAllowed:
        raise Http404 from None
    else:
        messages.success(request, said)
    return redirect("diagnostics:campaign", pk)


@require_POST
def drop(request: SignedIn, pk: int) -> HttpResponse:
    """Forget a campaign that never began."""
    try:
        drop_campaign(_campaign(request, pk), request.user)
    except CannotDo as refusal:
        messages.error(request, str(refusal))
        return redirect("diagnostics:campaign", pk)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Опрос убран"))
    return redirect("diagnostics:campaigns")


@require_POST
def remind(request: SignedIn, pk: int) -> HttpResponse:
    """Remind the schools of a campaign that are behind."""
    try:
        schools = remind_now(_campaign(request, pk), request.user)
    except CannotDo as refusal:
        messages.error(request, str(refusal))
    except NotAllowed:
        raise Http404 from None
    else:
        said = _("Напоминания уйдут: {schools}. Письма идут с {first} до {last} часов по времени школы.")
        told = said.format(schools=counted(schools, "школа,школы,школ"), first=AWAKE_FROM, last=AWAKE_UNTIL)
        messages.success(request, told)
    return redirect("diagnostics:campaign", pk)


@require_GET
def school(request: SignedIn, pk: int, school: int) -> HttpResponse:
    """Show a school's questionnaires, with what is to be printed and handed out."""
    found = _campaign(request, pk)
    today = timezone.localdate()
    own = visible_links(request.user, today).filter(campaign=found, school=school)
    place = get_object_or_404(School, pk__in=own.values("school"))
    site = request.build_absolute_uri("/").rstrip("/")
    page = school_survey_page(request.user, today, found, place, site)
    return render(request, "diagnostics/school_survey.html", {"page": page, "form": InvitedForm()})


@require_POST
def hand_out(request: SignedIn, pk: int, what: str) -> HttpResponse:
    """Make codes of a link, or say how many people it asks."""
    link = _link(request, pk)
    form = InvitedForm(request.POST)
    if what not in ("codes", "invited"):
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Напишите число: {said}").format(said=form.errors["count"][0]))
    else:
        try:
            deed = make_codes if what == "codes" else tell_invited
            deed(link, form.cleaned_data["count"], request.user)
            messages.success(request, _("Готово"))
        except CannotDo as refusal:
            messages.error(request, str(refusal))
        except NotAllowed:
            raise Http404 from None
    return redirect("diagnostics:school", link.campaign_id, link.school_id)


def _link(request: SignedIn, pk: int) -> SurveyLink:
    mine = visible_links(request.user, timezone.localdate(), "hand_out_codes")
    return get_object_or_404(mine.select_related("campaign", "school"), pk=pk)


@require_GET
def printed(request: SignedIn, pk: int) -> HttpResponse:
    """Give the sheet of invitations to print and cut: the codes asked for, or all of them."""
    link = _link(request, pk)
    first, last = whole(request.GET.get("from")) or 1, whole(request.GET.get("to")) or 0
    site = request.build_absolute_uri("/").rstrip("/")
    try:
        content = strips(link, first, last, site)
    except TooMany as refusal:
        messages.error(request, str(refusal))
        return redirect("diagnostics:school", link.campaign_id, link.school_id)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="codes-{link.pk}.pdf"'
    return response
