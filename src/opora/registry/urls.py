"""Addresses of the registry."""

from django.urls import path

from opora.registry import views

app_name = "registry"
urlpatterns = [
    path("acting/", views.act, name="act"),
    path("log/", views.log, name="log"),
    path("territory/<str:code>/log/", views.region_log, name="region_log"),
    path("municipalities/<int:pk>/log/", views.municipality_log, name="municipality_log"),
    path("schools/<int:pk>/log/", views.school_log, name="school_log"),
    path("people/<int:pk>/log/", views.person_log, name="person_log"),
]
