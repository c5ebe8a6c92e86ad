"""Chile's SIMCE workbooks: the context index beside what the country's own agency and other pupils say."""

from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from opora.methodology import tables
from opora.methodology.context.index import Context, context_index
from opora.methodology.context.map import context_map
from opora.methodology.context.table import context_table
from tests.real.test_chile import rows

# The agency's socioeconomic group: from parents' education and income of the family.
LOW_INCOME = {"Bajo": 1.0, "Medio bajo": 0.75, "Medio": 0.5, "Medio alto": 0.25, "Alto": 0.0}
RURAL = {"Rural": 1.0, "Urbano": 0.0}
BETTER, WORSE = "Positiva y significativa", "Negativa y significativa"  # beside schools of the same group


def counts(folder: Path, year: int) -> pl.DataFrame:
    """Give the counts nearest to the published percents: ``school cell takers low``."""
    told = pl.DataFrame(rows(folder, year)).unique(["school", "subject"], keep="first", maintain_order=True)
    low = (pl.col("percent") * pl.col("takers") / 100).round().cast(pl.Int64)
    return told.select(
        "school", (pl.col("subject") == "maths").cast(pl.Int64).alias("cell"), "takers", low=low
    )


def sheet(folder: Path) -> list[dict[str, object]]:
    head, *body = CalamineWorkbook.from_path(folder / "Puntajes2016.xlsx").get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def schools(real_data: Path) -> list[dict[str, object]]:
    return sheet(real_data / "chile_simce")


@pytest.fixture(scope="module")
def indicators(schools) -> pl.DataFrame:
    found = []
    for row in schools:
        pupils = str(row["nalu_lect4b_rbd"])
        told = {
            "low_income": LOW_INCOME.get(row["cod_grupo"]),
            "rural": RURAL.get(row["cod_rural_rbd"]),
            "pupils": float(pupils) if pupils.replace(".", "").isdigit() else None,
        }
        school = str(int(row["rbd"]))
        found += [
            (school, 2016, name, "all", value, None) for name, value in told.items() if value is not None
        ]
    return pl.DataFrame(found, schema=tables.INDICATORS, orient="row").unique(
        ["school", "indicator"], keep="first", maintain_order=True
    )


@pytest.fixture(scope="module")
def context(real_data: Path, indicators) -> Context:
    return context_index(context_table(indicators), counts(real_data / "chile_simce", 2016))


def test_context_explains_two_fifths_of_what_schools_differ_by(context):
    """Социально-экономическая группа, село, размер: 43 % различий между пятью тысячами школ."""
    share, low, high = context.explained
    assert context.usable and 0.40 < low < share < high < 0.46 and len(context.results) > 5_000
    weight = dict(context.weights.select("indicator", "weight").rows())
    assert weight["low_income"] > 0.5 and weight["pupils"] < 0


def test_schools_called_better_are_those_that_the_agency_found_better(context, schools):
    """Лучше ожидаемого с вероятностью 0,9: агентство нашло лучшими в своей группе 95 %, худшими — 2 %."""
    marks = [(str(int(row["rbd"])), {row["siggru_lect4b_rbd"], row["siggru_mate4b_rbd"]}) for row in schools]
    theirs = pl.DataFrame(
        {
            "school": [school for school, _said in marks],
            "found_better": [BETTER in said for _school, said in marks],
            "found_worse": [WORSE in said for _school, said in marks],
        }
    ).unique("school", keep="first")
    both = context_map(context).filter(pl.col("why") == "").join(theirs, on="school")
    better, worse = both.filter(pl.col("better") >= 0.9), both.filter(pl.col("better") <= 0.1)
    assert len(better) > 900 and better["found_better"].mean() > 0.94 and better["found_worse"].mean() < 0.03
    assert len(worse) > 900 and worse["found_worse"].mean() > 0.94 and worse["found_better"].mean() < 0.04


def test_two_years_later_other_pupils_of_schools_called_better_do_better_too(real_data, context, indicators):
    """Прошло два года, пишут другие: четыре школы из пяти по-прежнему лучше ожидаемого, прочих — треть."""
    later = context_index(context_table(indicators), counts(real_data / "chile_simce", 2018))
    now = context_map(later).filter(pl.col("why") == "").select("school", later="better")
    both = context_map(context).filter(pl.col("why") == "").join(now, on="school")
    called = pl.col("better") >= 0.9
    still, others = (both.filter(which)["later"] for which in (called, ~called))
    assert (still > 0.5).mean() > 0.75 and (still <= 0.1).mean() < 0.12
    assert (others > 0.5).mean() < 0.35
    resilient = both.filter("resilient")["later"]
    assert len(resilient) > 30 and (resilient > 0.5).mean() > 0.65
