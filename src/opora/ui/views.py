"""Shows every component in every state, with invented figures; and what is said of a fault."""

import logging
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
    return render(request, f"{status}.html")


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something broke; that a disk is full is said as such.

    The pages read neither the session nor the database: these may be what broke.
    """
    fault = sys.exc_info()[1]
    _forget_uploads(request)
    ended = isinstance(fault, OperationalError) and full_disk.has_no_room(settings.DATA)
    if not ended and not full_disk.is_full(fault):
        return HttpResponse(render_to_string("500.html"), status=500)
    log.error(full_disk.sentence(full_disk.place(settings.DATA)))
    return HttpResponse(render_to_string("507.html"), status=507)


def _forget_uploads(request: HttpRequest) -> None:
    """Delete files that were on their way in: they hold rows of pupils, and the room that was lacking."""
    for handler in request.upload_handlers:
        with suppress(OSError, AttributeError):
            handler.file.close()  # type: ignore[attr-defined]  # one that has begun to write has it
