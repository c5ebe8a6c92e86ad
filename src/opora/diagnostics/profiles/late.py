"""Late answers to a single question: where too few gave one, it is in no number, or two releases tell it.

A release counts late sheets of a group only where enough came. But of those, fewer may have answered one
question, and the difference of its two means would be theirs.
"""

from collections.abc import Sequence

import polars as pl

from opora.methodology.risk_profile.edition import DONT_KNOW, Origin, ProfileEdition

AT = ["school", "wave"]


def without_few_late(table: pl.DataFrame, edition: ProfileEdition, audience: str) -> pl.DataFrame:
    """Leave out late answers to what too few of a school's late respondents answered.

    Shape: ``table`` has ``school wave`` and the columns that the edition asks of the audience; the answer has
    the same rows and columns, with null where an answer is left out. Answers of the first wave stay.
    """
    smallest, asked = int(edition.number("smallest_group")), edition.asked_of(audience)
    if not (table["wave"] > 0).any():
        return table
    groups: list[Sequence[Origin]] = [told.origins for told in asked]
    groups += [[origin] for told in asked for origin in told.origins]
    share = float(edition.number("answered"))
    while True:
        before = table
        for origins in groups:
            counted = pl.sum_horizontal(_known(origin) for origin in origins)
            scored = (counted > 0) & (counted >= share * len(origins))
            many = scored.cast(pl.Int64).sum().over(AT)
            few = (pl.col("wave") > 0) & (many > 0) & (many < smallest)
            names = dict.fromkeys(origin.item for origin in origins)
            table = table.with_columns(
                pl.when(few).then(None).otherwise(pl.col(name)).alias(name) for name in names
            )
        if table.equals(before):
            return table


def _known(origin: Origin) -> pl.Expr:
    value = pl.col(origin.item)
    told = value.is_not_null() if origin.dont_know is not None else value.is_not_null() & (value != DONT_KNOW)
    return told.cast(pl.Int64)
