"""How allauth's machinery behaves here: whom it lets in, what it says, what of it is written in the log."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from opora.accounts import actions, letters
from opora.accounts.devices import rough
from opora.accounts.duty import must_have_second_factor
from opora.accounts.models import User
from opora.accounts.throttling import address, try_once

FRESH = 600  # seconds after signing in during which nobody is asked to prove it again


class Accounts(DefaultAccountAdapter):
    """Signs people in and out."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": lazy(
            "Такой пары адреса и пароля нет. Проверьте раскладку и заглавные буквы."
        ),
        "enter_current_password": lazy("Это не ваш нынешний пароль."),
        "incorrect_password": lazy("Это не ваш пароль."),
        "invalid_password_reset": lazy("Ссылка не действует."),
        "incorrect_code": lazy("Код не подошёл."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation only."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer pages, never allauth's own notation."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Stay silent: our pages say themselves what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Stay silent: our deeds send letters of their own."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Answer what the list of sessions keeps: no precise address."""
        return rough(address(request))

    def is_safe_url(self, url: str) -> bool:
        """Let people go on to pages of this site only."""
        request = self.request
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
            return True
        if url:
            actions.record_refusal("address_refused", None)
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password, so many times and not more.

        Raises: Throttled.
        """
        email = str(credentials.get("email", "")).strip().lower()
        tried = try_once("password", request, email)
        person = authenticate(request, **credentials | {"email": email})
        if isinstance(person, User):
            tried.succeeded()
            return person
        actions.record_refusal("password_refused", User.objects.filter(email=email).first())
        return None

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in under a new session key, and write it down."""
        with transaction.atomic():
            super().login(request, user)
            actions.record_own("signed_in", user)
            actions.begin_session(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and write it down."""
        person, key = request.user, request.session.session_key
        with transaction.atomic():
            super().logout(request)
            actions.end_sessions([key])
            if isinstance(person, User):
                actions.record_own("signed_out", person)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Say to somebody whose account is closed what everybody is told who may not come in."""
        return redirect("accounts:outside_refused")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for a proof again unless one was given a moment ago, be it by signing in."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(timezone.now().timestamp() - record["at"] < FRESH for record in records)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Name the ways to prove it in our words."""
        names = {
            "reauthenticate": _("паролем"),
            "mfa_reauthenticate": _("одноразовым или запасным кодом"),
            "mfa_reauthenticate:webauthn": _("ключом доступа"),
        }
        return [one | {"description": names[one["id"]]} for one in super().get_reauthentication_methods(user)]

    def set_password(self, user: Any, password: str) -> None:
        """Give a new password by our own deed."""
        deed = "password_changed" if self.request.user.is_authenticated else "password_reset"
        actions.set_password(user, password, deed)
        letters.later(letters.send_notice, user.email, deed, site(self.request))


class SecondFactors(DefaultMFAAdapter):
    """Keeps the secrets of second factors, and says who may do without one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": lazy("Код не подошёл."),
        "cannot_delete_authenticator": lazy(
            "Для вашей роли второй фактор обязателен: сначала добавьте другой."
        ),
        "cannot_generate_recovery_codes": lazy(
            "Запасные коды нужны к другому второму фактору: начните с него."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Keep a secret so that the database alone does not give it away."""
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret back."""
        return vault().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second factor of whoever must have one."""
        person = User.objects.get(pk=authenticator.user_id)
        others = (
            Authenticator.objects.filter(user=person)
            .exclude(pk=authenticator.pk)
            .exclude(type="recovery_codes")
        )
        return others.exists() or not must_have_second_factor(person)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Name a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Ключ {number}").format(number=number)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Stay silent: our deeds send letters of their own."""


class OutsideAccounts(DefaultSocialAccountAdapter):
    """Finds the account of somebody whom another system has recognised; never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never make an account."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let in whom a coordinator wrote down, or whose verified address is an account's; nobody else.

        Raises: ImmediateHttpResponse; Throttled.
        """
        tried = try_once("outside", request)
        if not sociallogin.is_existing and (person := found_by_email(sociallogin)):
            sociallogin.user = person
            told = sociallogin.account
            sociallogin.account = actions.link_outside(person, told.provider, told.uid, person)
        actions.forget_claims(sociallogin.account)
        if not sociallogin.is_existing or not sociallogin.user.is_active:
            actions.record_refusal("outside_refused", None)
            raise ImmediateHttpResponse(refused())
        tried.succeeded()

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any) -> None:
        """Show our own page, whatever went wrong there: forged, old, refused, unreachable.

        Raises: ImmediateHttpResponse.
        """
        actions.record_refusal("outside_refused", None)
        raise ImmediateHttpResponse(refused())

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Know the systems that the environment names; none is kept in the database."""
        from allauth.socialaccount.adapter import _build_apps_from_settings

        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Stay silent: our deeds send letters of their own."""


def refused() -> HttpResponseRedirect:
    """Answer the page that says the other system's person has no account here."""
    return HttpResponseRedirect(redirect("accounts:outside_refused").url)


def found_by_email(sociallogin: Any) -> User | None:
    """Find the account whose address the other system says it has verified, if it is trusted to say so."""
    app = sociallogin.provider.app
    if not app.settings.get("by_email"):
        return None
    claims: dict[str, Any] = {}
    for part in ("id_token", "userinfo"):
        claims |= sociallogin.account.extra_data.get(part) or {}
    if claims.get("email_verified") is not True or not claims.get("email"):
        return None
    return User.objects.filter(email=str(claims["email"]).strip().lower(), is_active=True).first()


def vault() -> MultiFernet:
    """Make the keys from the program's secret; older secrets still read."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [
        hashlib.sha256(b"opora.accounts.second_factor" + str(secret).encode()).digest() for secret in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def site(request: HttpRequest) -> str:
    """Answer the address of this site, for links in letters."""
    return f"{request.scheme}://{request.get_host()}"
