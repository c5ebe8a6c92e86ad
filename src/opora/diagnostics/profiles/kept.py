"""How a school's risk profile is kept: small tables by name, each its columns once and its rows as lists."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

DIGITS = 4  # of points that are kept
TABLES = (
    "factors",  # risk_profile.profile.FACTORS
    "indicators",  # INDICATORS
    "groups",  # GROUPS_TOLD
    "sources",  # risk_profile.why.SOURCES
    "changes",  # risk_profile.why.CHANGES
    "responses",  # RESPONSES, of all sheets
    "disagreements",  # risk_profile.disagreement.DISAGREEMENTS, the found ones
    "beside",  # risk_profile.comparison.BESIDE
    "changed",  # risk_profile.comparison.CHANGED; no rows in the first year
)
Kept = dict[str, Any]
Row = dict[str, Any]


def packed(table: pl.DataFrame) -> Row:
    """Write a table as its columns and rows."""
    return {"columns": table.columns, "rows": [*map(list, table.rows())]}


def unpacked(kept: Row) -> pl.DataFrame:
    """Read a table that was written so; types are those of its values."""
    return pl.DataFrame(kept["rows"], schema=kept["columns"], orient="row", infer_schema_length=None)


def by_school(tables: Mapping[str, pl.DataFrame]) -> dict[str, Kept]:
    """Divide tables with a column ``school`` among the schools; one without rows has none in that table."""
    made: dict[str, Kept] = {}
    for name in TABLES:
        table = tables[name]
        short = table.with_columns(pl.col(pl.Float64).round(DIGITS))
        for (school,), own in short.partition_by(["school"], as_dict=True).items():
            made.setdefault(school, {})[name] = packed(own.drop("school"))
    return made


def in_parts(
    places: pl.DataFrame, tables: Mapping[str, pl.DataFrame], many: int
) -> Iterator[tuple[pl.DataFrame, dict[str, Kept]]]:
    """Divide tables among the schools, so many schools at once: a country does not fit as lists of rows.

    Shape: ``places`` has ``school``, once each; its own rows come back with what is kept of them.
    """
    part = places.select("school", part=pl.int_range(pl.len()) // many)
    parted = {
        name: table.join(part, on="school", maintain_order="left").partition_by(
            ["part"], as_dict=True, include_key=False
        )
        for name, table in tables.items()
    }
    for number, own in enumerate(places.iter_slices(many)):
        yield own, by_school({name: parted[name].get((number,), tables[name].clear()) for name in tables})


def rows(told: Kept, name: str) -> list[Row]:
    """Read one table of a kept profile. Empty: [], where the school has no rows in it."""
    table = told.get(name)
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]] if table else []
