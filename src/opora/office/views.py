"""The personal office, one's own data as a file, and the request to be forgotten."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opora.accounts.requests import SignedIn
from opora.language import _
from opora.office.actions import note_visit
from opora.office.queries import kept_about, office_page
from opora.people.actions import ask_to_be_forgotten
from opora.registry.access import is_appointed


@require_GET
def home(request: SignedIn) -> HttpResponse:
    """Show one's own office."""
    before = note_visit(request.user)
    page = office_page(request.user, timezone.localdate(), before)
    return render(request, "office/home.html", {"page": page})


@require_GET
def own_data(request: SignedIn) -> HttpResponse:
    """Give all that is kept about oneself as a file."""
    kept = kept_about(request.user, timezone.localdate())
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="opora-my-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def forget(request: SignedIn) -> HttpResponse:
    """Say what being forgotten means, and take the request."""
    today = timezone.localdate()
    if request.method == "GET":
        return render(request, "office/forget.html", {"in_work": is_appointed(request.user, today)})
    asked = ask_to_be_forgotten(request.user)
    if asked.done_at:
        logout(request)
        messages.success(request, _("Ваши имя и адрес забыты"))
        return redirect("accounts:sign_in")
    messages.success(request, _("Просьба передана координатору вашего региона"))
    return redirect("office:home")
