"""The room of accounts as the web framework knows it."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "opora.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the log our deeds, and let ``check --deploy`` look at the settings."""
        from allauth.account.signals import user_logged_in
        from allauth.usersessions.signals import on_user_logged_in

        from opora.accounts import checks  # noqa: F401 (registers itself)
        from opora.accounts.deeds import DEEDS
        from opora.audit.words import tell_deeds, tell_fields

        # Our own deed keeps the list of sessions (``actions.begin_session``).
        user_logged_in.disconnect(receiver=on_user_logged_in)
        tell_deeds("accounts", DEEDS)
        tell_fields("accounts.user", {}, "registry:person_log")
