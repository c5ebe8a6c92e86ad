"""The room of people as the web framework knows it."""

from django.apps import AppConfig


class People(AppConfig):
    name = "opora.people"
    label = "people"

    def ready(self) -> None:
        """Tell the trace the words of this room's deeds."""
        from opora.audit.words import tell_deeds
        from opora.people.deeds import DEEDS, in_words

        tell_deeds("people", DEEDS, way=in_words, why=in_words)
