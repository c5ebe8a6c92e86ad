"""Candidates with one number each, in two heaps."""

import polars as pl

from tests.methodology.drawn import rows

ONE = {"low": "results"}


def line(text):
    """Draw candidates with one number each, «low»."""
    return pl.DataFrame(rows(text), schema_overrides={"low": pl.Int64})


TWO_HEAPS = line("""
    school | municipality | low
    А      | Север        | 10
    Б      | Север        | 11
    В      | Север        | 12
    Г      | Юг           | 50
    Д      | Юг           | 51
    Е      | Юг           | 55
""")
