"""Numbers of a rule: dated values with unit, comparison, source, clause, status and territory."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from opora.language import _
from opora.methodology.marked import EditionError, Node, Words, read, unknown
from opora.methodology.shares import COMPARISONS

STATUSES = ("official text", "reconstructed", "Opora default")
FEDERAL = "RU"
FOLDER = Path(__file__).parent.joinpath("parameters")

# What a number may be: unit → (lowest, highest, whole only).
UNITS: dict[str, tuple[int, int, bool]] = {
    "share": (0, 1, False),
    "percent": (0, 100, False),
    "indicators": (0, 10_000, True),
    "years": (1, 100, True),
    "pupils": (0, 10_000_000, True),
    "schools": (1, 1_000_000, True),
    "components": (0, 10_000, True),
    "points": (-1_000_000, 1_000_000, False),
    "quarter": (1, 4, True),
    "number": (-(10**9), 10**9, False),
    "letter": (0, 0, False),
}


class NotInForce(LookupError):
    """A parameter has no value for this day and territory."""


@dataclass(frozen=True)
class Source:
    """Where a rule or a number was read."""

    name: str
    title: Words
    address: str = ""


@dataclass(frozen=True)
class DatedValue:
    """One value of a parameter, from a day on."""

    value: Decimal | str
    comparison: str  # above, at least, below, at most; "" where nothing is compared
    since: date
    until: date | None  # the last day; None while it stands
    source: str
    clause: str
    status: str
    territory: str

    @property
    def number(self) -> Decimal:
        """The value of anything but a letter."""
        assert isinstance(self.value, Decimal)
        return self.value


@dataclass(frozen=True)
class Parameter:
    """A number of a rule with everything that is known of it."""

    name: str
    meaning: Words
    unit: str
    values: tuple[DatedValue, ...]

    def at(self, on: date, territory: str = FEDERAL) -> DatedValue:
        """Find the value in force: the region's own wins, the federal one is the fallback.

        Raises: ``NotInForce``.
        """
        for place in dict.fromkeys((territory, FEDERAL)):
            standing = [
                v
                for v in self.values
                if v.territory == place and v.since <= on and (v.until is None or on <= v.until)
            ]
            if standing:
                return max(standing, key=lambda v: v.since)
        message = _("параметр {name}: на {on} для территории {territory} значения нет")
        raise NotInForce(message.format(name=self.name, on=on.isoformat(), territory=territory))

    def changed(self, standing: DatedValue, change: Any) -> DatedValue:
        """Put another value, or value and comparison, in the place of the standing one (what-if)."""
        comparison = standing.comparison
        if isinstance(change, Mapping):
            comparison = change.get("comparison", comparison)
            change = change.get("value", standing.value)
        if comparison and comparison not in COMPARISONS:
            raise EditionError(unknown(comparison, COMPARISONS, _("неизвестное сравнение «{name}»")))
        value: Decimal | str = str(change)
        if self.unit != "letter":
            try:
                value = Decimal(str(change))
            except InvalidOperation as error:
                message = _("параметр {name}: {value} — не число")
                raise EditionError(message.format(name=self.name, value=change)) from error
        wrong = _wrong(self.unit, value)
        if wrong:
            raise EditionError(_("параметр {name}: {wrong}").format(name=self.name, wrong=wrong))
        return replace(standing, value=value, comparison=comparison, status="what-if")


def read_parameters(node: Node, sources: Mapping[str, Source]) -> dict[str, Parameter]:
    """Read the parameters of an edition."""
    return {name: _parameter(name, piece, sources) for name, piece in node.pairs().items()}


def read_sources(node: Node) -> dict[str, Source]:
    """Read a catalogue of sources."""
    found = {}
    for name, piece in node.pairs().items():
        parts = piece.mapping(["title"], ["address"])
        address = parts["address"].text() if "address" in parts else ""
        found[name] = Source(name, parts["title"].words(), address)
    return found


@cache
def shipped_sources() -> Mapping[str, Source]:
    """Read the sources that every edition may name."""
    path = FOLDER.joinpath("sources.yaml")
    return read_sources(read(path.read_text(encoding="utf-8"), path.name))


@cache
def shipped_parameters(name: str) -> Mapping[str, Parameter]:
    """Read a file of parameters that comes with Opora, by its name without the ending."""
    path = FOLDER.joinpath(f"{name}.yaml")
    return read_parameters(read(path.read_text(encoding="utf-8"), path.name), shipped_sources())


def standing_parameters() -> Mapping[str, Parameter]:
    """Answer the parameters that every edition has unless it gives its own: how sure we are."""
    return shipped_parameters("identification")


def standing(name: str, parameter: str, on: date = date.max, territory: str = FEDERAL) -> DatedValue:
    """Find the value of a shipped parameter that is in force.

    Raises: ``NotInForce``.
    """
    return shipped_parameters(name)[parameter].at(on, territory)


def _parameter(name: str, node: Node, sources: Mapping[str, Source]) -> Parameter:
    parts = node.mapping(["meaning", "unit", "values"])
    unit = parts["unit"].choice(UNITS)
    values = tuple(_value(piece, unit, sources) for piece in parts["values"].items())
    if not values:
        parts["values"].refuse(_("нужно хотя бы одно значение"))
    known = {(v.territory, v.since) for v in values}
    if len(known) < len(values):
        parts["values"].refuse(_("два значения с одного дня на одной территории"))
    return Parameter(name, parts["meaning"].words(), unit, values)


def _value(node: Node, unit: str, sources: Mapping[str, Source]) -> DatedValue:
    parts = node.mapping(
        ["from", "value", "source", "status"], ["until", "comparison", "clause", "territory"]
    )
    value: Decimal | str = parts["value"].text() if unit == "letter" else parts["value"].decimal()
    if wrong := _wrong(unit, value):
        parts["value"].refuse(wrong)
    return DatedValue(
        value=value,
        comparison=parts["comparison"].choice(COMPARISONS) if "comparison" in parts else "",
        since=parts["from"].day(),
        until=parts["until"].day() if "until" in parts else None,
        source=parts["source"].choice(sources),
        clause=parts["clause"].text() if "clause" in parts else "",
        status=parts["status"].choice(STATUSES),
        territory=parts["territory"].text() if "territory" in parts else FEDERAL,
    )


def _wrong(unit: str, value: Decimal | str) -> str:
    """Say what is wrong with a value of this unit; "" if nothing is."""
    if isinstance(value, str):
        return ""
    lowest, highest, whole = UNITS[unit]
    if not value.is_finite() or not lowest <= value <= highest:
        return _("значение {value} вне пределов {lowest}–{highest}").format(
            value=value, lowest=lowest, highest=highest
        )
    if whole and value != value.to_integral_value():
        return _("значение {value} должно быть целым").format(value=value)
    if value.normalize().as_tuple().exponent < -6:  # type: ignore[operator]
        return _("значение {value}: не больше шести знаков после запятой").format(value=value)
    return ""
