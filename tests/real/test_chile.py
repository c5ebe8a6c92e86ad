"""Chile's SIMCE workbooks: a rule on published percents, where the word beside 30 matters."""

from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from opora.methodology import edition, tables
from opora.methodology.identification import identify

SUBJECTS = {"reading": "lect4b", "maths": "mate4b"}


def number(cell: object) -> float | None:
    """Give a published number; a blank is «not published», never zero."""
    text = str(cell).strip()
    return float(text) if text and text.replace(".", "", 1).isdigit() else None


def rows(folder: Path, year: int) -> list[dict[str, object]]:
    sheet = CalamineWorkbook.from_path(folder / f"Puntajes{year}.xlsx").get_sheet_by_index(0).to_python()
    at = {name: place for place, name in enumerate(sheet[0])}
    found = []
    for row in sheet[1:]:
        for subject, code in SUBJECTS.items():
            takers, percent = (number(row[at[f"{c}_{code}_rbd"]]) for c in ("nalu", "palu_eda_ins"))
            if takers is None or percent is None:
                continue
            found.append(
                {
                    "school": str(int(row[at["rbd"]])),
                    "year": year,
                    "assessment": "simce",
                    "subject": subject,
                    "grade": 4,
                    "takers": int(takers),
                    "percent": percent,
                }
            )
    return found


@pytest.fixture(scope="module")
def outcomes(real_data: Path) -> tables.Outcomes:
    folder = real_data / "chile_simce"
    return tables.outcomes(pl.DataFrame(rows(folder, 2016) + rows(folder, 2018)))


def listed(outcomes: tables.Outcomes, comparison: str) -> set[str]:
    found = identify(
        outcomes,
        edition.load("seed-2020"),
        years=[2016, 2018],
        changes={"low_share": {"comparison": comparison}},
    )
    return set(found.verdicts.filter("listed")["school"])


def test_above_and_at_least_thirty_differ_by_tens_of_schools(outcomes):
    """«Выше 30 %» и «не ниже 30 %» расходятся на десятки школ: печатный процент сравнивается как есть."""
    above, at_least = listed(outcomes, "above"), listed(outcomes, "at least")
    assert above < at_least
    assert 10 <= len(at_least - above) < 100


def test_a_published_percent_decides_and_the_nearest_count_only_gives_the_interval(outcomes):
    found = identify(outcomes, edition.load("seed-2020"), years=[2016, 2018])
    evidence = found.evidence()
    assert evidence["low"].null_count() == len(evidence)
    assert (evidence["failed"] == (evidence["percent"] > 30)).all()
    assert evidence.filter(pl.col("takers") > 0)["low_bound"].null_count() == 0
