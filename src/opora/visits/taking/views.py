"""Where records and photos come: from the pack, from plain forms, from files; and where photos are shown."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.language import _
from opora.registry.access import NotAllowed, has_deed
from opora.ui.components import Crumb
from opora.visits import photos
from opora.visits.access import sees_everything, visible_visits
from opora.visits.models import Visit, VisitPhoto, VisitRecord
from opora.visits.numbers import LARGEST_FILE, LARGEST_PHOTO, MOST_BYTES
from opora.visits.pack.query import Typed, key_of
from opora.visits.pack.views import held_visit, shown
from opora.visits.pictures import PictureRefused, cleaned
from opora.visits.protocol.records import PHOTOGRAPH
from opora.visits.taking.actions import Answer, Told, keep_photo, take_records
from opora.visits.taking.files import take_file
from opora.visits.taking.reading import FileRefused, sent_as_json, sent_by_form


@require_GET
def state(request: SignedIn, pk: int) -> HttpResponse:
    """Tell a pack what the server has, and give it what a sending needs."""
    visit = held_visit(request, pk)
    has = VisitRecord.objects.filter(visit=visit).values_list("uuid", "digest", "received_at")
    told = {
        "csrf": get_token(request),
        "person": request.user.pk,
        "records": {str(uuid): {"digest": digest, "at": at.isoformat()} for uuid, digest, at in has},
        "photos": list(VisitPhoto.objects.filter(visit=visit).values_list("digest", flat=True)),
    }
    response = JsonResponse(told)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def records(request: SignedIn, pk: int) -> HttpResponse:
    """Take records: many from the pack's program, one from a plain form."""
    visit = held_visit(request, pk)
    if request.content_type != "application/json":
        return _take_form(request, visit)
    too_much = int(request.headers.get("Content-Length") or 0) > MOST_BYTES
    sent = None if too_much else sent_as_json(request.body)
    if sent is None:
        return JsonResponse({"why": _("Записи присланы не так или их слишком много сразу.")}, status=422)
    return JsonResponse({"answers": [_told(one) for one in take_records(visit, sent, request.user)]})


def _told(answer: Answer) -> dict[str, Any]:
    at = answer.received_at
    return {
        "uuid": answer.uuid,
        "told": str(answer.told),
        "digest": answer.digest,
        "received_at": at.isoformat() if at else None,
        "why": answer.why,
    }


def _take_form(request: SignedIn, visit: Visit) -> HttpResponse:
    """Take one record of a plain form, and its photo; whatever is wrong, what was typed stays on the page."""
    posted = request.POST.dict()
    file = request.FILES.get("file")
    photo = file.read(LARGEST_PHOTO + 1) if file else None
    try:
        if photo is not None and posted.get("kind") == PHOTOGRAPH:
            cleaned(photo)
        (answer,) = take_records(visit, [sent_by_form(visit.pk, posted, photo)], request.user)
        if answer.told == Told.REFUSED:
            return shown(request, visit, Typed(key_of(posted), posted, answer.why))
        if photo is not None:
            keep_photo(visit, sent_by_form(visit.pk, posted, photo)["payload"]["photo"], photo, request.user)
    except PictureRefused as refusal:
        return shown(request, visit, Typed(key_of(posted), posted, str(refusal)))
    messages.success(request, _("Сервер получил запись"))
    return redirect("visits:pack", visit.pk)


@require_http_methods(["GET", "POST"])
def photo(request: SignedIn, pk: int, digest: str) -> HttpResponseBase:
    """Show a photo to whoever reads the records; take one that a record names."""
    if request.method == "POST":
        return _take_photo(request, held_visit(request, pk), digest)
    today = timezone.localdate()
    visit = get_object_or_404(visible_visits(request.user, today).select_related("school"), pk=pk)
    if not sees_everything(request.user, visit.school, today):
        raise Http404
    return photos.handed_out(get_object_or_404(VisitPhoto, visit=visit, digest=digest))


def _take_photo(request: SignedIn, visit: Visit, digest: str) -> HttpResponse:
    content = request.read(LARGEST_PHOTO + 1)
    try:
        kept = keep_photo(visit, digest, content, request.user)
    except PictureRefused as refusal:
        return JsonResponse({"told": "refused", "why": str(refusal)}, status=422)
    except NotAllowed:
        raise Http404 from None
    return JsonResponse({"told": "received", "size": kept.size})


@require_http_methods(["GET", "POST"])
def file(request: SignedIn) -> HttpResponse:
    """Take a file that a pack has saved."""
    if not has_deed(request.user, "hold_visits", timezone.localdate()):
        raise Http404
    crumbs = (Crumb(_("Визиты"), reverse("visits:visits")), Crumb(_("Файл визита")))
    told: dict[str, Any] = {"crumbs": crumbs}
    if request.method == "POST":
        try:
            told["taken"] = take_file(_content(request), request.user)
        except FileRefused as refusal:
            told["error"] = str(refusal)
    return render(request, "visits/file.html", told, status=422 if "error" in told else 200)


def _content(request: SignedIn) -> bytes:
    given = request.FILES.get("file")
    if given is None:
        raise FileRefused(_("Выберите файл, который сохранил пакет визита."))
    if (given.size or 0) > LARGEST_FILE:
        raise FileRefused(_("Файл больше 150 МБ: столько не сохраняет ни один пакет."))
    content: bytes = given.read()
    return content
