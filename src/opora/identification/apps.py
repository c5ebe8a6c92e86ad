"""The room of identification as the web framework knows it."""

from django.apps import AppConfig


class Identification(AppConfig):
    name = "opora.identification"
    label = "identification"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.audit.words import tell_deeds, tell_fields
        from opora.identification.concerned import concerned_lists
        from opora.identification.deeds import DEEDS, FIELDS
        from opora.registry.history.concerned import tell_concerned_by

        tell_deeds("identification", DEEDS)
        for target, fields in FIELDS.items():
            tell_fields(target, fields, "identification:run")
        tell_concerned_by(concerned_lists)
