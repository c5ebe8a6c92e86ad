"""What the program writes of its faults: lines on stderr, where the service keeps them (journald, a file)."""

from typing import Any

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"


def logs() -> dict[str, Any]:
    """Answer the framework's settings of logs: warnings and faults, each once.

    Addresses of requests stay out, as some carry a secret (an invitation, a link for a new password):
    ``opora.ui.views.broken`` writes a fault down itself, under the number that its page shows.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": LINE}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"level": "CRITICAL"},  # writes addresses
            "django.security.csrf": {"level": "CRITICAL"},  # so does this
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # any scanner can fill the log
        },
    }
