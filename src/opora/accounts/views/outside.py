"""Signing in through another system (OpenID Connect)."""

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST


@login_not_required
@never_cache
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to the other system."""
    response: HttpResponse = openid_connect.login(request, provider_id)
    return response


@login_not_required
@never_cache
@require_GET
def end(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the person back from there."""
    response: HttpResponse = openid_connect.callback(request, provider_id)
    return response


@login_not_required
@never_cache
def refused(request: HttpRequest) -> HttpResponse:
    """Say that nobody was let in, the same whatever the reason."""
    return render(request, "accounts/outside_refused.html", status=403)
