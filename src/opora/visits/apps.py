"""The room of visits as the web framework knows it."""

from django.apps import AppConfig


class Visits(AppConfig):
    name = "opora.visits"
    label = "visits"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.audit.words import tell_deeds
        from opora.visits.deeds import DEEDS

        tell_deeds("visits", DEEDS)
