"""A run's inputs held in memory, so that a changed number is answered at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from opora.identification.models import Run
from opora.identification.tables import Inputs, inputs
from opora.identification.wording import edition_of
from opora.methodology.edition import Edition
from opora.methodology.identification import Identification, identify
from opora.methodology.parameters import FEDERAL
from opora.methodology.sensitivity import turned
from opora.registry.acting import holds_whole
from opora.results.actions import store
from opora.results.parts import UnknownContent

HELD = 2  # contents at once: a country is about a hundred megabytes


class NotHeld(LookupError):
    """The store has no results of this run any more, or never kept its registry: nothing can be tried."""


@dataclass(frozen=True, eq=False)
class Held:
    """What a run was made of, ready to be asked with other numbers."""

    read: Inputs
    edition: Edition
    years: tuple[int, ...] | None
    territory: str
    changes: Mapping[str, Any]  # that the run itself was made with

    def ask(self, changes: Mapping[str, Any], years: tuple[int, ...] | None = None) -> Identification:
        """Make the lists with other numbers, and of other years where they are named.

        Raises: what ``identify`` raises.
        """
        return identify(
            self.read.outcomes,
            self.edition,
            indicators=self.read.indicators,
            schools=self.read.schools,
            years=years or self.years,
            territory=self.territory,
            changes={**self.changes, **changes},
        )

    @cached_property
    def base(self) -> Identification:
        """Answer what the rule of the run makes of the same results."""
        return self.ask({})

    @cached_property
    def turned(self) -> pl.DataFrame:
        """Answer which number, moved a little, turns which school's verdict: see ``sensitivity.turned``."""
        return turned(self.edition, self.base.settled, self.ask)


def held(run: Run) -> Held:
    """Answer what a run was made of, to whoever holds its whole territory.

    Raises: NotHeld.
    """
    if not holds_whole(run.territory_id):
        raise NotHeld(run.content)
    edition = edition_of(run)  # the same object for the same text
    territory = run.territory.iso if run.territory else FEDERAL
    years = tuple(run.options.get("years") or ())
    return _held(run.content, edition, years, territory, json.dumps(run.changes))


@lru_cache(maxsize=HELD)
def _held(content: str, edition: Edition, years: tuple[int, ...], territory: str, changes: str) -> Held:
    return Held(_read(content), edition, years or None, territory, json.loads(changes))


@lru_cache(maxsize=HELD)
def _read(content: str) -> Inputs:
    results = store()
    try:
        kept = results.content(content)
    except UnknownContent:
        raise NotHeld(content) from None
    schools = results.beside(kept)
    if schools is None:
        raise NotHeld(content)
    read = inputs(results, kept, schools, sources=False)
    read.outcomes.ordered  # noqa: B018  checked and sorted now, not at the first change
    return read
