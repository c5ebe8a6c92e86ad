"""The room of identification as the web framework knows it."""

from django.apps import AppConfig


class Identification(AppConfig):
    name = "opora.identification"
    label = "identification"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.audit.words import tell_deeds
        from opora.identification.deeds import DEEDS

        tell_deeds("identification", DEEDS)
