"""Every address of the program, a line a room."""

from django.urls import include, path

handler500 = "opora.ui.views.broken"
urlpatterns = [
    path("", include("opora.identification.urls")),
    path("", include("opora.registry.history.urls")),
    path("", include("opora.results.urls")),
    path("", include("opora.diagnostics.urls")),
    path("", include("opora.quality.urls")),
    path("", include("opora.visits.urls")),
    path("", include("opora.office.urls")),
    path("", include("opora.people.urls")),
    path("", include("opora.registry.urls")),
    path("", include("opora.accounts.urls")),
    path("", include("opora.accounts.allauth_names")),
    path("ui/", include("opora.ui.urls")),
]
