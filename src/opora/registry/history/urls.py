"""Addresses of school history."""

from django.urls import path

from opora.registry.history import views

app_name = "history"
urlpatterns = [
    path("schools/", views.schools, name="schools"),
    path("schools/<int:pk>/history/", views.school, name="school"),
    path("schools/<int:pk>/history/record/", views.record, name="record"),
    path("schools/<int:pk>/history/<int:change>/take-back/", views.take_back, name="take_back"),
]
