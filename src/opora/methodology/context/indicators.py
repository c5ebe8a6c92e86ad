"""The context indicators that Opora knows (показатели контекста): their names, units, scales and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from opora.language import _
from opora.methodology.marked import Node, Words, read
from opora.methodology.parameters import FOLDER, STATUSES, UNITS, Source, shipped_sources

SCALES = ("share", "log", "number")
HARDER = ("more", "less", "unknown")


@dataclass(frozen=True)
class ContextIndicator:
    """One number about what a school works in; it says nothing of how well it works."""

    name: str
    title: Words
    unit: str  # of UNITS: between what limits a value may lie
    scale: str  # of SCALES: how it enters the index
    harder: str  # of HARDER: more or less of it is expected to make the context harder
    attribute: str  # of the registry, taken where no table of indicators tells it; "" for none
    more: Words  # said of schools that have more of it than others
    less: Words
    source: str
    status: str

    @property
    def limits(self) -> tuple[int, int]:
        """The lowest and the highest value; nothing that is counted lies below zero."""
        lowest, highest, _whole = UNITS[self.unit]
        return max(lowest, 0), highest


@cache
def shipped_indicators() -> Mapping[str, ContextIndicator]:
    """Read the indicators that come with Opora, in the order in which pages name them."""
    path = FOLDER.joinpath("context_indicators.yaml")
    return read_indicators(read(path.read_text(encoding="utf-8"), path.name), shipped_sources())


def read_indicators(node: Node, sources: Mapping[str, Source]) -> dict[str, ContextIndicator]:
    """Read a catalogue of context indicators.

    Raises: ``EditionError`` with file and line: an unknown key, unit, scale, direction, source or status; a
    share that is not on the scale of shares.
    """
    return {name: _indicator(name, piece, sources) for name, piece in node.pairs().items()}


def _indicator(name: str, node: Node, sources: Mapping[str, Source]) -> ContextIndicator:
    required = ["title", "unit", "scale", "harder", "more", "less", "source", "status"]
    parts = node.mapping(required, ["attribute"])
    unit, scale = parts["unit"].choice(UNITS), parts["scale"].choice(SCALES)
    if (unit == "share") != (scale == "share"):
        parts["scale"].refuse(_("шкала share — у долей, и только у них"))
    return ContextIndicator(
        name=name,
        title=parts["title"].words(),
        unit=unit,
        scale=scale,
        harder=parts["harder"].choice(HARDER),
        attribute=parts["attribute"].text() if "attribute" in parts else "",
        more=parts["more"].words(),
        less=parts["less"].words(),
        source=parts["source"].choice(sources),
        status=parts["status"].choice(STATUSES),
    )
