"""The import desk: files are announced, come piece by piece, and are shown as they go.

Sending follows the resumable uploads that browsers know (tus 1.0): announced by POST; HEAD says how much has
come; PATCH adds a piece where the file ends, and is told where (409) if it ends elsewhere.
"""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from opora.accounts.requests import SignedIn
from opora.language import _
from opora.lib import full_disk
from opora.registry.doors import for_holders_of
from opora.results.desk import spool
from opora.results.desk.access import own_desk
from opora.results.desk.actions import DeskFull, announce_files, clear_from_desk, take_piece
from opora.results.desk.forms import AnnounceForm
from opora.results.desk.query import desk_page, desk_version
from opora.results.models import DeskFile

PIECES = "application/offset+octet-stream"


@require_http_methods(["GET", "POST"])
@for_holders_of("import_results")
def desk(request: SignedIn) -> HttpResponse:
    """Show the desk as it is now, nothing if that is shown already; or put announced files on it."""
    if request.method == "POST":
        return _announce(request)
    if not request.htmx:
        return redirect("results:import")
    if request.GET.get("seen") == desk_version(request.user):
        return HttpResponse(status=204)
    return render(request, "results/desk/desk.html", {"desk": desk_page(request.user)})


def _announce(request: SignedIn) -> HttpResponse:
    form = AnnounceForm(request.POST, viewer=request.user, today=timezone.localdate())
    if not form.is_valid():
        said = [f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items()]
        return JsonResponse({"sentence": " ".join(said)}, status=422)
    try:
        language = get_language() or "ru"
        rows = announce_files(form.cleaned_data["files"], form.hints(), request.user, language)
    except DeskFull as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=507)
    return JsonResponse({"files": [_told(row) for row in rows]})


def _told(row: DeskFile) -> dict[str, Any]:
    is_awaited = row.state == DeskFile.State.SENDING
    return {
        "address": reverse("results:desk_piece", args=(row.key,)),
        "offset": row.received if is_awaited else row.size,
        "awaited": is_awaited,
    }


@require_http_methods(["HEAD", "PATCH"])
@for_holders_of("import_results")
def piece(request: SignedIn, key: str) -> HttpResponse:
    """Say how much of a file has come (HEAD), or take its next piece (PATCH)."""
    if request.method == "HEAD":
        row = get_object_or_404(own_desk(request.user), key=key)
        there = spool.length(key) if row.state == DeskFile.State.SENDING else row.size
        return _at(row.size, there if there is not None else 0)
    offset = request.headers.get("Upload-Offset", "")
    if request.content_type != PIECES or not (offset.isascii() and offset.isdigit()):
        return JsonResponse({"sentence": _("Кусок файла прислан не так.")}, status=400)
    return _take(request, key, int(offset))


def _take(request: SignedIn, key: str, offset: int) -> HttpResponse:
    try:
        if not spool.has_room(spool.PIECE):
            return JsonResponse({"sentence": _("На диске сервера кончилось место.")}, status=507)
        row = take_piece(key, offset, request.read, request.user)
    except (DeskFile.DoesNotExist, FileNotFoundError):
        raise Http404 from None
    except spool.WrongOffset as wrong:
        return _at(None, wrong.offset, status=409)
    except spool.PieceTooLarge:
        return JsonResponse({"sentence": _("Кусок файла больше, чем должен быть.")}, status=413)
    except OSError as fault:
        if not full_disk.is_full(fault):
            raise
        return JsonResponse({"sentence": _("На диске сервера кончилось место.")}, status=507)
    return _at(row.size, row.received, status=204)


def _at(size: int | None, offset: int, status: int = 200) -> HttpResponse:
    headers = {"Upload-Offset": str(offset), "Cache-Control": "no-store", "Tus-Resumable": "1.0.0"}
    if size is not None:
        headers["Upload-Length"] = str(size)
    return HttpResponse(status=status, headers=headers)


@require_POST
@for_holders_of("import_results")
def clear(request: SignedIn, key: str) -> HttpResponse:
    """Take a file from one's desk."""
    clear_from_desk(get_object_or_404(own_desk(request.user), key=key))
    return redirect("results:import")
