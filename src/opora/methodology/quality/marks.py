"""Marks of external works beside the school's journal, work by work (сравнение с журналом): how many differ.

Beside each share stand its interval and what is usual in other schools of the region in the same work, so
that neither chance nor a hard work is taken for the school's. No sign is made of it here: signs of bias are
``methodology/signs``, and nothing is decided of a school or a teacher.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from opora.methodology.disclosure.cells import number
from opora.methodology.parameters import standing
from opora.methodology.shares import clopper_pearson, pooled_share, share
from opora.methodology.signs.levels import FEWEST

PARTS = ("lowered", "confirmed", "raised")  # than in the journal, as in it, than in it
KEY = ("year", "subject", "grade")
DIGITS = 2  # of a usual share: no other school's count can be told from it
SHAPE: dict[str, Any] = {
    "year": pl.Int32,
    "subject": pl.String,
    "grade": pl.Int32,
    "takers": pl.Int64,  # with both marks; null in a group that is too small to be shown
    **dict.fromkeys(PARTS, pl.Int64),
    **{f"{part}_share": pl.Float64 for part in PARTS},
    **{f"{part}_{end}": pl.Float64 for part in PARTS for end in ("from", "to")},
    **{f"{part}_usual": pl.Float64 for part in PARTS},  # null where too few other schools wrote the work
    "schools": pl.Int64,  # others that wrote the same work
}


@dataclass(frozen=True)
class Together:
    """All shown works of a school together; usual: None where it is not known of each of them.

    Units: counts of works; shares 0–1; intervals are pairs.
    """

    takers: int
    counts: dict[str, int]
    shares: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    usual: dict[str, float] | None


def beside_journal(works: pl.DataFrame, school: Any) -> pl.DataFrame:
    """Put a school's works beside its journal and beside the other schools of the region.

    ``works``: ``school year subject grade lowered confirmed raised``, rows of one work are added up.
    Shape: ``SHAPE``, the newest first. Empty: no row of a work in which nobody has both marks.
    """
    counted = works.group_by("school", *KEY).agg(pl.col(PARTS).cast(pl.Int64).sum())
    counted = counted.with_columns(takers=pl.sum_horizontal(PARTS)).filter(pl.col("takers") > 0)
    mine = counted.filter(pl.col("school") == school).sort(
        "year", "subject", "grade", descending=[True, False, False]
    )
    told = mine.join(_usual(counted, school), on=KEY, how="left", maintain_order="left")
    told = told.with_columns(
        *(share(pl.col(part), pl.col("takers")).alias(f"{part}_share") for part in PARTS),
        *_intervals(mine),
    )
    small = pl.col("takers") < number("smallest_group")
    hidden = [name for name in SHAPE if name not in (*KEY, "schools")]
    told = told.with_columns(pl.when(~small).then(pl.col(hidden)), schools=pl.col("schools").fill_null(0))
    return told.select(pl.col(name).cast(kind) for name, kind in SHAPE.items())


def _usual(counted: pl.DataFrame, school: Any) -> pl.DataFrame:
    """Answer what is usual in the other schools: null where fewer than ``FEWEST`` of them wrote the work."""
    others = counted.filter(pl.col("school") != school)
    sums = others.group_by(KEY).agg(pl.len().cast(pl.Int64).alias("schools"), pl.col(*PARTS, "takers").sum())
    enough = pl.col("schools") >= FEWEST
    shares = [
        pl.when(enough).then(share(pl.col(part), pl.col("takers"))).round(DIGITS).alias(f"{part}_usual")
        for part in PARTS
    ]
    return sums.select(*KEY, "schools", *shares)


def _intervals(mine: pl.DataFrame) -> list[pl.Series]:
    level, found = standing("identification", "interval_level").number, []
    takers = mine["takers"].to_numpy()
    for part in PARTS:
        low, high = clopper_pearson(mine[part].to_numpy(), takers, level)
        found += [pl.Series(f"{part}_from", low), pl.Series(f"{part}_to", high)]
    return found


def together(rows: pl.DataFrame) -> Together | None:
    """Add up the works that are shown; hidden ones are left out, so that no sum reveals them.

    ``rows``: what ``beside_journal`` answers. Empty: None where nothing is shown.
    """
    shown = rows.drop_nulls("takers")
    if shown.is_empty():
        return None
    takers = int(shown["takers"].sum())
    counts = {part: int(shown[part].sum()) for part in PARTS}
    low, high = clopper_pearson(
        np.array([counts[part] for part in PARTS]),
        np.full(len(PARTS), takers),
        standing("identification", "interval_level").number,
    )
    return Together(
        takers=takers,
        counts=counts,
        shares=dict(zip(PARTS, _of(list(counts.values()), takers), strict=True)),
        intervals={part: (float(low[at]), float(high[at])) for at, part in enumerate(PARTS)},
        usual=_expected(shown, takers),
    )


def _expected(shown: pl.DataFrame, takers: int) -> dict[str, float] | None:
    """Answer the shares if each work of the school were as is usual in it."""
    if shown["lowered_usual"].null_count():
        return None
    expected = [float((shown["takers"] * shown[f"{part}_usual"]).sum()) for part in PARTS]
    return dict(zip(PARTS, _of(expected, takers), strict=True))


def _of(parts: list[Any], whole: int) -> list[float]:
    return [float(one) for one in pooled_share(np.array(parts, dtype=float), np.full(len(parts), whole))]
