"""The schools most similar in context (похожие по контексту школы), never in results.

Two contexts are as far apart as the results that they let expect may be: an indicator counts by its squared
weight in the fit, with how uncertain that is, so that what is not known to matter little still counts. Where
the fit may not be used all indicators count alike. What is not known of a school makes it as far from others
as two schools taken by chance are in that indicator. Of schools equally far the nearer in the order of codes
comes first: codes of one municipality stand together.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.context.index import Context
from opora.methodology.parameters import standing
from opora.methodology.shares import ratio

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

APART = 1e-6  # between the first and the last code: less than any difference that is shown
DIGITS = 4
NEIGHBOURS = {
    "school": None,
    "neighbour": None,
    "place": pl.Int64,  # 1 is the most similar
    "distance": pl.Float64,  # logits: the difference of results that the contexts might let expect
}


def neighbours(
    context: Context, *, most: int | None = None, of: pl.Series | None = None, among: pl.Series | None = None
) -> pl.DataFrame:
    """Find the schools most similar in context to each school.

    ``of``: the schools that are asked about, ``among``: those that may be named; all of the table by default.
    ``most``: how many each is told, the parameter ``neighbours`` by default. A school that is special or of
    whose context too little is known is told nobody and named to nobody.
    Shape: ``NEIGHBOURS``, in order of schools and places. Empty: no row for a school without others.
    """
    most = int(standing("context", "neighbours").number) if most is None else most
    schools = context.index["school"]
    there = context.index["why"].is_in(["", "unfit"])
    asked, named = (
        np.flatnonzero((there if which is None else there & schools.is_in(which.implode())).to_numpy())
        for which in (of, among)
    )
    columns = {name: kind or schools.dtype for name, kind in NEIGHBOURS.items()}
    if not len(asked) or not len(named) or not context.scores.shape[1]:
        return pl.DataFrame(schema=columns)
    place, other, distance = _nearest(context, asked, named, min(most + 2, len(named)))
    pairs = pl.DataFrame({"at": place, "to": other, "distance": distance}).filter(
        pl.col("at") != pl.col("to")
    )
    apart = (pl.col("at") - pl.col("to")).abs()
    ordered = pairs.with_columns(apart=apart).sort("at", "distance", "apart", "to")
    ranked = ordered.with_columns(place=pl.int_range(1, pl.len() + 1).over("at"))
    told = ranked.filter(pl.col("place") <= most)
    return told.select(
        school=schools[told["at"]], neighbour=schools[told["to"]], place="place", distance="distance"
    ).cast({"place": pl.Int64})


def space(context: Context) -> Floats:
    """Put schools where their contexts are: what lies between two is their distance, if all is known.

    Shape: schools of the table × indicators. Units: logits.
    """
    return context.scores * np.sqrt(importance(context))


def importance(context: Context) -> Floats:
    """Give the squared weight of each indicator that is to be expected; alike where there is no fit."""
    indicators = context.scores.shape[1]
    if context.fit is None or not context.usable:
        return np.full(indicators, ratio(1.0, indicators))
    return context.fit.ridge.weights**2 + np.diag(context.fit.ridge.covariance)


def _nearest(
    context: Context, asked: Integers, named: Integers, most: int
) -> tuple[Integers, Integers, Floats]:
    """Look the nearest up in a tree; answer pairs of places and their distances.

    What is not known adds its weight on either side: a further dimension in which the asked stand at zero
    gives the named ones' part, the asked ones' own is added afterwards.
    """
    from scipy.spatial import cKDTree

    points, lacks = space(context), (~context.known) @ importance(context)
    order = np.arange(len(points)) * ratio(APART, len(points))
    there = np.column_stack([points, order, np.sqrt(lacks)])[named]
    here = np.column_stack([points, order, np.zeros(len(points))])[asked]
    far, found = cKDTree(there).query(here, k=np.arange(1, most + 1), workers=-1)
    distance = np.sqrt(np.square(far) + lacks[asked][:, None]).round(DIGITS)
    return np.repeat(asked, most), named[found.ravel()], distance.ravel()
