"""Judges every outcome and indicator by the measures of an edition: seen, counted, failed, or why not.

Filters are evaluated on the small table of cells; the large table is only gathered from and compared in whole
numbers. What leaves here is numbered by school (``s``) and small enough for the rule to count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.edition import Edition, Exclusion, Settled
from opora.methodology.rule import Measure, Where
from opora.methodology.shares import compare, percent_meets, share_meets
from opora.methodology.tables import Ordered, Outcomes, TableMismatch

Flags = npt.NDArray[np.bool_]
NOBODY, FEW, COHORT, LETTER = "no_takers", "few_takers", "small_cohort", "letter_unknown"


@dataclass(frozen=True, eq=False)
class Events:
    """Results that meet something: whose, in which year, and which indicator it is in other years too."""

    s: npt.NDArray[np.int64]
    year: npt.NDArray[np.int64]
    process: npt.NDArray[np.int64]


@dataclass(eq=False)
class Judged:
    """Everything of the inputs that the rule may ask about, for one edition, window and set of numbers.

    schools: the universe, position = ``s``. flags: for every row of outcomes ``s``, ``cell`` and for each
    measure of low results ``seen:m``, ``counted:m``, ``failed:m``. facts: the same for indicators, with their
    values. excluded: reason per school, "" for none. attributes: the schools' table in the order of ``s``.
    """

    edition: Edition
    settled: Settled
    years: tuple[int, ...]
    ordered: Ordered
    schools: pl.Series
    flags: pl.DataFrame
    facts: pl.DataFrame
    attributes: pl.DataFrame
    excluded: npt.NDArray[np.object_]
    notes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Keep a sentence on what could not be applied."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def measure(self, name: str) -> Measure:
        return self.edition.measures[name]

    def value(self, parameter: str) -> Any:
        return self.settled[parameter].value

    def number(self, parameter: str) -> int:
        return int(self.settled[parameter].value)

    def last(self, parameter: str) -> tuple[int, ...]:
        """Give the years of the window that a condition looks at."""
        return self.years[-self.number(parameter) :] if parameter else self.years

    def within(self, year: npt.NDArray[np.int64], parameter: str) -> Flags:
        """Tell which rows are of the years that a condition looks at."""
        years = self.last(parameter)
        if years[-1] - years[0] + 1 == len(years):
            among: Flags = (year >= years[0]) & (year <= years[-1])
            return among
        return np.isin(year, years)

    def split(self, measures: Iterable[str]) -> tuple[list[str], list[str]]:
        """Tell measures of outcomes from measures of indicators."""
        shares = [m for m in measures if self.measure(m).of == "low results"]
        return shares, [m for m in measures if m not in shares]

    @cached_property
    def cell_year(self) -> npt.NDArray[np.int64]:
        return self.ordered.cells["year"].to_numpy().astype(np.int64)

    def process_of_cells(self, by: Sequence[str]) -> npt.NDArray[np.int64]:
        """Number the cells by what makes an indicator the same in another year."""
        if not len(self.ordered.cells):
            return np.zeros(0, np.int64)
        numbered = self.ordered.cells.select(pl.struct(*by).rank("dense").cast(pl.Int64) - 1)
        return numbered.to_series().to_numpy()

    @cached_property
    def process_of_facts(self) -> npt.NDArray[np.int64]:
        if not len(self.facts):
            return np.zeros(0, np.int64)
        numbered = self.facts.select(pl.struct("indicator", "category").rank("dense").cast(pl.Int64) - 1)
        return numbered.to_series().to_numpy()

    def events(self, what: str, measures: Iterable[str], by: Sequence[str] = ()) -> Events:
        """Give the results that are ``seen``, ``counted`` or ``failed`` by any of the measures."""
        shares, others = self.split(tuple(measures))
        parts = []
        if shares:
            rows = np.flatnonzero(self.flags.select(any_of(what, shares)).to_series().to_numpy())
            cell = self.flags["cell"].to_numpy()[rows]
            process = self.process_of_cells(by)[cell] if by else np.zeros(len(cell), np.int64)
            s = self.flags["s"].to_numpy()[rows].astype(np.int64)
            parts.append(Events(s, self.cell_year[cell], process))
        if others:
            chosen = self.facts.select(any_of(what, others)).to_series().to_numpy()
            mine = self.facts.filter(pl.Series(chosen, dtype=pl.Boolean))
            # numbered apart from the cells
            process = self.process_of_facts[chosen] + len(self.ordered.cells)
            year = mine["year"].to_numpy().astype(np.int64)
            parts.append(Events(mine["s"].to_numpy().astype(np.int64), year, process))
        return Events(*(np.concatenate([getattr(p, k) for p in parts]) for k in ("s", "year", "process")))

    def totals(self, measures: Iterable[str]) -> pl.DataFrame:
        """Count per school what the measures saw, counted and failed: columns ``seen counted failed``."""
        shares, others = self.split(tuple(measures))
        kinds = ("seen", "counted", "failed")
        total = {kind: np.zeros(len(self.schools), np.int64) for kind in kinds}
        for table, names in ((self.flags, shares), (self.facts, others)):
            if not names:
                continue
            summed = (
                table.lazy()
                .select("s", *(any_of(kind, names).alias(kind) for kind in kinds))
                .group_by("s")
                .agg(pl.col(kinds).sum())
                .collect()
            )
            for kind in kinds:
                total[kind][summed["s"].to_numpy()] += summed[kind].to_numpy()
        return pl.DataFrame(total)


def words(names: Sequence[str], code: npt.NDArray[np.integer[Any]]) -> pl.Series:
    """Spell numbered words out; null where the number is -1."""
    return pl.Series([*names, None], dtype=pl.String).gather(pl.Series(code))


def any_of(what: str, measures: Sequence[str]) -> pl.Expr:
    columns = [pl.col(f"{what}:{m}") for m in measures]
    return columns[0] if len(columns) == 1 else pl.any_horizontal(columns)


def judge(  # noqa: PLR0913, PLR0917
    outcomes: Outcomes,
    edition: Edition,
    settled: Settled,
    indicators: pl.DataFrame,
    schools: pl.DataFrame | None,
    years: Sequence[int] | None,
) -> Judged:
    """Judge all inputs by all measures of an edition."""
    ordered = outcomes.ordered
    used = tuple(dict.fromkeys(m for each in edition.lists.values() for m in each.measures))
    shares = [m for m in used if edition.measures[m].of == "low results"]
    others = [m for m in used if m not in shares]
    masks = {m: _cells(ordered.cells, edition.measures[m].where) for m in shares}
    chosen = {m: _facts(edition.measures[m].where) for m in others}
    window = _window(edition, settled, years, ordered, indicators, masks, chosen)
    universe, facts = _universe(ordered.schools, indicators if others else indicators.clear())
    notes: list[str] = []
    attributes = _attributes(universe, schools)
    excluded = _excluded(edition, settled, attributes, schools is not None, notes)
    in_window = ordered.cells["year"].is_in(window).to_numpy()
    flags = _flags(ordered, edition, settled, {m: masks[m] & in_window for m in shares}, excluded)
    facts = _fact_flags(facts, edition, settled, chosen, window, excluded)
    judged = Judged(edition, settled, window, ordered, universe, flags, facts, attributes, excluded, notes)
    if edition.minimum.cohort and shares:
        _exclude_small(judged, shares)
    return judged


def _cells(cells: pl.DataFrame, where: Where) -> Flags:
    """Find the cells that a measure takes."""
    fits = [pl.col(column).cast(pl.String).is_in(values) for column, values in where if "any" not in values]
    if not fits:
        return np.ones(len(cells), np.bool_)
    return cells.select(pl.all_horizontal(fits)).to_series().to_numpy()


def _facts(where: Where) -> pl.Expr:
    fits = [pl.col(column).is_in(values) for column, values in where if "any" not in values]
    return pl.all_horizontal(fits)


def _window(  # noqa: PLR0913, PLR0917
    edition: Edition,
    settled: Settled,
    years: Sequence[int] | None,
    ordered: Ordered,
    indicators: pl.DataFrame,
    masks: Mapping[str, Flags],
    chosen: Mapping[str, pl.Expr],
) -> tuple[int, ...]:
    """Find the years to look at: those asked for, the edition's own, or the last ones at hand."""
    if years is not None:
        if not years:
            raise TableMismatch(_("не назван ни один год"))
        return tuple(sorted({int(year) for year in years}))
    if edition.window.years:
        return edition.window.years
    found: set[int] = set()
    for mask in masks.values():
        found.update(ordered.cells["year"].filter(pl.Series(mask, dtype=pl.Boolean)).to_list())
    for fits in chosen.values():
        found.update(indicators.filter(fits)["year"].unique().to_list())
    last = max(found, default=edition.in_force.year)
    length = int(settled[edition.window.last].value)
    return tuple(range(last - length + 1, last + 1))


def _universe(schools: pl.Series, indicators: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Number the schools of both tables: those with outcomes first, in order."""
    if not len(indicators):
        return schools.rename("school"), indicators.select(
            pl.lit(0, pl.UInt32).alias("s"), pl.exclude("school")
        ).clear()
    if len(schools) and schools.dtype != indicators.schema["school"]:
        message = _("показатели: код школы (school) имеет тип {found}, а в результатах {wanted}")
        raise TableMismatch(message.format(found=indicators.schema["school"], wanted=schools.dtype))
    if not len(schools):
        schools = schools.cast(indicators.schema["school"], strict=False)
    new = indicators.select(pl.col("school").unique()).to_series()
    new = new.filter(~new.is_in(schools.implode())).sort()
    universe = pl.concat([schools.rename("school"), new])
    numbered = universe.to_frame().with_row_index("s")
    facts = indicators.join(numbered, on="school", how="left", maintain_order="left")
    return universe, facts.drop("school").sort("s", maintain_order=True)


def _attributes(universe: pl.Series, schools: pl.DataFrame | None) -> pl.DataFrame:
    if schools is None:
        return universe.to_frame()
    if len(universe) and schools.schema["school"] != universe.dtype:
        message = _("школы: код школы (school) имеет тип {found}, а в результатах {wanted}")
        raise TableMismatch(message.format(found=schools.schema["school"], wanted=universe.dtype))
    if not len(universe):
        return schools.clear()
    return universe.to_frame().join(schools, on="school", how="left", maintain_order="left")


def fits(attributes: pl.DataFrame, where: Where) -> Flags:
    """Find the schools that have these attributes.

    Raises: ``TableMismatch`` for an attribute that the table of schools does not have.
    """
    missing = [column for column, _values in where if column not in attributes.columns]
    if missing:
        message = _("школы: нет столбца {column}, который нужен правилу")
        raise TableMismatch(message.format(column=missing[0]))
    if not where:
        return np.ones(len(attributes), np.bool_)
    each = [pl.col(column).cast(pl.String).is_in(values).fill_null(False) for column, values in where]
    return attributes.select(pl.all_horizontal(each)).to_series().to_numpy()


def _excluded(
    edition: Edition, settled: Settled, attributes: pl.DataFrame, given: bool, notes: list[str]
) -> npt.NDArray[np.object_]:
    """Find the schools that the rule does not judge, and why; the first reason stands."""
    reasons = np.full(len(attributes), "", dtype=object)
    for exclusion in edition.exclusions:
        needed = [column for column, _rest in (*exclusion.where, *exclusion.compared)]
        missing = [column for column in needed if column not in attributes.columns]
        if missing or not given:
            message = _("исключение «{name}» не применено: в таблице школ нет столбца {column}")
            if not given:
                message = _("исключение «{name}» не применено: таблица школ не дана (нужен столбец {column})")
            notes.append(message.format(name=exclusion.meaning, column=(missing or needed)[0]))
            continue
        found = _excluded_by(exclusion, settled, attributes)
        reasons[found & (reasons == "")] = exclusion.name
    return reasons


def _excluded_by(exclusion: Exclusion, settled: Settled, attributes: pl.DataFrame) -> Flags:
    found = fits(attributes, exclusion.where)
    for column, parameter in exclusion.compared:
        if not attributes.schema[column].is_numeric():
            message = _("школы: столбец {column} имеет тип {found}; допустимо: число")
            raise TableMismatch(message.format(column=column, found=attributes.schema[column]))
        standing = settled[parameter]
        meets = compare(pl.col(column), standing.comparison, float(standing.value))
        found &= attributes.select(meets.fill_null(False)).to_series().to_numpy()
    return found


def fewest(edition: Edition, settled: Settled, measure: Measure) -> int:
    """Give the fewest takers of an outcome that is counted: at least one."""
    parameter = measure.minimum or edition.minimum.takers
    return max(1, int(settled[parameter].value)) if parameter else 1


def _flags(
    ordered: Ordered,
    edition: Edition,
    settled: Settled,
    masks: Mapping[str, Flags],
    excluded: npt.NDArray[np.object_],
) -> pl.DataFrame:
    """Compare every outcome with every measure's threshold, in whole numbers."""
    takers, low, percent = pl.col("takers"), pl.col("low"), pl.col("percent")
    open_schools = pl.Series(excluded[: len(ordered.schools)] == "", dtype=pl.Boolean)
    columns: list[pl.Expr] = []
    for name, mask in masks.items():
        measure = edition.measures[name]
        seen = pl.lit(pl.Series(mask, dtype=pl.Boolean)).gather(pl.col("cell"))
        if mask.all():
            seen = pl.lit(True)
        counted = seen & (takers >= fewest(edition, settled, measure))
        if not open_schools.all():
            counted &= pl.lit(open_schools).gather(pl.col("s"))
        columns += [_wide(seen).alias(f"seen:{name}"), _wide(counted).alias(f"counted:{name}")]
        failed = pl.lit(False)
        if measure.threshold:
            standing = settled[measure.threshold]
            failed = share_meets(low, takers, standing.comparison, standing.number)
            if ordered.published:
                printed = percent_meets(percent, standing.comparison, standing.number)
                failed = pl.when(low.is_null()).then(printed).otherwise(failed)
        columns.append(_wide(counted & failed).alias(f"failed:{name}"))
    return ordered.rows.lazy().select("s", "cell", *columns).collect()


def _wide(flag: pl.Expr) -> pl.Expr:
    """Give a flag the length of the table even where it is the same for all."""
    return flag & pl.col("takers").is_not_null()


def _fact_flags(  # noqa: PLR0913, PLR0917
    facts: pl.DataFrame,
    edition: Edition,
    settled: Settled,
    chosen: Mapping[str, pl.Expr],
    window: tuple[int, ...],
    excluded: npt.NDArray[np.object_],
) -> pl.DataFrame:
    """Compare every indicator with every measure's threshold."""
    open_schools = pl.lit(pl.Series(excluded == "", dtype=pl.Boolean))
    columns: list[pl.Expr] = []
    for name, fitting in chosen.items():
        measure = edition.measures[name]
        seen = fitting & pl.col("year").is_in(window)
        place = letter_place(measure) if measure.of == "letter" else pl.col("value")
        counted = seen & place.is_not_null() & open_schools.gather(pl.col("s"))
        failed = pl.lit(False)
        if measure.threshold:
            standing = settled[measure.threshold]
            bound: float = (
                measure.order.index(str(standing.value)) if measure.of == "letter" else float(standing.value)
            )
            failed = compare(place, standing.comparison, bound).fill_null(False)
        columns += [
            seen.alias(f"seen:{name}"),
            counted.alias(f"counted:{name}"),
            (counted & failed).alias(f"failed:{name}"),
        ]
    return facts.with_columns(columns)


def letter_place(measure: Measure) -> pl.Expr:
    """Give a letter's place in the order from worst to best; null for a letter outside it."""
    places = {letter: place for place, letter in enumerate(measure.order)}
    return pl.col("letter").replace_strict(places, default=None, return_dtype=pl.Int32)


def _exclude_small(judged: Judged, shares: Sequence[str]) -> None:
    """Leave out the schools whose counted takers, all outcomes together, are too few."""
    smallest = judged.number(judged.edition.minimum.cohort)
    counted = judged.flags.select(any_of("counted", shares)).to_series()
    rows = judged.ordered.rows.filter(counted)
    takers = np.bincount(
        rows["s"].to_numpy(), weights=rows["takers"].to_numpy(), minlength=len(judged.schools)
    )
    few = (takers < smallest) & (takers > 0) & (judged.excluded == "")
    if not few.any():
        return
    judged.excluded[few] = COHORT
    keep = pl.lit(pl.Series(~few, dtype=pl.Boolean)).gather(pl.col("s"))
    for table in ("flags", "facts"):
        frame = getattr(judged, table)
        touched = [c for c in frame.columns if c.startswith(("counted:", "failed:"))]
        setattr(judged, table, frame.with_columns(pl.col(touched) & keep) if touched else frame)
