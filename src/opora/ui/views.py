"""Shows every component in every state, with invented figures; and what is said of a fault."""

import logging
import secrets
import sys
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from opora.lib import full_disk
from opora.lib.faults import told
from opora.ui.gallery import gallery_page

ERROR_PAGES = (403, 404, 500, 507)
log = logging.getLogger(__name__)


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the gallery; it reads neither the session nor the database."""
    return render(request, "ui/gallery.html", {"gallery": gallery_page(request.GET)})


@login_not_required
@require_safe
def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Show an error page as a person would see it, without the error."""
    if status not in ERROR_PAGES:
        raise Http404
    return render(request, f"{status}.html", {"fault": fault_number()})


def broken(request: HttpRequest) -> HttpResponse:
    """Write a fault down under a number, and say that something broke; that a disk is full is said as such.

    The pages read neither the session nor the database: these may be what broke. What is written names the
    view, not the address: that of an invitation is a secret.
    """
    fault, number = sys.exc_info()[1], fault_number()
    _forget_uploads(request)
    ended = isinstance(fault, OperationalError) and full_disk.has_no_room(settings.DATA)
    if not ended and not full_disk.is_full(fault):
        view = request.resolver_match.view_name if request.resolver_match else "-"
        words = request.content_type != "multipart/form-data"
        log.error("fault %s, %s %s\n%s", number, request.method, view, told(fault, words=words))
        return HttpResponse(render_to_string("500.html", {"fault": number}), status=500)
    log.error(full_disk.sentence(full_disk.place(settings.DATA)))
    return HttpResponse(render_to_string("507.html"), status=507)


def fault_number() -> str:
    """Answer a number by which a person and the log speak of the same fault."""
    digits = f"{secrets.randbelow(10**8):08}"
    return f"{digits[:4]}-{digits[4:]}"


def _forget_uploads(request: HttpRequest) -> None:
    """Delete files that were on their way in: they hold rows of pupils, and the room that was lacking."""
    for handler in request.upload_handlers:
        with suppress(OSError, AttributeError):
            handler.file.close()  # type: ignore[attr-defined]  # one that has begun to write has it
