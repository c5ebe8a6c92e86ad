"""Reads drawn tables of answers, and editions written in a few lines."""

from textwrap import dedent, indent

import polars as pl

from opora.methodology.risk_profile.answers import Options
from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.reading import read_edition
from opora.methodology.risk_profile.scoring import INVITED, Scored, score

NOBODY = pl.DataFrame(schema=INVITED)
HEAD = """\
name: drawn
title: {ru: Для теста, en: For a test}
status: Opora default
source: opora
"""


def text_of(factors: str, numbers: str = "", levels: str = "fixed") -> str:
    """Write an edition: factors in YAML, numbers as «name: value» lines."""
    written = f"numbers:\n{indent(dedent(numbers).strip(), '  ')}\n" if numbers else ""
    return f"{HEAD}levels: {levels}\n{written}factors:\n{indent(dedent(factors).strip(), '  ')}\n"


def edition(factors: str, numbers: str = "smallest_group: 1", levels: str = "fixed") -> ProfileEdition:
    return read_edition(text_of(factors, numbers, levels), "drawn.yaml")


def one_factor(sources: str, numbers: str = "smallest_group: 1", levels: str = "fixed") -> ProfileEdition:
    """Write an edition of one factor with one indicator: its sources, a line each."""
    lines = "\n".join(f"      - {{{line.strip()}}}" for line in dedent(sources).strip().splitlines())
    head = "- name: f\n  title: Фактор\n  indicators:\n  - name: i\n    title: Показатель\n    sources:\n"
    return edition(head + lines, numbers, levels)


def answers(text: str) -> pl.DataFrame:
    """Draw a table of answers: an empty place is null, «?» is «не знаю»."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in lines[0].split("|")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines[1:]]
    rows = [
        [row[0], *(None if cell == "" else -1 if cell == "?" else int(cell) for cell in row[1:])]
        for row in cells
    ]
    schema = {"school": pl.String} | dict.fromkeys(names[1:], pl.Int32)
    return pl.DataFrame(rows, schema=schema, orient="row")


def facts(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        list(rows), schema={"school": pl.String, "name": pl.String, "value": pl.Float64}, orient="row"
    )


def invited(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=INVITED, orient="row")


def scored(
    written: ProfileEdition,
    tables: dict[str, pl.DataFrame],
    known: dict[str, pl.DataFrame] | None = None,
    asked: pl.DataFrame = NOBODY,
    options: Options | None = None,
) -> Scored:
    return score(tables, known or {}, asked, written, options)


def points(found: Scored) -> dict[str, float | None]:
    """Give the score of the first factor by school, rounded to two digits."""
    column = pl.Series(found.factor_points[:, 0]).fill_nan(None).round(2)
    return dict(zip(found.schools, column, strict=True))
