"""The results behind each verdict (основания): counts, interval, threshold, what decided, what did not."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.judging import FEW, LETTER, NOBODY, Flags, Judged, words
from opora.methodology.rule import AllOf, AnyOf, Condition, Failed, InZone, Not, Rank, Same, walk
from opora.methodology.ruling import Ruling
from opora.methodology.shares import clopper_pearson, nearest_count, printed_percent, share, share_of_percent

Rows = npt.NDArray[np.int64]

COLUMNS: dict[str, Any] = {
    "list": pl.String,
    "measure": pl.String,  # which of the edition's measures; the index's name for an index
    "kind": pl.String,  # outcome, indicator, index, rank
    "year": pl.Int32,
    "assessment": pl.String,
    "sitting": pl.String,
    "subject": pl.String,
    "grade": pl.Int32,
    "grade_programme": pl.Int32,
    "category": pl.String,
    "indicator": pl.String,
    "takers": pl.Int32,
    "low": pl.Int32,
    "percent": pl.Float64,  # as published, or half up to one decimal
    "share": pl.Float64,  # 0–1, unrounded
    "value": pl.Float64,
    "letter": pl.String,
    "low_bound": pl.Float64,  # exact interval of the share, 0–1
    "high_bound": pl.Float64,
    "threshold": pl.Float64,  # share 0–1 for outcomes, else in the units of the value
    "threshold_letter": pl.String,
    "comparison": pl.String,
    "failed": pl.Boolean,
    "counted": pl.Boolean,
    "excluded": pl.String,  # reason: an exclusion's name, no_takers, few_takers, small_cohort, letter_unknown
    "deciding": pl.Boolean,  # one of those that made the deciding branch true
    "branch": pl.String,  # the condition that it made true
}


def evidence(
    judged: Judged, rulings: Mapping[str, Ruling], schools: Iterable[Any] | None, only_listed: bool
) -> pl.DataFrame:
    """Give one row per school, list, measure and result; listed schools only, unless asked otherwise.

    Shape: ``school`` and ``COLUMNS``; list by list, within it measure by measure, sorted by school.
    """
    chosen = np.ones(len(judged.schools), np.bool_)
    if schools is not None:
        wanted = pl.Series(list(schools), dtype=judged.schools.dtype)
        chosen = judged.schools.is_in(wanted.implode()).to_numpy()
    parts = []
    for ruling in rulings.values():
        who = chosen & ruling.listed if only_listed else chosen
        if who.any():
            parts += list(_list(ruling, who))
    schema = {"school": judged.schools.dtype, **COLUMNS}
    if not parts:
        return pl.DataFrame(schema=schema)
    return pl.concat(parts, how="diagonal")


def _list(ruling: Ruling, who: Flags) -> Iterator[pl.DataFrame]:
    """Give the evidence of one list: outcomes, indicators, then what is relative or summed up."""
    judged = ruling.judged
    support = _support(ruling)
    shares, others = judged.split(ruling.named.measures)
    for name in shares:
        yield _outcomes(ruling, name, who, support)
    for name in others:
        yield _indicators(ruling, name, who, support)
    for leaf in walk(ruling.named.rule):
        if isinstance(leaf, Rank):
            yield _rank(ruling, leaf, who, support)
        elif isinstance(leaf, InZone):
            yield _index(ruling, leaf, who, support)


def _support(ruling: Ruling) -> dict[str, Flags]:
    """Find, for each leaf of the rule, the schools whose deciding branch it made true."""
    paths, branch = ruling.branches
    nodes = {node.path: node for node in walk(ruling.named.rule)}
    found: dict[str, Flags] = {}

    def hold(condition: Condition, who: Flags) -> None:
        if isinstance(condition, AllOf | AnyOf):
            for part in condition.parts:
                hold(part, who & ruling.truth[part.path])
        elif not isinstance(condition, Not) and who.any():
            found[condition.path] = found.get(condition.path, np.zeros(ruling.n, np.bool_)) | who

    for number, path in enumerate(paths):
        hold(nodes[path], branch == number)
    return found


def _deciding(
    ruling: Ruling, measure: str, rows: tuple[Rows, Rows, Flags], process: Any, support: dict[str, Flags]
) -> pl.Series:
    """Name, for each row, the condition that it made true; null for a row that did not decide."""
    s, year, failed = rows
    paths: list[str] = []
    code = np.full(len(s), -1, np.int16)
    failing = np.flatnonzero(failed)
    s, year = s[failing], year[failing]
    decided = np.full(len(failing), -1, np.int16)
    for leaf in walk(ruling.named.rule):
        if not isinstance(leaf, Failed | Same) or measure not in leaf.measures or leaf.path not in support:
            continue
        held = support[leaf.path][s] & ruling.judged.within(year, leaf.last)
        if isinstance(leaf, Same):
            held &= ruling.same_processes(leaf)[s, process(leaf.by)[failing]]
        elif leaf.in_years:
            held &= ruling.years_met(leaf)[s, year - min(ruling.judged.years)]
        decided[held & (decided < 0)] = len(paths)
        paths.append(leaf.path)
    code[failing] = decided
    return words(paths, code)


def _outcomes(ruling: Ruling, name: str, who: Flags, support: dict[str, Flags]) -> pl.DataFrame:
    judged = ruling.judged
    keep = pl.lit(pl.Series(who, dtype=pl.Boolean)).gather(pl.col("s")) & pl.col(f"seen:{name}")
    numbers = judged.ordered.rows.select("takers", "low", "percent")
    flags = judged.flags.select("s", "cell", f"^(seen|counted|failed):{re.escape(name)}$")
    mine = pl.concat([numbers, flags], how="horizontal").lazy().filter(keep).collect()
    rows = mine.select("takers", "low", "percent")
    cell = mine["cell"].to_numpy()
    s = mine["s"].to_numpy().astype(np.int64)
    failed = mine[f"failed:{name}"]
    branch = _deciding(
        ruling,
        name,
        (s, judged.cell_year[cell], failed.to_numpy()),
        lambda by: judged.process_of_cells(by)[cell],
        support,
    )
    takers, low = pl.col("takers"), pl.col("low")
    counts = rows["low"]
    if judged.ordered.published:
        counts = rows.select(pl.coalesce("low", nearest_count(pl.col("percent"), takers)))["low"]
    low_bound, high_bound = clopper_pearson(
        counts.to_numpy(), rows["takers"].to_numpy(), judged.value("interval_level")
    )
    return _frame(
        ruling,
        mine["s"],
        judged.ordered.cells.drop("cell")[mine["cell"]].hstack(rows),
        [
            *_standing(judged, name, "outcome"),
            pl.coalesce(pl.when(low.is_null()).then(pl.col("percent")), printed_percent(low, takers)).alias(
                "percent"
            ),
            pl.coalesce(share(low, takers), share_of_percent(pl.col("percent"))).alias("share"),
            pl.when(takers > 0).then(pl.lit(pl.Series(low_bound))).alias("low_bound"),
            pl.when(takers > 0).then(pl.lit(pl.Series(high_bound))).alias("high_bound"),
            _why_not(judged, mine["s"], mine[f"counted:{name}"]),
            pl.lit(mine[f"counted:{name}"]).alias("counted"),
            pl.lit(failed).alias("failed"),
            pl.lit(branch).alias("branch"),
        ],
    )


def _indicators(ruling: Ruling, name: str, who: Flags, support: dict[str, Flags]) -> pl.DataFrame:
    judged = ruling.judged
    keep = who[judged.facts["s"].to_numpy()] & judged.facts[f"seen:{name}"].to_numpy()
    mine = judged.facts.filter(pl.Series(keep, dtype=pl.Boolean))
    s, year = mine["s"].to_numpy().astype(np.int64), mine["year"].to_numpy().astype(np.int64)
    failed = mine[f"failed:{name}"]
    branch = _deciding(
        ruling,
        name,
        (s, year, failed.to_numpy()),
        lambda by: judged.process_of_facts[keep] + len(judged.ordered.cells),
        support,
    )
    counted = mine[f"counted:{name}"]
    return _frame(
        ruling,
        mine["s"],
        mine.select("year", "indicator", "category", "value", "letter"),
        [
            *_standing(judged, name, "indicator"),
            _why_not(judged, mine["s"], counted),
            pl.lit(counted).alias("counted"),
            pl.lit(failed).alias("failed"),
            pl.lit(branch).alias("branch"),
        ],
    )


def _why_not(judged: Judged, s: pl.Series, counted: pl.Series) -> pl.Expr:
    """Give the reason for which a row was not counted; null for a counted one."""
    if counted.all():
        return pl.lit(None, pl.String).alias("excluded")
    names = list(dict.fromkeys(str(reason) for reason in judged.excluded[judged.excluded != ""]))
    code = np.full(len(judged.excluded), -1, np.int16)
    for number, reason in enumerate(names):
        code[judged.excluded == reason] = number
    reasons = words(names, code).gather(s)
    own = pl.lit(LETTER)
    if counted.name.split(":")[-1] in judged.split(judged.edition.measures)[0]:
        own = pl.when(pl.col("takers") == 0).then(pl.lit(NOBODY)).otherwise(pl.lit(FEW))
    return pl.when(~pl.lit(counted)).then(pl.coalesce(pl.lit(reasons), own)).alias("excluded")


def _standing(judged: Judged, name: str, kind: str) -> list[pl.Expr]:
    """Give the measure, its threshold and comparison as constant columns."""
    measure = judged.measure(name)
    standing = judged.settled[measure.threshold] if measure.threshold else None
    value = standing.value if standing else None
    letter = measure.of == "letter"
    return [
        pl.lit(name).alias("measure"),
        pl.lit(kind).alias("kind"),
        pl.lit(None if letter or value is None else float(value), pl.Float64).alias("threshold"),
        pl.lit(str(value) if letter and value is not None else None, pl.String).alias("threshold_letter"),
        pl.lit(standing.comparison if standing else None, pl.String).alias("comparison"),
    ]


def _rank(ruling: Ruling, leaf: Rank, who: Flags, support: dict[str, Flags]) -> pl.DataFrame:
    judged, found = ruling.judged, ruling.rankings[leaf.path]
    s = np.flatnonzero(who & ~np.isnan(found.value))
    counted = found.takers[s] > 0
    low_bound, high_bound = clopper_pearson(found.low[s], found.takers[s], judged.value("interval_level"))
    worse = found.worse_is_high == (leaf.kind != "best")
    strict = leaf.ties == "strict"
    table = pl.DataFrame(
        {
            "year": np.full(len(s), max(judged.last(leaf.last)), np.int32),
            "takers": np.where(counted, found.takers[s], 0).astype(np.int32),
            "low": found.low[s].astype(np.int32),
            "own": found.value[s],
            "low_bound": low_bound,
            "high_bound": high_bound,
            "threshold": found.cut[s],
            "failed": found.listed[s],
        }
    )
    of_shares = pl.lit(judged.measure(leaf.measure).of == "low results")
    comparison = ("above" if strict else "at least") if worse else ("below" if strict else "at most")
    return _frame(
        ruling,
        pl.Series(s),
        table,
        [
            pl.lit(leaf.measure).alias("measure"),
            pl.lit("rank").alias("kind"),
            *(
                pl.when(of_shares).then(pl.col(c)).alias(c)
                for c in ("takers", "low", "low_bound", "high_bound")
            ),
            pl.when(of_shares).then(printed_percent(pl.col("low"), pl.col("takers"))).alias("percent"),
            pl.when(of_shares).then(pl.col("own")).alias("share"),
            pl.when(~of_shares).then(pl.col("own")).alias("value"),
            pl.col("threshold").fill_nan(None),
            pl.lit(comparison).alias("comparison"),
            pl.lit(True).alias("counted"),
            pl.lit(_branch(leaf.path, support, s, found.listed[s])).alias("branch"),
        ],
    )


def _index(ruling: Ruling, leaf: InZone, who: Flags, support: dict[str, Flags]) -> pl.DataFrame:
    found = ruling.indexed[leaf.path]
    at = who[:, None] & ~np.isnan(found.result)
    s, year = np.nonzero(at)
    zone = pl.Series([str(z) for z in found.zone[at]], dtype=pl.String)
    failed = np.isin(found.zone[at], leaf.zones)
    table = pl.DataFrame(
        {
            "year": np.array(found.years, np.int32)[year],
            "value": found.result[at],
            "letter": zone,
            "threshold": found.bound[at],
            "failed": failed,
        }
    )
    return _frame(
        ruling,
        pl.Series(s),
        table,
        [
            pl.lit(leaf.index).alias("measure"),
            pl.lit("index").alias("kind"),
            pl.col("threshold").fill_nan(None),
            pl.when(pl.col("threshold").is_not_nan()).then(pl.lit("at least")).alias("comparison"),
            pl.lit(True).alias("counted"),
            pl.lit(_branch(leaf.path, support, s, failed)).alias("branch"),
        ],
    )


def _branch(path: str, support: dict[str, Flags], s: Rows, failed: Flags) -> pl.Series:
    if path not in support:
        return pl.Series([None] * len(s), dtype=pl.String)
    held = support[path][s] & failed
    return words([path], np.where(held, 0, -1))


def _frame(ruling: Ruling, s: pl.Series, table: pl.DataFrame, columns: list[pl.Expr]) -> pl.DataFrame:
    """Put a piece of evidence into the order and types of ``COLUMNS``."""
    made = table.lazy().with_columns(*columns, pl.lit(ruling.named.name).alias("list"))
    have = made.collect_schema().names()
    whole = made.with_columns(
        pl.lit(ruling.judged.schools.gather(s)).alias("school"),
        pl.col("branch").is_not_null().alias("deciding"),
        *(pl.lit(None, kind).alias(c) for c, kind in COLUMNS.items() if c not in (*have, "deciding")),
    )
    return whole.select("school", *(pl.col(c).cast(kind) for c, kind in COLUMNS.items())).collect()
