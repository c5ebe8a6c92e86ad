"""Wires the frame's languages when the program starts."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "opora.ui"

    def ready(self) -> None:
        """Let every room speak the request's language, from catalogues read as they are written."""
        from django.utils.translation import gettext

        from opora.language import use_translator
        from opora.ui.language import load_catalogues

        load_catalogues()
        use_translator(gettext)
