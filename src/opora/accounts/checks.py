"""What ``check --deploy`` says of signing in: what must not reach real people."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def sign_in_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Find settings that are good for a demo or a laptop only."""
    found: list[CheckMessage] = []
    if not settings.SECOND_FACTOR_REQUIRED:
        found.append(
            Error(
                "The staff may sign in without a second factor.",
                hint="Unset OPORA_SECOND_FACTOR.",
                id="opora.accounts.E001",
            )
        )
    if not settings.TLS:
        found.append(
            Error(
                "Passwords and cookies travel unencrypted.",
                hint="Set OPORA_TLS=1 behind a proxy that speaks TLS.",
                id="opora.accounts.E002",
            )
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        found.append(
            Warning(
                "Letters lie in files of the data folder and reach nobody.",
                hint="Set OPORA_SMTP.",
                id="opora.accounts.W001",
            )
        )
    return found
