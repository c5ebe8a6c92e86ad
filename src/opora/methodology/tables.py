"""The tables that the methodology reads: their columns, types and what may be empty.

A table is checked before anything is computed from it; what does not fit raises ``TableMismatch`` with the
table, the column and what is allowed.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

# One outcome is what one school achieved in one assessment (оценочная процедура): counts, never pupils.
OUTCOME_KEY: dict[str, Any] = {
    "year": pl.Int32,  # the year in the assessment's name (ВПР-2018), not the school year
    "assessment": pl.String,  # vpr, oge, ege, gve, niko, or another system's own word
    "sitting": pl.String,  # "" unless one year had several sittings: spring, autumn
    "subject": pl.String,  # russian, maths, … or the source's own word
    "grade": pl.Int32,  # the grade in which it was written
    "grade_programme": pl.Int32,  # the grade whose programme was tested
    "category": pl.String,  # category of pupils; "all" is everybody
}
OUTCOME_COUNTS: dict[str, Any] = {
    "takers": pl.Int32,  # pupils with a result
    "low": pl.Int32,  # of them with a low result; empty only where a published percent stands instead
    "percent": pl.Float64,  # published percent of low results, 0–100, where counts were not published
}
OUTCOME_MARKS: dict[str, Any] = {
    "mark2": pl.Int32,  # counts by mark; empty where the assessment has no marks
    "mark3": pl.Int32,
    "mark4": pl.Int32,
    "mark5": pl.Int32,
    "scores": pl.List(pl.Int32),  # pupils by primary score: position i holds those with score i
}
OUTCOMES: dict[str, Any] = {"school": pl.String, **OUTCOME_KEY, **OUTCOME_COUNTS, **OUTCOME_MARKS}

# Any other number or letter about a school.
INDICATORS: dict[str, Any] = {
    "school": pl.String,
    "year": pl.Int32,
    "indicator": pl.String,
    "category": pl.String,
    "value": pl.Float64,  # one of value and letter stands, never both
    "letter": pl.String,
}

DEFAULTS: dict[str, Any] = {"sitting": "", "category": "all", "percent": None, "low": None}


@dataclass(frozen=True)
class Outcomes:
    """Outcomes as the engine reads them: a small table of cells, and a large one of integers.

    cells: one row per assessment that was held anywhere: ``cell`` (Int32) and the columns of ``OUTCOME_KEY``.
    counts: one row per school and cell: ``school`` (any type that sorts), ``cell``, and ``OUTCOME_COUNTS``.
    """

    cells: pl.DataFrame
    counts: pl.DataFrame


class TableMismatch(ValueError):
    """A table does not have the columns, types or values that the methodology needs."""
