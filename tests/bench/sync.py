"""Breaks all that a questionnaire without a line relies on: ``python -m tests.bench.sync SIZE``; JSON lines.

The device's own modules live through made-up worlds in the engine of the browser, each from its seed; then
people answer in the browser itself, on a real server and database. Lost is whoever was told that the sheet is
there or on its way and whose sheet never came; doubled whose sheet was counted twice.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.conftest import NOBODY_ELSE, QUIET, chromium
from tests.diagnostics.syncing import open_world, simulated

SIZES = {"quick": (2_000, 6), "full": (100_000, 200)}  # made-up worlds, runs in the browser
TOGETHER = 2_500  # worlds in one call
IN_A_BROWSER = "tests/diagnostics/test_sync_in_a_browser.py"
ROOT = Path(__file__).resolve().parents[2]


def in_worlds(count: int) -> dict[str, Any]:
    """Live through so many worlds."""
    whole = dict.fromkeys(("lost", "doubled", "presses", "sheets", "struck"), 0)
    arguments = [*QUIET, NOBODY_ELSE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        page, begun = open_world(started), time.perf_counter()
        for first in range(0, count, TOGETHER):
            found = simulated(page, first, min(TOGETHER, count - first))
            for name in whole:
                whole[name] += sum(found[name].values()) if name == "struck" else found[name]
        passed = time.perf_counter() - begun
        started.close()
    return {
        "name": "sync",
        "page": "sync, made-up worlds",
        "rows": count,
        "seconds": round(passed, 1),
        **whole,
    }


def in_a_browser(count: int) -> dict[str, Any]:
    """Let so many people answer in the browser; the test that does it writes down what came of it."""
    with tempfile.TemporaryDirectory(prefix="opora-sync-") as folder:
        told = Path(folder) / "told.json"
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"OPORA_SYNC_RUNS": str(count), "OPORA_SYNC_TOLD": str(told)}
        words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", IN_A_BROWSER]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if not told.exists():
            raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
        found = json.loads(told.read_text(encoding="utf-8"))
    return {
        "name": "sync",
        "page": "sync, in a browser",
        "rows": found["runs"],
        "seconds": found["seconds"],
        "lost": len(found["lost"]),
        "doubled": len(found["doubled"]),
        "presses": found["presses"],
        "struck": sum(found["struck"].values()),
    }


def main(size: str) -> None:
    """Break made-up worlds, then the browser."""
    worlds, runs = SIZES[size]
    for line in (in_worlds(worlds), in_a_browser(runs)):
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
