"""Signs that results may not show what pupils know (признаки необъективности): each by itself, and together.

A sign is a reason to look, never a finding: it is shown beside a verdict and changes none. Scores that were
lifted over a boundary make a peak; answers that were helped throughout make none, but the exam, the journal
or a sitting under control does not confirm them. So they are joined by the harmonic mean of their chances:
the strongest decides, others that agree add to it, and the more were looked at, the more it takes, so that
the share of honest schools that are named by chance stays below the parameter.
Source: Wilson D. PNAS 116 (2019), 1195–1200.
Two kinds stand beside and never count: to be better than similar schools, as a resilient school is, and marks
lower than in the journal, which say something of the journal. Schools with too few works are not looked at.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from opora.methodology.parameters import standing


@dataclass(frozen=True)
class Kind:
    """A kind of sign: the columns of its module's table that say how many, and whether it counts."""

    works: str
    seen: str
    expected: str
    off: str
    counts: bool = True
    fewer: bool = False  # fewer than expected is the sign


KINDS = {
    "peak": Kind("works", "above", "expected", "peak"),
    "unconfirmed": Kind("takers", "other_low", "other_expected", "unconfirmed"),
    "raised": Kind("takers", "raised", "raised_expected", "raised_off"),
    "dropped": Kind("takers", "other_low", "other_expected", "dropped"),
    "better": Kind("takers", "low", "expected", "better", counts=False, fewer=True),
    "lowered": Kind("takers", "lowered", "lowered_expected", "lowered_off", counts=False),
}
CERTAIN = 1e-9  # a chance is never quite one
COUNTED = tuple(name for name, kind in KINDS.items() if kind.counts)
LOOKED_AT = {
    "school": None,
    "kind": pl.String,  # of KINDS
    "works": pl.Int64,  # that were looked at
    "seen": pl.Int64,
    "expected": pl.Float64,
    "pupils": pl.Float64,  # how strong: the pupils by whom what is seen differs from what was expected
    "off": pl.Float64,  # standard deviations, above zero: as bias would be
    "chance": pl.Float64,  # how often an honest school has as much, 0–1
}
SHAPE = {
    "school": None,
    **dict.fromkeys(COUNTED, pl.Float64),  # null: not known, or too few works
    "strongest": pl.String,
    "sign": pl.Float64,  # all together, in standard deviations
    "chance": pl.Float64,  # how often an honest school has as strong a sign, 0–1
    "named": pl.Boolean,
}


def looked_at(
    *,
    peaks: pl.DataFrame | None = None,
    confirmation: pl.DataFrame | None = None,
    journal: pl.DataFrame | None = None,
    controlled: pl.DataFrame | None = None,
    similar: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Put what each module found into one table: a row for every school and kind of sign.

    Each argument is what the function of this name answers; None where nothing is known. At least one is
    given. Shape: ``LOOKED_AT``, in order of schools. Empty: no row where a school has fewer works than
    ``fewest_works``.
    """
    tables = {
        "peak": peaks,
        "unconfirmed": confirmation,
        "raised": journal,
        "dropped": controlled,
        "better": similar,
        "lowered": journal,
    }
    parts = [_one(name, table) for name, table in tables.items() if table is not None]
    return pl.concat(parts).sort("school", "kind")


def _one(name: str, table: pl.DataFrame) -> pl.DataFrame:
    from scipy.special import ndtr

    kind, fewest = KINDS[name], int(standing("objectivity", "fewest_works").number)
    pupils = (pl.col(kind.seen) - pl.col(kind.expected)) * (-1 if kind.fewer else 1)
    enough = table.filter(pl.col(kind.works) >= fewest).select(
        "school",
        pl.lit(name).alias("kind"),
        pl.col(kind.works).cast(pl.Int64).alias("works"),
        pl.col(kind.seen).cast(pl.Int64).alias("seen"),
        pl.col(kind.expected).alias("expected"),
        pupils.alias("pupils"),
        pl.col(kind.off).alias("off"),
    )
    return enough.with_columns(pl.Series("chance", ndtr(-enough["off"].to_numpy()), pl.Float64))


def signs(found: pl.DataFrame) -> pl.DataFrame:
    """Put the signs of each school together; ``looked_at`` says what goes in.

    Shape: ``SHAPE``, a row for every school with a sign that counts, the strongest first.
    """
    from scipy.special import log_ndtr, ndtri, ndtri_exp

    line = float(ndtri(1 - float(standing("objectivity", "named_at").number)))
    counted = found.filter(pl.col("kind").is_in(COUNTED))
    rarity = pl.Series("rarity", -log_ndtr(-counted["off"].to_numpy()), pl.Float64)
    each = [pl.col("off").filter(pl.col("kind") == name).first().alias(name) for name in COUNTED]
    strongest = pl.col("kind").sort_by("off", "kind").last().alias("strongest")
    told = (
        counted.with_columns(rarity)
        .group_by("school", maintain_order=True)
        .agg(*each, strongest, _joined().alias("chance"))
    )
    sign = -ndtri_exp(np.minimum(told["chance"].to_numpy(), -CERTAIN))
    return (
        told.with_columns(pl.col("chance").exp(), pl.Series("sign", sign, pl.Float64))
        .with_columns((pl.col("sign") > line).alias("named"))
        .select(*SHAPE)
        .sort("sign", "school", descending=[True, False])
    )


def _joined() -> pl.Expr:
    """Take the logarithm of the harmonic mean of chances from the negative logarithms of each."""
    most = pl.col("rarity").max()
    return pl.len().log() - most - (pl.col("rarity") - most).exp().sum().log()
