"""A forgotten password: a link by letter, and a new password by the link."""

from typing import Any

from allauth.account.views import PasswordResetFromKeyView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from opora.accounts import actions, letters
from opora.accounts.adapters import site
from opora.accounts.forms import NewPasswordForm, ResetForm
from opora.accounts.throttling import try_once
from opora.accounts.views.words import Spoken, Words


@method_decorator([login_not_required, never_cache], name="dispatch")
class Reset(Spoken, FormView):
    """Ask for the link; the answer is the same whoever asks, and does not wait for the letter."""

    template_name = "accounts/form.html"
    form_class = ResetForm
    success_url = reverse_lazy("accounts:reset_sent")
    words = Words(
        lazy("Забыли пароль?"),
        lazy("Прислать ссылку"),
        lazy("Пришлём ссылку, по которой можно задать новый пароль. Она действует один час и один раз."),
        back="accounts:sign_in",
    )

    def form_valid(self, form: ResetForm) -> HttpResponse:
        """Hand the address to the postman, known or not.

        Raises: Throttled.
        """
        email = form.cleaned_data["email"].lower()
        try_once("reset", self.request, email)
        letters.later(letters.send_reset, email, site(self.request))
        return super().form_valid(form)


@login_not_required
@never_cache
def reset_sent(request: HttpRequest) -> HttpResponse:
    """Say what to expect."""
    return render(request, "accounts/reset_sent.html")


@method_decorator(never_cache, name="dispatch")
class NewPassword(PasswordResetFromKeyView):
    """Give a new password by the link, which leaves the address at once."""

    template_name = "accounts/new_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:new_password_set")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count and write down a link that does not do.

        Raises: Throttled.
        """
        if kwargs.get("token_fail"):
            try_once("link", self.request)
            actions.record_refusal("link_refused", None)
        return super().get_context_data(**kwargs)


@login_not_required
def new_password_set(request: HttpRequest) -> HttpResponse:
    """Go on to signing in with the new password."""
    return HttpResponseRedirect("/sign-in/?password=set")
