"""The room of the registry as the web framework knows it."""

from django.apps import AppConfig


class Registry(AppConfig):
    name = "opora.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell other rooms who people are and what our deeds are called; bind the database to who acts."""
        from opora.accounts.duty import ask_duty_of
        from opora.audit.behalf import ask_roles_of
        from opora.audit.words import call_roles_by, tell_deeds, tell_fields
        from opora.registry.acting import bind_new_connections
        from opora.registry.deeds import DEEDS, FIELDS, acts_as
        from opora.registry.header import describe, may, must_have_second_factor, role_name
        from opora.registry.history.deeds import DEEDS as DEEDS_OF_HISTORY
        from opora.ui.frame import ask_deeds_of, describe_people_by

        describe_people_by(describe)
        ask_deeds_of(may)
        ask_roles_of(acts_as)
        tell_deeds("registry", DEEDS | DEEDS_OF_HISTORY, as_role=role_name)
        call_roles_by(role_name)
        pages = {"registry.school": "identification:school"}
        for target, fields in FIELDS.items():
            tell_fields(target, fields, pages.get(target, ""))
        ask_duty_of(must_have_second_factor)
        bind_new_connections()
