"""Reads tables that are drawn in a test, so that a rule and its example stand side by side."""

from typing import Any

import polars as pl

from opora.methodology import tables
from opora.methodology.edition import Edition
from opora.methodology.identification import Identification, identify

WHOLE = {"year", "grade", "grade_programme", "takers", "low"}
REAL = {"percent", "value"}


def rows(text: str) -> list[dict[str, Any]]:
    """Give the rows of a drawn table; an empty place is null, a missing key column repeats nothing."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in lines[0].split("|")]
    return [
        dict(
            zip(
                names, (value(n, c.strip()) for n, c in zip(names, line.split("|"), strict=True)), strict=True
            )
        )
        for line in lines[1:]
    ]


def value(name: str, cell: str) -> Any:
    if cell == "":
        return None
    if name in WHOLE:
        return int(cell)
    return float(cell) if name in REAL else cell


def drawn_outcomes(text: str) -> tables.Outcomes:
    """Draw outcomes; ``assessment subject grade year takers`` may be left out where they do not matter."""
    usual = {"year": 2019, "assessment": "vpr", "subject": "maths", "grade": 5, "takers": 100}
    whole = [{**usual, **row} for row in rows(text)]
    kinds = {k: v for k, v in tables.OUTCOMES.items() if k in whole[0]}
    return tables.outcomes(pl.DataFrame(whole, schema=kinds))


def drawn_indicators(text: str) -> pl.DataFrame:
    whole = [{"category": "all", "value": None, "letter": None, **row} for row in rows(text)]
    return pl.DataFrame(whole, schema=tables.INDICATORS)


def drawn_schools(text: str) -> pl.DataFrame:
    return pl.DataFrame(rows(text))


def listed(found: Identification, of: str = "") -> str:
    """Name the listed schools in one line; of one list, or of the only one."""
    verdicts = found.verdicts.filter("listed")
    if of:
        verdicts = verdicts.filter(pl.col("list") == of)
    return " ".join(verdicts["school"])


def who(table: tables.Outcomes, edition: Edition, of: str = "", **options: Any) -> str:
    """Identify and name the listed schools in one line."""
    return listed(identify(table, edition, **options), of)
