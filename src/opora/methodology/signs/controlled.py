"""Sittings with control of objectivity (с контролем объективности) beside those without: the drop.

Outside observers change something for everybody; what is usual under control is therefore taken from the
controlled schools themselves, by the same robust relation as ``confirmation``.
"""

import polars as pl

from opora.methodology.signs.confirmation import confirmation


def controlled(without: pl.DataFrame, under_control: pl.DataFrame) -> pl.DataFrame:
    """Measure how far a school falls behind, under control, what its results without control let expect.

    ``without``, ``under_control``: ``school cell takers low``, outcomes of the same subjects and grades of
    earlier or later years without control, and those of controlled sittings.
    Shape: that of ``confirmation``, ``dropped`` in the place of ``unconfirmed``, a row for every school with
    both. Empty: no row where fewer than ten schools were controlled.
    """
    return confirmation(without, under_control).rename({"unconfirmed": "dropped"})
