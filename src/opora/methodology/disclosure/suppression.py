"""Which groups may be told of, alone or only together (первичное и дополнительное сокрытие).

The answers of a survey are parted into atoms (атомы публикации): a group of at least five, or several
smaller groups that are at least five together. Whatever is shown is a sum of whole atoms. So all that can
be worked out from it, by subtraction or by a linear program, from any number of totals, filters and moments,
are sums of whole atoms again: nobody comes closer to a small group than the atom in which it lies. A small
group that finds no company in its municipality looks for it in the region, then in the country; no group
large enough is hidden for the sake of a neighbour, it is the totals that leave small ones out.

Source: Cox L. Suppression methodology and statistical disclosure control. JASA 75 (1980), 377–385 (why
hiding the small is not enough); Fischetti M., Salazar J. Solving the cell suppression problem on tabular data
with linear constraints. Management Science 47 (2001), 1008–1027 (the attacker's program); de Wolf P.-P.
HiTaS: a heuristic approach to cell suppression in hierarchical tables. LNCS 2316 (2002), 74–82 (top down
where this goes bottom up).
"""

from collections.abc import Sequence

import polars as pl

from opora.methodology.disclosure.cells import KEYS, number

# Where small groups look for company, nearest first: in the same grade before the same place as a whole.
STEPS = (
    ("region", "municipality", "school"),
    ("region", "municipality", "grade"),
    ("region", "municipality"),
    ("region", "grade"),
    ("region",),
    ("grade",),
    (),
)


def atoms(rows: pl.DataFrame, base: str, most: str, lone: str = "") -> pl.DataFrame:
    """Part the answers into atoms, moment by moment; what entered an atom once stays in it.

    Shape: ``rows`` has ``group``, ``KEYS``, ``wave``, ``base`` (how many answered), ``most`` (how many could
    have, null where not known), ``lone`` (where a row is several groups already: whether somebody answered
    alone in one of them), in order of ``group`` and ``wave``; answered are, for each row,
    ``BASE atom``, a number that the rows of one atom share, and ``BASE since``, the wave with which they
    entered.
    Empty: both are null for a row that enters no total yet.
    """
    names = {"atom": f"{base} atom", "since": f"{base} since"}
    told = rows.select(
        "group", *KEYS, "wave", n=base, most=most, lone=pl.col(lone) if lone else pl.lit(False)
    ).with_row_index("row")
    size = len(rows) + 1  # more than any group
    waiting, entered = told.clear(), []
    for moment, wave in enumerate(told["wave"].unique().sort()):
        now = pl.concat([waiting, told.filter(pl.col("wave") == wave)])
        found = now.select("row", "group").join(_of_a_moment(_units(now)), on="group")
        atom = pl.col("first").cast(pl.Int64) + moment * size
        entered.append(found.select("row", atom=atom, since=pl.lit(wave, pl.Int32)))
        waiting = now.join(found, on="row", how="anti")
    nobody = pl.DataFrame(schema={"row": told.schema["row"], "atom": pl.Int64, "since": pl.Int32})
    made = told.select("row").join(pl.concat([nobody, *entered]), on="row", how="left", maintain_order="left")
    return made.select("atom", "since").rename(names)


def in_total(by: Sequence[str]) -> pl.Expr:
    """Number the totals by these columns, so that each row says which one it is of."""
    return (pl.struct(by).rank("dense") if by else pl.lit(0, pl.UInt32)).alias(" total")


def whole(atom: str) -> pl.Expr:
    """Say of each row whether its atom lies with all its rows in the same total.

    Shape: the rows have what ``in_total`` gives and ``ATOM size``, how many rows the atom has
    anywhere.
    """
    here = pl.len().over(" total", atom)
    return pl.col(atom).is_not_null() & (here == pl.col(f"{atom} size"))


def _units(rows: pl.DataFrame) -> pl.DataFrame:
    """Put together what waited of a group and what came to it now: in so many parts, each somebody's."""
    return (
        rows.sort("group", "row")
        .group_by("group", maintain_order=True)
        .agg(
            pl.col(KEYS).first(),
            pl.col("n").sum(),
            pl.col("most").max(),
            pl.col("lone").any(),
            parts=(pl.col("n") > 0).sum().cast(pl.Int64),
        )
        .with_columns(needed=number("smallest_group") + pl.col("lone") * number("lone_respondent"))
    )


def _of_a_moment(units: pl.DataFrame) -> pl.DataFrame:
    """Find who enters totals now: ``group`` and ``first``, the least group of the atom."""
    alone = (pl.col("n") == 0) | (pl.col("n") >= pl.col("needed"))
    found = [units.filter(alone).select("group", first="group")]
    small = units.filter(~alone)
    for step in STEPS:
        place = [*step, "audience"]
        here = small.filter(pl.all_horizontal(pl.col(place).is_not_null()))
        here = here.with_columns(first=pl.col("group").min().over(place)).filter(_enough("first"))
        found.append(here.select("group", "first"))
        small = small.join(here, on="group", how="anti")
    return pl.concat(found)


def _enough(together: str) -> pl.Expr:
    """Say whether small groups, taken together, may enter a total.

    They are at least five respondents, six if one of them answered alone in a group; and nobody's number of
    respondents follows from their sum, unless everybody asked has answered, which is seen anyway.
    """

    def all_of(what: pl.Expr) -> pl.Expr:
        return what.sum().over(together)

    n, parts, smallest = pl.col("n"), pl.col("parts"), number("smallest_group")
    lone = (pl.col("lone") | (n == 1)).any().over(together) * number("lone_respondent")
    could = pl.when(pl.col("most") >= n).then(pl.col("most"))
    high = pl.min_horizontal(could.fill_null(smallest - 1), pl.lit(smallest - 1))
    least = pl.max_horizontal(parts, all_of(n) - all_of(high) + high)
    greatest = pl.min_horizontal(high, all_of(n) - all_of(parts) + parts)
    unsure = greatest - least >= pl.min_horizontal(high - parts, pl.lit(number("protection")))
    everybody = (n == pl.col("most")).fill_null(False)
    return (
        (pl.len().over(together) >= number("groups_together"))
        & (all_of(n) >= smallest + lone)
        & (unsure.all().over(together) | everybody.all().over(together))
    )
