"""Every address of the program, a line a room."""

from django.urls import include, path

urlpatterns = [
    path("", include("opora.identification.urls")),
    path("", include("opora.results.urls")),
    path("", include("opora.office.urls")),
    path("", include("opora.people.urls")),
    path("", include("opora.registry.urls")),
    path("", include("opora.accounts.urls")),
    path("ui/", include("opora.ui.urls")),
]
