"""The stabilised list (устойчивый перечень): as many schools as the rule lists, the likeliest ones.

The rule looks at what was observed, so with a few takers it lists schools by chance and misses others. The
model of ``stability`` says for every school how likely the rule would list it by its true shares; the list
of the same size that is wrong least often, in expectation, is made of the likeliest. It is an analyst's
view, Opora's own: no order rests on it, and the rule's list stands beside it.
"""

import polars as pl


def chance_listed() -> pl.Expr:
    """Give how likely a school belongs on the list, by the columns ``listed`` and ``stability``.

    Units: 0–1. A verdict without a stability rests on no chance: it is certain.
    """
    listed, stability = pl.col("listed"), pl.col("stability").fill_nan(None).fill_null(1.0)
    return pl.when(listed).then(stability).otherwise(1.0 - stability)


def stabilised(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Choose for each list as many schools as stand on it, the likeliest first.

    ``verdicts``: ``school list listed stability``, one row per list and school; the same comes back with
    ``chance`` and ``chosen``, in the same order. Of equally likely schools those that the rule lists come
    first, then the order of the rows decides.
    """
    likeliest = pl.struct(-pl.col("chance"), ~pl.col("listed"), pl.int_range(pl.len()))
    place = likeliest.rank("ordinal").over("list")
    size = pl.col("listed").sum().over("list")
    return verdicts.with_columns(chance_listed().alias("chance")).with_columns(
        (place <= size).alias("chosen")
    )
