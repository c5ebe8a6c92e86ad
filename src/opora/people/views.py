"""Pages of people: the list, a person, appoint, end, deputies, invitations, a whole table."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.language import _
from opora.people.actions import (
    CannotForget,
    CannotInvite,
    NotValid,
    forget_person,
    invite,
    withdraw_invitation,
)
from opora.people.deeds_of_forms import appoint_by_form, end_by_form, name_deputy_by_form
from opora.people.forms import AppointForm, DeputyForm, EndForm, PeopleTableForm
from opora.people.letters import LetterNotSent, send_letter, sheet_of
from opora.people.models import Invitation
from opora.people.queries import (
    Filters,
    found_appointments,
    people_page,
    person_page,
    viewers_of_order,
    visible_order,
)
from opora.people.tables import CheckedTooLongAgo, check_table, load_checked
from opora.registry.access import NotAllowed, visible_appointments, visible_people
from opora.registry.actions import (
    AlreadyAppointed,
    AlreadyEnded,
    OutsideAppointment,
    end_deputyship,
)
from opora.registry.appointing import may_appoint, may_name_deputy, place_of
from opora.registry.doors import for_holders_of
from opora.registry.models import Appointment, Deputyship
from opora.registry.orders import handed_out
from opora.results.uploads import Upload
from opora.ui.components import page_asked

AT_ONCE = 200  # invitations that one press of a button makes


def _filters(request: SignedIn) -> Filters:
    asked = request.GET if request.method == "GET" else request.POST
    search, role, only = (asked.get(name, "") for name in ("search", "role", "only"))
    return Filters(search[:100], role, only, page_asked(asked))


@require_GET
@for_holders_of("see_people")
def people(request: SignedIn) -> HttpResponse:
    """Show the people of one's territory, or only the table where htmx asks for it."""
    page = people_page(request.user, timezone.localdate(), _filters(request))
    part = "#table" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"people/list.html{part}", {"page": page})


@require_http_methods(["GET", "POST"])
@for_holders_of("see_people")
def new(request: SignedIn) -> HttpResponse:
    """Appoint somebody."""
    today = timezone.localdate()
    known = visible_people(request.user, today).filter(pk=request.GET.get("person") or 0).first()
    initial = (
        {"since": today, "full_name": known.full_name, "email": known.email} if known else {"since": today}
    )
    form = AppointForm(*_sent(request), viewer=request.user, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = appoint_by_form(form, request.user)
        except (NotAllowed, AlreadyAppointed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Назначение записано. Теперь можно пригласить человека"))
            return redirect("people:person", made.person_id)
    return render(request, "people/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def person(request: SignedIn, pk: int) -> HttpResponse:
    """Show one person with their appointments in one's territory."""
    today = timezone.localdate()
    found = get_object_or_404(visible_people(request.user, today), pk=pk)
    return render(request, "people/person.html", {"page": person_page(request.user, today, found)})


def _appointment_or_404(request: SignedIn, pk: int) -> Appointment:
    """Answer an appointment that one may manage; a foreign one is not there."""
    today = timezone.localdate()
    seen = visible_appointments(request.user, today).select_related(
        "person", "municipality", "school", "region"
    )
    found = get_object_or_404(seen, pk=pk)
    if not may_appoint(request.user, found.role, place_of(found), today):
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def end(request: SignedIn, pk: int) -> HttpResponse:
    """End an appointment."""
    found = _appointment_or_404(request, pk)
    form = EndForm(*_sent(request), initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_by_form(form, found, request.user)
        except (NotAllowed, AlreadyEnded) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Назначение завершено"))
            return redirect("people:person", found.person_id)
    return render(
        request, "people/end.html", {"form": form, "found": found}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def deputy(request: SignedIn, pk: int) -> HttpResponse:
    """Name a deputy: of one's own appointment, or of one that one may give."""
    today = timezone.localdate()
    found = get_object_or_404(Appointment.objects.select_related("person", "municipality", "school"), pk=pk)
    if not may_name_deputy(request.user, found, today):
        raise Http404
    form = DeputyForm(request.POST or None, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        try:
            name_deputy_by_form(form, found, request.user)
        except (NotAllowed, AlreadyAppointed, OutsideAppointment) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Заместитель назван"))
            return _back(request, found)
    return render(
        request, "people/deputy.html", {"form": form, "found": found}, status=422 if form.errors else 200
    )


def _back(request: SignedIn, found: Appointment) -> HttpResponse:
    """Go back to the person, or to one's own office from one's own appointment."""
    if visible_appointments(request.user, timezone.localdate()).filter(pk=found.pk).exists():
        return redirect("people:person", found.person_id)
    return redirect("/")


@require_POST
def end_deputy(request: SignedIn, pk: int) -> HttpResponse:
    """End a deputyship with today."""
    found = get_object_or_404(Deputyship.objects.select_related("appointment"), pk=pk)
    if not may_name_deputy(request.user, found.appointment, timezone.localdate()):
        raise Http404
    try:
        end_deputyship(found, timezone.localdate(), request.user)
        messages.success(request, _("Заместительство завершено"))
    except AlreadyEnded as refusal:
        messages.error(request, str(refusal))
    return _back(request, found.appointment)


@require_POST
def invite_one(request: SignedIn, pk: int) -> HttpResponse:
    """Invite by letter, or answer the sheet to print: its code is shown once and kept nowhere."""
    found = _appointment_or_404(request, pk)
    return _invite(request, [found], "people:person", found.person_id)


@require_POST
@for_holders_of("see_people")
def invite_many(request: SignedIn) -> HttpResponse:
    """Invite everybody of the list who has not signed in yet."""
    today = timezone.localdate()
    asked = _filters(request)
    wanted = Filters(asked.search, asked.role, "unjoined")
    found = found_appointments(request.user, today, wanted).select_related(
        "person", "region", "municipality", "school", "school__municipality"
    )
    mine: dict[int, Appointment] = {}
    for one in found.order_by("person__full_name", "pk"):
        if may_appoint(request.user, one.role, place_of(one), today):
            mine.setdefault(one.person_id, one)
    return _invite(request, list(mine.values())[:AT_ONCE], "people:list")


def _invite(request: SignedIn, found: list[Appointment], after: str, *words: Any) -> HttpResponse:
    way = request.POST.get("way", "")
    if way not in Invitation.Way.values:
        raise Http404
    sent, sheets = 0, []
    for one in found:
        try:
            invited = invite(one, way, request.user)
            if way == Invitation.Way.CODE:
                sheets.append(sheet_of(invited, request))
                continue
            send_letter(invited, request)
            sent += 1
        except (CannotInvite, LetterNotSent) as refusal:
            messages.error(request, f"{one.person}: {refusal}")
    if sheets:
        response = render(request, "people/sheets.html", {"sheets": sheets})
        response.headers["Cache-Control"] = "no-store"
        return response
    if sent:
        messages.success(request, _("Писем отправлено: {count}").format(count=sent))
    elif not found:
        messages.error(request, _("Приглашать некого: все уже вошли"))
    return redirect(after, *words)


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Make an open invitation of no use."""
    seen = visible_appointments(request.user, timezone.localdate())
    found = get_object_or_404(
        Invitation.objects.filter(appointment__in=seen).select_related("appointment"), pk=pk
    )
    try:
        withdraw_invitation(found, request.user)
        messages.success(request, _("Приглашение отозвано"))
    except NotAllowed:
        raise Http404 from None
    except NotValid:
        messages.error(request, _("Приглашение уже принято или отозвано"))
    return redirect("people:person", found.person_id)


@require_POST
def forget(request: SignedIn, pk: int) -> HttpResponse:
    """Forget the name and address of somebody who asked."""
    today = timezone.localdate()
    found = get_object_or_404(visible_people(request.user, today), pk=pk)
    try:
        forget_person(found, request.user)
        messages.success(request, _("Имя и адрес заменены номером"))
    except NotAllowed:
        raise Http404 from None
    except CannotForget as refusal:
        messages.error(request, str(refusal))
    return redirect("people:person", pk)


@require_GET
def order(request: SignedIn, pk: int) -> FileResponse:
    """Hand out the file of an order, always as an attachment: it is not ours to show in our own frame."""
    found = visible_order(request.user, timezone.localdate(), pk)
    if found is None:
        raise Http404
    return handed_out(found.digest, found.file_name)


@require_GET
def order_viewers(request: SignedIn, pk: int) -> HttpResponse:
    """Say who sees an order: «Кто это видит?»."""
    page = viewers_of_order(request.user, timezone.localdate(), pk, page_asked(request.GET))
    if page is None:
        raise Http404
    return render(request, "registry/viewers.html", {"page": page})


@require_http_methods(["GET", "POST"])
@for_holders_of("import_people")
def import_table(request: SignedIn) -> HttpResponse:
    """Check a table of people: what it would do, or everything that is wrong with it."""
    report = None
    form = PeopleTableForm(*_sent(request), viewer=request.user, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        given, region = form.cleaned_data["file"], form.cleaned_data["region"]
        upload = Upload(given.name or "", given.size or 0, given.read())
        report = check_table(upload, request.user, region.pk if region else "")
    status = 422 if form.errors or (report and report.problems) else 200
    return render(request, "people/import.html", {"form": form, "report": report}, status=status)


@require_POST
@for_holders_of("import_people")
def load_table(request: SignedIn) -> HttpResponse:
    """Load the table that was checked."""
    form = PeopleTableForm(viewer=request.user, today=timezone.localdate())
    report = None
    try:
        report = load_checked(request.POST.get("checked", ""), request.user)
    except CheckedTooLongAgo as refusal:
        messages.error(request, str(refusal))
    status = 200 if report and report.done else 422
    return render(request, "people/import.html", {"form": form, "report": report}, status=status)


def _sent(request: SignedIn) -> tuple[Any, Any]:
    """Answer what a form was sent with; nothing where the page is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
