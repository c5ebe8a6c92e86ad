"""The room of identification as the web framework knows it."""

from django.apps import AppConfig


class Identification(AppConfig):
    name = "opora.identification"
    label = "identification"
