"""The room of the registry as the web framework knows it."""

from django.apps import AppConfig


class Registry(AppConfig):
    name = "opora.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell the frame who the person in the header is, and the trace in which role a deed is done."""
        from opora.audit.behalf import ask_roles_of
        from opora.audit.words import tell_deeds
        from opora.registry.deeds import DEEDS, acts_as
        from opora.registry.header import describe, may
        from opora.ui.frame import ask_deeds_of, describe_people_by

        describe_people_by(describe)
        ask_deeds_of(may)
        ask_roles_of(acts_as)
        tell_deeds("registry", DEEDS)
