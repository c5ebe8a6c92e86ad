"""The room of the registry as the web framework knows it."""

from django.apps import AppConfig


class Registry(AppConfig):
    name = "opora.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell the frame who the person is and which stages are open, and the sign-in who is staff."""
        from opora.accounts.duty import ask_duty_of
        from opora.registry.header import describe, may, must_have_second_factor
        from opora.ui.frame import ask_deeds_of, describe_people_by

        describe_people_by(describe)
        ask_deeds_of(may)
        ask_duty_of(must_have_second_factor)
