"""«Безопасность входа»: the password, second factors, recovery codes, sessions; proving that it is you."""

import json
from typing import Any

from allauth.account.views import PasswordChangeView, PasswordSetView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ConfirmByCodeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from opora.accounts import actions
from opora.accounts.duty import must_have_second_factor
from opora.accounts.forms import (
    ConfirmCodeForm,
    ConfirmPasswordForm,
    FirstCodeForm,
    FirstPasswordForm,
    PasskeyConfirmForm,
    PasswordForm,
)
from opora.accounts.middleware import has_passed, pass_second_factor
from opora.accounts.pictures import square_code
from opora.accounts.queries import security_page
from opora.accounts.requests import SignedIn
from opora.accounts.views.passkeys import changed, is_named_by_number, removed
from opora.accounts.views.words import Spoken, Words


@never_cache
def security(request: SignedIn) -> HttpResponse:
    """Show how one signs in and where one is signed in."""
    must = must_have_second_factor(request.user)
    told = {
        "page": security_page(request.user, request.session.session_key, timezone.now()),
        "must": must,
        "is_closed": must and not has_passed(request),
        "is_named_by_number": is_named_by_number(request),
    }
    return render(request, "accounts/security.html", told)


@require_POST
def end_others(request: SignedIn) -> HttpResponse:
    """End every session of the person but this one (выйти везде)."""
    actions.end_other_sessions(request, request.user)
    messages.success(request, _("Остальные входы закрыты."))
    return redirect("accounts:security")


class Password(Spoken, PasswordChangeView):
    """Change the password; other sessions end."""

    template_name = "accounts/form.html"
    form_class = PasswordForm
    success_url = reverse_lazy("accounts:security")
    words = Words(
        lazy("Новый пароль"),
        lazy("Сменить пароль"),
        lazy("Все остальные входы закроются: на других устройствах придётся войти с новым паролем."),
    )

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it and say so."""
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("Пароль изменён, остальные входы закрыты."))
        return response


class FirstPassword(Spoken, PasswordSetView):
    """Give a password to somebody who signs in without one."""

    template_name = "accounts/form.html"
    form_class = FirstPasswordForm
    success_url = reverse_lazy("accounts:security")
    words = Words(lazy("Пароль"), lazy("Задать пароль"))


class OneTimeCodes(ActivateTOTPView):
    """Set up an application that makes one-time codes."""

    template_name = "accounts/one_time_codes.html"
    form_class = FirstCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Draw the secret as a square code; it also stands there in letters."""
        told = super().get_context_data(**kwargs)
        secret = told["form"].secret
        groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
        return told | {"square": square_code(told["totp_url"]), "secret": groups}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the secret: a code of it was shown."""
        with transaction.atomic():
            response = super().form_valid(form)
            actions.record_own("one_time_codes_set", self.request.user)
        changed(self.request, "one_time_codes_set")
        return response


class NoOneTimeCodes(Spoken, DeactivateTOTPView):
    """Do without one-time codes."""

    template_name = "accounts/form.html"
    success_url = reverse_lazy("accounts:security")
    words = Words(
        lazy("Убрать одноразовые коды?"),
        lazy("Убрать"),
        lazy("Вход снова откроет один пароль, если у вас нет ключа доступа."),
        is_grave=True,
    )

    def form_valid(self, form: Any) -> HttpResponse:
        """Forget the secret."""
        with transaction.atomic():
            response = super().form_valid(form)
            actions.record_own("one_time_codes_removed", self.request.user)
        removed(self.request, "one_time_codes_removed")
        return response


@method_decorator(never_cache, name="dispatch")
class RecoveryCodes(ViewRecoveryCodesView):
    """Show the recovery codes, once."""

    template_name = "accounts/recovery_codes.html"


class NewRecoveryCodes(Spoken, GenerateRecoveryCodesView):
    """Make new recovery codes instead of the old ones."""

    template_name = "accounts/form.html"
    words = Words(
        lazy("Выпустить новые запасные коды?"),
        lazy("Выпустить новые коды"),
        lazy("Старые перестанут действовать, новые будут показаны один раз."),
    )

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them."""
        with transaction.atomic():
            response = super().form_valid(form)
            actions.record_own("recovery_codes_made", self.request.user)
        return response


class Confirming:
    """A page where one proves that it is oneself; the other ways are offered beside."""

    request: HttpRequest
    second_factor = False
    template_name = "accounts/confirm.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on with what was asked for."""
        if self.second_factor:
            pass_second_factor(self.request, self.request.user)  # type: ignore[arg-type]
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say on the same page that it did not do."""
        view: Any = self
        response: HttpResponse = view.render_to_response(view.get_context_data(form=form))
        return response


class ConfirmByPassword(Confirming, ReauthenticateView):
    """Prove it by the password."""

    form_class = ConfirmPasswordForm


class ConfirmByCode(Confirming, ConfirmByCodeView):
    """Prove it by a code."""

    form_class = ConfirmCodeForm
    second_factor = True


class ConfirmByPasskey(Confirming, ReauthenticateWebAuthnView):
    """Prove it by a passkey."""

    form_class = PasskeyConfirmForm
    second_factor = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the script what the passkey must sign."""
        told = super().get_context_data(**kwargs)
        return told | {
            "form": kwargs.get("form") or self.get_form(),
            "options": json.dumps(begin_authentication(self.request.user)),
            "is_named_by_number": is_named_by_number(self.request),
        }
