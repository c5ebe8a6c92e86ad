"""Facts of one bit about a school's work in one subject and grade (отметки о работах), kept among indicators.

The indicator says the kind, the subject and the grade: ``official_marker_russian_4``. Its value is
1 or 0; no row where nobody said anything.
"""

import polars as pl

MARKER = "official_marker"  # an office called the results biased (маркер необъективности), or said that not
CONTROLLED = "controlled"  # the work was written under control of objectivity, or said that not
SHAPE = {
    "school": pl.String,
    "year": pl.Int32,
    "subject": pl.String,
    "grade": pl.Int32,
    "flag": pl.Int32,  # 1 or 0
}


def flag_name(kind: str, subject: str, grade: int) -> str:
    """Answer what the indicator of a flag is called."""
    return f"{kind}_{subject}_{grade}"


def flags(indicators: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Take the flags of one kind out of a table of indicators.

    ``indicators``: the columns of ``tables.INDICATORS``, the school as it is there. Shape: ``SHAPE``, sorted.
    Empty: no row for a work of which nobody said anything.
    """
    named = pl.col("indicator").str.extract_groups(rf"^{kind}_(?<subject>.+)_(?<grade>\d+)$")
    told = indicators.filter(
        pl.col("indicator").str.starts_with(f"{kind}_"), pl.col("value").is_in([0.0, 1.0])
    )
    parts = told.with_columns(named.alias("work")).unnest("work").filter(pl.col("grade").is_not_null())
    return parts.select(
        "school",
        pl.col("year").cast(pl.Int32),
        "subject",
        pl.col("grade").cast(pl.Int32),
        pl.col("value").cast(pl.Int32).alias("flag"),
    ).sort("school", "year", "subject", "grade")
