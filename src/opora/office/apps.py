"""The room of the personal office as the web framework knows it."""

from django.apps import AppConfig


class Office(AppConfig):
    name = "opora.office"
    label = "office"
