"""Times «Что, если» over a country: ``python -m tests.bench.whatif SCHOOLS`` prints JSON lines.

Every round asks with another threshold, as somebody who moves a control does; what the first look costs, when
nothing is held in memory yet, stands in a line of its own.
"""

import json
import sys
import time
from typing import Any

from tests.bench.pages import ROUNDS, browser_of, line, with_database

ALONE = {"HX-Request": "true"}


def measured(schools: int) -> list[dict[str, Any]]:
    """Load a country and time the answers; a line each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from opora.identification.models import Run
    from tests.bench.country_in_database import put

    client = browser_of(put(schools))
    address = f"/runs/{Run.objects.get().pk}/what-if/"
    client.get("/")
    lines = [timed(client, "what if, first look", [address])]
    asked = [f"{address}?low_share={20 + number / 2}" for number in range(ROUNDS)]
    lines.append(timed(client, "what if, another threshold", asked, headers=ALONE))
    lines.append(timed(client, "what if, whole page", asked))
    inside = [f"{one}&region=25" for one in asked]
    lines.append(timed(client, "what if, one region", inside, headers=ALONE))
    lines.append(timed(client, "which number decides, first look", [f"{address}numbers/"]))
    lines.append(timed(client, "which number decides", [f"{address}numbers/?page={n}" for n in range(1, 21)]))
    with CaptureQueriesContext(connection) as queries:
        client.get(asked[0])
    return [one | {"rows": schools, "queries": len(queries)} for one in lines]


def timed(client: Any, name: str, addresses: list[str], **told: Any) -> dict[str, Any]:
    """Time addresses, each asked once."""
    seconds = []
    for address in addresses:
        started = time.perf_counter()
        answer = client.get(address, **told)
        seconds.append(time.perf_counter() - started)
        assert answer.status_code == 200, address
    return line(name, 0, seconds, 0)


def main(schools: int) -> None:
    """Measure in a database of our own."""
    with with_database():
        for one in measured(schools):
            print(json.dumps(one, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
