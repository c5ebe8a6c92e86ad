"""Relative conditions: the worst or best percent of a group, the quarter of a cluster; ties by rule."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.judging import Flags, Judged
from opora.methodology.rule import Rank
from opora.methodology.shares import nearest_count, places, pooled_share, quarter_places
from opora.methodology.tables import TableMismatch

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ranked:
    """A ranking: ``value`` is what is compared, ``cut`` the boundary in the school's group (NaN: none).

    beyond: for a quarter, the boundary of the next worse one.
    """

    listed: Flags
    value: Floats  # share 0–1 or the indicator; NaN where the school has none
    cut: Floats
    beyond: Floats
    worse_is_high: bool
    low: Integers
    takers: Integers


def rank(judged: Judged, condition: Rank) -> Ranked:
    """Rank the schools of each group by a measure and say who is within the places."""
    measure = judged.measure(condition.measure)
    years = judged.last(condition.last)
    n = len(judged.schools)
    low = takers = np.zeros(n, np.int64)
    if measure.of == "low results":
        low, takers = pooled(judged, condition.measure, years)
        value = pooled_share(low, takers)
        worse_is_high = True
    else:
        value = latest(judged, condition.measure, years)
        worse_is_high = measure.better == "low"
    badness = value if worse_is_high else -value
    if condition.kind == "best":
        badness = -badness
    listed, cut, beyond = _cut(judged, condition, badness)
    sign = 1 if worse_is_high == (condition.kind != "best") else -1
    return Ranked(listed, value, sign * cut, sign * beyond, worse_is_high, low, takers)


def pooled(judged: Judged, measure: str, years: tuple[int, ...]) -> tuple[Integers, Integers]:
    """Add up a school's low results and takers over its counted outcomes of these years."""
    in_years = pl.Series(np.isin(judged.cell_year, years), dtype=pl.Boolean)
    if not len(in_years):
        return np.zeros(len(judged.schools), np.int64), np.zeros(len(judged.schools), np.int64)
    counted = judged.flags[f"counted:{measure}"] & in_years.gather(judged.flags["cell"])
    rows = judged.ordered.rows.filter(counted).select(
        "s", "takers", low=pl.coalesce("low", nearest_count(pl.col("percent"), pl.col("takers")))
    )

    def add(column: str) -> Integers:
        weights = rows[column].to_numpy()
        return np.bincount(rows["s"].to_numpy(), weights, len(judged.schools)).astype(np.int64)

    return add("low"), add("takers")


def latest(judged: Judged, measure: str, years: tuple[int, ...]) -> Floats:
    """Give a school's value of an indicator in the latest of these years in which it has one."""
    found = judged.facts.filter(pl.col(f"counted:{measure}") & pl.col("year").is_in(years))
    if found.select("s", "year").is_duplicated().any():
        message = _("показатели: мера «{name}» находит несколько значений школы за один год, а нужно одно")
        raise TableMismatch(message.format(name=judged.measure(measure).title))
    found = found.sort("s", "year").group_by("s", maintain_order=True).agg(pl.col("value").last())
    value = np.full(len(judged.schools), np.nan)
    value[found["s"].to_numpy()] = found["value"].to_numpy()
    return value


def groups_of(judged: Judged, within: tuple[str, ...]) -> Integers:
    """Number the schools by their group; -1 where an attribute of the group is not known."""
    n = len(judged.schools)
    if not within:
        return np.zeros(n, np.int64)
    for column in within:
        if column not in judged.attributes.columns:
            message = _("школы: нет столбца {column}, внутри которого правило сравнивает школы")
            raise TableMismatch(message.format(column=column))
    known = pl.all_horizontal(pl.col(within).is_not_null())
    numbered = judged.attributes.select(
        pl.when(known).then(pl.struct(within).rank("dense").cast(pl.Int64)).otherwise(-1)
    )
    return numbered.to_series().to_numpy()


def _cut(judged: Judged, condition: Rank, badness: Floats) -> tuple[Flags, Floats, Floats]:
    """Cut each group at its places, worst first."""
    group = groups_of(judged, condition.within)
    group = np.where(np.isnan(badness), -1, group)
    listed = np.zeros(len(badness), np.bool_)
    cut, beyond = np.full((2, len(badness)), np.nan)
    order = np.lexsort((-badness, group))
    edges = np.flatnonzero(np.diff(group[order], prepend=-2, append=-2))
    for start, end in pairwise(edges):
        members = order[start:end]
        if group[members[0]] < 0:
            continue
        sorted_badness = badness[members]
        if condition.kind == "quarter":
            quarter = judged.number(condition.number)
            worse = quarter_places(len(members), quarter - 1)
            place = quarter_places(len(members), quarter)
            inside = entering(sorted_badness, place, condition.ties)
            inside &= ~entering(sorted_badness, worse, condition.ties)
            if worse:
                beyond[members] = sorted_badness[worse - 1]
        else:
            place = places(len(members), judged.value(condition.number), condition.rounding)
            inside = entering(sorted_badness, place, condition.ties)
        listed[members] = inside
        if place:
            cut[members] = sorted_badness[place - 1]
    return listed, cut, beyond


def entering(badness: Floats, place: int, ties: str) -> Flags:
    """Say who is within so many places of a list sorted worst first.

    Ties at the last place: ``all`` enter, even past the places; ``none`` enter unless all of them fit;
    ``strict`` takes only those strictly worse than the last place.
    """
    if place <= 0:
        return np.zeros(len(badness), np.bool_)
    if place >= len(badness) and ties != "strict":
        return np.ones(len(badness), np.bool_)
    last = badness[min(place, len(badness)) - 1]
    if ties == "strict" or (ties == "none" and badness[place] == last):
        return badness > last
    return badness >= last
