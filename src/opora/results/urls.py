"""Addresses of results, and of bringing schools: the registry itself knows nothing of files."""

from django.urls import path

from opora.results import views
from opora.results.desk import views as desk

app_name = "results"
urlpatterns = [
    path("results/", views.results, name="files"),
    path("results/import/", views.import_results, name="import"),
    path("results/desk/", desk.desk, name="desk"),
    path("results/desk/<str:key>/", desk.piece, name="desk_piece"),
    path("results/desk/<str:key>/clear/", desk.clear, name="clear_from_desk"),
    path("results/arrived/", views.arrived, name="arrived"),
    path("results/<int:file>/withdraw/", views.withdraw, name="withdraw"),
    path("results/<int:file>/viewers/", views.file_viewers, name="file_viewers"),
    path("results/<int:file>/log/", views.file_log, name="log"),
    path("schools/<int:pk>/figures/", views.school_figures, name="school_figures"),
    path("registry/import/", views.import_registry, name="import_schools"),
]
