"""A school's level in an assessment: the log odds of a result, beside what is usual in the same works.

What schools differ by beyond chance is taken from those on the side to which bias does not pull, so that
lifted results do not widen what counts as usual.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.shares import odds, odds_variance, pooled_share, standardised

Floats = npt.NDArray[np.float64]

FAR = 2.0  # standard deviations
USUAL = 0.9205  # the mean square of a normal chance cut off there
DEGREES = 0.3  # of freedom, for each school that the spread was measured on
WIDEST = 4.0  # a variance beyond chance, in squared logits
HALVINGS = 30
FEWEST = 10  # schools from which anything is called usual
SHAPE = {
    "school": None,
    "takers": pl.Int64,
    "low": pl.Int64,
    "expected": pl.Float64,  # low results, were the school as all schools together in each of its works
    "level": pl.Float64,  # above zero: more low results than usual
    "noise": pl.Float64,  # the variance of the level by chance
    "usual": pl.Float64,  # the logarithm of the odds that the level is measured from
}


def levels(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Sum up each school's results and put them beside what is usual in the same works.

    ``outcomes``: ``school cell takers low``. Shape: ``SHAPE``, a row for every school with takers, in
    order. Units: logits.
    """
    cells = outcomes.group_by("cell").agg(pl.col("low").sum(), pl.col("takers").sum())
    share = pooled_share(cells["low"].to_numpy(), cells["takers"].to_numpy())
    usual = cells.select("cell").with_columns(pl.Series("share", share).fill_nan(0.0))
    rows = outcomes.join(usual, on="cell").filter(pl.col("takers") > 0).sort("school", "cell")
    told = rows.group_by("school", maintain_order=True).agg(
        pl.col("takers").sum().cast(pl.Int64),
        pl.col("low").sum().cast(pl.Int64),
        (pl.col("takers") * pl.col("share")).sum().alias("expected"),
    )
    low, takers = told["low"].to_numpy(), told["takers"].to_numpy()
    usual_odds = odds(told["expected"].to_numpy(), takers)
    return told.with_columns(
        level=pl.Series(odds(low, takers) - usual_odds),
        noise=pl.Series(odds_variance(low, takers)),
        usual=pl.Series(usual_odds),
    )


def beyond_chance(off: Floats, noise: Floats) -> float:
    """Choose the variance beyond chance with which the schools below zero lie as far as is usual.

    Shape: ``off`` from what is usual, ``noise`` the variance by chance, an element a school. Results that
    were lifted stand above zero, so what lies below is taken, and nothing counts as farther than ``FAR``.
    Empty: 0 where nothing lies below. Source: Huber P. Annals of Mathematical Statistics 35 (1964), 73–101
    (proposal 2), of one side.
    """
    below = off < 0
    if not below.any():
        return 0.0
    lowest, highest = 0.0, WIDEST
    for _halving in range(HALVINGS):
        middle = (lowest + highest) * 0.5
        squares = np.square(np.maximum(standardised(off[below], noise[below] + middle), -FAR))
        lowest, highest = (middle, highest) if float(np.mean(squares)) > USUAL else (lowest, middle)
    return lowest


def outlying(off: Floats, noise: Floats) -> Floats:
    """Say by how many standard deviations each school is off the middle of all."""
    centred = off - float(np.median(off))
    return cautious(standardised(centred, noise + beyond_chance(centred, noise)), len(off))


def cautious(off: Floats, schools: int) -> Floats:
    """Take off what is not known of the spread itself where it was measured on few schools.

    A deviation is as rare as in Student's distribution; answered is the normal one that is as rare.
    Source: Student. Biometrika 6 (1908), 1–25.
    """
    from scipy.special import ndtri, stdtr

    rarity = stdtr(DEGREES * schools, -off)
    return -ndtri(np.clip(rarity, 1e-300, 1 - 1e-16))
