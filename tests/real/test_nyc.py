"""New York's maths tests: the 2020 rule on real counts, and official percents reproduced."""

from pathlib import Path

import polars as pl
import pytest

from opora.methodology import edition, shares, tables
from opora.methodology.identification import Identification, identify


@pytest.fixture(scope="module")
def raw(real_data: Path) -> pl.DataFrame:
    table = pl.read_csv(real_data / "nyc_math" / "math_test_results.csv", infer_schema=False)
    return table.filter(pl.col("Level 1 #") != "s").with_columns(
        pl.selectors.matches("#|Tested").str.replace_all(",", "")  # thousands: 1,138
    )


@pytest.fixture(scope="module")
def outcomes(raw: pl.DataFrame) -> tables.Outcomes:
    return tables.outcomes(
        raw.filter(pl.col("Grade") != "All Grades").select(
            school="DBN",
            year=pl.col("Year").cast(pl.Int32),
            assessment=pl.lit("nys"),
            subject=pl.lit("maths"),
            grade=pl.col("Grade").cast(pl.Int32),
            takers=pl.col("Number Tested").cast(pl.Int32),
            low=pl.col("Level 1 #").cast(pl.Int32),
        )
    )


@pytest.fixture(scope="module")
def found(outcomes: tables.Outcomes) -> Identification:
    return identify(outcomes, edition.load("seed-2020"), years=[2006, 2007])


def test_the_2020_rule_lists_125_of_1042_schools(found):
    """Правило 2020 года на данных Нью-Йорка за 2006–2007 годы: 125 школ из 1 042, учтено 6 899 строк."""
    assert len(found.verdicts) == 1042
    assert found.verdicts["listed"].sum() == 125
    assert found.verdicts["counted"].sum() == 6899


def test_a_plain_count_of_failed_rows_gives_the_same_schools(found, raw):
    rows = raw.filter((pl.col("Grade") != "All Grades") & pl.col("Year").is_in(["2006", "2007"])).select(
        "DBN", pl.col("Level 1 #").cast(pl.Int64), pl.col("Number Tested").cast(pl.Int64)
    )
    failed: dict[str, int] = {}
    for school, low, takers in rows.iter_rows():
        failed[school] = failed.get(school, 0) + (low * 100 > takers * 30)
    expected = {school for school, count in failed.items() if count >= 2}
    assert set(found.verdicts.filter("listed")["school"]) == expected


def test_evidence_names_the_deciding_rows_with_their_intervals(found):
    evidence = found.evidence()
    assert set(evidence["school"]) == set(found.verdicts.filter("listed")["school"])
    assert (evidence["deciding"] == evidence["failed"]).all()
    bounds = evidence.select(
        (pl.col("low_bound") <= pl.col("share")) & (pl.col("share") <= pl.col("high_bound"))
    )
    assert bounds.to_series().all()


def test_stability_is_a_probability_for_every_school(found):
    stability = found.stability()["stability"]
    assert stability.null_count() == 0
    assert stability.is_between(0, 1).all()
    assert stability.mean() > 0.9  # most verdicts are far from the boundary


def reproduced(table: pl.DataFrame) -> tuple[int, int]:
    """Count the published percents, and those that are the counts rounded half up to one decimal."""
    same = total = 0
    for level in range(1, 5):
        percents = table.select(
            low=pl.col(f"Level {level} #").cast(pl.Int64),
            takers=pl.col("Number Tested").cast(pl.Int64),
            published=pl.col(f"Level {level} %").cast(pl.Float64),
        ).with_columns(ours=shares.printed_percent(pl.col("low"), pl.col("takers")))
        same += percents.select((pl.col("ours") == pl.col("published")).sum()).item()
        total += len(percents)
    return same, total


def test_published_percents_are_half_up_of_the_counts(raw):
    """Проценты — округление половины вверх: 110 902 из 110 904 (до тысячи участников)."""
    below_a_thousand = raw.filter(pl.col("Number Tested").cast(pl.Int64) < 1000)
    assert reproduced(below_a_thousand) == (110_902, 110_904)
    assert reproduced(raw) == (112_226, 112_228)
