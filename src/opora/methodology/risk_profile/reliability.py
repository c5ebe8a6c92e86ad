"""Reliability of indicators (надёжность): Cronbach's alpha, McDonald's omega, from how many respondents.

All respondents of a campaign who answered every item of an indicator are taken, school by school or not: what
is asked is whether the items say the same of people. Omega is that of one factor, fitted by maximum
likelihood; where one factor does not fit (an item would have less than no error) it says so and is not given.
Source: Cronbach L. Psychometrika 16 (1951), 297–334; McDonald R. Test Theory: A Unified Treatment (1999),
ch. 6; Lawley D., Maxwell A. Factor Analysis as a Statistical Method (1971), ch. 4.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.risk_profile.answers import MISSING, POINT, Options, item_points
from opora.methodology.risk_profile.edition import AUDIENCES, ProfileEdition
from opora.methodology.shares import ratio

Floats = npt.NDArray[np.float64]

LEAST_OWN = 1e-4  # of an item's variance: less is none, and one factor does not fit
RELIABILITY = {
    "factor": pl.String,
    "indicator": pl.String,
    "audience": pl.String,
    "items": pl.Int64,
    "respondents": pl.Int64,  # who answered all items
    "alpha": pl.Float64,
    "omega": pl.Float64,
    "why": pl.String,  # single (one item), few, same (no differences), factor (alpha only), or ""
}


def reliability(
    tables: Mapping[str, pl.DataFrame], edition: ProfileEdition, options: Options | None = None
) -> pl.DataFrame:
    """Measure the reliability of every indicator by audience.

    Shape: ``RELIABILITY``, a row for every indicator and audience that is asked and has a table. Units: 0–1;
    alpha may lie below zero. Empty: null, with the reason in ``why``.
    """
    fewest = int(edition.number("fewest_for_reliability"))
    rows = []
    for told in edition.told:
        if told.of not in tables or told.of not in AUDIENCES:
            continue
        names = (options or {}).get(told.of, {})
        items = np.stack([item_points(one, tables[told.of][one.item], names) for one in told.origins], axis=1)
        whole = items[(items != MISSING).all(axis=1)] * ratio(1.0, float(POINT))
        alpha, omega, why = _both(whole, fewest)
        rows.append(
            (told.factor.name, told.indicator.name, told.of, items.shape[1], len(whole), alpha, omega, why)
        )
    return pl.DataFrame(rows, schema=RELIABILITY, orient="row")


def _both(items: Floats, fewest: int) -> tuple[float | None, float | None, str]:
    if items.shape[1] < 2:
        return None, None, "single"
    if len(items) < fewest:
        return None, None, "few"
    if (items.max(axis=0) == items.min(axis=0)).any():
        return None, None, "same"
    # in an order of its own: the last bit of a sum must not hang on who answered first
    covariance = np.cov(items[np.lexsort(items.T)], rowvar=False)
    found = omega(covariance)
    return alpha(covariance), found, "" if found is not None else "factor"


def alpha(covariance: Floats) -> float:
    """Compute Cronbach's alpha (альфа Кронбаха) from the covariances of items."""
    items = len(covariance)
    own = ratio(float(np.trace(covariance)), float(covariance.sum()))
    return float(ratio(items, items - 1) * (1.0 - own))


def omega(covariance: Floats) -> float | None:
    """Compute McDonald's omega (омега Макдональда): the share of the sum's variance that one factor makes.

    Empty: None where one factor does not fit, or where two items cannot tell one (fewer than three).
    """
    if len(covariance) < 3:
        return None
    spread = np.sqrt(np.diag(covariance))
    correlations = covariance * np.outer(np.reciprocal(spread), np.reciprocal(spread))
    fitted = _one_factor(correlations)
    if fitted is None:
        return None
    loadings, own = fitted
    common = float((loadings * spread).sum() ** 2)
    return float(ratio(common, common + float((own * spread**2).sum())))


def _one_factor(correlations: Floats) -> tuple[Floats, Floats] | None:
    """Fit one factor by maximum likelihood: the loadings of items and their own variances."""
    from scipy.optimize import minimize

    start = np.clip(np.reciprocal(np.diag(np.linalg.pinv(correlations))), 0.05, 0.95)
    bounds = [(LEAST_OWN, 1.0)] * len(start)
    exact = {"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000}
    told = minimize(_misfit, start, (correlations,), "L-BFGS-B", jac=True, bounds=bounds, options=exact)
    own = np.asarray(told.x, np.float64)
    if (own < 2 * LEAST_OWN).any():
        return None
    loadings = _loadings(own, correlations)[0]
    return loadings * np.sign(loadings.sum() or 1.0), own


def _loadings(own: Floats, correlations: Floats) -> tuple[Floats, Floats]:
    """Give the best loadings for these own variances, and what the factor leaves of the correlations."""
    scale = np.sqrt(own)
    inverse = np.reciprocal(scale)
    values, vectors = np.linalg.eigh(correlations * np.outer(inverse, inverse))
    return scale * vectors[:, -1] * np.sqrt(max(float(values[-1]) - 1.0, 0.0)), values[:-1]


def _misfit(own: Floats, correlations: Floats) -> tuple[float, Floats]:
    """Say how much less likely the data are than could be, and how that changes with each own variance."""
    loadings, rest = _loadings(own, correlations)
    rest = np.maximum(rest, 1e-300)
    slope = (loadings**2 + own - np.diag(correlations)) * np.reciprocal(own**2)
    return float((rest - np.log(rest) - 1.0).sum()), slope
