"""The room of the registry as the web framework knows it."""

from django.apps import AppConfig


class Registry(AppConfig):
    name = "opora.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell the frame who the person is and which stages are open; bind the database to who acts."""
        from opora.registry.acting import bind_new_connections
        from opora.registry.header import describe, may
        from opora.ui.frame import ask_deeds_of, describe_people_by

        describe_people_by(describe)
        ask_deeds_of(may)
        bind_new_connections()
