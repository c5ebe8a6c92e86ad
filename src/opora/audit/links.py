"""Links of a chain: an event's own content in one spelling, and its hash with the link before."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NoReturn

Detail = str | int | bool | None | list[Any] | dict[str, Any]


def _never(_text: str) -> NoReturn:
    raise ValueError("an event holds no fraction")


_read = json.JSONDecoder(parse_float=_never, parse_constant=_never).decode
_spell = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def spelled(content: dict[str, Any]) -> str:
    """Write an event's content in the one way that is hashed.

    Raises: TypeError, when something cannot come back from the database exactly as it went in.
    """
    return _spell(exact(content))


def linked(previous: str, content: dict[str, Any]) -> str:
    """Answer the hash of an event: of the event before it, and of its content."""
    return sealed(previous, spelled(content))


def sealed(previous: str, text: str) -> str:
    """Answer the hash of a spelled content after the link before."""
    return sha256(f"{previous}\n{text}".encode()).hexdigest()


def read_details(text: str) -> Any:
    """Read details as they stand in the database.

    Raises: ValueError, where something stands that no event was ever recorded with.
    """
    return _read(text)


def spelled_as_read(content: dict[str, Any]) -> str:
    """Write what the database gave as text: exact already, so that a walk over a chain stays quick."""
    return _spell(content)


def moment_as_spelled(text: str) -> str:
    """Write a moment as ``spelled`` does, from the database's ``YYYY-MM-DDTHH24:MI:SS.US AD`` in UTC."""
    return text.removesuffix(" AD") + "+00:00"


def anchored(  # noqa: PLR0913, PLR0917 (an anchor holds all of it)
    previous: str, number: int, day: date | str, territory: str, event: int, event_hash: str
) -> str:
    """Answer the hash of an anchor; ``audit_anchor_day`` computes the same in the database."""
    return sealed(previous, f"{number} {day} {territory} {event} {event_hash}")


def exact(value: Any) -> Detail:
    """Answer a value as the database will give it back, days and moments as text.

    Raises: TypeError, when it would not come back the same.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if "\x00" in value:
            raise TypeError("an event holds no zero bytes")
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [exact(one) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: exact(one) for key, one in value.items()}
    raise TypeError(f"an event holds text, whole numbers, yes and no, not {type(value).__name__}")
