"""Counting pupils into outcomes: the only step that sees pupil rows, and the only one that grows to billions.

The statements lie in ``sql/`` and are written in words that DuckDB, which runs them here, shares with
PostgreSQL and with Spark, for a lake where it lies (a test runs them on all three). Nothing of a pupil's
row leaves them but counts.
"""

import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

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
# So many outcomes are counted by one run of the statement: their numbers fit a SMALLINT, and the engine finds
# an outcome's place by its number, without hashing, where numbers have at most DIRECT binary digits.
AT_ONCE = 2**16
DIRECT = 18

Pupils = Path | str | Iterable[Path | str] | pl.DataFrame
Progress = Callable[[float], None]
Slice = tuple[int, int]  # of outcomes: the first, and the first after the last


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
    memory: what the counting may hold; what does not fit goes to a temporary folder.
    progress: is told the share that is done, from 0 to 1.

    Shape: school, cell, takers, low, mark2 … mark5 (empty where nobody has a mark), with ``scores`` also
    ``scores`` (position i holds those with score i); sorted by school and cell.
    Raises: TableMismatch, when a pupil's low result is not known or a mark is not 2–5.
    """
    with TemporaryDirectory(prefix="opora-count-") as spill:
        run = _Run(pupils, threads, {"memory_limit": memory, "temp_directory": spill})
        with run.connection:
            counted = _checked(run.answer("count_outcomes", progress))
            if scores:
                counted = _with_scores(counted, run.answer("count_scores", progress))
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


class _Run:
    """The pupil rows in an engine: whole, or cut by outcome where files are sorted by it."""

    def __init__(self, pupils: Pupils, threads: int | None, settings: dict[str, Any]) -> None:
        self.threads = threads or os.cpu_count() or 1
        self.files: list[str] = []
        if not isinstance(pupils, pl.DataFrame):
            self.files = [str(path) for path in ([pupils] if isinstance(pupils, Path | str) else pupils)]
        self.slices = slices(self.files)
        self.settings = settings
        self.connection = self._engine(self.threads, 1)
        if isinstance(pupils, pl.DataFrame):
            self.connection.register("pupils", pupils.to_arrow())

    def _engine(self, threads: int, beside: int) -> duckdb.DuckDBPyConnection:
        """Start an engine that shares the memory with as many others."""
        amount, unit = re.fullmatch(r"(\d+) ?(\w+)", self.settings["memory_limit"]).groups()  # type: ignore[union-attr]
        spill = Path(self.settings["temp_directory"]) / str(uuid4())
        limits = {"memory_limit": f"{int(amount) / beside}{unit}", "temp_directory": str(spill)}
        engine = duckdb.connect(config={**limits, "threads": threads})
        engine.execute("SET preserve_insertion_order = false")
        engine.execute("SET parquet_metadata_cache = true")
        engine.execute(f"SET perfect_ht_threshold = {DIRECT}")
        return engine

    def answer(self, statement: str, progress: Progress | None) -> pl.DataFrame:
        """Run one of the statements and answer its rows, telling how far it is."""
        text = (SQL / f"{statement}.sql").read_text()
        if not self.slices:
            if self.files:
                self._offer(self.connection, None)
            rows = self.connection.sql(text).pl()
        else:
            rows = pl.concat(self._sliced(text, progress))
        if progress:
            progress(1.0)
        return rows

    def _sliced(self, text: str, progress: Progress | None) -> list[pl.DataFrame]:
        idle: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        # An engine for each thread: nobody waits for another's tables.
        engines = [self._engine(1, self.threads) for _number in range(self.threads)]
        for engine in engines:
            idle.put(engine)

        def counted(part: Slice) -> pl.DataFrame:
            engine = idle.get()
            try:
                self._offer(engine, part)
                rows = engine.sql(text).pl()
            finally:
                idle.put(engine)
            return rows.with_columns(pl.col("outcome").cast(pl.Int64) + _middle(part))

        found = []
        with ThreadPoolExecutor(self.threads) as pool:
            for rows in pool.map(counted, self.slices):
                found.append(rows)
                if progress:
                    progress(len(found) / len(self.slices))
        for engine in engines:
            engine.close()
        return found

    def _offer(self, connection: duckdb.DuckDBPyConnection, part: Slice | None) -> None:
        """Let the statements see the rows, or some of them, under the name ``pupils``."""
        files = ", ".join("'" + name.replace("'", "''") + "'" for name in self.files)
        number, wanted = "outcome", ""
        if part:
            number = f"outcome - {_middle(part)}"
            number = f"CAST({number} AS SMALLINT) AS outcome" if _is_narrow(part) else f"{number} AS outcome"
            wanted = f"WHERE outcome >= {part[0]} AND outcome < {part[1]}"
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW pupils AS "  # noqa: S608
            f"SELECT {number}, * EXCLUDE (outcome) FROM read_parquet([{files}]) {wanted}"
        )


def _middle(part: Slice) -> int:
    """Answer the number that stands for 0 inside a slice: half of its numbers are negative there."""
    return part[0] + AT_ONCE // 2


def _is_narrow(part: Slice) -> bool:
    return part[1] - part[0] <= AT_ONCE


def slices(files: list[str]) -> list[Slice]:
    """Cut the outcomes of files into parts of at most ``AT_ONCE``, unless one row group holds more.

    Empty: the files are not sorted by outcome, and each part would read them all again.
    """
    bounds: list[tuple[int, int]] = []
    for name in files:
        about = pq.ParquetFile(name).metadata
        place = next((i for i in range(about.num_columns) if about.schema.column(i).path == "outcome"), None)
        for number in range(about.num_row_groups):
            told = None if place is None else about.row_group(number).column(place).statistics
            if told is None or not told.has_min_max or told.null_count:
                return []
            bounds.append((told.min, told.max))
    if not bounds or any(after[0] < before[1] for before, after in pairwise(bounds)):
        return []
    starts = [bounds[0][0]]
    for first, last in bounds:
        if last + 1 - starts[-1] > AT_ONCE and first > starts[-1]:
            starts.append(first)
    return list(pairwise([*starts, bounds[-1][1] + 1]))


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
    if unknown:
        told = _("Не сказано, низкий ли результат, у участников: {count}; допустимы только 0 и 1")
        raise TableMismatch(told.format(count=unknown))
    if strange:
        told = _("Есть отметки кроме 2, 3, 4 и 5, или они стоят не у всех; таких оценок школ: {count}")
        raise TableMismatch(told.format(count=strange))
    if unlikely:
        raise TableMismatch(_("Низкий результат отмечают числом 0 или 1"))
    return rows.sort("outcome").select("outcome", "takers", "low", *MARKS)


def _with_scores(counted: pl.DataFrame, bins: pl.DataFrame) -> pl.DataFrame:
    """Lay the counted scores of each outcome into a list where the place is the score."""
    if bins.filter(~pl.col("score").is_between(0, GREATEST_SCORE)).height:
        raise TableMismatch(
            _("Первичный балл — целое число от 0 до {greatest}").format(greatest=GREATEST_SCORE)
        )
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
