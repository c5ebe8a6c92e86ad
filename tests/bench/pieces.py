"""What is measured: each piece answers how many rows it went through and in how many seconds.

A piece runs in a process of its own (``python -m tests.bench.pieces NAME SIZE``), so that its peak of memory
is its own; making its input is not timed.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from statistics import median

import polars as pl

from tests.bench import files
from tests.bench.country import FULL, QUICK, VAST, Country, made, made_written, rows_of

Measured = tuple[int, float]
SIZES = {"quick": QUICK, "full": FULL, "vast": VAST}
COLUMNS = ["outcome", "mark", "low"]
REPEATS = 5


def counts(country: Country) -> pl.DataFrame:
    """Answer the country's outcomes, counted once and kept."""
    path = country.folder / "outcomes.parquet"
    if not path.exists():
        from opora.results.counting import count

        count(made(country), cells=country.cells().height).write_parquet(path)
    return pl.read_parquet(path)


def prepare(country: Country) -> Measured:
    """Make the pupil rows and the outcomes, so that no measured piece has to."""
    made(country)
    return counts(country).height, 0.0


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def count(country: Country) -> Measured:
    from opora.results.counting import count as count_pupils

    return rows_of(country), timed(lambda: count_pupils(country.pupils, cells=country.cells().height))


def count_scores(country: Country) -> Measured:
    from opora.results.counting import count as count_pupils

    return rows_of(country), timed(
        lambda: count_pupils(country.pupils, cells=country.cells().height, scores=True)
    )


def _decode(country: Country, columns: list[str]) -> Measured:
    import duckdb

    connection = duckdb.connect()
    sums = ", ".join(f"bit_xor({name})" for name in columns)
    text = f"SELECT {sums} FROM '{country.pupils}'"
    return rows_of(country), timed(lambda: connection.sql(text).fetchall())


def count_limit(country: Country) -> Measured:
    """Go through every value of the same columns by the same engine and keep nothing."""
    return _decode(country, COLUMNS)


def count_limit_polars(country: Country) -> Measured:
    """Decode the same columns into memory and keep them."""
    return rows_of(country), timed(lambda: pl.read_parquet(country.pupils, columns=COLUMNS))


def count_scores_limit(country: Country) -> Measured:
    return _decode(country, [*COLUMNS, "score"])


def _pandas_counts(country: Country) -> object:
    import pandas as pd

    pupils = pd.read_parquet(country.pupils, columns=COLUMNS)
    for mark in (2, 3, 4, 5):
        pupils[f"mark{mark}"] = pupils["mark"].eq(mark)
    told = {"takers": ("low", "size"), "low": ("low", "sum")}
    told |= {f"mark{mark}": (f"mark{mark}", "sum") for mark in (2, 3, 4, 5)}
    counted = pupils.groupby("outcome", sort=True).agg(**told).reset_index()
    cells = country.cells().height
    counted["school"], counted["cell"] = counted["outcome"] // cells, counted["outcome"] % cells
    return counted


def count_pandas(country: Country) -> Measured:
    return rows_of(country), timed(lambda: _pandas_counts(country))


def count_postgresql(country: Country) -> Measured:
    """Run the same statement on PostgreSQL; loading the table is not timed."""
    from opora.results.counting import SQL

    with _postgresql() as connection:
        connection.execute("CREATE TEMP TABLE pupils (outcome int, mark smallint, low smallint)")
        with connection.cursor().copy("COPY pupils FROM STDIN (FORMAT csv)") as copy:
            for part in pl.scan_parquet(made(country)).select(COLUMNS).collect().iter_slices(2_000_000):
                copy.write(part.write_csv(include_header=False))
        connection.execute("ANALYZE pupils")
        connection.execute("SET work_mem = '512MB'")
        text = (SQL / "count_outcomes.sql").read_text()
        return rows_of(country), timed(lambda: connection.execute(f"CREATE TEMP TABLE counted AS {text}"))


def _outcomes(country: Country):  # type: ignore[no-untyped-def]
    from opora.methodology.tables import OUTCOME_KEY, Outcomes

    cells = (
        country.cells()
        .select("cell", *OUTCOME_KEY)
        .with_columns(position=pl.int_range(pl.len(), dtype=pl.Int32))
    )
    table = counts(country).select("school", "cell", "takers", "low", percent=pl.lit(None, pl.Float64))
    table = table.join(cells.select("cell", "position"), on="cell", maintain_order="left")
    table = table.with_columns(cell="position").drop("position").rechunk()
    cells = cells.with_columns(cell="position").drop("position")
    return lambda: Outcomes(cells, table.clone())


def _several(work: Callable[[], object]) -> float:
    work()
    return median(timed(work) for _ in range(REPEATS))


def identify(country: Country) -> Measured:
    """The list with the evidence of every listed school, checks of the input included."""
    from opora.methodology import edition
    from opora.methodology.identification import identify as identify_schools

    fresh, rule = _outcomes(country), edition.load("seed-2020")

    def work() -> None:
        found = identify_schools(fresh(), rule)
        found.evidence()

    return counts(country).height, _several(work)


def what_if(country: Country) -> Measured:
    """The list under another threshold, from outcomes that are checked already."""
    from opora.methodology import edition
    from opora.methodology.identification import identify as identify_schools

    known, rule = _outcomes(country)(), edition.load("seed-2020")
    changes = {"low_share": 0.35}
    return counts(country).height, _several(lambda: identify_schools(known, rule, changes=changes).verdicts)


def identify_limit(country: Country) -> Measured:
    """Decode the counts that a list is made from."""
    path = country.folder / "outcomes.parquet"
    return counts(country).height, _several(
        lambda: pl.read_parquet(path, columns=["school", "cell", "takers", "low"])
    )


what_if_limit = identify_limit


def _pandas_list(outcomes, low_share: float):  # type: ignore[no-untyped-def]
    """Answer verdicts and the evidence of listed schools."""
    # Summed bytes stay bytes, and a hundred times two is more than a byte holds.
    failed = outcomes["low"].astype("int64") * 100 > outcomes["takers"] * (low_share * 100)
    number = failed.groupby(outcomes["school"]).sum()
    listed = number[number >= 2].index
    evidence = outcomes[outcomes["school"].isin(listed)].copy()
    evidence["share"] = evidence["low"] / evidence["takers"]
    return number >= 2, evidence


def identify_pandas(country: Country) -> Measured:
    """The list from outcomes that pandas holds in memory: no checks, no branches, no interval."""
    table = counts(country).select("school", "cell", "takers", "low").to_pandas()
    return len(table), _several(lambda: _pandas_list(table, 0.30))


def identify_pandas_pupils(country: Country) -> Measured:
    """The list straight from pupil rows, as a notebook makes it."""
    return rows_of(country), timed(lambda: _pandas_list(_pandas_counts(country), 0.30))  # type: ignore[attr-defined]


def prepare_strings(country: Country) -> Measured:
    """Make the rows as a region writes them, so that the piece that reads them has not to."""
    made_written(country)
    return rows_of(country), 0.0


def _pandas_strings(country: Country):  # type: ignore[no-untyped-def]
    import pandas as pd

    pupils = pd.read_parquet(country.written)
    key = ["school", "assessment", "subject", "grade", "year"]
    outcomes = pupils.groupby(key)["low"].agg(takers="size", low="sum").reset_index()
    return _pandas_list(outcomes, 0.30)


def identify_pandas_strings(country: Country) -> Measured:
    """The list straight from pupil rows in words, as a notebook makes it from what a region delivered."""
    return rows_of(country), timed(lambda: _pandas_strings(country))


def identify_postgresql(country: Country) -> Measured:
    """The list and its evidence by SQL from outcomes in a table."""
    with _postgresql() as connection:
        connection.execute("CREATE TEMP TABLE outcomes (school int, cell int, takers int, low int)")
        with connection.cursor().copy("COPY outcomes FROM STDIN (FORMAT csv)") as copy:
            copy.write(
                counts(country).select("school", "cell", "takers", "low").write_csv(include_header=False)
            )
        connection.execute("ANALYZE outcomes")
        text = """
            SELECT o.*, o.low::float / NULLIF(o.takers, 0) AS share FROM outcomes o JOIN (
                SELECT school FROM outcomes WHERE low * 100 > takers * 30 GROUP BY school HAVING COUNT(*) >= 2
            ) listed USING (school)
        """
        return counts(country).height, _several(lambda: connection.execute(text).fetchall())


def import_files(country: Country) -> Measured:
    return files.on_two_processes(files.by_opora, files.made(_files(country)))


def import_files_limit(country: Country) -> Measured:
    """Decode the same files and do nothing with their cells."""
    return files.on_two_processes(files.by_calamine, files.made(_files(country)))


def import_files_openpyxl(country: Country) -> Measured:
    return files.on_two_processes(files.by_openpyxl, files.made(_files(country))[: files.SAMPLE])


def prepare_files(country: Country) -> Measured:
    return len(files.made(_files(country))), 0.0


def _files(country: Country) -> int:
    return next(files.FILES[name] for name, size in SIZES.items() if size == country)


def _postgresql():  # type: ignore[no-untyped-def]
    import psycopg

    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def main(words: list[str]) -> None:
    """Measure one piece and say it in JSON."""
    name, size = words
    rows, seconds = globals()[name](SIZES[size])
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": round(peak / 1024)}))


if __name__ == "__main__":
    main(sys.argv[1:])
