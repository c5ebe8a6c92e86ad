"""Addresses of the personal office."""

from django.urls import path

from opora.office import views

app_name = "office"
urlpatterns = [
    path("office/", views.home, name="home"),
    path("office/data.json", views.own_data, name="data"),
    path("office/forget/", views.forget, name="forget"),
]
