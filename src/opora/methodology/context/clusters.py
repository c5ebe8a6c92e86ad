"""Clusters of schools that are alike in context (кластеры похожих школ), and what each is like.

Schools lie where ``neighbours.space`` puts them. Ward's tree is cut where the clusters differ most beside
what they hold together (Caliński–Harabasz), between the fewest and the most clusters that are allowed, none
too small. Of more schools than a tree is made of, those at even steps in the order of codes make it, and all
then go to the nearest middle (k-means from these middles). Nothing is drawn by chance.
Source: Ward J. JASA 58 (1963), 236–244; Caliński T., Harabasz J. Communications in Statistics 3 (1974), 1–27.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.context.index import Context
from opora.methodology.context.indicators import shipped_indicators
from opora.methodology.context.neighbours import space
from opora.methodology.parameters import standing
from opora.methodology.shares import pooled_share, ratio

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

TREE = 3_000  # schools that a tree is made of
STEPS = 30  # of k-means
LIKE = {
    "cluster": pl.Int64,
    "schools": pl.Int64,
    "indicator": pl.String,
    "known": pl.Int64,  # schools of which it is known
    "mean": pl.Float64,  # in the indicator's own unit (of a logarithmic scale the middle one); null: unknown
    "off": pl.Float64,  # standard deviations from the middle of all schools
    "marked": pl.Boolean,  # far enough from it for words to say so
}


@dataclass(frozen=True, eq=False)
class Clusters:
    """Schools in clusters, the cluster of the hardest context first (the largest, where there is no index).

    members: ``school group``, as ``similar`` takes them; a row for every school of whose context enough is
    known, in order. like: ``LIKE``, a row for every cluster and indicator, in the order of the catalogue.
    """

    members: pl.DataFrame
    like: pl.DataFrame


def clusters(context: Context) -> Clusters:
    """Put the schools into clusters. Empty: no rows where no school's context is known."""
    there = context.index["why"].is_in(["", "unfit"])
    place = np.flatnonzero(there.to_numpy())
    label = _labels(space(context)[place])
    index = context.index["index"].filter(there).fill_null(0.0)
    found = pl.DataFrame({"school": context.index["school"].filter(there), "label": label, "index": index})
    order = (
        found.group_by("label", maintain_order=True)
        .agg(pl.col("index").mean(), size=pl.len(), first=pl.col("school").min())
        .sort("index", "size", "first", descending=[True, True, False])
        .with_row_index("group", offset=1)
        .select("label", pl.col("group").cast(pl.Int64))
    )
    members = found.join(order, on="label", how="left", maintain_order="left").select("school", "group")
    return Clusters(members, _like(context, members["group"].to_numpy(), place))


def _labels(points: Floats) -> Integers:
    """Number the cluster of each point. Empty: all in one where there are too few for two."""
    from scipy.cluster.vq import kmeans2

    smallest = int(standing("context", "smallest_cluster").number)
    if len(points) < 2 * smallest or not points.shape[1]:
        return np.zeros(len(points), np.int64)
    if len(points) <= TREE:
        return _cut(points, smallest)
    even = np.linspace(0, len(points) - 1, TREE).astype(np.int64)
    label = _cut(points[even], smallest)
    middles, _found = kmeans2(points, _middles(points[even], label), iter=STEPS, minit="matrix")
    apart = np.stack([np.square(points - middle).sum(axis=1) for middle in middles], axis=1)
    return apart.argmin(axis=1)


def _cut(points: Floats, smallest: int) -> Integers:
    """Cut Ward's tree where the ratio of variances is the highest."""
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(points, "ward")
    fewest, most = (int(standing("context", f"clusters_{which}").number) for which in ("fewest", "most"))
    best, label = -1.0, np.zeros(len(points), np.int64)
    for count in range(fewest, most + 1):
        tried = fcluster(tree, count, "maxclust").astype(np.int64) - 1
        if np.bincount(tried).min() >= smallest and (found := _apart(points, tried)) > best:
            best, label = found, tried
    return label


def _apart(points: Floats, label: Integers) -> float:
    """Put the variance between clusters beside that within them."""
    own = _middles(points, label)[label]
    between = float(np.square(own - points.mean(axis=0)).sum())
    within = float(np.square(points - own).sum())
    count = int(label.max()) + 1
    return ratio(between * (len(points) - count), max(within, 1e-12) * (count - 1))


def _middles(points: Floats, label: Integers) -> Floats:
    size = np.bincount(label).astype(np.float64)
    sums = [np.bincount(label, weights=column) for column in points.T]
    return np.stack([pooled_share(total, size) for total in sums], axis=1)


def _like(context: Context, group: Integers, place: Integers) -> pl.DataFrame:
    """Say what each cluster is like, indicator by indicator."""
    line = float(standing("context", "cluster_marked_from").number)
    sizes = np.bincount(group, minlength=1)
    rows = []
    for column, name in enumerate(context.table.indicators):
        values = context.table.values[name].to_numpy()[place]
        known = context.known[place, column]
        count = np.bincount(group, weights=known, minlength=1)
        mean, off = (
            pooled_share(np.bincount(group, weights=np.where(known, told, 0.0), minlength=1), count)
            for told in (values, context.scores[place, column])
        )
        if shipped_indicators()[name].scale == "log":
            mean = np.expm1(mean)
        for cluster in range(1, len(sizes)):
            marked = bool(abs(off[cluster]) >= line)
            told = (cluster, sizes[cluster], name, count[cluster], mean[cluster], off[cluster], marked)
            rows.append(dict(zip(LIKE, told, strict=True)))
    like = pl.DataFrame(rows, schema=LIKE, strict=False)
    return like.with_columns(pl.col("mean", "off").fill_nan(None)).sort("cluster", maintain_order=True)
