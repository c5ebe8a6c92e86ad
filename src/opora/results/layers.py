"""Rows of many sources laid over one another: which one counts, which ones wait beneath it, what collides.

A flat table here has the columns of its kind, ``source`` and ``depth``. The row of depth 0 counts; a row that
another source replaced lies deeper and comes back when that source is withdrawn.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.tables import DEFAULTS, INDICATORS, OUTCOME_KEY, OUTCOMES, TableMismatch

SAID_AT_MOST = 5
DEEPEST = 1_000_000  # rows that may lie over one another
MAY_BE_LEFT_OUT = {*DEFAULTS, "mark2", "mark3", "mark4", "mark5", "scores", "journal", "value", "letter"}


@dataclass(frozen=True, eq=False)
class Kind:
    """What is kept: outcomes or indicators; of the rows with one key only one counts."""

    name: str
    columns: dict[str, Any]
    key: tuple[str, ...]

    @property
    def kept(self) -> dict[str, Any]:
        """Answer the columns of the flat table as it lies in the store."""
        return {**self.columns, "source": pl.String, "depth": pl.Int32}


OUTCOME = Kind("outcomes", OUTCOMES, ("school", *OUTCOME_KEY))
INDICATOR = Kind("indicators", INDICATORS, ("school", "year", "indicator", "category"))
KINDS = (OUTCOME, INDICATOR)


@dataclass(frozen=True)
class Collision:
    """Two sources that tell the same outcome, or the same indicator, of a school."""

    school: str
    key: dict[str, Any]
    kept: str  # the source that counts
    arriving: str  # the source that would count it again


class AlreadyCounted(Exception):
    """Sources tell of outcomes that another source has told; ``collisions`` names every one of them."""

    def __init__(self, collisions: list[Collision]):
        self.collisions = collisions
        few = "; ".join(
            f"{one.school}, {' '.join(str(word) for word in one.key.values() if word != '')}: "
            f"{one.kept} / {one.arriving}"
            for one in collisions[:SAID_AT_MOST]
        )
        super().__init__(
            _("Эти результаты уже учтены из другого файла ({count}): ").format(count=len(collisions)) + few
        )


class AlreadyKept(Exception):
    """These sources are in the store; nothing was added, nothing is doubled."""

    def __init__(self, sources: list[str]):
        self.sources = sources
        super().__init__(_("Этот файл уже загружен: {sources}").format(sources=", ".join(sources)))


class NotKept(LookupError):
    """These sources are not in the store, so that they cannot be withdrawn."""

    def __init__(self, sources: list[str]):
        self.sources = sources
        super().__init__(_("Такого файла в хранилище нет: {sources}").format(sources=", ".join(sources)))


def aligned(kind: Kind, frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Answer the columns of the kind, in order and of their types; what may be left out is filled.

    Raises: TableMismatch with the source and the column.
    """
    if dict(frame.schema) == kind.columns:
        return frame
    if strange := sorted(set(frame.columns) - set(kind.columns)):
        raise TableMismatch(_("{source}: лишний столбец {column}").format(source=source, column=strange[0]))
    absent = set(kind.columns) - set(frame.columns)
    if missing := sorted(absent - MAY_BE_LEFT_OUT):
        raise TableMismatch(_("{source}: нет столбца {column}").format(source=source, column=missing[0]))
    try:
        return frame.select(
            (pl.lit(DEFAULTS.get(name)) if name in absent else pl.col(name)).cast(dtype).alias(name)
            for name, dtype in kind.columns.items()
        )
    except (pl.exceptions.InvalidOperationError, pl.exceptions.SchemaError) as error:
        raise TableMismatch(f"{source}: {error}") from None


def stacked(kind: Kind, batch: list[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    """Lay the tables of a batch into one flat table; ``depth`` is 0, ``order`` is the place in the batch.

    Raises: TableMismatch with the source, what is wrong and in how many rows.
    """
    tables = [
        aligned(kind, frame, source).with_columns(
            source=pl.lit(source), depth=pl.lit(0, pl.Int32), order=pl.lit(order, pl.Int32)
        )
        for order, (source, frame) in enumerate(batch)
    ]
    table = pl.concat([pl.DataFrame(schema={**kind.kept, "order": pl.Int32}), *tables])
    for sentence, rule in _rules(kind).items():
        broken = table.filter(rule)
        if broken.height:
            told = _("{source}: {what} (строк: {rows})")
            raise TableMismatch(told.format(source=broken["source"][0], what=sentence, rows=broken.height))
    return table


def _rules(kind: Kind) -> dict[str, pl.Expr]:
    """Answer what is not allowed: the sentence about it, and the rows that break it."""
    every_kind = {
        _("пустое значение в ключе"): pl.any_horizontal(pl.col(kind.key).is_null()),
        _("год — от 1 до 9999"): ~pl.col("year").is_between(1, 9999),
    }
    twice = {_("одно и то же о школе стоит дважды"): pl.struct(*kind.key, "source").is_duplicated()}
    if kind is INDICATOR:
        both = pl.col("value").is_null() == pl.col("letter").is_null()
        return every_kind | {_("стоит либо число, либо буква"): both} | twice
    low, takers, percent = pl.col("low"), pl.col("takers"), pl.col("percent")
    marks = pl.sum_horizontal(pl.col(f"mark{mark}").fill_null(0) for mark in (2, 3, 4, 5))
    counts = {
        _("число участников пусто или меньше нуля"): takers.is_null() | (takers < 0),
        _("нет ни числа низких результатов, ни опубликованного процента"): low.is_null() & percent.is_null(),
        _("низких результатов больше, чем участников, или меньше нуля"): (low < 0) | (low > takers),
        _("процент — от 0 до 100"): ~percent.is_between(0, 100),
        _("отметок больше, чем участников"): marks > takers,
        _("отметок, сравненных с журналом, больше, чем участников"): pl.col("journal").list.sum() > takers,
    }
    return every_kind | counts | twice


def laid_over(kind: Kind, kept: pl.DataFrame, arriving: pl.DataFrame, *, replace: bool) -> pl.DataFrame:
    """Lay arriving rows over the kept ones; with ``replace`` the later one counts, else none may collide.

    Raises: AlreadyCounted.
    """
    if not replace and (found := collisions(kind, kept, arriving)):
        raise AlreadyCounted(found)
    both = pl.concat([kept.with_columns(order=pl.lit(-1, pl.Int32)), arriving])
    if replace:
        beneath = pl.col("depth").cast(pl.Int64) - pl.col("order").cast(pl.Int64) * DEEPEST
        both = both.with_columns(depth=(beneath.rank("dense").over(kind.key) - 1).cast(pl.Int32))
    return both.drop("order")


def collisions(kind: Kind, kept: pl.DataFrame, arriving: pl.DataFrame) -> list[Collision]:
    """Find every key that an arriving source tells after another one: a kept one or one of the same batch."""
    known = kept.filter(pl.col("depth") == 0).select(*kind.key, kept="source")
    first = arriving.unique(kind.key, keep="first", maintain_order=True)
    twice = arriving.join(first.select(*kind.key, kept="source"), on=kind.key).filter(
        pl.col("kept") != pl.col("source")
    )
    found = pl.concat(
        table.select(*kind.key, "kept", "source") for table in (arriving.join(known, on=kind.key), twice)
    ).sort(*kind.key, "kept", "source")
    return [
        Collision(row["school"], {name: row[name] for name in kind.key[1:]}, row["kept"], row["source"])
        for row in found.iter_rows(named=True)
    ]


def without(kind: Kind, kept: pl.DataFrame, sources: list[str]) -> pl.DataFrame:
    """Take the rows of these sources away; what they had replaced counts again."""
    left = kept.filter(~pl.col("source").is_in(sources))
    if left["depth"].max():
        left = left.with_columns(depth=(pl.col("depth").rank("dense").over(kind.key) - 1).cast(pl.Int32))
    return left
