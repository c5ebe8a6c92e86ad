"""The example mappings read the public files of three countries, and the numbers are right."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest

from opora.results.readers import read
from opora.results.readers.mapping import load_mapping
from opora.results.reading import Context

EXAMPLES = Path(__file__).parents[2] / "examples"


def reading_of(path, example):
    reading = read(path, Context(name=path.name), load_mapping(EXAMPLES / example))
    assert reading.problems == []
    return reading


@pytest.fixture(scope="module")
def nyc(real_data):
    return reading_of(real_data / "nyc_math" / "math_test_results.csv", "nyc_math.yaml")


def test_new_york_has_6899_counted_rows_in_the_two_years(nyc):
    years = nyc.outcomes.filter(pl.col("year").is_in([2006, 2007]))
    assert years.height == 6_899
    assert years["school"].n_unique() == 1_042
    assert nyc.rows == nyc.outcomes.height == 21_606
    assert nyc.skipped == {"строка итогов по школе": 6_479, "скрыто в источнике": 393}
    assert nyc.rows + sum(nyc.skipped.values()) == 28_478


def test_new_york_percents_come_out_of_the_counts(nyc, real_data):
    """Процент первого уровня из прочитанных чисел — тот же, что опубликован."""
    counts = {
        (school, year, grade): (takers, low)
        for school, year, grade, takers, low in nyc.outcomes.select(
            "school", "year", "grade", "takers", "low"
        ).iter_rows()
    }
    with (real_data / "nyc_math" / "math_test_results.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [
            row for row in csv.DictReader(stream) if row["Grade"] != "All Grades" and row["Level 1 #"] != "s"
        ]
    wrong = 0
    for row in rows:
        takers, low = counts[row["DBN"], int(row["Year"]), int(row["Grade"])]
        percent = (Decimal(low * 100) / takers).quantize(Decimal("0.1"), ROUND_HALF_UP)
        wrong += percent != Decimal(row["Level 1 %"])
    assert len(rows) == len(counts)
    assert wrong <= 2


@pytest.mark.parametrize(
    ("year", "rows", "blank"), [(2016, 10_025, 4_989), (2017, 10_145, 4_743), (2018, 10_229, 4_599)]
)
def test_chile_gives_published_percents_and_no_zero_for_a_blank(real_data, year, rows, blank):
    reading = reading_of(real_data / "chile_simce" / f"Puntajes{year}.xlsx", "chile_simce.yaml")
    outcomes = reading.outcomes
    assert (reading.rows, reading.skipped) == (rows, {"не опубликовано в источнике": blank})
    assert outcomes["year"].unique().to_list() == [year]
    assert outcomes["grade"].unique().to_list() == [4]
    assert sorted(outcomes["subject"].unique()) == ["maths", "reading"]
    assert outcomes["low"].null_count() == rows
    assert outcomes["percent"].null_count() == 0
    assert outcomes["percent"].max() <= 100


def test_chile_says_what_the_workbook_says(real_data):
    reading = reading_of(real_data / "chile_simce" / "Puntajes2016.xlsx", "chile_simce.yaml")
    school = reading.outcomes.filter(pl.col("school") == "5").select("subject", "takers", "percent")
    assert school.rows() == [("reading", 27, 25.9), ("maths", 27, 40.7)]


def test_florida_gives_eleven_components_and_the_letter(real_data):
    reading = reading_of(real_data / "florida_2019" / "school_grades_2019.csv", "florida_2019.yaml")
    indicators = reading.indicators
    assert indicators["school"].n_unique() == 3_337
    assert indicators["indicator"].n_unique() == 12
    letters = indicators.filter(pl.col("indicator") == "published_grade")
    assert letters["letter"].null_count() == 0
    assert letters["value"].null_count() == letters.height
    finley = indicators.filter(pl.col("school") == "010031")
    assert dict(finley.select("indicator", "value").rows())["maths_gains"] == 59.0
    assert finley["letter"].drop_nulls().to_list() == ["B"]
    assert reading.rows + sum(reading.skipped.values()) == 3_337 * 12
