"""Shows every component in every state, with invented figures."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opora.ui.gallery import gallery_page

ERROR_PAGES = (403, 404, 500)


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
