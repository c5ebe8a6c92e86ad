"""Addresses of this room."""

from django.urls import URLPattern

app_name = "identification"
urlpatterns: list[URLPattern] = []
