"""The room of accounts as the web framework knows it."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "opora.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the trace what this room's deeds are called."""
        from opora.accounts.deeds import DEEDS
        from opora.audit.words import tell_deeds, tell_fields

        tell_deeds("accounts", DEEDS)
        tell_fields("accounts.user", {}, "registry:person_log")
