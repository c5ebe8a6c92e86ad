"""Answers to the same questions of an indicator go together: fewer than five alike are in no number.

A profile tells of an indicator twice: its score, made of who answered enough of its questions, and the mean
answer to each question, of whoever answered it. Where one person skipped a question, the two differ by that
person, and so do two releases, two years, a question and the score beside it. So the sheets of a school are
parted by what they answer of an indicator (the same questions, «не знаю» at the same ones), and whatever is
shown is made of whole parts of at least five: no subtraction tells of fewer (ADR 30).
"""

from fractions import Fraction

import polars as pl

from opora.methodology.risk_profile.edition import DONT_KNOW, Origin, ProfileEdition, Told

AT = ["school", "wave"]
MISSING, UNSURE, KNOWN = range(3)  # what a sheet says to a question; unsure: «не знаю» that gives points


def without_few_alike(table: pl.DataFrame, edition: ProfileEdition, audience: str) -> pl.DataFrame:
    """Leave out the answers to an indicator that fewer than the smallest group gave to the same questions.

    Shape: ``table`` has ``school wave`` and the columns that the edition asks of the audience; the answer has
    the same rows and columns, with null where an answer is left out. A first wave of which too few would be
    left stays as it is, and nothing is told of it (``scoring.score``); once enough came, it is left out.
    """
    told = [one for one in edition.asked_of(audience) if _may_differ(one, table)]
    while True:
        before = table
        for one in told:
            table = _of_indicator(table, one, edition)
        if table.equals(before):
            return table


def _may_differ(told: Told, table: pl.DataFrame) -> bool:
    unsure = any(origin.dont_know is not None for origin in told.origins)
    return len(told.origins) > 1 or unsure or bool((table["wave"] > 0).any())


def _of_indicator(table: pl.DataFrame, told: Told, edition: ProfileEdition) -> pl.DataFrame:
    smallest = int(edition.number("smallest_group"))
    share = Fraction(edition.number("answered"))
    names = [f"says {place}" for place in range(len(told.origins))]
    said = {f"says {place}": one for place, one in enumerate(told.origins)}
    rows = table.select(*AT, **{name: _said(one) for name, one in said.items()})
    rows = rows.with_columns(late=pl.col("wave") > 0)
    before, names = rows, list(said)
    rows = _without_few_questions(rows, names, share, smallest)
    rows = _without_few_sheets(rows, names, share, smallest)
    gone = {one.item: rows[name] != before[name] for name, one in said.items()}
    return table.with_columns(
        pl.when(pl.lit(each)).then(None).otherwise(pl.col(item)).alias(item)
        for item, each in gone.items()
        if each.any()
    )


def _without_few_questions(
    rows: pl.DataFrame, names: list[str], share: Fraction, smallest: int
) -> pl.DataFrame:
    """Take out a question that too few answered, where enough are left who answered the others."""
    few = [_many(pl.col(name) == KNOWN).is_between(1, smallest - 1) for name in names]
    rest = [pl.when(one).then(MISSING).otherwise(pl.col(name)) for name, one in zip(names, few, strict=True)]
    enough = _many(_scored(rest, share)) >= smallest
    out = [one & (enough | pl.col("late")) for one in few]
    return rows.with_columns(
        pl.when(one).then(MISSING).otherwise(pl.col(name)).alias(name)
        for name, one in zip(names, out, strict=True)
    )


def _without_few_sheets(rows: pl.DataFrame, names: list[str], share: Fraction, smallest: int) -> pl.DataFrame:
    """Take out the sheets of which too few answered the same questions."""
    says = [pl.col(name) for name in names]
    rows = rows.with_columns(
        alike=pl.sum_horizontal(one * 3**place for place, one in enumerate(says)),
        known=pl.any_horizontal(one == KNOWN for one in says),
        scored=_scored(says, share),
    ).with_columns(few=pl.col("known") & (pl.len().over(*AT, "alike") < smallest))
    rows = rows.with_columns(rest=_many(pl.col("scored") & ~pl.col("few")))
    late, enough = pl.col("late"), pl.col("rest") >= smallest
    out = (pl.col("few") & (late | enough)) | (late & ~enough & (pl.col("rest") > 0))
    rows = rows.with_columns(out=out, came=(late & enough).any().over("school"))
    out = pl.col("out") | (~late & ~enough & pl.col("came"))
    return rows.with_columns(pl.when(out).then(MISSING).otherwise(pl.col(name)).alias(name) for name in names)


def _said(origin: Origin) -> pl.Expr:
    value = pl.col(origin.item)
    unsure = MISSING if origin.dont_know is None else UNSURE
    said = pl.when(value == DONT_KNOW).then(unsure).otherwise(KNOWN)
    return pl.when(value.is_null()).then(MISSING).otherwise(said).cast(pl.Int64)


def _scored(says: list[pl.Expr], share: Fraction) -> pl.Expr:
    """Say whether a sheet answers enough of the indicator to be in its score."""
    count = pl.sum_horizontal((one != MISSING).cast(pl.Int64) for one in says)
    return (count > 0) & (count * share.denominator >= share.numerator * len(says))


def _many(these: pl.Expr) -> pl.Expr:
    return these.cast(pl.Int64).sum().over(AT)
