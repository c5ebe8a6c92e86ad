"""How a list with other numbers differs from the run's own, school by school and place by place."""

from dataclasses import dataclass

import polars as pl

from opora.methodology.identification import Identification

PLACE = ("region", "municipality")


@dataclass(frozen=True, eq=False)
class Difference:
    """Two verdicts on each school of one list.

    schools: ``school region municipality sort_key``, ``listed failed counted`` before and the same with
    ``_after``; a school without a verdict is on no list, with nothing counted.
    """

    schools: pl.DataFrame

    @property
    def entered(self) -> pl.DataFrame:
        """Answer the schools that the changed rule puts on the list, by name."""
        return self.schools.filter(~pl.col("listed") & pl.col("listed_after")).sort("sort_key", "school")

    @property
    def left(self) -> pl.DataFrame:
        """Answer the schools that the changed rule does not put on it any more, by name."""
        return self.schools.filter(pl.col("listed") & ~pl.col("listed_after")).sort("sort_key", "school")

    def places(self, of: str, schools_a_curator: int) -> pl.DataFrame:
        """Count by region or municipality what the change does, curators included.

        Shape: place before after entered left curators curators_after. A curator works in one place: the
        schools of each are shared among whole curators.
        """
        before, after = pl.col("listed"), pl.col("listed_after")
        counted = self.schools.group_by(pl.col(of).alias("place")).agg(
            before=before.sum(),
            after=after.sum(),
            entered=(~before & after).sum(),
            left=(before & ~after).sum(),
        )
        whole = [
            ((pl.col(name) + schools_a_curator - 1) // schools_a_curator).alias(f"curators{ending}")
            for name, ending in (("before", ""), ("after", "_after"))
        ]
        return counted.with_columns(whole).filter((pl.col("before") > 0) | (pl.col("after") > 0))


def difference(
    base: Identification, tried: Identification, name: str, schools: pl.DataFrame, region: str | None = None
) -> Difference:
    """Put two lists beside each other, within a region where one is named."""
    places = schools.select("school", *PLACE, "sort_key")
    if region is not None:
        places = places.filter(pl.col("region") == region)
    before, after = _of(base, name), _of(tried, name)
    both = before.join(after, on="school", how="full", coalesce=True, suffix="_after")
    return Difference(
        both.join(places, on="school", how="inner").with_columns(
            pl.col("listed", "listed_after").fill_null(False),
            pl.col("failed", "failed_after", "counted", "counted_after").fill_null(0),
        )
    )


def _of(found: Identification, name: str) -> pl.DataFrame:
    return found.verdicts.filter(pl.col("list") == name).select("school", "listed", "failed", "counted")
