"""Florida's letters of 2019 follow from the components of the same table, school by school."""

from pathlib import Path

import polars as pl
import pytest

from opora.methodology import edition, points
from opora.methodology.identification import Identification, identify

EDITION = Path(__file__).parents[2] / "examples" / "florida_2019_edition.yaml"
COMPONENTS = {
    "English Language Arts Achievement": "english_achievement",
    "English Language Arts Learning Gains": "english_gains",
    "English Language Arts Learning Gains of the Lowest 25%": "english_gains_lowest",
    "Mathematics Achievement": "maths_achievement",
    "Mathematics Learning Gains": "maths_gains",
    "Mathematics Learning Gains of the Lowest 25%": "maths_gains_lowest",
    "Science Achievement": "science_achievement",
    "Social Studies Achievement": "social_studies_achievement",
    "Middle School Acceleration": "middle_school_acceleration",
    "Graduation Rate 2017-18": "graduation_rate",
    "College and Career Acceleration 2017-18": "college_career_acceleration",
}


@pytest.fixture(scope="module")
def published(real_data: Path) -> pl.DataFrame:
    raw = pl.read_csv(real_data / "florida_2019" / "school_grades_2019.csv", infer_schema=False)
    return raw.with_columns(school=pl.col("District Number") + "-" + pl.col("School Number"))


@pytest.fixture(scope="module")
def found(published: pl.DataFrame) -> Identification:
    table = (
        published.select("school", *COMPONENTS)
        .rename(COMPONENTS)
        .unpivot(index="school", variable_name="indicator", value_name="value")
        .with_columns(pl.col("value").cast(pl.Float64), year=2019, category=pl.lit("all"))
        .drop_nulls("value")
    )
    return identify(None, edition.load(EDITION), indicators=table)


def zones(found: Identification) -> pl.DataFrame:
    return points.zone_frame(found.judged, found.rulings["low"].indexed["rule"])


def test_every_letter_of_the_table_follows_from_its_components(found, published):
    """Буквы 3 328 школ из 3 328 совпадают с опубликованными."""
    beside = published.filter(pl.col("Grade 2019") != "I").join(zones(found), on="school")
    assert len(beside) == 3328
    assert beside.filter(pl.col("zone") != pl.col("Grade 2019")).is_empty()


def test_percents_are_rounded_half_up_and_half_even_would_miss(found, published):
    """Округление к чётному ошиблось бы в опубликованных процентах, округление половины вверх — нет."""
    beside = published.join(zones(found), on="school").with_columns(
        percent=pl.col("Percent of Total Possible Points").cast(pl.Float64)
    )
    assert beside.filter(pl.col("result") != pl.col("percent")).is_empty()
    total, count = pl.col("Total Points Earned").cast(pl.Float64), pl.col("Total Components").cast(pl.Float64)
    half_even = beside.with_columns(even=(total / count).round(0, mode="half_to_even"))
    assert len(half_even.filter(pl.col("even") != pl.col("percent"))) == 26


def test_the_number_of_components_is_the_published_one(found, published):
    beside = published.join(zones(found), on="school")
    assert beside.filter(
        pl.col("criteria") != pl.col("Total Components").cast(pl.Float64).cast(pl.Int64)
    ).is_empty()


def test_the_list_holds_the_lowest_letters(found, published):
    listed = found.verdicts.filter("listed")["school"].sort().to_list()
    expected = published.filter(pl.col("Grade 2019").is_in(["D", "F"]))["school"].sort().to_list()
    incomplete = set(published.filter(pl.col("Grade 2019") == "I")["school"])
    assert [school for school in listed if school not in incomplete] == expected


def test_evidence_shows_the_zone_and_its_components(found):
    school = found.verdicts.filter("listed")["school"][0]
    evidence = found.evidence([school])
    index = evidence.filter(pl.col("kind") == "index").row(0, named=True)
    assert index["letter"] in {"D", "F"} and index["deciding"] and index["branch"] == "rule"
    assert set(evidence["kind"]) == {"index", "indicator"}


def test_nothing_is_left_to_chance_and_it_is_said(found):
    stability = found.stability()
    assert stability["stability"].null_count() == len(stability)
    assert stability["why"].null_count() == 0
