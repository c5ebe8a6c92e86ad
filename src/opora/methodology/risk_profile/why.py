"""Opens a factor (почему такое значение): factor → indicators → items, with values and contributions.

Contributions of items add up to the indicator's score, those of indicators to the factor's: exactly, as the
points of respondents are whole parts that items share out.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.risk_profile.answers import POINT
from opora.methodology.risk_profile.edition import Told
from opora.methodology.risk_profile.levels import HIGH, LOW, MIDDLE, NO_DATA
from opora.methodology.risk_profile.scoring import DIGITS, Scored
from opora.methodology.shares import pooled_share

Floats = npt.NDArray[np.float64]

SOURCES: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "indicator": pl.String,
    "of": pl.String,  # audience, or context, results
    "item": pl.String,
    "raw": pl.Float64,  # the mean answer or the known value, as in the table; «не знаю» left out
    "answered": pl.Int64,  # who answered the item, «не знаю» too
    "respondents": pl.Int64,  # whose answers were enough for the indicator
    "points": pl.Float64,  # what the item gave to the group's score: they add up to it
    "contribution": pl.Float64,  # what it gave to the factor's score: they add up to it
    "why": pl.String,  # none, few, or ""
}
CHANGES: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "to": pl.String,  # the level that is meant
    "points": pl.Float64,  # by how much the factor's score would have to change
    "indicator": pl.String,  # one that could do it alone, were the others as they are
    "from_points": pl.Float64,
    "to_points": pl.Float64,
}


def sources(scored: Scored) -> pl.DataFrame:
    """List what every score is made of, for every school that has any answer or number.

    Shape: ``SOURCES``, in the order of schools and of the edition. Units: points, 0–100. Empty: ``raw``,
    ``points`` and ``contribution`` null where the group has no score: a group too small shows nothing, nor
    one of which too few answered the same items.
    """
    parts = [
        part
        for place, told in enumerate(scored.told)
        if told.of in scored.given
        for part in _of_items(scored, place, told)
    ]
    if not parts:
        return pl.DataFrame(schema=SOURCES)
    whole = pl.concat(parts).sort("place", "order", "number")
    found = whole.with_columns(school=scored.schools.gather(whole["place"]))
    return found.select(*SOURCES).cast(pl.Schema(SOURCES))


def _of_items(scored: Scored, place: int, told: Told) -> Iterator[pl.DataFrame]:
    """Say of each item of one indicator and group what it gave, at every school where the group is."""
    given = scored.given[told.of]
    own = given.told.index(told)
    known = ~np.isnan(scored.points[given.there, place])
    respondents = scored.respondents[given.there, place]
    portion = scored.portion[given.there, place]
    for number, origin in enumerate(told.origins):
        total = given.by_item[own][number].astype(np.float64)
        points = pooled_share(total, respondents.astype(np.float64) * POINT)
        yield pl.DataFrame(
            {
                "place": given.there,
                "order": np.full(len(given.there), place),
                "number": np.full(len(given.there), number),
                "raw": _or_null(np.where(known, given.raw[own][number], np.nan)),
                "answered": np.where(known, given.answered[own][number], 0),
                "respondents": np.where(known, respondents, 0),
                "points": _or_null(np.where(known, points, np.nan)),
                "contribution": _or_null(np.where(known & (portion > 0), points * portion, np.nan)),
                "why": pl.Series(scored.why[given.there, place].astype(str)),
            }
        ).with_columns(
            factor=pl.lit(told.factor.name),
            indicator=pl.lit(told.indicator.name),
            of=pl.lit(told.of),
            item=pl.lit(origin.item),
        )


def _or_null(values: Floats) -> pl.Series:
    return pl.Series(values).fill_nan(None)


def changes(scored: Scored, levels: npt.NDArray[np.object_], cuts: Floats) -> pl.DataFrame:
    """Say what would have to change for a factor of a school to have another level.

    ``cuts``: schools × factors × (middle, high). Shape: ``CHANGES``: for the level next below and next
    above, a row for each indicator that could do it alone within 0–100, the one that would have to move
    least first; one row with a null ``indicator`` where none could. Empty: no row for a factor without a
    level.
    """
    found: list[tuple[object, ...]] = []
    for (row, place), named in np.ndenumerate(levels):
        if named == NO_DATA:
            continue
        school, factor = scored.schools[row], scored.edition.factors[place]
        middle, high = cuts[row, place]
        aims = {HIGH: [(MIDDLE, high)], MIDDLE: [(LOW, middle), (HIGH, high)], LOW: [(MIDDLE, middle)]}[named]
        for to, cut in aims:
            off = float(cut - scored.factor_points[row, place])
            told = sorted(_alone(scored, row, place, off), key=lambda one: abs(one[2] - one[1]))
            found += [(school, factor.name, to, round(off, DIGITS), *one) for one in told] or [
                (school, factor.name, to, round(off, DIGITS), None, None, None)
            ]
    return pl.DataFrame(found, schema=CHANGES, orient="row")


def _alone(scored: Scored, row: int, factor: int, off: float) -> list[tuple[str, float, float]]:
    """Name the indicators of a factor that could move its score so far alone: from and to what points."""
    able = []
    for place in np.flatnonzero(scored.to_factor == factor):
        share, points = scored.in_factor[row, place], float(scored.indicator_points[row, place])
        if share > 0:
            to = points + float(pooled_share(np.array([off]), np.array([share]))[0])
            if 0 <= to <= 100:
                able.append((scored.indicators[place][1].name, points, round(to, DIGITS)))
    return able


def shown(parts: Sequence[float], digits: int = 0) -> list[Decimal]:
    """Round parts so that they add up to the rounded whole (largest remainders; the first of equals)."""
    unit = Decimal(1).scaleb(-digits)
    exact = [Decimal(str(round(part, DIGITS))) for part in parts]
    whole = Decimal(int(sum(exact, Decimal(0)).scaleb(digits) + Decimal("0.5"))) * unit
    floors = [part.quantize(unit, ROUND_FLOOR) for part in exact]
    order = sorted(range(len(exact)), key=lambda place: (floors[place] - exact[place], place))
    for place in order[: int((whole - sum(floors)).scaleb(digits))]:
        floors[place] += unit
    return floors
