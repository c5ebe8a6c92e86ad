"""Counting pupil rows that lie in runs: sorted files need no engine, only sums over what stands together.

The statements in ``sql/`` say what is counted. This counts the same sooner where the rows allow it,
and declines where they do not (ADR 0009). Rows are taken in pieces that stay in the cache.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]

Column = npt.NDArray[Any]
Table = dict[str, Column]
MARKS = (2, 3, 4, 5)
SUMS = ("low", *(f"mark{mark}" for mark in MARKS))
# One integer holds the five sums, twelve binary digits each: a longer run is summed in pieces.
DIGITS = 12
LONGEST = 2**DIGITS - 1
AT_ONCE = 2**16  # rows that are summed together
READ_AT_ONCE = 2**21  # rows that a thread reads together
SHORTEST = 4  # rows of a run on average: where they are fewer, an engine groups better
GREATEST_SCORE = 1_000
SCORES = GREATEST_SCORE + 1


class NotInRuns(Exception):
    """The rows are not sorted or not as they should be: the statements count them, or say what is wrong."""


@dataclass(frozen=True)
class Part:
    """Rows of a file that are read together."""

    path: str
    first: int
    rows: int


def count_runs(
    files: list[str], threads: int, *, scores: bool, progress: Callable[[float], None] | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Count the rows of Parquet files into outcomes and, where they are asked for, scores.

    Shape: outcome, takers, low, mark2 … mark5 (empty where nobody has a mark); then outcome, score, pupils,
    a row for each score that somebody has. Both sorted.
    Raises: NotInRuns, when the statements must count.
    """
    parts = list(_parts(files))
    found = []
    with ThreadPoolExecutor(threads) as pool:
        for one in pool.map(lambda part: _counted(part, scores), parts):
            found.append(one)
            if progress:
                progress(len(found) / len(parts))
    sums = _together([outcomes for outcomes, _bins in found], ("key", "takers", *SUMS))
    bins = _together([bins for _outcomes, bins in found], ("key", "pupils"))
    outcome, score = np.divmod(bins.pop("key"), SCORES)
    return _with_marks(pl.DataFrame({"outcome": sums.pop("key"), **sums})), pl.DataFrame(
        {"outcome": outcome, "score": score, **bins}
    )


def _parts(files: list[str]) -> Iterator[Part]:
    for path in files:
        about = pq.ParquetFile(path).metadata
        first = rows = 0
        for number in range(about.num_row_groups):
            rows += about.row_group(number).num_rows
            if rows >= READ_AT_ONCE or number + 1 == about.num_row_groups:
                yield Part(path, first, rows)
                first, rows = first + rows, 0


def _counted(part: Part, scores: bool) -> tuple[Table, Table]:
    columns = ["outcome", "mark", "low", *(["score"] if scores else [])]
    rows = pl.scan_parquet(part.path).select(columns).slice(part.first, part.rows).collect()
    if rows["outcome"].null_count():
        raise NotInRuns
    outcome, known = rows["outcome"].to_numpy(), _known(rows["low"], rows["mark"])
    score = _scored(rows["score"]) if scores else None
    sums, bins = [], []
    for first in range(0, len(outcome), AT_ONCE):
        here = slice(first, first + AT_ONCE)
        ends = _ends(outcome[here])
        sums.append(_sums(outcome[here], known[here], ends))
        if score is not None:
            bins.append(_bins(outcome[here], score[here], ends))
    packed = _joined(sums, ("key", "takers", "packed"))
    apart = packed.pop("packed")
    return packed | {name: (apart >> DIGITS * place) & LONGEST for place, name in enumerate(SUMS)}, _joined(
        bins, ("key", "pupils")
    )


def _known(low: pl.Series, mark: pl.Series) -> npt.NDArray[np.uint8]:
    """Answer mark and low of each row as one small integer."""
    if low.null_count() or not low.is_between(0, 1).all() or not mark.is_between(MARKS[0], MARKS[-1]).all():
        raise NotInRuns
    known = mark.fill_null(0).to_numpy().astype(np.uint8) * np.uint8(2)
    return np.add(known, low.to_numpy(), out=known, casting="unsafe")


def _scored(score: pl.Series) -> Column:
    """Answer the score of each row, -1 where there is none."""
    if not score.is_between(0, GREATEST_SCORE).all():
        raise NotInRuns
    return score.fill_null(-1).to_numpy()


def _weights() -> npt.NDArray[np.int64]:
    """Answer what a row adds to the packed sum, by its small integer."""
    weights = np.zeros(2 * (MARKS[-1] + 1), dtype=np.int64)
    for known in range(len(weights)):
        mark, low = divmod(known, 2)
        weights[known] = low + (2 ** (DIGITS * SUMS.index(f"mark{mark}")) if mark in MARKS else 0)
    return weights


WEIGHTS = _weights()


def _ends(outcome: Column) -> Column:
    """Answer the place of each run's last row; a run too long for one sum ends more than once."""
    is_last = np.empty(len(outcome), dtype=bool)
    np.not_equal(outcome[1:], outcome[:-1], out=is_last[:-1])
    is_last[LONGEST - 1 :: LONGEST] = is_last[-1] = True
    ends = np.flatnonzero(is_last)
    if len(outcome) == AT_ONCE < len(ends) * SHORTEST:
        raise NotInRuns
    return ends


def _sums(outcome: Column, known: npt.NDArray[np.uint8], ends: Column) -> tuple[Column, ...]:
    takers = np.diff(ends, prepend=-1)
    return outcome[ends], takers, np.add.reduceat(WEIGHTS.take(known), ends + 1 - takers)


def _bins(outcome: Column, score: Column, ends: Column) -> tuple[Column, ...]:
    """Count the scores of each run: one key for each score that somebody has."""
    width = int(score.max()) + 2  # the first place is of those without a score
    places = np.repeat(np.arange(len(ends)) * width + 1, np.diff(ends, prepend=-1))
    pupils = np.bincount(np.add(places, score, out=places), minlength=len(ends) * width)
    pupils[::width] = 0
    found = np.flatnonzero(pupils)
    run, place = np.divmod(found, width)
    return outcome[ends].astype(np.int64)[run] * SCORES + place - 1, pupils[found]


def _joined(pieces: list[tuple[Column, ...]], names: tuple[str, ...]) -> Table:
    columns = zip(*pieces, strict=True) if pieces else [[np.zeros(0, np.int64)]] * len(names)
    return {name: np.concatenate(column) for name, column in zip(names, columns, strict=True)}


def _together(tables: list[Table], names: tuple[str, ...]) -> Table:
    """Put parts together in the order of their keys, and add up what was cut off from its run."""
    table = _joined([tuple(one[name] for name in names) for one in tables], names)
    step = np.diff(table["key"])
    if (step < 0).any():
        order = np.argsort(table["key"], kind="stable")
        table = {name: column[order] for name, column in table.items()}
        step = np.diff(table["key"])
    starts = np.flatnonzero(np.concatenate([[True][: len(table["key"])], step > 0]))
    sums = {name: np.add.reduceat(table[name], starts).astype(np.int32) for name in names[1:]}
    return {"key": table["key"][starts], **sums}


def _with_marks(table: pl.DataFrame) -> pl.DataFrame:
    """Leave marks empty where nobody has one."""
    marks = list(SUMS[1:])
    of_marks = pl.sum_horizontal(marks)
    if not table.select((of_marks.eq(0) | of_marks.eq(pl.col("takers"))).all()).item():
        raise NotInRuns
    return table.with_columns(pl.when(of_marks > 0).then(pl.col(marks)).name.keep())
