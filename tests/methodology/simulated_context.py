"""A region whose context and its bearing on results are known: levels from context, results from levels."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit

from opora.methodology import tables

# What one standard deviation more of an indicator adds to the level, in logits; the rest have no bearing.
BEARING = {"parents_higher_education": -0.4, "low_income": 0.3, "other_language": 0.2}
WITHOUT = ("young_teachers", "second_shift")
WIDE = (
    "special_needs",
    "difficult_situation",
    "single_parent",
    "vacancies",
    "highest_category",
)  # nor have these
OWN = 0.4  # the standard deviation of what is a school's own, in logits
CELLS, USUAL = 8, -1.8  # works of each pupil, and the logit of a usual share of low results


@dataclass(frozen=True)
class Region:
    """What a simulated region is.

    indicators, outcomes: what was seen. expected: the true level of such a context, own: what is the
    school's own, both in logits. share: the true share of low results. planted: truly resilient schools.
    """

    indicators: pl.DataFrame
    outcomes: pl.DataFrame
    expected: np.ndarray
    own: np.ndarray
    share: np.ndarray
    pupils: np.ndarray
    planted: np.ndarray

    def of(self, schools: pl.Series, truth: np.ndarray) -> np.ndarray:
        """Answer what is true of schools by their names."""
        return truth[[int(name[1:]) for name in schools]]


def simulate(
    schools: int,
    seed: int,
    *,
    times: float = 1.0,
    own: float = OWN,
    more: tuple[str, ...] = (),
    missing: float = 0.0,
    planted: float = 0.0,
    better: float = 1.2,
) -> Region:
    """Draw a region.

    ``times``: how much of ``BEARING`` there is; ``own``: the standard deviation of what is a school's own;
    ``more``: further indicators that have no bearing; ``missing``: the share of values that are not known.
    Of the schools in the hardest quarter of contexts a share ``planted`` has a level lower by ``better``. A
    grade is a tenth of a school.
    """
    chance = np.random.default_rng(seed)
    names = np.array([f"s{number:05d}" for number in range(schools)])
    known = [*BEARING, *WITHOUT, *more]
    scores = chance.normal(size=(schools, len(known)))
    weights = np.array([*BEARING.values(), *(0.0 for _each in (*WITHOUT, *more))]) * times
    expected = scores @ weights
    hard = expected >= np.quantile(expected, 0.75)
    resilient = hard & (chance.random(schools) < planted)
    mine = chance.normal(0, own, schools) * ~resilient - better * resilient
    pupils = np.clip(np.exp(chance.normal(5.2, 1.0, schools)), 10, 1500).astype(int)
    share = expit(USUAL + expected + mine)
    parts = []
    for cell in range(CELLS):
        takers = chance.binomial(pupils // 11 + 1, 0.9)
        low = chance.binomial(takers, share)
        parts.append(pl.DataFrame({"school": names, "cell": cell, "takers": takers, "low": low}))
    values = 0.4 + 0.08 * scores  # shares, linear in the truth
    seen = chance.random(values.shape) >= missing
    rows = [
        pl.DataFrame({"school": names, "indicator": name, "value": np.clip(values[:, place], 0.0, 1.0)})
        .filter(pl.Series(seen[:, place]))
        .with_columns(year=pl.lit(2024, pl.Int32), category=pl.lit("all"), letter=pl.lit(None, pl.String))
        for place, name in enumerate(known)
    ]
    indicators = pl.concat(rows).select(*tables.INDICATORS)
    outcomes = pl.concat(parts).filter(pl.col("takers") > 0)
    return Region(indicators, outcomes, expected, mine, share, pupils, resilient)
