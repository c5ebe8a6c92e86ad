"""Signing in through another system (OpenID Connect)."""

from collections.abc import Callable

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from opora.accounts import actions
from opora.accounts.adapters import refused as to_refused

# What another system may do wrong: not answer, or answer something else than the protocol says.
BROKEN = (RequestException, KeyError, ValueError, TypeError)


@login_not_required
@never_cache
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to the other system."""
    return with_the_other(openid_connect.login, request, provider_id)


@login_not_required
@never_cache
@require_GET
def end(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the person back from there."""
    return with_the_other(openid_connect.callback, request, provider_id)


def with_the_other(deed: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    """Do what needs the other system; where that is broken, nobody is let in."""
    try:
        return deed(request, provider_id)
    except BROKEN:
        actions.record_refusal("outside_refused", None)
        return to_refused()


@login_not_required
@never_cache
def refused(request: HttpRequest) -> HttpResponse:
    """Say that nobody was let in, the same whatever the reason."""
    return render(request, "accounts/outside_refused.html", status=403)
