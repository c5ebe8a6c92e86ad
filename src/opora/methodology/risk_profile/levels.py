"""Levels of a factor (значимость): high, middle, low or no data, by fixed cut-offs or beside other schools.

Other schools are chosen explicitly: all of the campaign, those of a group (a region, a kind), or similar
ones. A score that fewer than enough of them have gives no level. A level says how sure it is: how often it
would be the same, were respondents drawn again; the cut-offs are held. «No data» is a state of its own and
never low.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.intervals import Uncertain
from opora.methodology.risk_profile.scoring import DIGITS, Scored

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

HIGH, MIDDLE, LOW, NO_DATA = "high", "middle", "low", "no data"
CAMPAIGN, GROUP, SIMILAR = "campaign", "group", "similar"


@dataclass(frozen=True, eq=False)
class Cuts:
    """Where the levels of factors begin.

    Shape: ``values`` schools × factors × (middle, high), NaN where too few schools have a score; ``schools``:
    from how many schools they come, 0 where they are fixed. above: a level begins past its cut, not at it: of
    schools with one and the same score none is high. beside: "" for fixed, or whom a school is put beside.
    """

    values: Floats
    schools: Integers
    above: bool
    beside: str


def cuts(scored: Scored, reference: pl.DataFrame | None = None) -> Cuts:
    """Find the cut-offs for every school and factor as the edition says: fixed, or of a reference group.

    ``reference``: ``school group`` or ``school neighbour``; None: all schools of the campaign. It is not
    looked at where the cut-offs are fixed. A school stands in its group itself, but not among its
    neighbours.
    """
    shape = scored.factor_points.shape
    numbers = scored.edition.number
    if scored.edition.levels == "fixed":
        fixed = np.array([float(numbers("middle")), float(numbers("high"))])
        return Cuts(np.broadcast_to(fixed, (*shape, 2)), np.zeros(shape, np.int64), False, "")
    names = [f"f{place}" for place in range(shape[1])]
    points = pl.DataFrame(scored.factor_points, schema=names).fill_nan(None)
    own = pl.concat([scored.schools.to_frame("school"), points], how="horizontal")
    pairs, beside = _pairs(scored.schools, reference)
    quantiles = [
        pl.col(name).quantile(float(numbers(f"{which}_quantile")), "linear").alias(f"{name}_{which}")
        for which in ("middle", "high")
        for name in names
    ]
    many_of = [pl.col(name).count().alias(f"{name}_many") for name in names]
    told = pairs.join(own, left_on="of", right_on="school").group_by("key").agg(*quantiles, *many_of)
    keyed = _keys(scored.schools, reference).join(told, on="key", how="left", maintain_order="left")
    many = keyed.select(f"{name}_many" for name in names).fill_null(0).to_numpy().astype(np.int64)
    values = np.stack(
        [
            keyed.select(f"{name}_{which}" for name in names).cast(pl.Float64).to_numpy()
            for which in ("middle", "high")
        ],
        axis=2,
    ).round(DIGITS)
    enough = many >= int(numbers("fewest_reference"))
    return Cuts(np.where(enough[..., None], values, np.nan), many, True, beside)


def _pairs(schools: pl.Series, reference: pl.DataFrame | None) -> tuple[pl.DataFrame, str]:
    """Name the schools of each key, and whom a school is put beside."""
    if reference is None:
        return pl.DataFrame({"key": pl.repeat("", len(schools), eager=True), "of": schools}), CAMPAIGN
    if "group" in reference.columns:
        return reference.select(key=pl.col("group").cast(pl.String), of="school").unique(), GROUP
    pairs = reference.filter(pl.col("school") != pl.col("neighbour"))
    return pairs.select(key="school", of="neighbour").unique(), SIMILAR


def _keys(schools: pl.Series, reference: pl.DataFrame | None) -> pl.DataFrame:
    """Give each school the key under which those beside it stand."""
    if reference is None:
        return pl.DataFrame({"key": pl.repeat("", len(schools), eager=True)})
    if "group" not in reference.columns:
        return schools.to_frame("key")
    own = reference.select("school", key=pl.col("group").cast(pl.String)).unique("school")
    return schools.to_frame("school").join(own, on="school", how="left", maintain_order="left").select("key")


def level(points: Floats, found: Cuts) -> Texts:
    """Give every factor of every school its level: schools × factors."""
    middle, high = found.values[..., 0], found.values[..., 1]
    past = points > high if found.above else points >= high
    over = points > middle if found.above else points >= middle
    named = np.where(past, HIGH, np.where(over, MIDDLE, LOW)).astype(object)
    return np.where(np.isnan(points) | np.isnan(middle), NO_DATA, named)


def sure(levels: Texts, chance: Uncertain) -> Floats:
    """Say how likely the level would be the same, were respondents drawn again. Empty: NaN for no data."""
    between = 1.0 - chance.low_chance - chance.high_chance
    found = np.where(levels == HIGH, chance.high_chance, np.where(levels == LOW, chance.low_chance, between))
    return np.where(levels == NO_DATA, np.nan, np.clip(found, 0.0, 1.0)).round(DIGITS)


def lacking(scored: Scored, levels: Texts) -> Texts:
    """Say why a factor has no level: none, few, weight or reference.

    None answered, groups too small, too little of the factor has data, too few schools to be put beside.

    Empty: "" where it has one.
    """
    few = np.zeros(levels.shape, np.bool_)
    for place in range(len(scored.told)):
        few[:, scored.to_factor[scored.to_indicator[place]]] |= scored.why[:, place] == "few"
    nothing = scored.known_weight == 0
    why = np.where(nothing & few, "few", np.where(nothing, "none", "weight")).astype(object)
    why = np.where(np.isnan(scored.factor_points), why, "reference")
    return np.where(levels == NO_DATA, why, "")


def cut_words(edition: ProfileEdition) -> tuple[float, float]:
    """Give the numbers that the levels of an edition rest on: points, or shares of the reference group."""
    names = ("middle", "high") if edition.levels == "fixed" else ("middle_quantile", "high_quantile")
    return float(edition.number(names[0])), float(edition.number(names[1]))
