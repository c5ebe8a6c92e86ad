"""Other systems that people may sign in with (OpenID Connect), as the environment names them.

``OPORA_OIDC_ISSUER``, ``OPORA_OIDC_CLIENT`` and ``OPORA_OIDC_SECRET_FILE`` name one; ``OPORA_OIDC_FILE`` is a
YAML file with a list of several, each with the keys of ``Outside``.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class OutsideMisnamed(ValueError):
    """What the environment says of another system cannot be understood."""


@dataclass(frozen=True)
class Outside:
    """One system that people may sign in with (внешний вход).

    ``claim`` names who a person is there: ``sub`` as the standard has it; a gateway to ЕСИА answers ``sub``
    or ``oid``. ``by_email`` lets an e-mail address that the system says it has verified find an account;
    without it only what a coordinator wrote down does.
    """

    issuer: str
    client: str
    secret_file: str = ""
    name: str = "ЕСИА"
    key: str = "esia"
    claim: str = "sub"
    scope: str = "openid email"
    by_email: bool = True

    def app(self) -> dict[str, Any]:
        """Write it as allauth reads it; the proof of a code's owner (PKCE) is always asked for."""
        secret = Path(self.secret_file).read_text(encoding="utf-8").strip() if self.secret_file else ""
        return {
            "provider_id": self.key,
            "name": self.name,
            "client_id": self.client,
            "secret": secret,
            "settings": {
                "server_url": self.issuer,
                "uid_field": self.claim,
                "scope": self.scope.split(),
                "oauth_pkce_enabled": True,
                "by_email": self.by_email,
            },
        }


def outsides() -> list[Outside]:
    """Answer the systems that are named. Empty: [].

    Raises: OutsideMisnamed.
    """
    if named := os.environ.get("OPORA_OIDC_FILE"):
        return [outside(one) for one in yaml.safe_load(Path(named).read_text(encoding="utf-8")) or []]
    if issuer := os.environ.get("OPORA_OIDC_ISSUER"):
        told = {"issuer": issuer, "client": os.environ.get("OPORA_OIDC_CLIENT", "")}
        for key in ("secret_file", "name", "key", "claim", "scope"):
            if value := os.environ.get(f"OPORA_OIDC_{key.upper()}"):
                told[key] = value
        return [outside({**told, "by_email": os.environ.get("OPORA_OIDC_BY_EMAIL", "1") == "1"})]
    return []


def outside(told: dict[str, Any]) -> Outside:
    """Take one system, or say what is wrong with it.

    Raises: OutsideMisnamed.
    """
    try:
        one = Outside(**told)
    except TypeError:
        raise OutsideMisnamed(f"OIDC: {', '.join(Outside.__dataclass_fields__)}; {sorted(told)}") from None
    parts = urlsplit(one.issuer)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise OutsideMisnamed(f"OIDC: {one.issuer!r}: https://…")
    if not one.client:
        raise OutsideMisnamed("OIDC: client?")
    return one


def providers() -> dict[str, Any]:
    """Write them all as allauth reads them."""
    return {"openid_connect": {"APPS": [one.app() for one in outsides()]}}


def origins() -> list[str]:
    """Answer where their pages live: scheme, host and port."""
    return sorted(
        {f"{parts.scheme}://{parts.netloc}" for one in outsides() if (parts := urlsplit(one.issuer))}
    )
