"""The room of quality checks as the web framework knows it."""

from django.apps import AppConfig


class Quality(AppConfig):
    name = "opora.quality"
    label = "quality"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.audit.words import tell_deeds, tell_fields
        from opora.quality.deeds import DEEDS, FIELDS

        tell_deeds("quality", DEEDS)
        for target, fields in FIELDS.items():
            tell_fields(target, fields, "quality:check")
