"""Addresses of visits."""

from django.urls import path, re_path

from opora.visits.pack import views as pack
from opora.visits.planning import views
from opora.visits.taking import views as taking

app_name = "visits"
urlpatterns = [
    path("visits/worker.js", pack.worker, name="worker"),
    path("visits/", views.visits, name="visits"),
    path("visits/new/", views.plan, name="plan"),
    path("visits/file/", taking.file, name="file"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/pack/", pack.pack, name="pack"),
    path("visits/<int:pk>/state/", taking.state, name="state"),
    path("visits/<int:pk>/records/", taking.records, name="records"),
    path("visits/<int:pk>/receipts/", views.receipts, name="receipts"),
    path("visits/<int:pk>/protocol.<str:kind>", views.protocol, name="protocol"),
    re_path(r"^visits/(?P<pk>\d{1,18})/photos/(?P<digest>[0-9a-f]{64})/$", taking.photo, name="photo"),
]
