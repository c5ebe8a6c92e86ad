"""The country in numbers, made from one seed: pupil rows as a lake holds them, and nobody in them is real.

Forty thousand schools write sixteen assessments a year; the same size, years and seed give the same rows.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from opora.config.environment import data_folder
from opora.methodology.tables import OUTCOME_KEY

SCHOOLS_AT_ONCE = 2_000
ROWS_A_GROUP = 1_000_000
VPR = [(subject, grade) for grade in (4, 5, 6, 7, 8) for subject in ("russian", "maths")]
HELD = [("vpr", subject, grade) for subject, grade in VPR]
HELD += [("oge", "russian", 9), ("oge", "maths", 9), ("oge", "physics", 9), ("oge", "biology", 9)]
HELD += [("ege", "russian", 11), ("ege", "maths", 11)]
MINIMUM = {"russian": 24, "maths": 27}  # of the unified state examination, test scores


@dataclass(frozen=True)
class Country:
    """A size of the country; ``rows`` is about how many pupil rows it has."""

    schools: int
    years: int
    takers: float  # pupils of a parallel, on average
    seed: int = 20

    @property
    def folder(self) -> Path:
        """Answer where its rows lie, once made."""
        return data_folder() / "bench" / f"lake-{self.schools}-{self.years}-{self.takers:g}-{self.seed}"

    @property
    def pupils(self) -> Path:
        return self.folder / "pupils.parquet"

    @property
    def written(self) -> Path:
        """Answer where the same rows lie as a region writes them."""
        return self.folder / "written.parquet"

    def cells(self) -> pl.DataFrame:
        """Answer the assessments that were held, the minimum score where it decides, the greatest score."""
        rows = [
            {
                "cell": (year - 2020 + self.years) * len(HELD) + place,
                "year": year, "assessment": assessment, "sitting": "",
                "subject": subject, "grade": grade, "grade_programme": grade, "category": "all",
                "minimum": MINIMUM[subject] if assessment == "ege" else None,
                "greatest": {"vpr": 20, "oge": 32, "ege": 100}[assessment],
            }
            for year in range(2020 - self.years, 2020)
            for place, (assessment, subject, grade) in enumerate(HELD)
        ]  # fmt: skip
        types = {"cell": pl.Int32, **OUTCOME_KEY, "minimum": pl.Int32, "greatest": pl.Int32}
        return pl.DataFrame(rows, schema=types)


FULL = Country(40_000, 2, 35.9)
VAST = Country(40_000, 8, 35.35)
QUICK = Country(8_000, 2, 35.9)


def made(country: Country) -> Path:
    """Answer the file of pupil rows, making it at the first call.

    Shape: outcome (school × cells + cell), mark (2–5, empty in the unified state examination), score,
    low (0 or 1); sorted by outcome.
    """
    if not (country.folder / "made.json").exists():
        country.folder.mkdir(parents=True, exist_ok=True)
        rows = _write(country)
        (country.folder / "made.json").write_text(json.dumps({**asdict(country), "rows": rows}))
    return country.pupils


def made_written(country: Country) -> Path:
    """Answer the same pupil rows as a region delivers them, in words, making the file at the first call.

    Shape: school, assessment, subject, grade, year (text), mark (2–5 or empty), low (0 or 1).
    """
    if not country.written.exists():
        unfinished = country.written.with_suffix(".unfinished")
        tables = _in_words(country)
        first = next(tables)
        with pq.ParquetWriter(unfinished, first.schema, compression="zstd") as writer:
            for table in chain([first], tables):
                writer.write_table(table)
        unfinished.replace(country.written)
    return country.written


def _in_words(country: Country) -> Iterator[pa.Table]:
    """Put words in the place of numbers, a group of rows at a time."""
    cells = country.cells().sort("cell")
    words = cells.select("assessment", "subject", pl.col("grade", "year").cast(pl.String))
    columns = {name: words[name].to_arrow().cast(pa.string()) for name in words.columns}
    with pq.ParquetFile(made(country)) as source:
        for group in range(source.num_row_groups):
            rows = source.read_row_group(group, columns=["outcome", "mark", "low"])
            school, cell = np.divmod(rows["outcome"].to_numpy(), cells.height)
            logins = pa.array([login(number) for number in range(school[0], school[-1] + 1)])
            told = {"school": logins.take(pa.array(school - school[0]))}
            told |= {name: column.take(pa.array(cell)) for name, column in columns.items()}
            yield pa.table(told | {"mark": rows["mark"], "low": rows["low"]})


def login(school: int) -> str:
    """Write a school's number as a code of a school is written."""
    return f"sch99{school:05}"


def rows_of(country: Country) -> int:
    """Answer how many pupil rows were made."""
    return int(json.loads((country.folder / "made.json").read_text())["rows"])


def removed(country: Country) -> None:
    """Give the disk back."""
    shutil.rmtree(country.folder, ignore_errors=True)


def _write(country: Country) -> int:
    fields = [("outcome", pa.int32()), ("mark", pa.int8()), ("score", pa.int16())]
    fields.append(("low", pa.int8()))
    rows = 0
    with pq.ParquetWriter(country.pupils, pa.schema(fields), compression="zstd") as writer:
        for table in _tables(country):
            writer.write_table(table, row_group_size=ROWS_A_GROUP)
            rows += table.num_rows
    return rows


def _tables(country: Country) -> Iterator[pa.Table]:
    cells = country.cells()
    numbers, greatest = cells["cell"].to_numpy(), cells["greatest"].to_numpy().astype(np.float32)
    minimum = cells["minimum"].fill_null(0).to_numpy()
    marked = cells["minimum"].is_null().to_numpy()
    for first in range(0, country.schools, SCHOOLS_AT_ONCE):
        chance = np.random.default_rng([country.seed, first])
        schools = np.arange(first, min(first + SCHOOLS_AT_ONCE, country.schools), dtype=np.int32)
        size = chance.lognormal(np.log(country.takers) - 0.32, 0.8, len(schools)).clip(2, 300)
        able = chance.normal(0.52, 0.09, len(schools)).astype(np.float32)
        takers = chance.poisson(np.repeat(size, len(numbers)))
        outcome = np.repeat(np.arange(len(takers), dtype=np.int32), takers)
        school, cell = outcome // len(numbers), outcome % len(numbers)
        level = able[school] + chance.standard_normal(len(outcome), dtype=np.float32) * np.float32(0.19)
        level = level.clip(0, 1)
        mark = (2 + (level >= 0.36).astype(np.int8) + (level >= 0.56) + (level >= 0.76)).astype(np.int8)
        score = np.rint(level * greatest[cell]).astype(np.int16)
        low = np.where(marked[cell], mark == 2, score < minimum[cell]).astype(np.int8)
        yield pa.table(
            {
                "outcome": schools[school] * np.int32(len(numbers)) + cell,
                "mark": pa.array(mark, mask=~marked[cell]),
                "score": score,
                "low": low,
            }
        )
