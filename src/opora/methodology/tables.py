"""The tables that the methodology reads: their columns, types and what may be empty.

A table is checked before anything is computed from it; what does not fit raises ``TableMismatch`` with the
table, the column and what is allowed.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from opora.language import _

# One outcome is what one school achieved in one assessment (оценочная процедура): counts, never pupils.
OUTCOME_KEY: dict[str, Any] = {
    "year": pl.Int32,  # the year in the assessment's name (ВПР-2018), not the school year
    "assessment": pl.String,  # vpr, oge, ege, gve, niko, or another system's own word
    "sitting": pl.String,  # "" unless one year had several sittings: spring, autumn
    "subject": pl.String,  # russian, maths, … or the source's own word
    "grade": pl.Int32,  # the grade in which it was written
    "grade_programme": pl.Int32,  # the grade whose programme was tested
    "category": pl.String,  # category of pupils; "all" is everybody
}
OUTCOME_COUNTS: dict[str, Any] = {
    "takers": pl.Int32,  # pupils with a result
    "low": pl.Int32,  # of them with a low result; empty only where a published percent stands instead
    "percent": pl.Float64,  # published percent of low results, 0–100, where counts were not published
}
OUTCOME_MARKS: dict[str, Any] = {
    "mark2": pl.Int32,  # counts by mark; empty where the assessment has no marks
    "mark3": pl.Int32,
    "mark4": pl.Int32,
    "mark5": pl.Int32,
    "scores": pl.List(pl.Int32),  # pupils by primary score: position i holds those with score i
    "journal": pl.List(pl.Int32),  # pupils whose mark is lower than, the same as, higher than in the journal
}
OUTCOMES: dict[str, Any] = {"school": pl.String, **OUTCOME_KEY, **OUTCOME_COUNTS, **OUTCOME_MARKS}

# Any other number or letter about a school.
INDICATORS: dict[str, Any] = {
    "school": pl.String,
    "year": pl.Int32,
    "indicator": pl.String,
    "category": pl.String,
    "value": pl.Float64,  # one of value and letter stands, never both
    "letter": pl.String,
}

DEFAULTS: dict[str, Any] = {"sitting": "", "category": "all", "percent": None, "low": None}
MAY_BE_NULL = frozenset({"low", "percent", "value", "letter", *OUTCOME_MARKS})


class TableMismatch(ValueError):
    """A table does not have the columns, types or values that the methodology needs."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes as the engine reads them: a small table of cells, and a large one of integers.

    cells: one row per assessment that was held anywhere: ``cell`` (Int32) and the columns of ``OUTCOME_KEY``.
    counts: one row per school and cell: ``school`` (any type that sorts), ``cell``, and ``OUTCOME_COUNTS``.
    """

    cells: pl.DataFrame
    counts: pl.DataFrame

    @cached_property
    def ordered(self) -> "Ordered":
        """Check both tables once and put them in the order in which the engine reads."""
        return _order(self)


@dataclass(frozen=True, eq=False)
class Ordered:
    """Checked outcomes, sorted by school.

    schools: every school with an outcome, in order. cells: as given, ``cell`` being 0, 1, 2, …
    rows: ``s`` (position in ``schools``, sorted), ``cell`` (position in ``cells``), takers, low, percent.
    published: some rows have a published percent instead of a count.
    """

    schools: pl.Series
    cells: pl.DataFrame
    rows: pl.DataFrame
    published: bool


def outcomes(flat: pl.DataFrame) -> Outcomes:
    """Check outcomes in their flat form and pack them into cells and counts.

    Shape: ``flat`` has ``school``, the columns of ``OUTCOME_KEY`` and ``OUTCOME_COUNTS``; those in
    ``DEFAULTS`` may be absent, ``grade_programme`` is then the grade. Raises: ``TableMismatch``.
    """
    name = _("результаты")
    wanted = {"school": None, **OUTCOME_KEY, **OUTCOME_COUNTS}
    _refuse_others(name, flat)
    if "grade_programme" not in flat.columns and "grade" in flat.columns:
        flat = flat.with_columns(grade_programme="grade")
    flat = _with_columns(name, flat, wanted)
    if "grade_programme" in flat.columns:
        flat = flat.with_columns(pl.col("grade_programme").fill_null(pl.col("grade")))
    _refuse_nulls(name, flat)
    cells = (
        flat.select(list(OUTCOME_KEY))
        .unique()
        .sort(list(OUTCOME_KEY))
        .with_row_index("cell")
        .cast({"cell": pl.Int32})
    )
    counts = (
        flat.join(cells, on=list(OUTCOME_KEY), how="left")
        .select("school", "cell", *OUTCOME_COUNTS)
        .sort("school", "cell")
    )
    packed = Outcomes(cells, counts)
    packed.ordered  # noqa: B018  refuses what does not fit now, not at the first use
    return packed


def no_outcomes() -> Outcomes:
    """Give an empty table of outcomes, for rules that read indicators only."""
    return outcomes(pl.DataFrame(schema={k: v for k, v in OUTCOMES.items() if k not in OUTCOME_MARKS}))


def check_counts(cells: pl.DataFrame, counts: pl.DataFrame) -> None:
    """Refuse counts that cannot be true.

    Raises: ``TableMismatch`` for a missing column, a wrong type, a null key, takers or low below zero, low
    above takers, a percent outside 0–100, neither low nor percent. What needs the order of rows (an unknown
    cell, a school twice in one cell) is refused when they are put in order.
    """
    name = _("результаты")
    _with_columns(name, cells, {"cell": pl.Int32, **OUTCOME_KEY})
    _with_columns(name, counts, {"school": None, "cell": pl.Int32, **OUTCOME_COUNTS})
    _refuse_nulls(name, cells)
    _refuse_nulls(name, counts)
    if cells["cell"].n_unique() != len(cells):
        raise TableMismatch(_("{table}: номер процедуры (cell) повторяется").format(table=name))
    takers, low, percent = pl.col("takers"), pl.col("low"), pl.col("percent")
    wrong = {
        _("участников (takers) меньше нуля"): takers < 0,
        _("низких результатов (low) меньше нуля"): low < 0,
        _("низких результатов (low) больше, чем участников (takers)"): low > takers,
        _("процент (percent) вне пределов 0–100"): ~percent.is_between(0, 100) | percent.is_nan(),
        _("нет ни числа низких результатов (low), ни процента (percent)"): low.is_null() & percent.is_null(),
    }
    _refuse(name, counts, wrong)


def indicators(frame: pl.DataFrame) -> pl.DataFrame:
    """Check a table of indicators and give it in its own columns, sorted.

    Shape: the columns of ``INDICATORS``; ``category`` may be absent («all»), and so may one of ``value`` and
    ``letter``. Raises: ``TableMismatch``.
    """
    name = _("показатели")
    _refuse_others(name, frame)
    for column in ("value", "letter"):
        if column not in frame.columns:
            frame = frame.with_columns(pl.lit(None, INDICATORS[column]).alias(column))
    frame = _with_columns(name, frame, {**INDICATORS, "school": None})
    _refuse_nulls(name, frame)
    value, letter = pl.col("value"), pl.col("letter")
    wrong = {
        _("стоят и число (value), и буква (letter)"): value.is_not_null() & letter.is_not_null(),
        _("нет ни числа (value), ни буквы (letter)"): value.is_null() & letter.is_null(),
        _("число (value) не конечно"): value.is_nan() | value.is_infinite(),
    }
    _refuse(name, frame, wrong)
    key = ["school", "year", "indicator", "category"]
    _refuse_repeats(name, frame, key)
    return frame.sort(key)


def schools(frame: pl.DataFrame) -> pl.DataFrame:
    """Check a table of schools: one row per ``school``, any other columns are its attributes.

    Raises: ``TableMismatch``.
    """
    name = _("школы")
    frame = _with_columns(name, frame, {"school": None}, others=True)
    _refuse(name, frame, {_("код школы (school) пуст"): pl.col("school").is_null()})
    _refuse_repeats(name, frame, ["school"])
    return frame.sort("school")


def _with_columns(
    name: str, frame: pl.DataFrame, wanted: dict[str, Any], others: bool = False
) -> pl.DataFrame:
    """Give the wanted columns in their types, with defaults where they may be absent."""
    _refuse_others(name, frame)
    columns = []
    for column, kind in wanted.items():
        if column not in frame.columns:
            if column not in DEFAULTS:
                raise TableMismatch(
                    _("{table}: нет столбца {column}; нужны столбцы: {wanted}").format(
                        table=name, column=column, wanted=", ".join(wanted)
                    )
                )
            columns.append(pl.lit(DEFAULTS[column], kind).alias(column))
            continue
        columns.append(_cast(name, frame, column, kind))
    return frame.with_columns(columns) if others else frame.select(columns)


def _refuse_others(name: str, frame: pl.DataFrame) -> None:
    if not isinstance(frame, pl.DataFrame):
        raise TableMismatch(_("{table}: нужна таблица Polars").format(table=name))


def _cast(name: str, frame: pl.DataFrame, column: str, kind: Any) -> pl.Expr:
    """Give one column in its type, or refuse a type that would have to be guessed."""
    found = frame.schema[column]
    if kind is None:
        fits = found.is_integer() or found in (pl.String, pl.Categorical) or isinstance(found, pl.Enum)
        kind = found if found.is_integer() else pl.String
        allowed = _("строка или целое число")
    elif kind == pl.String:
        fits = found in (pl.String, pl.Categorical, pl.Null) or isinstance(found, pl.Enum)
        allowed = _("строка")
    elif kind == pl.Float64:
        fits = found.is_numeric() or found == pl.Null
        allowed = _("число")
    else:
        fits = found.is_integer() or found == pl.Null
        allowed = _("целое число")
    if not fits:
        message = _("{table}: столбец {column} имеет тип {found}; допустимо: {allowed}")
        raise TableMismatch(message.format(table=name, column=column, found=found, allowed=allowed))
    if found == kind:
        return pl.col(column)
    try:
        frame.select(pl.col(column).cast(kind))
    except pl.exceptions.InvalidOperationError as error:
        message = _("{table}: в столбце {column} число вне пределов; допустимо: {allowed}")
        raise TableMismatch(message.format(table=name, column=column, allowed=_("целое число"))) from error
    return pl.col(column).cast(kind)


def _refuse_nulls(name: str, frame: pl.DataFrame) -> None:
    for column in frame.columns:
        if column not in MAY_BE_NULL and frame[column].null_count():
            message = _("{table}: в столбце {column} пусто, строк: {rows}; столбец обязателен")
            rows = frame[column].null_count()
            raise TableMismatch(message.format(table=name, column=column, rows=rows))


def _refuse(name: str, frame: pl.DataFrame, wrong: dict[str, pl.Expr]) -> None:
    """Refuse a table if any of the conditions holds anywhere; the first row is named."""
    found = (
        frame.lazy()
        .select(**{str(i): w.fill_null(False).sum() for i, w in enumerate(wrong.values())})
        .collect()
        .row(0)
    )
    for rows, (what, condition) in zip(found, wrong.items(), strict=True):
        if rows:
            school = frame.filter(condition)["school"][0]
            message = _("{table}: {what}; строк: {rows}, первая — школа {school}")
            raise TableMismatch(message.format(table=name, what=what, rows=rows, school=school))


def _refuse_repeats(name: str, frame: pl.DataFrame, key: list[str]) -> None:
    if frame.select(key).is_duplicated().any():
        first = frame.filter(frame.select(key).is_duplicated()).row(0, named=True)
        message = _("{table}: строка повторяется: {key}")
        shown = ", ".join(f"{column} {first[column]}" for column in key)
        raise TableMismatch(message.format(table=name, key=shown))


def _order(outcomes: Outcomes) -> Ordered:
    cells, counts = outcomes.cells, outcomes.counts
    check_counts(cells, counts)
    if not counts["school"].is_sorted():
        counts = counts.sort("school")
    dense = cells.with_row_index("position").cast({"position": pl.Int32})
    if not (cells["cell"].cast(pl.Int32) == dense["position"]).all() or _outside(counts, len(cells)):
        counts = counts.join(
            dense.select("cell", "position"), on="cell", how="left", maintain_order="left"
        ).with_columns(cell="position")
        if counts["cell"].null_count():
            message = _("{table}: номера процедуры (cell) нет в таблице процедур")
            raise TableMismatch(message.format(table=_("результаты")))
    rows = counts.select(
        pl.col("school").rle_id().cast(pl.UInt32).set_sorted().alias("s"),
        pl.col("cell").cast(pl.Int32),
        *(pl.col(column).cast(kind) for column, kind in OUTCOME_COUNTS.items()),
    )
    _refuse_twice(counts, rows, len(cells))
    in_order = cells.with_columns(
        dense["position"].alias("cell"), *(pl.col(column).cast(kind) for column, kind in OUTCOME_KEY.items())
    )
    starts = pl.col("school").rle_id()
    schools = counts.select(pl.col("school").filter(starts.diff().fill_null(1) != 0))["school"]
    return Ordered(schools, in_order, rows, rows["percent"].null_count() < len(rows))


def _outside(counts: pl.DataFrame, cells: int) -> bool:
    return bool(len(counts)) and not counts["cell"].is_between(0, cells - 1).all()


def _refuse_twice(counts: pl.DataFrame, rows: pl.DataFrame, cells: int) -> None:
    """Refuse a school that stands twice in one cell: sorted keys are only compared with their neighbours."""
    s, cell = rows["s"].to_numpy(), rows["cell"].to_numpy()
    if bool(((s[1:] != s[:-1]) | (cell[1:] > cell[:-1])).all()):
        return
    key = rows.select(pl.col("s").cast(pl.Int64) * cells + pl.col("cell"))["s"]
    if key.n_unique() < len(key):
        school = counts["school"].filter(key.is_duplicated())[0]
        message = _("{table}: школа {school} стоит дважды в одной процедуре")
        raise TableMismatch(message.format(table=_("результаты"), school=school))
