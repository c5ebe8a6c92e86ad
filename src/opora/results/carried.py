"""Results of schools as they were and as they are: outcomes of every year, carried over to a later day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.tables import OUTCOME_KEY, Outcomes
from opora.registry.history.carrying import Carried, Figure, as_they_are, day_of
from opora.registry.history.chronicle import Chronicle
from opora.results.store import Store

Cell = tuple[Any, ...]  # the columns of OUTCOME_KEY


def figures_of(store: Store, schools: Iterable[int]) -> tuple[list[Figure], list[Figure]]:
    """Answer the outcomes of some schools as figures: those that were counted, and those with a percent only.

    The counts are disjoint: ``low`` and ``rest`` together are the takers.
    """
    manifest = store.current()
    if manifest is None:
        return [], []
    codes = dict(store.schools(manifest).iter_rows())
    told = flat(store.outcomes(manifest, schools=[str(school) for school in schools]))
    counted: list[Figure] = []
    published: list[Figure] = []
    for row in told.sort("school", *OUTCOME_KEY).to_dicts():
        key = tuple(row[name] for name in OUTCOME_KEY)
        low, takers = row["low"], row["takers"]
        counts = {"low": low or 0, "rest": takers - (low or 0)}
        figure = Figure(int(codes[row["school"]]), key, counts)
        (published if low is None else counted).append(figure)
    return counted, published


def flat(outcomes: Outcomes) -> pl.DataFrame:
    """Put the columns of cells beside the counts."""
    return outcomes.counts.join(outcomes.cells, on="cell", how="left").drop("cell")


def carried(figures: Iterable[Figure], chronicle: Chronicle, until: date) -> Carried:
    """Carry outcomes over to the schools of a day, each year from the day to which its results belong.

    The results of a year whose day is later than ``until`` stay where they are.
    """
    by_day: dict[date, list[Figure]] = {}
    for figure in figures:
        day = min(day_of(figure.key[0], figure.key[2]), until)
        by_day.setdefault(day, []).append(figure)
    told = [as_they_are(some, chronicle, day, until) for day, some in sorted(by_day.items())]
    return Carried(
        tuple(figure for one in told for figure in one.figures),
        tuple(pair for one in told for pair in one.lost),
    )


def shown(figure: Figure) -> str:
    """Say a figure: «8 из 20»."""
    low = figure.counts["low"]
    return _("{low} из {takers}").format(low=low, takers=low + figure.counts["rest"])
