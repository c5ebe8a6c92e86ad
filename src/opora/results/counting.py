"""Counting pupils into outcomes: the only step that sees pupil rows, and the only one that grows to billions.

The statements lie in ``sql/`` and are the same on DuckDB, which runs them here, and on Spark, which runs them
where a lake lies. Nothing of a pupil's row leaves them but counts.
"""

import threading
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

SQL = Path(__file__).parent / "sql"
MARKS = ["mark2", "mark3", "mark4", "mark5"]
COUNTED: dict[str, Any] = {
    "school": pl.Int32,
    "cell": pl.Int32,
    "takers": pl.Int32,
    "low": pl.Int32,
    **dict.fromkeys(MARKS, pl.Int32),
}
GREATEST_SCORE = 1_000

Pupils = Path | str | Iterable[Path | str] | pl.DataFrame
Progress = Callable[[float], None]


def count(
    pupils: Pupils,
    *,
    scores: bool = False,
    memory: str = "700MB",
    threads: int | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Count pupil rows into outcomes.

    pupils: Parquet files, or a table: school, cell (integers), mark (2–5 or empty), low (0 or 1), and score
    where scores are counted. Sorted by school they are counted soonest.
    memory: what the counting may hold; what does not fit goes to a temporary folder.
    progress: is told the share that is done, from 0 to 1.

    Shape: school, cell, takers, low, mark2 … mark5 (empty where nobody has a mark), with ``scores`` also
    ``scores`` (position i holds those with score i); sorted by school and cell.
    Raises: TableMismatch, when a pupil's low result is not known, or a mark is not 2–5.
    """
    with TemporaryDirectory(prefix="opora-count-") as spill:
        settings: dict[str, Any] = {"memory_limit": memory, "temp_directory": spill}
        with duckdb.connect(config=settings | ({"threads": threads} if threads else {})) as connection:
            connection.execute("SET preserve_insertion_order = false")
            _offer(connection, pupils)
            counted = _checked(_run(connection, "count_outcomes", progress))
            if scores:
                counted = _with_scores(counted, _run(connection, "count_scores", progress))
    return counted


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


def _offer(connection: duckdb.DuckDBPyConnection, pupils: Pupils) -> None:
    """Let the statements see the rows under the name ``pupils``."""
    if isinstance(pupils, pl.DataFrame):
        connection.register("pupils", pupils.to_arrow())
        return
    files = [str(path) for path in ([pupils] if isinstance(pupils, Path | str) else pupils)]
    connection.read_parquet(files).create_view("pupils")


def _run(connection: duckdb.DuckDBPyConnection, statement: str, progress: Progress | None) -> pl.DataFrame:
    """Run one of the statements and answer its rows, telling how far it is."""
    text = (SQL / f"{statement}.sql").read_text()
    if progress is None:
        return connection.sql(text).pl()
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    done = threading.Event()

    def tell() -> None:
        while not done.wait(0.1):
            progress(min(max(connection.query_progress(), 0.0), 100.0) / 100)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        return connection.sql(text).pl()
    finally:
        done.set()
        teller.join()
        progress(1.0)


def _checked(rows: pl.DataFrame) -> pl.DataFrame:
    marks = pl.sum_horizontal(MARKS)
    unknown, strange = rows.select(
        pl.col("unknown").sum(), ((marks != pl.col("takers")) & pl.col("mark2").is_not_null()).sum()
    ).row(0)
    if unknown:
        told = _("Не сказано, низкий ли результат, у участников: {count}; допустимы только 0 и 1")
        raise TableMismatch(told.format(count=unknown))
    if strange:
        told = _("Есть отметки кроме 2, 3, 4 и 5, или они стоят не у всех; таких оценок школ: {count}")
        raise TableMismatch(told.format(count=strange))
    if rows.filter(~pl.col("low").is_between(0, pl.col("takers"))).height:
        raise TableMismatch(_("Низкий результат отмечают числом 0 или 1"))
    return rows.select(list(COUNTED)).cast(COUNTED).sort("school", "cell")  # type: ignore[arg-type]


def _with_scores(counted: pl.DataFrame, bins: pl.DataFrame) -> pl.DataFrame:
    """Lay the counted scores of each outcome into a list where the place is the score."""
    if bins.filter(~pl.col("score").is_between(0, GREATEST_SCORE)).height:
        raise TableMismatch(
            _("Первичный балл — целое число от 0 до {greatest}").format(greatest=GREATEST_SCORE)
        )
    places = counted.select("school", "cell").with_row_index("outcome")
    bins = bins.cast({"school": pl.Int32, "cell": pl.Int32}).join(places, on=["school", "cell"])
    greatest = np.full(counted.height, -1, dtype=np.int64)
    outcome, score = bins["outcome"].to_numpy(), bins["score"].to_numpy().astype(np.int64)
    np.maximum.at(greatest, outcome, score)
    starts = np.concatenate([[0], np.cumsum(greatest + 1)])
    laid = np.zeros(starts[-1], dtype=np.int32)
    laid[starts[outcome] + score] = bins["pupils"].to_numpy()
    lists = pa.LargeListArray.from_arrays(pa.array(starts), pa.array(laid))
    scores = pl.Series("scores", pl.from_arrow(lists), dtype=pl.List(pl.Int32))
    nobody = pl.Series(greatest < 0)
    return counted.with_columns(scores=pl.when(nobody).then(None).otherwise(scores))
