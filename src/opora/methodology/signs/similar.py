"""A school beside similar ones (школа среди похожих): far fewer low results than in their middle.

By itself this is no sign of anything: a resilient school looks just the same. It is shown beside the signs,
and none is drawn from it alone.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.parameters import standing
from opora.methodology.signs.levels import levels, outlying

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHAPE = {
    "school": None,
    "takers": pl.Int64,
    "low": pl.Int64,
    "similar": pl.Int64,  # how many schools it was compared with
    "expected": pl.Float64,  # low results, were it as the middle one of these
    "better": pl.Float64,  # standard deviations: above zero, better than the similar ones
}


def similar(outcomes: pl.DataFrame, alike: pl.DataFrame) -> pl.DataFrame:
    """Measure how far each school is better than the middle of those similar to it.

    ``outcomes``: ``school cell takers low``. ``alike``: ``school neighbour``, a row for each school that
    another is compared with, or ``school group``: then those of its group, itself left out.
    Shape: ``SHAPE``, in order of schools. Empty: no row for a school with fewer similar ones than
    ``fewest_similar``.
    """
    told = levels(outcomes)
    middle = _of_groups(told, alike) if "group" in alike.columns else _of_neighbours(told, alike)
    fewest = int(standing("objectivity", "fewest_similar").number)
    both = told.join(middle.filter(pl.col("similar") >= fewest), on="school").sort("school")
    if both.is_empty():
        kinds = {name: kind for name, kind in SHAPE.items() if kind}
        return pl.DataFrame(schema={"school": outcomes.schema["school"], **kinds})
    from scipy.special import expit

    share = expit((both["usual"] + both["middle"]).to_numpy())
    off = outlying((both["middle"] - both["level"]).to_numpy(), both["noise"].to_numpy())
    return both.select(
        "school",
        "takers",
        "low",
        pl.col("similar").cast(pl.Int64),
        expected=pl.Series(both["takers"].to_numpy() * share),
        better=pl.Series(off),
    )


def _of_neighbours(told: pl.DataFrame, alike: pl.DataFrame) -> pl.DataFrame:
    """Find the middle level of each school's neighbours."""
    theirs = told.select(neighbour="school", theirs="level")
    pairs = alike.filter(pl.col("school") != pl.col("neighbour")).unique().join(theirs, on="neighbour")
    return pairs.group_by("school").agg(similar=pl.len(), middle=pl.col("theirs").median())


def _of_groups(told: pl.DataFrame, alike: pl.DataFrame) -> pl.DataFrame:
    """Find the middle level of each school's group without the school itself."""
    ranked = told.select("school", "level").join(alike.select("school", "group"), on="school")
    ranked = ranked.sort("group", "level", "school")
    level = ranked["level"].to_numpy()
    sizes = ranked.group_by("group", maintain_order=True).len()["len"].to_numpy().astype(np.int64)
    size = np.repeat(sizes, sizes)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    own, others = np.arange(len(level)) - first, size - 1

    def other(place: Integers) -> Floats:
        """Answer the level at a place among the others, in order; the school itself is stepped over."""
        at = place + (place >= own)
        return level[first + np.minimum(at, size - 1)]

    middle = (other(np.maximum(others - 1, 0) >> 1) + other(others >> 1)) * 0.5
    return ranked.select("school", similar=pl.Series(others), middle=pl.Series(middle))
