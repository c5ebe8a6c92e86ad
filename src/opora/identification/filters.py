"""Reads the filters of a list from its address; what cannot be is left out, never an error."""

from dataclasses import dataclass
from typing import Any

from opora.identification.pages import SORTS


@dataclass(frozen=True)
class Filters:
    """What the address of a list asks for."""

    run: int | None = None
    list: str = ""
    region: str = ""
    municipality: int | None = None
    search: str = ""
    only: str = ""  # "" listed, unstable, rural, all
    sort: str = "name"
    page: int = 1


def read_filters(query: Any) -> Filters:
    """Read the filters of an address."""
    sort = query.get("sort", "")
    only = query.get("only", "")
    return Filters(
        run=whole(query.get("run")),
        list=query.get("list", "")[:60],
        region=query.get("region", "")[:2],
        municipality=whole(query.get("municipality")),
        search=" ".join(query.get("search", "").replace("\0", "").split())[:100],
        only=only if only in ("unstable", "rural", "all") else "",
        sort=sort if sort.removeprefix("-") in SORTS else "name",
        page=whole(query.get("page")) or 1,
    )


def whole(text: str | None) -> int | None:
    """Read a number of an address; None where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
