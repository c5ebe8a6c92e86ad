"""Addresses of the gallery."""

from django.urls import path

from opora.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/error/<int:status>/", views.error_page, name="error_page"),
]
