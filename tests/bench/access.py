"""Times what access adds to the list page: ``python -m tests.bench.access SCHOOLS`` prints JSON lines.

The page is asked by turns as it is served, and by the owner of the tables, whom no policy binds and for whom
no scope is set; what is between the two is the price of the second wall.
"""

import json
import sys
import time
from contextlib import nullcontext
from statistics import median
from typing import Any
from unittest.mock import patch

from tests.bench.pages import with_database

ROUNDS = 60
ADDRESSES = {"list": "/list/", "list, all schools": "/list/?only=all"}


def measured(schools: int) -> list[dict[str, Any]]:
    """Load a country and time the list for a federal and a municipal viewer, with the wall and without."""
    from django.utils import timezone

    from opora.accounts.actions import add_person
    from opora.registry.actions import appoint
    from opora.registry.models import Municipality
    from tests.bench.country_in_database import put

    operator = put(schools)
    municipal = add_person("municipal@bench.example", "Координатор", None)
    place = Municipality.objects.filter(schools__isnull=False).order_by("pk")[0]
    appoint(municipal, "municipal_coordinator", municipality=place, since=timezone.localdate())
    return [
        compared(f"access, {name}, {who}", address, person) | {"rows": schools}
        for who, person in (("federal", operator), ("municipal", municipal))
        for name, address in ADDRESSES.items()
    ]


def compared(name: str, address: str, person: Any) -> dict[str, Any]:
    """Ask a page by turns with the wall and without it."""
    from tests.bench.pages import browser_of, line

    client = browser_of(person)
    once(client, address)  # the first page of a session writes down that it was seen
    queries = asked(client, address)
    seconds, bare = [], []
    with no_wall():
        without = asked(client, address)
    for _ in range(ROUNDS):
        seconds.append(once(client, address))
        with no_wall():
            bare.append(once(client, address))
    adds = median(one - other for one, other in zip(seconds, bare, strict=True))
    return line(name, 0, seconds, queries) | {
        "without_seconds": round(median(bare), 4),
        "adds_ms": round(adds * 1000, 2),
        "adds_queries": queries - without,
    }


def no_wall() -> Any:
    """Let requests be the owner's: nobody acts, and no policy is asked."""
    return patch("opora.registry.middleware.acting_as", lambda *_who: nullcontext())


def asked(client: Any, address: str) -> int:
    """Count the queries of a page, and warm it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def once(client: Any, address: str) -> float:
    """Time one answer."""
    started = time.perf_counter()
    client.get(address)
    return time.perf_counter() - started


def main(schools: int) -> None:
    """Measure in a database of our own."""
    with with_database():
        for one in measured(schools):
            print(json.dumps(one, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
