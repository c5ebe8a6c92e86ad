"""Context × result (карта контекста и результатов): four quadrants, resilient schools, possible mentors.

A result is good or low beside what the school's context lets expect, not beside the region's middle: so a
school in a hard context may be good, and one in an easy context has to be. A school is resilient only in the
hardest part of contexts, and only where it is very likely really better, not by luck.
"""

import polars as pl

from opora.language import _
from opora.methodology.context.expected import expected_results
from opora.methodology.context.index import Context
from opora.methodology.context.neighbours import neighbours
from opora.methodology.parameters import standing
from opora.methodology.shares import places
from opora.methodology.tables import TableMismatch, schools

QUADRANTS = ("hard_good", "hard_low", "easy_good", "easy_low")
MAP = {
    "school": None,
    "index": pl.Float64,  # of context; null where there is none
    "takers": pl.Int64,  # works; null where no results are known
    "difference": pl.Float64,  # low results more than expected
    "better": pl.Float64,  # the probability that the school is really better than expected
    "quadrant": pl.String,  # of QUADRANTS; null where nothing is said
    "sure": pl.Boolean,  # really better, or really worse: likely enough to be named so
    "resilient": pl.Boolean,
    "why": pl.String,  # "" where there is a quadrant; why there is no index, or "results", or "few" works
}
MENTORS = {
    "school": None,
    "mentor": None,
    "place": pl.Int64,
    "distance": pl.Float64,  # in context, logits
    "near": pl.String,  # "municipality", "region" or "country"; null where it was not told
}


def context_map(context: Context) -> pl.DataFrame:
    """Put every school into its quadrant, and name the resilient ones.

    Shape: ``MAP``, a row for every school of the table, in order.
    """
    fewest = int(standing("context", "fewest_works").number)
    sure = float(standing("context", "sure_from").number)
    hardest = standing("context", "hardest_percent").number
    ranked = context.index.drop_nulls("index").sort("index", "school", descending=[True, False])
    hard = ranked.head(places(len(ranked), hardest, "down")).select("school", hardest=True)
    both = context.index.join(expected_results(context), on="school", how="left", maintain_order="left").join(
        hard, on="school", how="left", maintain_order="left"
    )
    why = (
        pl.when(pl.col("why") != "")
        .then("why")
        .when(pl.col("takers").is_null())
        .then(pl.lit("results"))
        .when(pl.col("takers") < fewest)
        .then(pl.lit("few"))
        .otherwise(pl.lit(""))
    )
    side = pl.concat_str(
        pl.when(pl.col("index") > 0).then(pl.lit("hard_")).otherwise(pl.lit("easy_")),
        pl.when(pl.col("better") > 0.5).then(pl.lit("good")).otherwise(pl.lit("low")),
    )
    known, surely = pl.col("why") == "", pl.col("better") >= sure
    told = both.with_columns(why=why).with_columns(
        quadrant=pl.when(known).then(side),
        sure=known & (surely | (pl.col("better") <= 1 - sure)),
        resilient=known & surely & pl.col("hardest").fill_null(False) & (pl.col("index") > 0),
    )
    return told.select(*MAP)


def mentors(
    context: Context, mapped: pl.DataFrame, needing: pl.Series, territory: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Name to each school in need the resilient schools that it might learn from (возможные наставники).

    ``mapped`` is what ``context_map`` answers; ``needing`` are the schools in need of support: none of them
    is named. Of the resilient schools most similar in context those of the same municipality come first,
    then those of the same region, if ``territory`` tells them: ``school municipality region``.
    Shape: ``MENTORS``, in order of schools and places. Empty: no row for a school to which nobody is similar.
    Raises: ``TableMismatch``.
    """
    looked_at, named = (
        int(standing("context", f"mentors_{which}").number) for which in ("looked_at", "named")
    )
    good = mapped.filter("resilient")["school"]
    free = good.filter(~good.is_in(needing.implode()))
    found = neighbours(context, most=looked_at, of=needing, among=free).rename({"neighbour": "mentor"})
    near = _near(found, territory)
    ranked = near.sort("school", "rank", "place").with_columns(
        place=pl.int_range(1, pl.len() + 1).over("school").cast(pl.Int64)
    )
    return ranked.filter(pl.col("place") <= named).select(*MENTORS)


def _near(found: pl.DataFrame, territory: pl.DataFrame | None) -> pl.DataFrame:
    """Say how near each mentor is."""
    if territory is None:
        return found.with_columns(near=pl.lit(None, pl.String), rank=pl.lit(0))
    where = schools(territory)
    for column in ("municipality", "region"):
        if column not in where.columns:
            message = _("{table}: нет столбца {column}; нужны столбцы: {wanted}")
            wanted = "school, municipality, region"
            raise TableMismatch(message.format(table=_("школы"), column=column, wanted=wanted))
    ours = where.select("school", "municipality", "region")
    theirs = ours.select(mentor="school", their_municipality="municipality", their_region="region")
    both = found.join(ours, on="school", how="left").join(theirs, on="mentor", how="left")
    same_region = (pl.col("region") == pl.col("their_region")).fill_null(False)
    same = same_region & (pl.col("municipality") == pl.col("their_municipality")).fill_null(False)
    rank = pl.when(same).then(0).when(same_region).then(1).otherwise(2)
    return both.with_columns(rank=rank).with_columns(
        near=pl.col("rank").replace_strict({0: "municipality", 1: "region", 2: "country"})
    )
