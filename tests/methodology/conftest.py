"""Drawn tables, and editions written in a few lines."""

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from opora import language
from opora.methodology import edition
from opora.methodology.edition import Edition
from tests.methodology import drawn

# unit → comparison that a test's number has unless it says otherwise
USUAL = {
    "share": "above",
    "indicators": "at least",
    "number": "below",
    "letter": "below",
    "percent": "at least",
}


@pytest.fixture(autouse=True)
def russian(monkeypatch):
    """Let the core speak Russian on its own, whatever web framework the run has started."""
    monkeypatch.setattr(language, "_translator", None)
    monkeypatch.setenv("OPORA_LANG", "ru")


@pytest.fixture
def outcomes():
    return drawn.drawn_outcomes


@pytest.fixture
def indicators():
    return drawn.drawn_indicators


@pytest.fixture
def schools():
    return drawn.drawn_schools


@pytest.fixture
def edition_2020() -> Edition:
    return edition.load("seed-2020")


def edition_text(lists: str, numbers: str = "", more: str = "", window: str = "{years: [2018, 2019]}") -> str:
    """Write an edition: numbers as «name unit value [comparison]» lines, lists and the rest as YAML."""
    written = (
        "low_share share 0.30\ntwo indicators 2\none indicators 1\none_year years 1\ntwo_years years 2\n"
    )
    known: dict[str, str] = {}
    for line in filter(str.strip, (written + dedent(numbers)).splitlines()):
        name, unit, value, *comparison = line.split(maxsplit=3)
        words = comparison[0] if comparison else USUAL.get(unit, "")
        compared = f"comparison: {words}, " if words else ""
        known[name] = dedent(f"""\
            {name}:
              meaning: {name}
              unit: {unit}
              values:
                - {{from: 2000-01-01, value: {value}, {compared}source: opora, status: Opora default}}
            """)
    measures = dedent("""\
        measures:
          low_results: {of: low results, title: Доля низких, threshold: low_share}
        """)
    more = dedent(more)
    head = dedent(f"""\
        name: drawn
        title: Редакция для теста
        status: Opora default
        source: opora
        in_force: 2018-01-01
        known: [известно]
        unknown: [неизвестно]
        window: {window}
        """)
    return (
        head
        + "parameters:\n"
        + indent("".join(known.values()), "  ")
        + (more if "measures:" in more else measures + more)
        + "lists:\n"
        + indent(dedent(lists), "  ")
    )


@pytest.fixture
def write() -> Callable[..., Edition]:
    def make(lists: str, numbers: str = "", more: str = "", window: str = "{years: [2018, 2019]}") -> Edition:
        return edition.parse(edition_text(lists, numbers, more, window), "drawn.yaml")

    return make


@pytest.fixture
def rule(write) -> Callable[..., Edition]:
    """Write an edition with one list whose rule is this line of YAML."""

    def make(text: str, **parts: str) -> Edition:
        return write(f"low:\n  title: Перечень\n  rule: {text}\n", **parts)

    return make
