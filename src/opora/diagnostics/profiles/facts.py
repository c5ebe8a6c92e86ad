"""What is known of schools without asking anybody: staff, pupils' needs, results (сведения о школе)."""

from collections.abc import Sequence

import polars as pl

from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.shares import share
from opora.results.actions import store
from opora.results.carried import flat
from opora.results.store import Manifest, Store

FACTS = {"school": pl.String, "name": pl.String, "value": pl.Float64}


def known_facts(edition: ProfileEdition, schools: Sequence[str], until: int) -> dict[str, pl.DataFrame]:
    """Answer what the edition asks of the context and of the results; later years are not looked at.

    ``schools``: numbers of the registry as text. Shape: ``context`` and ``results`` → ``FACTS``, the latest
    year of each. Units: shares of 0–1. Empty: no row of what is not known; no rows before any file came.
    """
    kept = store()
    manifest = kept.current()
    if manifest is None or not schools:
        return {}
    return {
        "context": _context(kept, manifest, edition, schools, until),
        "results": _results(kept, manifest, schools, until),
    }


def _context(
    kept: Store, manifest: Manifest, edition: ProfileEdition, schools: Sequence[str], until: int
) -> pl.DataFrame:
    wanted = [origin.item for told in edition.asked_of("context") for origin in told.origins]
    told = kept.indicators(manifest, schools=schools).filter(
        (pl.col("category") == "all") & pl.col("indicator").is_in(wanted) & (pl.col("year") <= until)
    )
    latest = told.sort("year").unique(["school", "indicator"], keep="last", maintain_order=True)
    rows = latest.drop_nulls("value").select("school", name="indicator", value="value")
    return rows.cast(pl.Schema(FACTS)).sort("school", "name")


def _results(kept: Store, manifest: Manifest, schools: Sequence[str], until: int) -> pl.DataFrame:
    """Answer ``low_share``: of all works of a school's latest year, how many got the lowest mark."""
    codes = kept.schools(manifest)
    counts = flat(kept.outcomes(manifest, schools=schools)).join(codes, on="school")
    counts = counts.filter(pl.col("low").is_not_null() & (pl.col("takers") > 0) & (pl.col("year") <= until))
    last = counts.filter(pl.col("year") == pl.col("year").max().over("code"))
    told = last.group_by("code").agg(pl.col("low").sum(), pl.col("takers").sum())
    made = told.select(
        school=pl.col("code"), name=pl.lit("low_share"), value=share(pl.col("low"), pl.col("takers"))
    )
    return made.cast(pl.Schema(FACTS)).sort("school")
