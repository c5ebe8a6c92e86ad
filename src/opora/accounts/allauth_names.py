"""The addresses of accounts under the names by which allauth looks for its own pages; it has no others."""

from django.urls import path

from opora.accounts.urls import ROUTES

urlpatterns = [
    path(address, view, name=name)  # type: ignore[call-overload]
    for address, view, _ours, names in ROUTES
    for name in names
]
