"""Which numbers of a rule a verdict hangs on (от чего зависит решение): each is moved, the others stay.

A number is moved step by step, both ways, as far as ``parameters/what_if.yaml`` says; a comparison is made
strict or not. The rule is asked anew at every place, so what is told is true of the rule. A number goes its
usual way in a few steps, a count in one that is as long. The parameter that matters most to a school is the
one that turns its verdict soonest; a changed comparison is no step at all: the same number read otherwise.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from opora.methodology.edition import Edition, EditionError, Settled
from opora.methodology.identification import Identification
from opora.methodology.parameters import UNITS, DatedValue, standing, standing_parameters

READ_OTHERWISE = {"above": "at least", "at least": "above", "below": "at most", "at most": "below"}
BY_ONE = ("indicators", "years", "components", "quarter")
BY_GRAINS = ("share", "percent", "points", "pupils")

SCHEMA: dict[str, Any] = {
    "list": pl.String,
    "parameter": pl.String,
    "value": pl.String,  # the decimal at which the verdict is another
    "comparison": pl.String,  # "" where nothing is compared
    "steps": pl.Int32,  # of the usual way; below zero: made smaller; 0: read in another way
    "listed": pl.Boolean,  # the verdict there
}


@dataclass(frozen=True)
class Move:
    """One number of the rule put to another value, or read in another way."""

    parameter: str
    value: Decimal
    comparison: str
    steps: int

    @property
    def change(self) -> Mapping[str, Any]:
        """Answer it as a change of ``identify``."""
        told = {"value": self.value}
        return told | {"comparison": self.comparison} if self.comparison else told


def decides(edition: Edition) -> tuple[str, ...]:
    """Name the parameters that a verdict may hang on, in the edition's order; not how sure we are of it."""
    return tuple(name for name in edition.parameters if name not in standing_parameters())


def moves(edition: Edition, settled: Settled) -> list[Move]:
    """Answer the places to which numbers are moved, the nearest first."""
    found = [move for name in decides(edition) for move in _of(edition, name, settled[name])]
    return sorted(found, key=lambda move: abs(move.steps))


def _of(edition: Edition, name: str, now: DatedValue) -> Iterator[Move]:
    unit = edition.parameters[name].unit
    if isinstance(now.value, str):
        return
    most = int(standing("what_if", "grains_tried").number)
    if unit in BY_GRAINS:
        grain = standing("what_if", f"grain_{unit}").number
        ways = [(size, size * grain) for size in range(1, most + 1)]
        if now.comparison:
            yield Move(name, now.value, READ_OTHERWISE[now.comparison], 0)
    else:
        ways = [(most, Decimal(1))] if unit in BY_ONE else []
    lowest, highest, _whole = UNITS[unit]
    for size, by in ways:
        for sign in (-1, 1):
            value = now.value + sign * by
            if lowest <= value <= highest:
                yield Move(name, value, now.comparison, sign * size)


def turned(
    edition: Edition, settled: Settled, ask: Callable[[Mapping[str, Any]], Identification]
) -> pl.DataFrame:
    """Find for each school and parameter the nearest place at which its verdict is another.

    ``ask`` is ``identify`` with everything but its changes; it is asked once for every move.
    Shape: ``school`` and ``SCHEMA``; one row per list, school and parameter that turns it, the fewest steps
    first. Empty: a school that nothing turns has no row; a place at which the rule cannot be asked is passed.
    """
    base = _listed(ask({}))
    parts = []
    for move in moves(edition, settled):
        try:
            there = _listed(ask({move.parameter: move.change}))
        except EditionError:
            continue
        both = base.join(there, on=["school", "list"], how="full", coalesce=True, suffix="_there")
        both = both.with_columns(pl.col("listed", "listed_there").fill_null(False))
        parts.append(
            both.filter(pl.col("listed") != pl.col("listed_there")).select(
                "school",
                "list",
                pl.lit(move.parameter).alias("parameter"),
                pl.lit(str(move.value)).alias("value"),
                pl.lit(move.comparison).alias("comparison"),
                pl.lit(move.steps, pl.Int32).alias("steps"),
                pl.col("listed_there").alias("listed"),
            )
        )
    if not parts:
        return pl.DataFrame(schema={"school": base.schema["school"], **SCHEMA})
    return pl.concat(parts).unique(["school", "list", "parameter"], keep="first", maintain_order=True)


def _listed(found: Identification) -> pl.DataFrame:
    return found.verdicts.select("school", "list", "listed")


def matters_most(told: pl.DataFrame) -> pl.DataFrame:
    """Answer for each list and school the parameter that turns its verdict with the fewest steps."""
    return told.unique(["school", "list"], keep="first", maintain_order=True)
