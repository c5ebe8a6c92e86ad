"""How letters leave the program: by a mail server, else as files in the data folder."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT = 10  # seconds that a mail server may be silent
SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def letters(data: Path) -> dict[str, Any]:
    """Turn ``OPORA_SMTP`` (``smtp+tls://user@host:587``) into the framework's settings.

    ``smtp`` is plain, ``smtp+tls`` asks for TLS once connected, ``smtps`` speaks TLS from the start. The
    password lies in the file that ``OPORA_SMTP_PASSWORD_FILE`` names.

    Raises: ValueError, when the address cannot be understood.
    """
    sender = os.environ.get("OPORA_MAIL_FROM", "opora@localhost")
    told: dict[str, Any] = {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, "EMAIL_TIMEOUT": TIMEOUT}
    address = os.environ.get("OPORA_SMTP", "")
    if not address:
        return told | {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": letters_folder(data),
        }
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("OPORA_SMTP: smtp://host:25, smtp+tls://user@host:587, smtps://user@host:465")
    return told | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or SCHEMES[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": password(),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def letters_folder(data: Path) -> Path:
    """Make the folder where a laptop keeps letters, readable by nobody else: one may open an account."""
    folder = data / "letters"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def password() -> str:
    """Read the password of the mail server from its file. Empty: "" where no file is named."""
    named = os.environ.get("OPORA_SMTP_PASSWORD_FILE", "")
    return Path(named).read_text(encoding="utf-8").strip() if named else ""
