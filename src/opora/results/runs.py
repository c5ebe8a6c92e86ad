"""Counting pupil rows that lie in runs: sorted files need no engine, only sums over what stands together.

The statements in ``sql/`` say what is counted. This counts the same sooner where the rows allow it,
and declines where they do not (ADR 0009). Rows are taken in pieces that stay in the cache, through arrays
that are made once: memory that is fetched anew for each piece costs more than the sums.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
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
AT_ONCE = 2**18  # rows that are summed together
READ_AT_ONCE = 2**22  # rows that a thread reads together
SHORTEST = 4  # rows of a run on average: where they are fewer, an engine groups better
GREATEST_SCORE = 1_000
SCORES = GREATEST_SCORE + 1


class NotInRuns(Exception):
    """The rows are not sorted or not as they should be: the statements count them, or say what is wrong."""


@dataclass(frozen=True)
class Room:
    """Arrays that every piece of a part goes through."""

    is_last: npt.NDArray[np.bool_]
    known: npt.NDArray[np.int8]
    places: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int64]

    @classmethod
    def made(cls) -> "Room":
        """Fetch the memory, for as many rows as go together."""
        places, weights = np.empty((2, AT_ONCE), np.int64)
        return cls(np.empty(AT_ONCE, np.bool_), np.empty(AT_ONCE, np.int8), places, weights)


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
    score = pl.col("key") % SCORES
    return _with_marks(sums.rename({"key": "outcome"})), bins.select(
        outcome=pl.col("key") // SCORES, score=score, pupils="pupils"
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
    rows = _checked(pl.scan_parquet(part.path).select(columns).slice(part.first, part.rows).collect())
    room = Room.made()
    sums, bins = [], []
    for piece in rows.iter_slices(AT_ONCE):
        outcome = piece["outcome"].to_numpy()
        ends = _ends(outcome, room)
        sums.append(_sums(outcome, piece["mark"].to_numpy(), piece["low"].to_numpy(), ends, room))
        if scores:
            bins.append(_bins(outcome, piece["score"].to_numpy(), ends, room))
    packed = _joined(sums, ("key", "takers", "packed"))
    apart = packed.pop("packed")
    told = packed | {name: (apart >> DIGITS * place) & LONGEST for place, name in enumerate(SUMS)}
    return _summed(told), _summed(_joined(bins, ("key", "pupils")))


def _checked(rows: pl.DataFrame) -> pl.DataFrame:
    """Answer the rows with 0 where there is no mark and -1 where there is no score."""
    whole = not rows["outcome"].null_count() and not rows["low"].null_count()
    known = whole and _lies(rows["low"], 0, 1) and _lies(rows["mark"], MARKS[0], MARKS[-1])
    if not known or ("score" in rows.columns and not _lies(rows["score"], 0, GREATEST_SCORE)):
        raise NotInRuns
    empty = {"mark": 0, "score": -1}
    return rows.with_columns(pl.col(name).fill_null(empty[name]) for name in rows.columns if name in empty)


def _lies(values: pl.Series, least: int, greatest: int) -> bool:
    """Say whether all values that are there lie between two."""
    found: Any = (values.min(), values.max())
    return found == (None, None) or bool(least <= found[0] and found[1] <= greatest)


def _weights() -> npt.NDArray[np.int64]:
    """Answer what a row adds to the packed sum, by its mark and whether it is low."""
    weights = np.zeros(2 * (MARKS[-1] + 1), dtype=np.int64)
    for place in range(len(weights)):
        mark, low = divmod(place, 2)
        weights[place] = low + (2 ** (DIGITS * SUMS.index(f"mark{mark}")) if mark in MARKS else 0)
    return weights


WEIGHTS = _weights()


def _ends(outcome: Column, room: Room) -> Column:
    """Answer the place of each run's last row; a run too long for one sum ends more than once."""
    is_last = room.is_last[: len(outcome)]
    np.not_equal(outcome[1:], outcome[:-1], out=is_last[:-1])
    is_last[LONGEST - 1 :: LONGEST] = is_last[-1] = True
    ends = np.flatnonzero(is_last)
    if len(outcome) == AT_ONCE < len(ends) * SHORTEST:
        raise NotInRuns
    return ends


def _sums(outcome: Column, mark: Column, low: Column, ends: Column, room: Room) -> tuple[Column, ...]:
    takers = np.diff(ends, prepend=-1)
    known, places, weights = (one[: len(outcome)] for one in (room.known, room.places, room.weights))
    np.multiply(mark, 2, out=known, dtype=np.int8, casting="unsafe")
    np.add(known, low, out=known, dtype=np.int8, casting="unsafe")
    np.copyto(places, known)
    WEIGHTS.take(places, out=weights, mode="clip")  # every place is in the table
    return outcome[ends], takers, np.add.reduceat(weights, ends + 1 - takers)


def _bins(outcome: Column, score: Column, ends: Column, room: Room) -> tuple[Column, ...]:
    """Count the scores of each run: one key for each score that somebody has."""
    width = int(score.max()) + 2  # the first place is of those without a score
    places = room.places[: len(outcome)]
    places[0] = 0
    np.cumsum(room.is_last[: len(outcome) - 1], out=places[1:])  # the number of the run
    np.multiply(places, width, out=places)
    np.add(places, score, out=places)
    pupils = np.bincount(np.add(places, 1, out=places), minlength=len(ends) * width)
    pupils[::width] = 0
    found = np.flatnonzero(pupils)
    run, place = np.divmod(found, width)
    return outcome[ends].astype(np.int64)[run] * SCORES + place - 1, pupils[found]


def _joined(pieces: list[tuple[Column, ...]], names: tuple[str, ...]) -> Table:
    columns = zip(*pieces, strict=True) if pieces else [[np.zeros(0, np.int64)]] * len(names)
    return {name: np.concatenate(column) for name, column in zip(names, columns, strict=True)}


def _summed(table: Table) -> Table:
    """Put rows in the order of their keys, and add up those with one key; the first column is the key."""
    key, *others = table
    if (np.diff(table[key]) < 0).any():
        order = np.argsort(table[key], kind="stable")
        table = {name: column[order] for name, column in table.items()}
    is_first = np.concatenate([[True][: len(table[key])], np.diff(table[key]) > 0])
    starts = np.flatnonzero(is_first)
    sums = {name: np.add.reduceat(table[name], starts).astype(np.int32) for name in others}
    return {key: table[key][starts], **sums}


def _together(tables: list[Table], names: tuple[str, ...]) -> pl.DataFrame:
    """Put parts together in the order of their keys, and add up what was cut off from its run.

    Parts of a sorted file follow one another: only the last row of one may belong to the first of the next.
    """
    filled = [table for table in tables if len(table["key"])]
    if any(one["key"][-1] > other["key"][0] for one, other in pairwise(filled)):
        filled = [_summed(_joined([tuple(one[name] for name in names) for one in filled], names))]
    for place, (one, other) in enumerate(pairwise(filled)):
        if one["key"][-1] == other["key"][0]:
            for name in names[1:]:
                other[name][0] += one[name][-1]
            filled[place] = {name: column[:-1] for name, column in one.items()}
    empty = {name: pl.Int64 if name == "key" else pl.Int32 for name in names}
    return pl.concat([pl.DataFrame(table) for table in filled]) if filled else pl.DataFrame(schema=empty)


def _with_marks(table: pl.DataFrame) -> pl.DataFrame:
    """Leave marks empty where nobody has one."""
    marks = list(SUMS[1:])
    of_marks = pl.sum_horizontal(marks)
    if not table.select((of_marks.eq(0) | of_marks.eq(pl.col("takers"))).all()).item():
        raise NotInRuns
    return table.with_columns(pl.when(of_marks > 0).then(pl.col(marks)).name.keep())
