"""The room of the trace as the web framework knows it."""

from django.apps import AppConfig


class Audit(AppConfig):
    name = "opora.audit"
    label = "audit"
