"""In which role, and in whose name, somebody does a deed: the room that knows roles says it."""

from collections.abc import Callable
from typing import Any

Place = tuple[str | None, int | None, int | None]  # region, municipality, school
Ask = Callable[[Any, Place], tuple[str, int | None]]

_ask: list[Ask] = [lambda by, place: ("", None)]


def ask_roles_of(ask: Ask) -> None:
    """Let a room that knows roles answer the role and the person stood in for (called at the start)."""
    _ask[0] = ask


def in_whose_name(by: Any, role: str, place: Place) -> tuple[str, int | None]:
    """Answer the role of a deed, where it was not told, and whom the person stands in for in it."""
    if by is None:
        return role, None
    acting, behalf = _ask[0](by, place)
    return (role or acting), (behalf if role in ("", acting) else None)
