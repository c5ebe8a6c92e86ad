"""Identification (выявление): outcomes and an edition in, verdicts with their reasons out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from opora.methodology import tables
from opora.methodology.edition import Edition, Settled
from opora.methodology.evidence import evidence
from opora.methodology.judging import Judged, judge
from opora.methodology.likely import likely_shares
from opora.methodology.parameters import FEDERAL
from opora.methodology.ruling import Ruling
from opora.methodology.stability import stability
from opora.methodology.tables import Outcomes


@dataclass(frozen=True, eq=False)
class Identification:
    """Who is on which list, by which branch of the rule.

    verdicts: one row per list and school that has a result the list looks at: ``school list listed branch
    failed counted``; ``branch`` is the deciding branch of the rule, null where the school is not listed.
    settings: everything that, with the inputs, replays it. notes: what could not be applied, in sentences.
    """

    edition: Edition
    years: tuple[int, ...]
    verdicts: pl.DataFrame
    settings: dict[str, Any]
    notes: tuple[str, ...]
    judged: Judged
    rulings: Mapping[str, Ruling]

    @property
    def settled(self) -> Settled:
        """The numbers that were used, changes included."""
        return self.judged.settled

    def evidence(self, schools: Iterable[Any] | None = None, only_listed: bool = True) -> pl.DataFrame:
        """Give the results behind the verdicts, one row each: see ``evidence.COLUMNS``."""
        return evidence(self.judged, self.rulings, schools, only_listed)

    def stability(self) -> pl.DataFrame:
        """Give each verdict's stability: ``school list stability why``; see ``stability``."""
        return stability(self.judged, self.rulings)

    def likely_shares(self) -> pl.DataFrame:
        """Give where the true share of each counted result likely lies; see ``likely_shares``."""
        return likely_shares(self.judged)


def identify(  # noqa: PLR0913  what-if, replay and the command line name each of these
    outcomes: Outcomes | None,
    edition: Edition,
    *,
    indicators: pl.DataFrame | None = None,
    schools: pl.DataFrame | None = None,
    years: Sequence[int] | None = None,
    territory: str = FEDERAL,
    on: date | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Identification:
    """Make the lists of an edition (перечни).

    ``years`` replaces the edition's window, ``changes`` puts other numbers in the place of its own (what-if).
    A school without a single counted result, or excluded, is on no list.
    Raises: ``TableMismatch``, ``NotInForce``, ``EditionError``.
    """
    settled = edition.settle(territory, on, changes)
    held = tables.no_outcomes() if outcomes is None else outcomes
    facts = tables.indicators(_no_indicators() if indicators is None else indicators)
    known = None if schools is None else tables.schools(schools)
    judged = judge(held, edition, settled, facts, known, years)
    rulings = {name: Ruling(judged, each) for name, each in edition.lists.items()}
    parts = [ruling.verdicts() for ruling in rulings.values()]
    settings = {
        "edition": edition.name,
        "digest": edition.digest,
        "years": list(judged.years),
        "territory": territory,
        "on": (on or edition.in_force).isoformat(),
        "changes": {k: _plain(v) for k, v in sorted((changes or {}).items())},
        "parameters": {k: {"value": str(v.value), "comparison": v.comparison} for k, v in settled.items()},
    }
    return Identification(
        edition, judged.years, pl.concat(parts), settings, tuple(judged.notes), judged, rulings
    )


def _no_indicators() -> pl.DataFrame:
    return pl.DataFrame(schema=tables.INDICATORS)


def _plain(change: Any) -> Any:
    return {k: str(v) for k, v in change.items()} if isinstance(change, Mapping) else str(change)
