"""What the program takes from its place: the data folder, the database, the secret."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def data_folder() -> Path:
    """Answer the one folder that holds everything the program keeps (``OPORA_DATA``, else ``data`` here)."""
    folder = Path(os.environ.get("OPORA_DATA", "data")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def private_folder(folder: Path) -> Path:
    """Make a folder for files on their way in, readable by nobody else."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def database(url: str | None = None) -> dict[str, Any]:
    """Turn ``DATABASE_URL`` into the framework's settings.

    Both ``postgresql://user:password@host:5432/name`` and ``postgresql:///name?host=/socket/folder&user=opora``
    are understood. Without an address the settings point at nothing, so that commands that need no database
    still start.
    """
    parts = urlsplit(url or os.environ.get("DATABASE_URL", ""))
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "opora",
        "USER": unquote(parts.username or "") or query.get("user", ""),
        "PASSWORD": unquote(parts.password or "") or query.get("password", ""),
        "HOST": parts.hostname or query.get("host", ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {},
    }


def secret_key(folder: Path) -> str:
    """Answer ``OPORA_SECRET_KEY``, else a key made once and kept in the data folder for its owner."""
    if key := os.environ.get("OPORA_SECRET_KEY"):
        return key
    path = folder / "secret_key"
    if path.exists() and not path.stat().st_size:
        path.unlink()  # begun on a full disk
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
        except OSError:
            path.unlink()
            raise
    return path.read_text()
