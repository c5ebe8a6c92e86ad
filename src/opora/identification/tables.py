"""What goes into a run and what comes out, as tables: the registry's schools beside the store's outcomes."""

from dataclasses import dataclass

import polars as pl

from opora.methodology.identification import Identification
from opora.methodology.tables import OUTCOME_KEY, Outcomes
from opora.registry.models import Region, School
from opora.results.store import Manifest, Store

# Evidence rows are kept as lists in this order; None stands for what a row does not have.
EVIDENCE = (
    "measure", "kind", "year", "assessment", "sitting", "subject", "grade", "grade_programme", "category",
    "indicator", "takers", "low", "percent", "share", "value", "letter", "low_bound", "high_bound",
    "threshold", "threshold_letter", "comparison", "failed", "counted", "excluded", "deciding",
    "branch", "likely_low", "likely_high", "source",
)  # fmt: skip
SEARCHED = ("name", "short_name", "settlement_name", "vpr_login", "ris_code", "inn")
ROUNDED = (
    "share",
    "low_bound",
    "high_bound",
    "likely_low",
    "likely_high",
)  # shown as whole percents; the counts beside them are exact


@dataclass(frozen=True)
class Inputs:
    """What one run reads; a school is its number in the registry everywhere."""

    outcomes: Outcomes
    indicators: pl.DataFrame
    schools: pl.DataFrame
    sources: pl.DataFrame  # school, the columns of OUTCOME_KEY, source: which file told of it; may be empty


def inputs(store: Store, manifest: Manifest, schools: pl.DataFrame, *, sources: bool = True) -> Inputs:
    """Read the results of these schools; ``schools`` is what the registry knows of them, or knew.

    sources: say which file told of what; it costs as much as all the rest.
    """
    numbers = (
        store.schools(manifest)
        .with_columns(pl.col("code").cast(pl.Int64, strict=False).alias("pk"))
        .join(schools.select(pk="school"), on="pk", how="semi")
    )
    told = store.outcomes(manifest, source=sources)
    rows = (
        told.counts.join(numbers.select("school", "pk"), on="school", how="inner")
        .drop("school")
        .rename({"pk": "school"})
    )
    indicators = (
        store.indicators(manifest)
        .with_columns(pl.col("school").cast(pl.Int64, strict=False))
        .join(schools.select("school"), on="school", how="semi")
    )
    named = pl.DataFrame()
    if sources:
        named = rows.select("school", "cell", "source").join(told.cells, on="cell", how="left").drop("cell")
    counts = rows.select("school", pl.exclude("school", "source")).sort("school", "cell")
    return Inputs(Outcomes(told.cells, counts), indicators, schools, named)


def school_table(territory: Region | None) -> pl.DataFrame:
    """Answer the registry's schools with the attributes that editions may ask for, and those a verdict keeps.

    Shape: school kind settlement levels pupils settlement_size closed region municipality sort_key search_key
    rural.
    """
    schools = School.objects.all() if territory is None else School.objects.filter(region=territory)
    fields = {
        "pk": pl.Int64, "kind": pl.String, "settlement_kind": pl.String, "levels": pl.String,
        "pupils": pl.Int64, "settlement_size": pl.Int64, "closed_on": pl.Date, "region_id": pl.String,
        "municipality_id": pl.Int64, "sort_key": pl.String, "municipality__sort_key": pl.String,
        **dict.fromkeys(SEARCHED, pl.String),
    }  # fmt: skip
    rows = list(schools.order_by("pk").values_list(*fields))
    table = pl.DataFrame(rows, schema=fields, orient="row")
    closed = pl.when(pl.col("closed_on").is_null()).then(pl.lit("no")).otherwise(pl.lit("yes"))
    names = {
        "pk": "school",
        "settlement_kind": "settlement",
        "region_id": "region",
        "municipality_id": "municipality",
    }
    return (
        table.with_columns(
            closed.alias("closed"),
            (pl.col("settlement_kind") == School.SettlementKind.RURAL).alias("rural"),
            _words().alias("search_key"),
        )
        .drop("municipality__sort_key", *SEARCHED)
        .rename(names)
    )


def _words() -> pl.Expr:
    """Answer what a list is searched by: short name, else name; codes; place. Written as ``searched`` is."""
    name = pl.when(pl.col("short_name") == "").then("name").otherwise("short_name")
    parts = [name, *(pl.col(one) for one in SEARCHED[2:]), pl.col("municipality__sort_key")]
    plain = pl.concat_str(parts, separator=" ").str.to_lowercase().str.replace_all("ё", "е")
    return plain.str.replace_all("[«»]|№ ?", "").str.replace_all(" +", " ")


def verdict_table(found: Identification, read: Inputs, unstable_below: float) -> pl.DataFrame:
    """Answer one row per list and school, with the place of the school and the stability of the verdict."""
    reasons = pl.DataFrame(
        {
            "school": found.judged.schools,
            "excluded": pl.Series([str(reason) for reason in found.judged.excluded], dtype=pl.String),
        }
    )
    place = read.schools.select("school", "region", "municipality", "sort_key", "search_key", "rural")
    return (
        found.verdicts.join(found.stability(), on=["school", "list"], how="left")
        .join(reasons, on="school", how="left")
        .join(place, on="school", how="left")
        .with_columns(
            pl.col("excluded").fill_null(""),
            pl.col("branch").fill_null(""),
            pl.col("stability").fill_nan(None).round(6),
            pl.col("listed").alias("by_rule"),
            (pl.col("stability") < unstable_below).fill_null(False).alias("unstable"),
        )
    )


def evidence_table(found: Identification, read: Inputs, sources: list[str]) -> pl.DataFrame:
    """Answer the evidence of every school with the number of the file that told of it in ``sources``."""
    key = ["school", *OUTCOME_KEY]
    files = pl.DataFrame({"source": sources}, schema={"source": pl.String}).with_row_index("place")
    told = (
        read.sources.join(files, on="source", how="left")
        .drop("source")
        .rename({"place": "source"})
        .select(*key, "source")
    )
    table = found.evidence(only_listed=False)
    if table["school"].dtype != told["school"].dtype:
        told = told.with_columns(pl.col("school").cast(table["school"].dtype))
    told = told.join(found.likely_shares().drop("likely"), on=key, how="left", nulls_equal=True)
    joined = table.join(told, on=key, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col(name).round(6) for name in ROUNDED).select("school", "list", *EVIDENCE)


def counts_of(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Count schools, listed and unstable ones by list and municipality; list "" counts a school once.

    Shape: list region municipality schools listed unstable.
    """
    once = verdicts.group_by("school", "region", "municipality").agg(
        pl.col("listed", "unstable").any(), pl.lit("").alias("list")
    )
    columns = ("list", "region", "municipality", "school", "listed", "unstable")
    every = pl.concat([verdicts.select(columns), once.select(columns)])
    return (
        every.group_by("list", "region", "municipality")
        .agg(pl.len().alias("schools"), pl.col("listed", "unstable").sum())
        .sort("list", "region", "municipality")
    )
