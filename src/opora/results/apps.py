"""The room of results as the web framework knows it."""

from django.apps import AppConfig


class Results(AppConfig):
    name = "opora.results"
    label = "results"
