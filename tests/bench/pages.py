"""Times the pages over a country in the database: ``python -m tests.bench.pages SCHOOLS`` prints JSON lines.

Server time is that of the whole application, middleware and template included, called in this process; the
network and the server's own loop are not in it.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

PAGES = {
    "list": "/list/",
    "list, all schools": "/list/?only=all",
    "list, unstable": "/list/?only=unstable",
    "list, one region": "/list/?region=25&only=all",
    "list, by stability": "/list/?only=all&sort=stability",
    "list, by failed, deep": "/list/?only=all&sort=-failed&page={middle}",
    "list, last page": "/list/?only=all&page={last}",
    "list, search": "/list/?only=all&search=сош+озёр",
    "country": "/",
    "region": "/territory/25/",
}
ROUNDS = 40


def measured(schools: int) -> list[dict[str, Any]]:
    """Load a country and time every page; answer a line each."""
    from tests.bench.country_in_database import put, run_again

    operator = put(schools)
    client = browser_of(operator)
    last = max(1, schools // 50)
    lines = [
        page(client, name, address.format(middle=max(1, last // 2), last=last))
        for name, address in PAGES.items()
    ]
    started = time.perf_counter()
    run_again(operator)
    lines.append(line("run of the country", schools, [time.perf_counter() - started], 0))
    return [one | {"rows": schools} for one in lines]


def browser_of(person: Any) -> Any:
    """Sign somebody in who has shown a second factor, as the staff must."""
    from django.test import Client

    from opora.accounts.middleware import PASSED

    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    session = client.session
    session[PASSED] = person.pk
    session.save()
    return client


def page(client: Any, name: str, address: str) -> dict[str, Any]:
    """Time one page, warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)  # the first page of a session writes down that it was seen
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    queries = len(asked)
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        seconds.append(time.perf_counter() - started)
    return line(name, 0, seconds, queries)


def line(name: str, rows: int, seconds: list[float], queries: int) -> dict[str, Any]:
    """Say a measurement."""
    cuts = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else seconds * 19
    return {
        "name": name,
        "rows": rows,
        "seconds": round(cuts[9], 4),
        "p95_seconds": round(cuts[18], 4),
        "queries": queries,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


@contextmanager
def with_database() -> Iterator[None]:
    """Have a database and a store of our own for a measurement."""
    from opora.config.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="opora-pages-") as folder:
        os.environ["OPORA_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "opora.config.settings"
        cluster = Cluster(Path(folder) / "postgres", durable=False, with_parent=True)
        with cluster.used() as address:
            os.environ["DATABASE_URL"] = address
            import django
            from django.core.management import call_command
            from django.db import connection

            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            yield
            connection.close()


def main(schools: int) -> None:
    """Measure in a database of our own."""
    with with_database():
        for one in measured(schools):
            print(json.dumps(one, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
