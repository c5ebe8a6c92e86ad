"""Makes the risk profiles (РПШ) of a campaign: everything that a page of a school shows, as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.risk_profile.answers import Options
from opora.methodology.risk_profile.disagreement import disagreements
from opora.methodology.risk_profile.edition import AUDIENCES, BY_POSITION, ProfileEdition
from opora.methodology.risk_profile.intervals import Uncertain, uncertain
from opora.methodology.risk_profile.levels import Cuts, Texts, cuts, lacking, level, sure
from opora.methodology.risk_profile.scoring import DIGITS, Scored, score
from opora.methodology.risk_profile.why import changes, sources
from opora.methodology.shares import pooled_share

Floats = npt.NDArray[np.float64]

FACTORS: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "points": pl.Float64,  # 0–100, more is more risk
    "low": pl.Float64,  # the interval by who answered
    "high": pl.Float64,
    "level": pl.String,  # high, middle, low, no data
    "sure": pl.Float64,  # how often the level would be the same, were respondents drawn again; 0–1
    "middle_from": pl.Float64,  # where the levels begin for this school
    "high_from": pl.Float64,
    "beside": pl.Int64,  # schools that these were learnt from; 0: fixed
    "known_weight": pl.Float64,  # share of the factor's weight that has data, 0–1
    "why": pl.String,  # none, few, weight, reference; "" where there is a level
}
INDICATORS: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "indicator": pl.String,
    "points": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "portion": pl.Float64,  # in the factor's score, 0–1
    "contribution": pl.Float64,  # to the factor's score: they add up to it
    "lacking": pl.List(pl.String),  # groups that should have told of it and have no score
    "why": pl.String,  # none, few; "" where there is a score
}
GROUPS_TOLD: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "indicator": pl.String,
    "of": pl.String,  # audience, or context, results
    "points": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "respondents": pl.Int64,  # whose answers were enough; 0 where the group is too small to be told of
    "portion": pl.Float64,  # in the indicator's score, 0–1
    "one_person": pl.Boolean,  # answers by position: no chance in who answered
    "why": pl.String,
}
RESPONSES: dict[str, Any] = {
    "school": pl.String,
    "audience": pl.String,
    "invited": pl.Int64,  # null: not known
    "answered": pl.Int64,  # sheets
    "rate": pl.Float64,  # 0–1; null where the invited are not known or fewer than answered
    "why": pl.String,  # unknown, more (more answered than were invited), or ""
}


@dataclass(frozen=True, eq=False)
class Profiles:
    """The risk profiles of all schools of a campaign.

    factors: ``FACTORS``. indicators: ``INDICATORS``. groups: ``GROUPS_TOLD``. sources: ``why.SOURCES``.
    changes: ``why.CHANGES``. responses: ``RESPONSES``. disagreements: ``disagreement.DISAGREEMENTS``. Each in
    the order of schools and of the edition. above: a level begins past ``…_from``, not at it. beside: ""
    (fixed), campaign, group, similar. A group too small shows nothing here; totals by which it could be found
    out are another rule's.
    """

    edition: ProfileEdition
    scored: Scored
    above: bool
    beside: str
    factors: pl.DataFrame
    indicators: pl.DataFrame
    groups: pl.DataFrame
    sources: pl.DataFrame
    changes: pl.DataFrame
    responses: pl.DataFrame
    disagreements: pl.DataFrame


def profiles(  # noqa: PLR0913  what a campaign is made of, each by its name
    tables: Mapping[str, pl.DataFrame],
    facts: Mapping[str, pl.DataFrame],
    invited: pl.DataFrame,
    edition: ProfileEdition,
    *,
    options: Options | None = None,
    reference: pl.DataFrame | None = None,
    regions: pl.DataFrame | None = None,
    answered: pl.DataFrame | None = None,
) -> Profiles:
    """Make the risk profiles (РПШ) of every school that stands in any of the tables.

    ``tables``, ``facts``, ``invited``, ``options``, ``answered``: see ``scoring.score``. ``reference``: for
    levels beside other schools, ``school group`` or ``school neighbour``; None: beside all. ``regions``:
    ``school group``, where the usual difference of two groups is learnt apart.
    Raises: ``TableMismatch``.
    """
    scored = score(tables, facts, invited, edition, options, answered=answered)
    found = cuts(scored, reference)
    chance = uncertain(scored, found.values, found.above)
    levels = level(scored.factor_points, found)
    return Profiles(
        edition=edition,
        scored=scored,
        above=found.above,
        beside=found.beside,
        factors=_factors(scored, found, chance, levels),
        indicators=_indicators(scored, chance.indicators),
        groups=_groups(scored, chance.told),
        sources=sources(scored),
        changes=changes(scored, levels, found.values),
        responses=responses(scored),
        disagreements=disagreements(scored, regions),
    )


def _factors(scored: Scored, found: Cuts, chance: Uncertain, levels: Texts) -> pl.DataFrame:
    columns = {
        "points": scored.factor_points,
        "low": chance.factors[..., 0],
        "high": chance.factors[..., 1],
        "level": levels,
        "sure": sure(levels, chance),
        "middle_from": found.values[..., 0],
        "high_from": found.values[..., 1],
        "beside": found.schools,
        "known_weight": scored.known_weight,
        "why": lacking(scored, levels),
    }
    return _long(scored, FACTORS, {"factor": [factor.name for factor in scored.edition.factors]}, columns)


def _long(
    scored: Scored,
    shape: Mapping[str, Any],
    names: Mapping[str, list[str]],
    columns: Mapping[str, npt.NDArray[np.generic]],
) -> pl.DataFrame:
    """Lay matrices of schools × things out as a table, a row a school and thing."""
    many, things = len(scored.schools), len(next(iter(names.values())))
    told: dict[str, pl.Series] = {
        "school": scored.schools.gather(np.repeat(np.arange(many), things)),
        **{name: pl.Series(list(words) * many, dtype=pl.String) for name, words in names.items()},
    }
    for name, matrix in columns.items():
        flat = matrix.reshape(-1)
        told[name] = pl.Series(name, flat.tolist() if flat.dtype == object else flat, strict=False)
        if told[name].dtype == pl.Float64:
            told[name] = told[name].fill_nan(None)
    return pl.DataFrame(told).select(*shape).cast(pl.Schema(shape))


def _indicators(scored: Scored, interval: Floats) -> pl.DataFrame:
    points, portion = scored.indicator_points, scored.in_factor
    few = np.zeros(points.shape, np.bool_)
    names = np.empty(points.shape, object)
    for row in np.ndindex(*points.shape):
        names[row] = []
    for place, one in enumerate(scored.told):
        target = scored.to_indicator[place]
        few[:, target] |= scored.why[:, place] == "few"
        for school in np.flatnonzero(scored.why[:, place] != ""):
            names[school, target].append(one.of)
    why = np.where(np.isnan(points), np.where(few, "few", "none"), "").astype(object)
    return _long(
        scored,
        INDICATORS,
        {
            "factor": [factor.name for factor, _one in scored.indicators],
            "indicator": [one.name for _factor, one in scored.indicators],
        },
        {
            "points": points,
            "low": interval[..., 0],
            "high": interval[..., 1],
            "portion": portion,
            "contribution": np.where(portion > 0, np.nan_to_num(points) * portion, np.nan),
            "lacking": names,
            "why": why,
        },
    )


def _groups(scored: Scored, interval: Floats) -> pl.DataFrame:
    many = len(scored.schools)
    one_person = np.tile([one.of in BY_POSITION for one in scored.told], (many, 1))
    return _long(
        scored,
        GROUPS_TOLD,
        {
            "factor": [one.factor.name for one in scored.told],
            "indicator": [one.indicator.name for one in scored.told],
            "of": [one.of for one in scored.told],
        },
        {
            "points": scored.points,
            "low": interval[..., 0],
            "high": interval[..., 1],
            "respondents": np.where(np.isnan(scored.points), 0, scored.respondents),
            "portion": scored.in_indicator,
            "one_person": one_person,
            "why": scored.why,
        },
    )


def responses(scored: Scored) -> pl.DataFrame:
    """Say how many of the invited answered, by school and audience that the edition asks.

    Shape: ``RESPONSES``. Empty: ``rate`` null where ``why`` says so.
    """
    asked = [name for name in AUDIENCES if scored.edition.asked_of(name)]
    many = len(scored.schools)
    invited = np.stack([scored.invited[name] for name in asked], axis=1) if asked else np.zeros((many, 0))
    answered = np.stack([scored.answered[name] for name in asked], axis=1) if asked else invited
    more = answered > invited
    unknown = np.isnan(invited) | (invited == 0) & ~more
    rate = pooled_share(answered.ravel().astype(np.float64), np.nan_to_num(invited).ravel()).reshape(
        more.shape
    )
    why = np.where(unknown, "unknown", np.where(more, "more", "")).astype(object)
    columns = {
        "invited": invited,
        "answered": answered,
        "rate": np.where(why == "", rate, np.nan).round(DIGITS),
        "why": why,
    }
    return _long(scored, RESPONSES, {"audience": asked}, columns)
