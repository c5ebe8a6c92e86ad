"""Estimates the context of a region's schools from what a run was made of: results, registry, indicators.

What is held in memory is asked for by pages that know who may see what of it. Schools are told by their
numbers in the registry.
"""

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from opora.identification.models import Run
from opora.methodology.context.clusters import clusters
from opora.methodology.context.expected import expected_results
from opora.methodology.context.index import Context, context_index
from opora.methodology.context.map import context_map
from opora.methodology.context.neighbours import neighbours
from opora.methodology.context.table import context_table
from opora.methodology.context.words import cluster_names
from opora.results.actions import store
from opora.results.parts import Manifest, UnknownContent

HELD = 32  # regions at once, a few megabytes each
ATTRIBUTES = ("kind", "settlement_size", "pupils")
NUMBER = pl.col("school").cast(pl.Int64)


@dataclass(frozen=True, eq=False)
class RegionContext:
    """The context of a region's schools; ``school`` is a number in the registry in every table.

    mapped: what ``context_map`` answers, with ``harder``: the share of schools whose context is easier, null
    without an index. expected: what ``expected_results`` answers. alike: ``school neighbour place``.
    groups: ``school group``; names: what each group is called.
    """

    context: Context
    mapped: pl.DataFrame
    expected: pl.DataFrame
    alike: pl.DataFrame
    groups: pl.DataFrame
    names: dict[int, str]


def region_context(run: Run, region: str) -> RegionContext | None:
    """Answer the context of a region's schools; None where what the run was made of is not kept here."""
    return _of(run.content, region, tuple(run.years))


def alike(content: str, region: str, years: tuple[int, ...]) -> pl.DataFrame | None:
    """Answer which schools are similar: ``school neighbour place``."""
    found = _of(content, region, years)
    return found.alike if found else None


@lru_cache(maxsize=HELD)
def _of(content: str, region: str, years: tuple[int, ...]) -> RegionContext | None:
    results = store()
    try:
        manifest = results.content(content)
    except UnknownContent:
        return None
    registry = results.beside(manifest)
    if registry is None:
        return None
    here = registry.filter(pl.col("region") == region)
    found = _estimated(manifest, here, years)
    told = clusters(found)
    mapped = context_map(found).with_columns(NUMBER)
    harder = (pl.col("index").rank("min") - 1) / pl.col("index").count()
    return RegionContext(
        found,
        mapped.with_columns(harder=harder),
        expected_results(found).with_columns(NUMBER),
        neighbours(found).select(NUMBER, pl.col("neighbour").cast(pl.Int64), "place"),
        told.members.with_columns(NUMBER),
        _names(told.like),
    )


def _names(like: pl.DataFrame) -> dict[int, str]:
    return cluster_names(like) if len(like) else {}


def _estimated(manifest: Manifest, registry: pl.DataFrame, years: tuple[int, ...]) -> Context:
    schools = registry.select(
        pl.col("school").cast(pl.String), *ATTRIBUTES, pl.col("settlement").alias("settlement_kind")
    )
    codes = schools["school"].to_list()
    told = store().indicators(manifest, schools=codes)
    works = store().histograms(manifest, years=years, schools=codes)
    counted = works.filter(pl.col("low").is_not_null()).select("school", "cell", "takers", "low")
    mine = told.filter(pl.col("school").is_in(codes))
    return context_index(context_table(mine, schools, until=max(years, default=None)), counted)
