"""Addresses of the registry."""

from django.urls import path

from opora.registry import views

app_name = "registry"
urlpatterns = [path("acting/", views.act, name="act")]
