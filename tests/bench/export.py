"""Times the export of a country's list: ``python -m tests.bench.export SCHOOLS`` prints JSON lines.

The file is taken as the operator takes it and thrown away as it comes; the memory told is what the process
grew by beyond what the export of one region had made of it.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.pages import browser_of, with_database

KINDS = {
    "export, xlsx, all schools": ("xlsx", "all", ""),
    "export, json, all schools": ("json", "all", ""),
    "export, xlsx, listed": ("xlsx", "listed", ""),
    "export, pdf, one region": ("pdf", "listed", "?region=25"),
    "export, docx, one region": ("docx", "listed", "?region=25"),
}
STATM = Path("/proc/self/statm")
PAGE = 4096  # bytes


def measured(schools: int) -> Iterator[dict[str, Any]]:
    """Load a country and time every kind of file; a line each."""
    from opora.identification.models import Run
    from tests.bench.country_in_database import put

    client = browser_of(put(schools))
    address = f"/runs/{Run.objects.get().pk}/export/"
    for kind, only, _where in KINDS.values():  # what is loaded at the first use stays loaded
        taken("warm", client, f"{address}?region=25", kind, only)
    for name, (kind, only, where) in KINDS.items():
        yield taken(name, client, address + where, kind, only)


def taken(name: str, client: Any, address: str, kind: str, only: str) -> dict[str, Any]:
    """Take a file out and throw it away; say when its first byte came, its last, and what it cost."""
    from opora.audit.models import Event

    with growing() as memory:
        started = time.perf_counter()
        answer = client.post(address, {"kind": kind, "only": only})
        assert answer.status_code == 200, address
        pieces = iter(answer.streaming_content)
        size = len(next(pieces))
        first = time.perf_counter() - started
        size += sum(len(piece) for piece in pieces)
        seconds = time.perf_counter() - started
    told = Event.objects.filter(deed="identification.export_list").latest("pk").details
    return {
        "name": name,
        "rows": told["schools"],
        "seconds": round(seconds, 3),
        "first_byte_seconds": round(first, 3),
        "mb": round(size / 1e6, 1),
        "grows_mb": round(memory[1] - memory[0]),
        "peak_mb": round(memory[1]),
    }


@contextmanager
def growing() -> Iterator[list[float]]:
    """Watch the memory of this process: megabytes before, and the most that it held meanwhile."""
    told, done = [held(), 0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            told[1] = max(told[1], held())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield told
    finally:
        told[1] = max(told[1], held())
        done.set()
        watcher.join()


def held() -> float:
    """Answer the megabytes that this process holds."""
    return int(STATM.read_text().split()[1]) * PAGE / 1e6


def main(schools: int) -> None:
    """Measure in a database of our own."""
    with with_database():
        for one in measured(schools):
            print(json.dumps(one, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
