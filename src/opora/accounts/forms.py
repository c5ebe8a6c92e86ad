"""The sign-in form."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as lazy


class SignInForm(AuthenticationForm):
    """An e-mail address and a password."""

    error_messages = {  # noqa: RUF012 (the framework's own attribute)
        "invalid_login": lazy("Такой пары адреса и пароля нет. Проверьте раскладку и заглавные буквы."),
        "inactive": lazy("Эта учётная запись закрыта."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = lazy("Электронная почта")
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True}
        )
        self.fields["password"].label = lazy("Пароль")

    def clean_username(self) -> str:
        """Addresses are kept in small letters."""
        return str(self.cleaned_data["username"]).strip().lower()
