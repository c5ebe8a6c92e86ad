"""Links of a chain: an event's own content in one spelling, and its hash with the link before."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

Detail = str | int | bool | None | list[Any] | dict[str, Any]


def spelled(content: dict[str, Any]) -> str:
    """Write an event's content in the one way that is hashed.

    Raises: TypeError, when something cannot come back from the database exactly as it went in.
    """
    return json.dumps(_exact(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def linked(previous: str, content: dict[str, Any]) -> str:
    """Answer the hash of an event: of the event before it, and of its content."""
    return sha256(f"{previous}\n{spelled(content)}".encode()).hexdigest()


def _exact(value: Any) -> Detail:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if "\x00" in value:
            raise TypeError("an event holds no zero bytes")
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, list | tuple):
        return [_exact(one) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _exact(one) for key, one in value.items()}
    raise TypeError(f"an event holds text, whole numbers, yes and no, not {type(value).__name__}")
