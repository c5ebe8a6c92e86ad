"""What is known of the context of each school (контекстные данные), one column an indicator, and how much."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from opora.language import _
from opora.methodology import tables
from opora.methodology.context.indicators import ContextIndicator, shipped_indicators
from opora.methodology.parameters import standing
from opora.methodology.shares import ratio

SPECIAL = ("correctional", "closed", "prison", "evening")  # kinds that others are not compared with
COVERAGE = {
    "indicator": pl.String,
    "known": pl.Int64,  # schools
    "share": pl.Float64,  # of all schools
    "first_year": pl.Int32,  # null where only the registry tells it
    "last_year": pl.Int32,
    "why": pl.String,  # "" it enters the index; "few": known of too few; "same": no two schools differ
}


@dataclass(frozen=True, eq=False)
class ContextTable:
    """The context of schools as numbers.

    values: ``school``, then a column for each indicator that enters the index, on its scale, null where not
    known; in order of schools. special: the schools among them that are not compared with others.
    coverage: ``COVERAGE``, a row for every indicator that is known of anybody.
    """

    values: pl.DataFrame
    special: pl.Series
    coverage: pl.DataFrame

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that enter the index, in the order of the catalogue."""
        return tuple(self.values.columns[1:])


def context_table(
    indicators: pl.DataFrame, schools: pl.DataFrame | None = None, *, until: int | None = None
) -> ContextTable:
    """Turn rows of indicators and the registry's attributes into one row a school.

    ``indicators``: the columns of ``tables.INDICATORS``; only ``category`` «all» is read, the latest year
    wins, names that are no context indicator are passed over. ``schools``: ``school`` and any of ``kind``,
    ``settlement_kind``, ``settlement_size``, ``pupils``; it also says which schools there are.
    ``until``: later years are not looked at. Units: values on the scale of each indicator.
    Raises: ``TableMismatch``: a value outside the limits of its unit, a school or row told twice.
    """
    rows = tables.indicators(indicators).filter(pl.col("category") == "all")
    if until is not None:
        rows = rows.filter(pl.col("year") <= until)
    catalogue = shipped_indicators()
    registry = None if schools is None else tables.schools(schools)
    told = rows.filter(pl.col("indicator").is_in(list(catalogue)) & pl.col("value").is_not_null())
    _refuse_outside(told, catalogue)
    wide = _with_the_told(_everybody(rows, registry, catalogue), told, catalogue)
    coverage = _coverage(wide, told)
    kept = coverage.filter(pl.col("why") == "")["indicator"].to_list()
    scaled = [pl.col(name).log1p() if catalogue[name].scale == "log" else pl.col(name) for name in kept]
    return ContextTable(wide.select("school", *scaled), _special(wide["school"], rows, registry), coverage)


def _everybody(
    rows: pl.DataFrame, registry: pl.DataFrame | None, catalogue: Mapping[str, ContextIndicator]
) -> pl.DataFrame:
    """Say which schools there are, with what the registry tells of them."""
    if registry is None:
        return rows.select("school").unique().sort("school")
    found, wanted = rows.schema["school"], registry.schema["school"]
    if found != wanted:
        message = _("показатели: код школы (school) имеет тип {found}, а в таблице школ {wanted}")
        raise tables.TableMismatch(message.format(found=found, wanted=wanted))
    told = {name: one for name, one in catalogue.items() if one.attribute in registry.columns}
    return registry.select(
        "school", *(_number(name, one, registry).alias(name) for name, one in told.items())
    )


def _with_the_told(
    wide: pl.DataFrame, told: pl.DataFrame, catalogue: Mapping[str, ContextIndicator]
) -> pl.DataFrame:
    """Put the latest year of each indicator over what the registry tells; in the order of the catalogue."""
    latest = told.unique(["school", "indicator"], keep="last", maintain_order=True)
    rows = latest.pivot("indicator", index="school", values="value")
    both = wide.join(rows, on="school", how="left", suffix=" told", maintain_order="left")
    names = [[name for name in (f"{one} told", one) if name in both.columns] for one in catalogue]
    return both.select("school", *(pl.coalesce(name).alias(name[-1]) for name in names if name))


def _number(name: str, one: ContextIndicator, registry: pl.DataFrame) -> pl.Expr:
    """Read an attribute as a number; a kind of settlement is rural or it is not."""
    if one.attribute == "settlement_kind":
        kind = pl.col(one.attribute).cast(pl.String)
        return pl.when(kind.fill_null("") != "").then((kind == "rural").cast(pl.Float64))
    found = registry.schema[one.attribute]
    if not (found.is_numeric() or found == pl.Null):
        message = _("{table}: столбец {column} имеет тип {found}; допустимо: {allowed}")
        raise tables.TableMismatch(
            message.format(table=_("школы"), column=one.attribute, found=found, allowed=_("число"))
        )
    lowest, highest = one.limits
    value = pl.col(one.attribute).cast(pl.Float64)
    wrong = registry.filter(~value.is_between(lowest, highest))
    if len(wrong):
        raise _outside(name, lowest, highest, wrong["school"][0])
    return value


def _refuse_outside(told: pl.DataFrame, catalogue: Mapping[str, ContextIndicator]) -> None:
    for name, one in catalogue.items():
        lowest, highest = one.limits
        wrong = told.filter((pl.col("indicator") == name) & ~pl.col("value").is_between(lowest, highest))
        if len(wrong):
            raise _outside(name, lowest, highest, wrong["school"][0])


def _outside(name: str, lowest: int, highest: int, school: object) -> tables.TableMismatch:
    message = _("показатель контекста {name} вне пределов {lowest}–{highest}; первая — школа {school}")
    return tables.TableMismatch(message.format(name=name, lowest=lowest, highest=highest, school=school))


def _coverage(wide: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Say of how many schools each indicator is known, and whether it enters the index."""
    least = float(standing("context", "least_known").number)
    names = [name for name in wide.columns[1:] if wide[name].count()]
    known = pl.DataFrame(
        {
            "indicator": names,
            "known": [wide[name].count() for name in names],
            "share": [ratio(wide[name].count(), len(wide)) for name in names],
            "same": [wide[name].drop_nulls().n_unique() == 1 for name in names],
        },
        schema={"indicator": pl.String, "known": pl.Int64, "share": pl.Float64, "same": pl.Boolean},
    )
    theirs = told.join(wide.select("school"), on="school").group_by("indicator")
    years = theirs.agg(first_year=pl.col("year").min(), last_year=pl.col("year").max())
    why = (
        pl.when(pl.col("share") < least)
        .then(pl.lit("few"))
        .when("same")
        .then(pl.lit("same"))
        .otherwise(pl.lit(""))
    )
    both = known.join(years, on="indicator", how="left", maintain_order="left").with_columns(why=why)
    return both.select(pl.col(name).cast(kind) for name, kind in COVERAGE.items())


def _special(schools: pl.Series, rows: pl.DataFrame, registry: pl.DataFrame | None) -> pl.Series:
    """Find the schools that the registry or the school itself calls special, evening and the like."""
    latest = rows.filter(pl.col("indicator") == "special_school").unique(
        "school", keep="last", maintain_order=True
    )
    found = latest.filter(pl.col("value") == 1)["school"]
    if registry is not None and "kind" in registry.columns:
        theirs = registry.filter(pl.col("kind").cast(pl.String).is_in(SPECIAL))["school"]
        found = pl.concat([found, theirs])
    return schools.filter(schools.is_in(found.implode()))
