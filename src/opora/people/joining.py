"""Pages for who was invited: a code is typed, a name and a password are set. Nobody is signed in here yet."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opora.accounts.signing_in import sign_in
from opora.language import _
from opora.people.actions import NotValid, accept_invitation, as_invited, open_invitation
from opora.people.forms import CodeForm, JoinForm
from opora.people.models import Invitation
from opora.people.queries import place_name
from opora.people.throttling import is_throttled, source_of, wait
from opora.registry.roles import Role

View = Callable[..., HttpResponse]


def open_to_strangers(view: View) -> View:
    """Serve a page to who is not signed in, but not to who has tried too often."""

    @wraps(view)
    def guarded(request: HttpRequest, *words: Any, **named: Any) -> HttpResponse:
        now = timezone.now()
        if is_throttled(source_of(request), now):
            response = render(request, "people/throttled.html", {"minutes": wait(now) // 60 + 1}, status=429)
            response.headers["Retry-After"] = str(wait(now))
            return response
        response = view(request, *words, **named)
        # The address is a secret; «no-referrer» would hide our own origin too, and forms would be refused.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return login_not_required(never_cache(require_http_methods(["GET", "POST"])(guarded)))


@open_to_strangers
def code(request: HttpRequest) -> HttpResponse:
    """Take a code from paper."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("people:join", form.cleaned_data["code"])
    return render(request, "people/code.html", {"form": form}, status=422 if form.errors else 200)


@open_to_strangers
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Let an invited person set a name and a password, once."""
    with as_invited(secret):
        return _join(request, secret, source_of(request))


def _join(request: HttpRequest, secret: str, source: str) -> HttpResponse:
    try:
        found = open_invitation(secret, source)
        form = JoinForm(
            request.POST or None, person=found.person, initial={"full_name": found.person.full_name}
        )
        if request.method == "POST" and (form.is_valid() or not form.fields):
            return _accepted(request, found, secret, form, source)
    except NotValid as refusal:
        return render(request, "people/not_valid.html", {"why": str(refusal)}, status=404)
    told = {"form": form, "invitation": found, "place": place_name(found.appointment)}
    told["role"] = str(Role(found.appointment.role).label)
    return render(request, "people/join.html", told, status=422 if form.errors else 200)


def _accepted(
    request: HttpRequest, found: Invitation, secret: str, form: JoinForm, source: str
) -> HttpResponse:
    """Accept, and sign in who has just set a password; who had one signs in with it."""
    knew = found.person.has_usable_password()
    name, password = form.cleaned_data.get("full_name", ""), form.cleaned_data.get("password", "")
    person = accept_invitation(secret, name, password, source)
    if knew or not person.check_password(password):
        messages.success(request, _("Приглашение принято. Войдите со своим паролем"))
        return redirect("accounts:sign_in")
    messages.success(request, _("Добро пожаловать в Опору"))
    return sign_in(request, person)
