"""The room of results as the web framework knows it."""

from django.apps import AppConfig


class Results(AppConfig):
    name = "opora.results"
    label = "results"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.audit.words import tell_deeds
        from opora.results.deeds import DEEDS

        tell_deeds("results", DEEDS)
