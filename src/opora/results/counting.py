"""Counting pupils into outcomes: the only step that sees pupil rows, and the only one that grows to billions.

The statements lie in ``sql/`` and are written in words that DuckDB, which runs them here, shares with
PostgreSQL and with Spark, for a lake where it lies (a test runs them on all three). Nothing of a pupil's
row leaves them but counts.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from opora.language import _
from opora.methodology.tables import DEFAULTS, OUTCOME_KEY, OUTCOMES, TableMismatch
from opora.results.runs import GREATEST_SCORE, NotInRuns, count_runs

SQL = Path(__file__).parent / "sql"
MARKS = ["mark2", "mark3", "mark4", "mark5"]
COUNTED: dict[str, Any] = {
    "school": pl.Int32,
    "cell": pl.Int32,
    "takers": pl.Int32,
    "low": pl.Int32,
    **dict.fromkeys(MARKS, pl.Int32),
}

Pupils = Path | str | Iterable[Path | str] | pl.DataFrame
Progress = Callable[[float], None]


def count(  # noqa: PLR0913
    pupils: Pupils,
    *,
    cells: int,
    scores: bool = False,
    memory: str = "700MB",
    threads: int | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Count pupil rows into outcomes.

    pupils: Parquet files, or a table: outcome (the school's number × cells + the cell), mark (2–5 or empty),
    low (0 or 1), and score where scores are counted. Files sorted by outcome are counted soonest.
    cells: how many cells there are, numbered from 0.
    memory: what an engine may hold; what does not fit goes to a temporary folder.
    progress: is told the share that is done, from 0 to 1.

    Shape: school, cell, takers, low, mark2 … mark5 (empty where nobody has a mark), with ``scores`` also
    ``scores`` (position i holds those with score i); sorted by school and cell.
    Raises: TableMismatch, when a pupil's low result is not known or a mark is not 2–5.
    """
    threads = threads or os.cpu_count() or 1
    if not isinstance(pupils, pl.DataFrame | Path | str):
        pupils = list(pupils)
    counted, bins = _by_runs(pupils, threads, scores, progress) or _by_statements(
        pupils, threads, scores, memory, progress
    )
    if scores:
        counted = _with_scores(counted, bins)
    key = pl.col("outcome")
    parts = (key // cells).cast(pl.Int32).alias("school"), (key % cells).cast(pl.Int32).alias("cell")
    return counted.select(*parts, *counted.columns[1:])


def named(counted: pl.DataFrame, cells: pl.DataFrame, schools: pl.DataFrame | None = None) -> pl.DataFrame:
    """Put the columns of OUTCOMES in the place of integers, so that the store can keep what was counted.

    cells: ``cell`` and the columns of OUTCOME_KEY. schools: ``school`` and ``code``; without it the integer
    is the code.

    Raises: TableMismatch, when a counted cell or school is not among them.
    """
    codes = (
        schools
        if schools is not None
        else counted.select("school", code=pl.col("school").cast(pl.String)).unique()
    )
    for name, known in (("cell", cells), ("school", codes)):
        if strange := sorted(set(counted[name].unique()) - set(known[name])):
            told = _("в таблице {name} нет числа {number}")
            raise TableMismatch(told.format(name=name, number=strange[0]))
    key = [name for name in OUTCOME_KEY if name in cells.columns]
    table = counted.join(cells.select("cell", *key), on="cell").join(codes, on="school").drop("school")
    filled = [
        pl.lit(DEFAULTS.get(name)).alias(name) for name in OUTCOMES if name not in (*table.columns, "school")
    ]
    return table.rename({"code": "school"}).with_columns(filled).select(list(OUTCOMES)).cast(OUTCOMES)  # type: ignore[arg-type]


def _by_runs(
    pupils: Pupils, threads: int, scores: bool, progress: Progress | None
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Count files that are sorted by outcome; answer nothing where the statements must."""
    if isinstance(pupils, pl.DataFrame):
        return None
    try:
        return count_runs(_files(pupils), threads, scores=scores, progress=progress)
    except NotInRuns:
        return None


def _by_statements(
    pupils: Pupils, threads: int, scores: bool, memory: str, progress: Progress | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    with TemporaryDirectory(prefix="opora-count-") as spill:
        settings: dict[str, Any] = {"memory_limit": memory, "temp_directory": spill, "threads": threads}
        with duckdb.connect(config=settings) as engine:
            engine.execute("SET preserve_insertion_order = false")
            _offer(engine, pupils)
            counted = _checked(_answer(engine, "count_outcomes"))
            bins = _checked_scores(_answer(engine, "count_scores")) if scores else counted.clear()
    if progress:
        progress(1.0)
    return counted, bins


def _files(pupils: Path | str | Iterable[Path | str]) -> list[str]:
    return [str(path) for path in ([pupils] if isinstance(pupils, Path | str) else pupils)]


def _offer(engine: duckdb.DuckDBPyConnection, pupils: Pupils) -> None:
    """Let the statements see the rows under the name ``pupils``."""
    if isinstance(pupils, pl.DataFrame):
        engine.register("pupils", pupils.to_arrow())
    else:
        engine.read_parquet(_files(pupils)).create_view("pupils")


def _answer(engine: duckdb.DuckDBPyConnection, statement: str) -> pl.DataFrame:
    return engine.sql((SQL / f"{statement}.sql").read_text()).pl()


def _checked(rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse what cannot be, and order the rest.

    Empty: the marks of an outcome where nobody has one.
    """
    of_marks, marked = pl.sum_horizontal(MARKS), pl.col("marked")
    unknown, strange, unlikely = rows.select(
        pl.col("unknown").sum(),
        ((of_marks != marked) | ((marked > 0) & (marked != pl.col("takers")))).sum(),
        (~pl.col("low").is_between(0, "takers")).sum(),
    ).row(0)
    if rows["outcome"].null_count():
        raise TableMismatch(_("Не у всех участников сказано, в какой школе и какой процедуре они писали"))
    if unknown:
        told = _("Не сказано, низкий ли результат, у участников: {count}; допустимы только 0 и 1")
        raise TableMismatch(told.format(count=unknown))
    if strange:
        told = _("Есть отметки кроме 2, 3, 4 и 5, или они стоят не у всех; таких оценок школ: {count}")
        raise TableMismatch(told.format(count=strange))
    if unlikely:
        raise TableMismatch(_("Низкий результат отмечают числом 0 или 1"))
    return rows.sort("outcome").select("outcome", "takers", "low", *MARKS)


def _checked_scores(bins: pl.DataFrame) -> pl.DataFrame:
    if bins.filter(~pl.col("score").is_between(0, GREATEST_SCORE)).height:
        raise TableMismatch(
            _("Первичный балл — целое число от 0 до {greatest}").format(greatest=GREATEST_SCORE)
        )
    return bins


def _with_scores(counted: pl.DataFrame, bins: pl.DataFrame) -> pl.DataFrame:
    """Lay the counted scores of each outcome into a list where the place is the score."""
    outcome = np.searchsorted(counted["outcome"].to_numpy(), bins["outcome"].to_numpy())
    greatest = np.full(counted.height, -1, dtype=np.int64)
    score = bins["score"].to_numpy().astype(np.int64)
    np.maximum.at(greatest, outcome, score)
    starts = np.concatenate([[0], np.cumsum(greatest + 1)])
    laid = np.zeros(starts[-1], dtype=np.int32)
    laid[starts[outcome] + score] = bins["pupils"].to_numpy()
    lists = pa.LargeListArray.from_arrays(pa.array(starts), pa.array(laid))
    scores = pl.Series("scores", pl.from_arrow(lists), dtype=pl.List(pl.Int32))
    nobody = pl.Series(greatest < 0)
    return counted.with_columns(scores=pl.when(nobody).then(None).otherwise(scores))
