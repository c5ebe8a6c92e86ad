"""The result that a school's context lets expect (ожидаемый результат), and how its own stands to it.

What is expected is the mean of schools in such a context, without the school itself; the interval says where
nine of ten of them truly lie. Whether a school is really better is asked of what it showed and of how much
schools of one context differ: few pupils prove little.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.common_level import PLACES, WEIGHT
from opora.methodology.context.index import Context, quantile
from opora.methodology.shares import ratio

Floats = npt.NDArray[np.float64]

REACH, NODES = 5.0, 80  # standard deviations, and places, over which what is true is looked for
ROUNDS = 8
EXPECTED = {
    "school": None,
    "takers": pl.Int64,  # works
    "low": pl.Int64,  # of them low
    "share": pl.Float64,  # expected of such a context, 0–1
    "share_low": pl.Float64,  # where the true share of a school in such a context lies
    "share_high": pl.Float64,
    "expected": pl.Float64,  # low results, were the school as those in such a context are
    "difference": pl.Float64,  # low results more than expected; below zero: fewer
    "better": pl.Float64,  # the probability that its true share is below that of the middle such school
}


def expected_results(context: Context) -> pl.DataFrame:
    """Say what each school's context lets expect, and how likely the school is really better.

    Shape: ``EXPECTED``, a row for every school with an index and results, in order. Units: shares 0–1, works.
    Empty: no row where the fit may not be used.
    """
    from scipy.special import expit

    rows, fitted = context.results, context.fit
    if fitted is None or rows.is_empty():
        kinds = {name: kind or rows.schema["school"] for name, kind in EXPECTED.items()}
        return pl.DataFrame(schema=kinds)
    logit = (rows["usual"] + rows["expected"]).to_numpy()
    uncertain = rows["uncertain"].to_numpy()
    reach = quantile(fitted) * np.sqrt(fitted.own + uncertain)
    share = expit(logit[:, None] + context.spread * PLACES) @ WEIGHT
    return rows.select(
        "school",
        "takers",
        "low",
        share=pl.Series(share),
        share_low=pl.Series(expit(logit - reach)),
        share_high=pl.Series(expit(logit + reach)),
        expected=pl.Series(share) * pl.col("takers"),
        difference=pl.col("low") - pl.Series(share) * pl.col("takers"),
        better=pl.Series(_better(rows, logit, fitted.own, uncertain)),
    )


def _better(rows: pl.DataFrame, logit: Floats, own: float, uncertain: Floats) -> Floats:
    """Give the probability that a school's own part lies below zero, by its binomial likelihood.

    The school's level is what is expected, which is uncertain, and its own part. Where the level lies is
    summed over places around its most likely one; how much of it is the school's own is then normal.
    """
    from scipy.special import ndtr, softmax

    low, takers = rows["low"].to_numpy()[:, None], rows["takers"].to_numpy()[:, None]
    narrow = np.reciprocal(own + uncertain)[:, None]
    likely, width = _likeliest(low, takers, logit[:, None], narrow)
    off = likely + width * (np.arange(NODES) + 0.5 - NODES * 0.5) * ratio(2 * REACH, NODES)
    at = logit[:, None] + off
    weight = softmax(low * at - takers * np.logaddexp(0.0, at) - 0.5 * off**2 * narrow, axis=1)
    mine = own * narrow  # the part of a deviation that is the school's own, and how uncertain it is
    doubt = np.sqrt(np.maximum(own * (1 - mine), 1e-12))
    return np.einsum("ij,ij->i", weight, ndtr(-off * mine * np.reciprocal(doubt)))


def _likeliest(low: Floats, takers: Floats, logit: Floats, narrow: Floats) -> tuple[Floats, Floats]:
    """Find the most likely deviation of each school and how wide what is likely spreads (Newton)."""
    from scipy.special import expit

    off = np.zeros_like(logit)
    for _round in range(ROUNDS):
        share = expit(logit + off)
        curve = np.reciprocal(takers * share * (1 - share) + narrow)
        off = off + np.clip(curve * (low - takers * share - off * narrow), -1.0, 1.0)
    share = expit(logit + off)
    return off, np.sqrt(np.reciprocal(takers * share * (1 - share) + narrow))
