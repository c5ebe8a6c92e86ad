"""The room of results as the web framework knows it."""

from django.apps import AppConfig


class Results(AppConfig):
    name = "opora.results"
    label = "results"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.audit.words import tell_deeds
        from opora.registry.history.concerned import tell_concerned_by
        from opora.results.deeds import DEEDS
        from opora.results.school_figures import concerned_figures

        tell_deeds("results", DEEDS)
        tell_concerned_by(concerned_figures)
