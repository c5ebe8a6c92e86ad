"""Runs the device's own modules in a made-up world, in the browser's engine."""

from pathlib import Path
from typing import Any

from opora import ui
from opora.diagnostics import answering

OURS = Path(__file__).parent / "sync"
MODULES = Path(answering.__file__).parents[1] / "static/diagnostics"
SHARED = Path(ui.__file__).parent / "static/ui"
HERE = "http://localhost/"


def open_world(browser: Any) -> Any:
    """Open a page that has the modules and the world; nothing of it goes over a network."""
    page = browser.new_page()

    def give(route: Any) -> None:
        path = route.request.url.removeprefix(HERE)
        if not path:
            route.fulfill(body="<!doctype html><title>sync</title>", content_type="text/html")
            return
        found = {"static": MODULES, "ui": SHARED}.get(path.partition("/")[0])
        folder, name = (found, path.partition("/")[2]) if found else (OURS, path)
        route.fulfill(body=(folder / name).read_text(encoding="utf-8"), content_type="text/javascript")

    page.route(f"{HERE}**", give)
    page.goto(HERE)
    page.evaluate("Promise.all([import('/runs.js'), import('/server.js')])")
    return page


def simulated(page: Any, first: int, count: int, **options: Any) -> dict[str, Any]:
    """Live through so many worlds from a seed on; ``faults`` may strike, ``without`` is broken."""
    found: dict[str, Any] = page.evaluate(
        "async ([first, count, options]) => (await import('/runs.js')).runs(first, count, options)",
        [first, count, options],
    )
    return found
