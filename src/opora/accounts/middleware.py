"""What every request passes through: sessions seen, second factors asked for, too many tries told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from opora.accounts import actions
from opora.accounts.duty import must_have_second_factor
from opora.accounts.models import User
from opora.accounts.throttling import Throttled

Answer = Callable[[HttpRequest], HttpResponse]
SEEN, EVERY = "seen_at", timedelta(minutes=5)
PASSED = "second_factor_passed"  # in a session: the number of the person who showed a second factor in it
NOTHING = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), midi=()"


class PermissionsPolicy:
    """Tells the browser that no page needs a camera, a place or a purse; passkeys are for our pages alone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        ours = "publickey-credentials-get=(self), publickey-credentials-create=(self)"
        response.headers.setdefault("Permissions-Policy", f"{NOTHING}, {ours}")
        return response


class Sessions:
    """Remembers when a session was last seen, and answers where there were too many tries."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            now = timezone.now()
            if request.session.get(SEEN, 0) < (now - EVERY).timestamp():
                request.session[SEEN] = now.timestamp()
                actions.see_session(request, now)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Say how long to wait, the same to everybody."""
        if not isinstance(problem, Throttled):
            return None
        minutes = -(-problem.seconds // 60)
        response = render(request, "accounts/too_many.html", {"minutes": minutes}, status=429)
        response.headers["Retry-After"] = str(problem.seconds)
        return response


class SecondFactor:
    """Opens nothing to a person of the staff before a second factor is set up and shown."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *given: Any) -> HttpResponse | None:
        """Send whoever must have a second factor to it first."""
        person = request.user
        if not isinstance(person, User) or is_open_before(view) or has_passed(request):
            return None
        if not must_have_second_factor(person):
            return None
        if not is_mfa_enabled(person, ["totp", "webauthn"]):
            return redirect("accounts:security")
        after = request.get_full_path() if request.method == "GET" else "/"
        way = "confirm_code" if is_mfa_enabled(person, ["totp"]) else "confirm_passkey"
        return redirect(f"{redirect(f'accounts:{way}').url}?{urlencode({'next': after})}")


def open_before_second_factor(view: Any) -> Any:
    """Mark a view that opens before a second factor is shown."""
    view.open_before_second_factor = True
    return view


def is_open_before(view: Any) -> bool:
    """Tell whether a view opens before a second factor is shown: it says so, or is for everybody."""
    return getattr(view, "open_before_second_factor", False) or not getattr(view, "login_required", True)


def has_passed(request: HttpRequest) -> bool:
    """Tell whether this person showed a second factor in this session."""
    return bool(request.session.get(PASSED) == request.user.pk)


def pass_second_factor(request: HttpRequest, person: User) -> None:
    """Remember that a second factor was shown."""
    request.session[PASSED] = person.pk
