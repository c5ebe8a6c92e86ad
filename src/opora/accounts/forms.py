"""Forms of signing in: allauth's own, with our words, our limits and our deeds."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm, ResetPasswordKeyForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthConfirmForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as lazy

from opora.accounts import actions
from opora.accounts.passwords import CommonPassword
from opora.accounts.throttling import try_once

NEW_PASSWORD = lazy("Новый пароль")
AGAIN = lazy("Новый пароль ещё раз")


class SignInForm(LoginForm):
    """An e-mail address and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = lazy("Электронная почта")
        self.fields["login"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        self.fields["password"].label = lazy("Пароль")
        plain(self)

    def add_prefix(self, field_name: str) -> str:
        """Keep the name under which browsers and people's password keepers know the field."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def clean_login(self) -> str:
        """Addresses are kept in small letters."""
        return super().clean_login().lower()


class CodeChecking(forms.Form):
    """Takes a one-time or a recovery code once, so many times and not more."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for_code(self.fields["code"])
        self.fields["code"].help_text = lazy("Шесть цифр из приложения или один из запасных кодов.")

    def clean_code(self) -> str:
        """Check the code; in parallel only one request gets it.

        Raises: ValidationError; Throttled.
        """
        tried = try_once("code", context.request, str(self.user.pk))
        code = str(self.cleaned_data["code"])
        found = actions.use_code(self.user, code)
        if found is None:
            actions.record_refusal("code_refused", self.user)
            raise get_adapter().validation_error("incorrect_code")
        tried.succeeded()
        found.user = self.user
        self.authenticator = found
        return code


class CodeForm(CodeChecking, AuthenticateForm):
    """The code after the password."""


class ConfirmCodeForm(CodeChecking, AllauthConfirmForm):
    """The code before something about signing in is changed."""


class FirstCodeForm(ActivateTOTPForm):
    """The first code of an application that has just learnt the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for_code(self.fields["code"])
        self.fields["code"].help_text = lazy("Шесть цифр, которые приложение показывает сейчас.")

    def clean_code(self) -> str:
        """Check the code, so many times and not more.

        Raises: ValidationError; Throttled.
        """
        tried = try_once("code", context.request, str(self.user.pk))
        code = super().clean_code()
        tried.succeeded()
        return code


class PasskeyChecking(forms.Form):
    """Checks what a passkey has signed, and writes refusals down."""

    def clean_credential(self) -> Any:
        """Check it.

        Raises: ValidationError; Throttled.
        """
        tried = try_once("passkey", context.request)
        try:
            authenticator = super().clean_credential()  # type: ignore[misc]
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
            actions.record_refusal("passkey_refused", None)
            raise ValidationError(lazy("Ключ доступа не подошёл."), code="incorrect_code") from None
        tried.succeeded()
        return authenticator


class PasskeySignInForm(PasskeyChecking, LoginWebAuthnForm):
    """A passkey instead of a password."""


class PasskeyCodeForm(PasskeyChecking, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyConfirmForm(PasskeyChecking, ReauthenticateWebAuthnForm):
    """A passkey before something about signing in is changed."""


class PasskeyAddForm(AddWebAuthnForm):
    """A new passkey: one that signs in by itself, after a finger, a face or a PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        named(self.fields["name"])

    def clean(self) -> dict[str, Any]:
        """Check what the browser answered.

        Raises: ValidationError.
        """
        try:
            return super().clean() | {"passwordless": True}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ValidationError(lazy("Ключ доступа не подошёл."), code="incorrect_code") from None


class PasskeyNameForm(EditWebAuthnForm):
    """Another name of a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named(self.fields["name"])
        self.fields["name"].required = True


class ResetForm(forms.Form):
    """Whose password was forgotten."""

    email = forms.EmailField(
        label=lazy("Электронная почта"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password by a link from a letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for_password(self)


class PasswordForm(ChangePasswordForm):
    """A new password instead of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = lazy("Нынешний пароль")
        asked_for_password(self)

    def clean_oldpassword(self) -> str:
        """Check the present password, so many times and not more.

        Raises: ValidationError; Throttled.
        """
        tried = try_once("password", context.request, self.user.email)
        told = super().clean_oldpassword()
        tried.succeeded()
        return told


class FirstPasswordForm(AllauthSetPasswordForm):
    """A password for somebody who has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for_password(self)


class ConfirmPasswordForm(ReauthenticateForm):
    """The password before something about signing in is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = lazy("Пароль")
        plain(self)


def plain(form: forms.Form) -> None:
    """Say nothing inside the fields: our pages say it above them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""


def asked_for_password(form: forms.Form) -> None:
    """Ask for a new password twice, in our words."""
    plain(form)
    form.fields["password1"].label = NEW_PASSWORD
    form.fields["password1"].help_text = CommonPassword().get_help_text()
    form.fields["password2"].label = AGAIN


def asked_for_code(field: forms.Field) -> None:
    """Ask for a code so that a telephone shows digits and offers the code by itself."""
    field.label = lazy("Код")
    field.widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 20}
    )


def named(field: forms.Field) -> None:
    """Ask for the name of a passkey."""
    field.label = lazy("Название")
    field.required = False
    field.widget = forms.TextInput(attrs={"maxlength": 60})
    field.help_text = lazy("Чтобы отличать ключи: «Телефон», «Ноутбук в учительской».")
