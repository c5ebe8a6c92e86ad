"""Scores (баллы): answers → items → indicators → factors, 0–100 in the direction of risk.

An item is scored by its line in the edition; a respondent's indicator is the mean of its answered items where
enough were answered; a school's, by group, the mean over respondents; groups are put together by their
weights, those without data left out; a factor is the weighted mean of its indicators with data, where these
hold enough weight. Nothing that lacks is ever taken for a low risk: it lacks, with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.risk_profile.answers import (
    MISSING,
    POINT,
    Given,
    Options,
    every_school,
    given_by,
    refuse_wrong,
    spread,
)
from opora.methodology.risk_profile.edition import (
    AUDIENCES,
    BY_POSITION,
    FACTS,
    Factor,
    Indicator,
    ProfileEdition,
    Told,
)
from opora.methodology.shares import pooled_share

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

DIGITS = 9  # of points that are kept: what is told does not hang on the last bit
INVITED = {"school": pl.String, "audience": pl.String, "invited": pl.Int64}


@dataclass(frozen=True, eq=False)
class Scored:
    """The scores of all schools.

    Shape: arrays are schools × what is told (``told``), indicators or factors. Units: points, 0–100.
    Empty: NaN, where there is no data; ``why`` says of each that was told: none (nobody answered), few (fewer
    than the smallest group, or fewer who answered the same of its items: a difference would be theirs).
    """

    edition: ProfileEdition
    schools: pl.Series
    given: Mapping[str, Given]
    invited: Mapping[str, Floats]  # audience → of each school; NaN: not known
    sheets: Mapping[str, Integers]  # audience → sheets of each school, in ``given``
    answered: Mapping[str, Integers]  # audience → who took part at each school: more where not all is told
    told: tuple[Told, ...]
    points: Floats
    respondents: Integers
    why: Texts

    @cached_property
    def indicators(self) -> tuple[tuple[Factor, Indicator], ...]:
        """List the indicators, each with its factor."""
        return tuple((factor, one) for factor in self.edition.factors for one in factor.indicators)

    @cached_property
    def to_indicator(self) -> Integers:
        """Give the place of the indicator of each that is told."""
        places = {(factor.name, one.name): place for place, (factor, one) in enumerate(self.indicators)}
        return np.array([places[told.factor.name, told.indicator.name] for told in self.told], np.int64)

    @cached_property
    def to_factor(self) -> Integers:
        """Give the place of the factor of each indicator."""
        places = {factor.name: place for place, factor in enumerate(self.edition.factors)}
        return np.array([places[factor.name] for factor, _one in self.indicators], np.int64)

    @cached_property
    def in_indicator(self) -> Floats:
        """Give the share of each that is told in its indicator; 0 where it has no data."""
        weight = np.array([told.indicator.group_weights[told.of] for told in self.told])
        return _portions(~np.isnan(self.points) * weight, self.to_indicator, len(self.indicators))

    @cached_property
    def indicator_points(self) -> Floats:
        """Put the groups of each indicator together."""
        return _together(self.points, self.in_indicator, self.to_indicator, len(self.indicators))

    @cached_property
    def known_weight(self) -> Floats:
        """Give the share of the weight of each factor that has data."""
        weight = np.array([one.weight for _factor, one in self.indicators])
        known = ~np.isnan(self.indicator_points) * weight
        whole = _summed(np.ones_like(known) * weight, self.to_factor, len(self.edition.factors))
        part = _summed(known, self.to_factor, len(self.edition.factors))
        return pooled_share(part.ravel(), whole.ravel()).reshape(part.shape).round(DIGITS)

    @cached_property
    def in_factor(self) -> Floats:
        """Give the share of each indicator in its factor; 0 without data or where the factor has no score."""
        weight = np.array([one.weight for _factor, one in self.indicators])
        known = ~np.isnan(self.indicator_points) * weight
        shares = _portions(known, self.to_factor, len(self.edition.factors))
        enough = self.known_weight >= float(self.edition.number("enough_weight"))
        enough &= self.known_weight > 0
        return np.where(enough[:, self.to_factor], shares, 0.0)

    @cached_property
    def factor_points(self) -> Floats:
        """Put the indicators of each factor together."""
        return _together(self.indicator_points, self.in_factor, self.to_factor, len(self.edition.factors))

    @cached_property
    def portion(self) -> Floats:
        """Give the share of each that is told in its factor."""
        return self.in_indicator * self.in_factor[:, self.to_indicator]

    def group(self, audience: str) -> Integers:
        """Give the places, among all that is told, of what one group tells."""
        return np.array([place for place, one in enumerate(self.told) if one.of == audience], np.int64)


def score(  # noqa: PLR0913  what a campaign is made of, each by its name
    tables: Mapping[str, pl.DataFrame],
    facts: Mapping[str, pl.DataFrame],
    invited: pl.DataFrame,
    edition: ProfileEdition,
    options: Options | None = None,
    *,
    answered: pl.DataFrame | None = None,
) -> Scored:
    """Score every school that stands in any of the tables.

    ``tables``: audience → table of answers: ``school``, a whole number a field; null: not answered, -1: «не
    знаю». ``facts``: ``context`` or ``results`` → ``school name value``. ``invited``: ``INVITED``.
    ``options``: of every choice that the edition scores, the names of its options in order. ``answered``:
    ``school audience answered``, how many took part; more than are in ``tables`` where of some nothing may be
    told. None: those in ``tables``.
    Raises: ``TableMismatch``.
    """
    refuse_wrong(edition, tables, facts, invited, options or {})
    schools = every_school(invited, *tables.values(), *facts.values())
    wide = dict(tables)
    for name, table in facts.items():
        wide[name] = spread(table, [one.item for told in edition.asked_of(name) for one in told.origins])
    given = {name: given_by(edition, name, wide[name], schools, options or {}) for name in wide}
    told = edition.told
    points = np.full((len(schools), len(told)), np.nan)
    respondents, alike = (np.zeros((len(schools), len(told)), np.int64) for _each in range(2))
    smallest = int(edition.number("smallest_group"))
    for place, one in enumerate(told):
        if one.of in given:
            own = given[one.of]
            column = own.points[:, own.told.index(one)]
            total = own.sums(np.where(column == MISSING, 0, column)).astype(np.float64)
            count = own.sums((column != MISSING).astype(np.int64)).astype(np.int64)
            respondents[own.there, place] = count
            points[own.there, place] = (pooled_share(total, count.astype(np.float64) * POINT)).round(DIGITS)
            alike[own.there, place] = own.alike[own.told.index(one)]
    alone = np.array([one.of in BY_POSITION or one.of in FACTS for one in told], np.bool_)
    few = (respondents > 0) & (np.minimum(respondents, alike) < smallest) & ~alone
    points[few] = np.nan
    nobody = np.zeros(len(schools), np.int64)
    sheets = {name: _sheets(given[name], len(schools)) if name in given else nobody for name in AUDIENCES}
    people = sheets if answered is None else {name: _people(answered, name, schools) for name in AUDIENCES}
    for place, one in enumerate(told):
        if one.of in people:
            few[:, place] |= (people[one.of] > 0) & (sheets[one.of] == 0)
    why = np.where(few, "few", np.where(respondents == 0, "none", "")).astype(object)
    asked = {name: _number(invited, "invited", name, schools) for name in AUDIENCES}
    return Scored(edition, schools, given, asked, sheets, people, told, points, respondents, why)


def _sheets(given: Given, schools: int) -> Integers:
    return np.bincount(given.rows, minlength=schools).astype(np.int64)


def _people(answered: pl.DataFrame, audience: str, schools: pl.Series) -> Integers:
    return np.nan_to_num(_number(answered, "answered", audience, schools)).astype(np.int64)


def _number(table: pl.DataFrame, name: str, audience: str, schools: pl.Series) -> Floats:
    """Give a number of one audience in the order of schools. Empty: NaN, where it is not known."""
    own = table.filter(pl.col("audience") == audience).select("school", name)
    placed = schools.to_frame("school").join(own, on="school", how="left", maintain_order="left")
    return placed[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _summed(values: Floats, to: Integers, many: int) -> Floats:
    """Add columns up to those they belong to, one after another."""
    found = np.zeros((len(values), many))
    for column, target in enumerate(to):
        found[:, target] += values[:, column]
    return found


def _portions(weights: Floats, to: Integers, many: int) -> Floats:
    """Divide each weight by the sum of those that belong to the same."""
    whole = _summed(weights, to, many)[:, to]
    return np.nan_to_num(pooled_share(weights.ravel(), whole.ravel())).reshape(weights.shape)


def _together(points: Floats, shares: Floats, to: Integers, many: int) -> Floats:
    """Put points together by their shares. Empty: NaN, where none has any."""
    found = _summed(np.nan_to_num(points) * shares, to, many)
    return np.where(_summed(shares, to, many) > 0, found, np.nan).round(DIGITS)
