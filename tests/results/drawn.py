"""Tables drawn in tests as a person would draw them."""

from typing import Any

import polars as pl

from opora.methodology.tables import INDICATORS, OUTCOMES


def outcomes(drawing: str) -> pl.DataFrame:
    """Read a drawn table of outcomes; the grade's own programme, no sitting and everybody unless drawn."""
    table = _drawn(drawing, OUTCOMES)
    filled = table.with_columns(
        grade_programme=pl.coalesce("grade_programme", "grade"),
        sitting=pl.col("sitting").fill_null(""),
        category=pl.col("category").fill_null("all"),
    )
    return filled.select(list(OUTCOMES))


def indicators(drawing: str) -> pl.DataFrame:
    """Read a drawn table of indicators."""
    return _drawn(drawing, INDICATORS)


def _drawn(drawing: str, schema: dict[str, Any]) -> pl.DataFrame:
    heading, *lines = [[word.strip() for word in line.split("|")] for line in drawing.strip().splitlines()]
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    return pl.DataFrame(
        {name: [_value(row.get(name, ""), dtype) for row in rows] for name, dtype in schema.items()},
        schema=schema,
    )


def _value(word: str, dtype: Any) -> Any:
    if word == "":
        return None
    if dtype == pl.List(pl.Int32):
        return [int(count) for count in word.split(",")]
    return float(word) if dtype == pl.Float64 else int(word) if dtype == pl.Int32 else word
