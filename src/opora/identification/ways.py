"""What would turn a school's verdict, said for its page: the nearest way off the list, the single result."""

from typing import Any

import polars as pl

from opora.identification import wording
from opora.identification.models import Run, Verdict
from opora.identification.pages import Ways
from opora.methodology.edition import Edition
from opora.methodology.parameters import FEDERAL
from opora.methodology.tables import INDICATORS, OUTCOME_COUNTS, OUTCOME_KEY
from opora.methodology.way_out import Asked, turning, way_out
from opora.results.words import outcome_name

OWN = {**OUTCOME_KEY, **OUTCOME_COUNTS}
FACTS = {name: kind for name, kind in INDICATORS.items() if name != "school"}


def ways_of(run: Run, edition: Edition, verdict: Verdict, rows: list[dict[str, Any]]) -> Ways | None:
    """Answer what would turn a verdict; ``rows`` are its evidence.

    Empty: None where the rule does not look at the school, or is not about low results.
    """
    if verdict.excluded or not verdict.counted or not is_about_low_results(edition, verdict.list):
        return None
    asked = Asked(
        _table([row for row in rows if row["kind"] == "outcome"], OWN),
        edition,
        verdict.list,
        tuple(run.years),
        run.territory.iso if run.territory else FEDERAL,
        _table([row for row in rows if row["kind"] == "indicator"], FACTS),
        run.changes,
    )
    names = [outcome_name(row) for row in asked.own.iter_rows(named=True)]
    one = turning(asked)
    single = wording.turning_sentence(names[one.place], one) if one else ""
    if not verdict.by_rule:
        return Ways("", (), single) if single else None
    way = way_out(asked)
    steps = tuple(wording.step_words(names[step.place], step) for step in way.steps)
    return Ways(wording.way_out_sentence(way), steps, single if len(steps) > 1 else "")


def is_about_low_results(edition: Edition, name: str) -> bool:
    """Say whether failing means many low results: a list of stably high schools is left in another way."""
    settled = edition.settle()
    thresholds = [edition.measures[one].threshold for one in edition.lists[name].measures]
    return all(settled[one].comparison in {"above", "at least"} for one in thresholds if one)


def _table(rows: list[dict[str, Any]], columns: dict[str, Any]) -> pl.DataFrame:
    """Put evidence into columns, each result once: several measures may look at it."""
    told = [{name: row[name] for name in columns} for row in rows]
    return pl.DataFrame(told, schema=columns).unique(maintain_order=True)
