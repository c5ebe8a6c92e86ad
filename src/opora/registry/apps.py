"""The room of the registry as the web framework knows it."""

from django.apps import AppConfig


class Registry(AppConfig):
    name = "opora.registry"
    label = "registry"
