"""The room of diagnostics as the web framework knows it."""

from django.apps import AppConfig


class Diagnostics(AppConfig):
    name = "opora.diagnostics"
    label = "diagnostics"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.audit.words import tell_deeds, tell_fields
        from opora.diagnostics.deeds import DEEDS, FIELDS

        tell_deeds("diagnostics", DEEDS)
        for target, fields in FIELDS.items():
            tell_fields(target, fields, "diagnostics:campaign")
