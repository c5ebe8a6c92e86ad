"""Official markers of biased results (маркеры необъективности), counted as their issuer gave them.

How an issuer comes to a marker is not published; so none is made here, checked, or mixed with Opora's signs.
"""

from typing import Any

import polars as pl

SHAPE: dict[str, Any] = {
    "school": pl.String,
    "year": pl.Int32,
    "told": pl.Int64,  # subjects and grades of which the issuer said something
    "markers": pl.Int64,  # of them with a marker
}


def official(markers: pl.DataFrame) -> pl.DataFrame:
    """Count the markers of each school by year («Количество маркеров»).

    ``markers``: what ``flags`` answers. Shape: ``SHAPE``, in order. Empty: no row for a school of which
    nobody said anything: it is unknown, not without markers.
    Source: tables of regions, «4 РУ», «4 МА», «5 РУ», «5 МА», «Количество маркеров», as found in public code.
    """
    key = ["school", "year"]
    counted = markers.group_by(key).agg(
        told=pl.len().cast(pl.Int64), markers=pl.col("flag").sum().cast(pl.Int64)
    )
    return counted.sort(key)
