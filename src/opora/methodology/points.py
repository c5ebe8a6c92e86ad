"""Points-and-zones indexes: criteria give points, their sum or percent falls into a zone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.judging import Judged, fits
from opora.methodology.ranks import latest, pooled
from opora.methodology.rule import Criterion, Index
from opora.methodology.shares import compare, from_units, percent_half_up, pooled_share, whole_units

Floats = npt.NDArray[np.float64]
DIGITS = 4  # decimals of a value that are kept exactly


@dataclass(frozen=True, eq=False)
class Indexed:
    """An index of every school and year.

    Shape: schools × years. Units: ``result`` in points or whole percents (0–100). Empty: NaN and "" where the
    school has no index in the year.
    """

    years: tuple[int, ...]
    result: Floats
    criteria: npt.NDArray[np.int64]  # how many criteria had a value
    zone: npt.NDArray[np.object_]
    bound: Floats  # the fewest points of the school's zone; NaN for the last zone


def index(judged: Judged, of: Index, years: tuple[int, ...]) -> Indexed:
    """Compute an index in each of the years.

    A percent is rounded half up to a whole number, points are not rounded.
    """
    n = len(judged.schools)
    result = np.full((n, len(years)), np.nan)
    criteria = np.zeros((n, len(years)), np.int64)
    zone = np.full((n, len(years)), "", dtype=object)
    bound = np.full((n, len(years)), np.nan)
    for i, year in enumerate(years):
        result[:, i], criteria[:, i] = _result(judged, of, year)
        zone[:, i], bound[:, i] = _zones(judged, of, result[:, i])
    return Indexed(years, result, criteria, zone, bound)


def _result(judged: Judged, of: Index, year: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    n = len(judged.schools)
    total, possible, present = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for criterion in of.criteria:
        value = criterion_value(judged, criterion.measure, year)
        has = ~np.isnan(value)
        earned = whole_units(criterion_points(criterion, np.where(has, value, 0.0)), DIGITS)
        total += np.where(has, earned, 0)
        counts = has | (of.missing == "zero")
        possible += np.where(counts, int(criterion.maximum * 10**DIGITS), 0)
        present += has
    needed = judged.number(of.minimum) if of.minimum else 1
    known = present >= max(needed, 1)
    if of.missing == "none":
        known &= present == len(of.criteria)
    known &= judged.excluded == ""
    if of.result == "percent":
        result = percent_half_up(total, np.maximum(possible, 1)).astype(np.float64)
    else:
        result = from_units(total, DIGITS)
    return np.where(known, result, np.nan), present


def criterion_value(judged: Judged, measure: str, year: int) -> Floats:
    """Give what a criterion looks at: an indicator, or the percent of low results of the year."""
    if judged.measure(measure).of == "low results":
        low, takers = pooled(judged, measure, (year,))
        return pooled_share(low * 100, takers)
    return latest(judged, measure, (year,))


def criterion_points(criterion: Criterion, value: Floats) -> Floats:
    """Give the points of a criterion: the value itself, or those of the first range that holds it."""
    if not criterion.ranges:
        return value
    earned = np.zeros(len(value))
    done = np.zeros(len(value), np.bool_)
    for piece in criterion.ranges:
        inside = ~done
        if piece.low is not None:
            inside &= compare(value, piece.low_comparison, float(piece.low))
        if piece.high is not None:
            inside &= compare(value, piece.high_comparison, float(piece.high))
        earned[inside] = float(piece.points)
        done |= inside
    return earned


def _zones(judged: Judged, of: Index, result: Floats) -> tuple[npt.NDArray[np.object_], Floats]:
    """Find the zone of each school, by the zones of the first variant that its attributes fit."""
    zone = np.full(len(result), "", dtype=object)
    bound = np.full(len(result), np.nan)
    waiting = ~np.isnan(result)
    for where, zones in of.variants:
        missing = [column for column, _values in where if column not in judged.attributes.columns]
        if missing:
            message = _("индекс «{title}»: особые зоны не применены, в таблице школ нет столбца {column}")
            judged.note(message.format(title=of.title, column=missing[0]))
            continue
        here = waiting & fits(judged.attributes, where)
        waiting &= ~here
        for each in zones:
            inside = here
            if each.at:
                standing = judged.settled[each.at]
                inside = here & compare(result, standing.comparison or "at least", float(standing.value))
                bound[inside] = float(standing.value)
            zone[inside] = each.name
            here = here & ~inside
    return zone, bound


def zone_frame(judged: Judged, indexed: Indexed) -> pl.DataFrame:
    """Give an index as a table: ``school year result criteria zone``."""
    n = len(judged.schools)
    return pl.DataFrame(
        {
            "school": judged.schools.gather(np.repeat(np.arange(n), len(indexed.years))),
            "year": np.tile(np.array(indexed.years, np.int32), n),
            "result": indexed.result.ravel(),
            "criteria": indexed.criteria.ravel(),
            "zone": pl.Series(list(indexed.zone.ravel()), dtype=pl.String),
        }
    ).with_columns(pl.col("result").fill_nan(None))
