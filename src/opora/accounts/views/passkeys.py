"""Passkeys: add, rename, remove."""

import ipaddress
import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as lazy

from opora.accounts import actions, letters
from opora.accounts.adapters import SecondFactors, site
from opora.accounts.forms import PasskeyAddForm, PasskeyNameForm
from opora.accounts.middleware import PASSED, pass_second_factor
from opora.accounts.views.words import Spoken, Words


class AddPasskey(AddWebAuthnView):
    """Make a passkey in this browser."""

    template_name = "accounts/passkey_add.html"
    form_class = PasskeyAddForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask for a key that signs in by itself, after a finger, a face or a PIN."""
        told = super().get_context_data(**kwargs)
        return told | {
            "options": json.dumps(begin_registration(self.request.user, True)),
            "is_named_by_number": is_named_by_number(self.request),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; it is a second factor as well."""
        with transaction.atomic():
            response = super().form_valid(form)
            actions.record_own("passkey_added", self.request.user)
        changed(self.request, "passkey_added")
        return response


class RenamePasskey(Spoken, EditWebAuthnView):
    """Give a passkey another name."""

    template_name = "accounts/form.html"
    form_class = PasskeyNameForm
    success_url = reverse_lazy("accounts:security")
    words = Words(lazy("Название ключа доступа"), lazy("Сохранить название"))

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        with transaction.atomic():
            response = super().form_valid(form)
            actions.record_own("passkey_renamed", self.request.user)
        return response


class RemovePasskey(Spoken, RemoveWebAuthnView):
    """Forget a passkey."""

    template_name = "accounts/form.html"
    success_url = reverse_lazy("accounts:security")
    words = Words(
        lazy("Удалить ключ доступа?"),
        lazy("Удалить ключ"),
        lazy("Войти этим ключом больше будет нельзя. Удалите его и в самом устройстве."),
        is_grave=True,
    )

    def form_valid(self, form: Any) -> HttpResponse:
        """Forget it, unless it is the last second factor of whoever must have one."""
        if not SecondFactors().can_delete_authenticator(self.get_object()):
            return HttpResponseRedirect(f"{self.success_url}?kept=1")
        with transaction.atomic():
            response = super().form_valid(form)
            actions.record_own("passkey_removed", self.request.user)
        removed(self.request, "passkey_removed")
        return response


def changed(request: HttpRequest, deed: str) -> None:
    """A second factor was set up: it was shown, too; the session gets a new key, and the person a letter."""
    pass_second_factor(request, request.user)  # type: ignore[arg-type]
    actions.renew_session(request)
    letters.later(letters.send_notice, request.user.email, deed, site(request))  # type: ignore[union-attr]


def removed(request: HttpRequest, deed: str) -> None:
    """A second factor was taken away; where none is left, nothing was shown."""
    person = request.user
    if not Authenticator.objects.filter(user=person, type__in=["totp", "webauthn"]).exists():
        request.session.pop(PASSED, None)
    letters.later(letters.send_notice, person.email, deed, site(request))  # type: ignore[union-attr]


def is_named_by_number(request: HttpRequest) -> bool:
    """Tell whether the site is opened by a number: passkeys belong to names."""
    host = split_domain_port(request.get_host())[0].strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
