"""Sign in, the second step, sign out, choose the language, the health of the program."""

from typing import Any

from allauth.account.mixins import LogoutFunctionalityMixin
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.adapter import get_adapter as get_outside_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import RedirectURLMixin
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from opora.accounts.forms import CodeForm, PasskeyCodeForm, PasskeySignInForm, SignInForm
from opora.accounts.middleware import pass_second_factor
from opora.accounts.views.passkeys import for_script, is_named_by_number

A_YEAR = 365 * 24 * 3600


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the page the other ways in."""
        told = super().get_context_data(**kwargs)
        return told | {
            "next": told["redirect_field_value"] or "",
            "outside": get_outside_adapter().list_apps(self.request),
            "is_named_by_number": is_named_by_number(self.request),
            "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
        }


class SecondStep(AuthenticateView):
    """The code or the passkey after the password."""

    template_name = "accounts/code.html"
    form_class = CodeForm
    webauthn_form_class = PasskeyCodeForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Let the person in: a second factor was shown."""
        pass_second_factor(self.request, self.stage.login.user)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the page the ways that this person has."""
        told = super().get_context_data(**kwargs)
        types = set(self.stage.login.user.authenticator_set.values_list("type", flat=True))
        return told | {
            "has_passkey": "webauthn" in types,
            "has_codes": bool(types - {"webauthn"}),
            "options": for_script(told["js_data"]["request_options"]),
        }


class PasskeySignIn(LoginWebAuthnView):
    """A passkey instead of a password: it is two factors at once."""

    form_class = PasskeySignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer our script what the passkey must sign; send a person to the page."""
        if "application/json" not in request.headers.get("Accept", ""):
            return HttpResponseRedirect("/sign-in/")
        return JsonResponse({"options": begin_authentication(user=None)})

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say on the sign-in page that it did not do."""
        return HttpResponseRedirect("/sign-in/?passkey=refused")

    def form_valid(self, form: Any) -> HttpResponse:
        """Let the person in, to where they wanted."""
        authenticator = form.cleaned_data["credential"]
        pass_second_factor(self.request, authenticator.user)
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        return perform_passwordless_login(self.request, authenticator, login)


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutFunctionalityMixin, RedirectURLMixin, View):
    """Sign out, or forget a sign-in that was begun; also when the session has ended already."""

    next_page = "/"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it and go to the first page, which asks to sign in."""
        self.logout()
        return HttpResponseRedirect(self.get_success_url())


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to the page."""
    wanted, after = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = "/"
    response = HttpResponseRedirect(after)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            A_YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@login_not_required
@never_cache
@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """Answer «ok» while the program and its database work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
