"""Marks of an assessment beside those in the school's journal (ВПР и отметки по журналу): raised or lowered.

How many pupils usually get a higher or a lower mark than in the journal is taken from all schools in the same
works; teachers mark more or less strictly, and what schools differ by so is taken from the middle half.
Many raised marks say something of the assessment; many lowered ones of the journal, so only the first is a
sign about results.
"""

import polars as pl

from opora.methodology.signs.levels import FEWEST, levels, outlying

SHAPE = {
    "school": None,
    "takers": pl.Int64,
    "raised": pl.Int64,  # a higher mark than in the journal
    "raised_expected": pl.Float64,
    "raised_off": pl.Float64,  # standard deviations: above zero, more than usual
    "lowered": pl.Int64,
    "lowered_expected": pl.Float64,
    "lowered_off": pl.Float64,
}


def journal(marks: pl.DataFrame) -> pl.DataFrame:
    """Measure how unusual a school's raised and lowered marks are.

    ``marks``: ``school cell takers raised lowered``, counts of pupils with both marks; the rest are
    confirmed. Shape: ``SHAPE``, a row for every school, in order. Empty: no row where fewer than ten schools
    are known, and none at all for a school whose journal is not.
    """
    known = marks.drop_nulls(["takers", "raised", "lowered"])
    if known["school"].n_unique() < FEWEST:
        kinds = {name: kind for name, kind in SHAPE.items() if kind}
        return pl.DataFrame(schema={"school": marks.schema["school"], **kinds})
    raised, lowered = (_one(known, name) for name in ("raised", "lowered"))
    return raised.join(lowered.drop("takers"), on="school").sort("school").select(*SHAPE)


def _one(marks: pl.DataFrame, name: str) -> pl.DataFrame:
    """Measure one of the two."""
    told = levels(marks.select("school", "cell", "takers", low=name))
    level, noise = told["level"].to_numpy(), told["noise"].to_numpy()
    return told.select(
        "school",
        "takers",
        pl.col("low").alias(name),
        pl.col("expected").alias(f"{name}_expected"),
        pl.Series(f"{name}_off", outlying(level, noise)),
    )
