"""Context × result: quadrants, resilient schools that were planted, possible mentors."""

from functools import cache

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from opora.methodology import tables
from opora.methodology.context.index import context_index
from opora.methodology.context.map import MAP, MENTORS, QUADRANTS, context_map, mentors
from opora.methodology.context.table import context_table
from opora.methodology.context.words import quadrant
from tests.methodology.simulated_context import simulate


@cache
def mapped(schools=2_000, seed=1, **told):
    region = simulate(schools, seed, **told)
    context = context_index(context_table(region.indicators), region.outcomes)
    return region, context, context_map(context)


# --- quadrants and resilient schools


def test_planted_resilient_schools_are_found():
    """В самой трудной четверти каждая пятая школа намного лучше ожидаемого: нашлись почти все, чужих мало."""
    region, _context, told = mapped(planted=0.2)
    enough = told.filter(pl.col("why") == "")
    planted = region.of(enough["school"], region.planted)
    resilient = enough["resilient"].to_numpy()
    better = region.of(enough["school"], region.own) < 0
    assert resilient[planted].mean() > 0.8
    assert better[resilient].mean() > 0.93
    assert resilient[~planted].mean() < 0.05


def test_schools_with_few_pupils_are_not_called_anything():
    """Меньше пятидесяти работ: квадранта нет, даже если низких результатов нет вовсе."""
    _region, _context, told = mapped(planted=0.2)
    few = told.filter(pl.col("takers") < 50)
    assert len(few) > 100 and few["quadrant"].null_count() == len(few) and not few["resilient"].any()
    assert set(few["why"]) == {"few"} and not few["sure"].any()


def test_an_honest_region_has_few_resilient_schools_that_are_not():
    region, _context, told = mapped()
    called = told.filter("resilient")
    assert 0 < len(called) < 0.1 * len(told)
    assert (region.of(called["school"], region.own) < 0).mean() >= 0.9


def test_every_school_stands_in_one_quadrant_or_has_a_reason():
    """Трудный контекст — индекс выше нуля; лучше ожидаемого — вероятность больше половины."""
    _region, _context, told = mapped(planted=0.2)
    assert told.schema == pl.Schema(MAP | {"school": pl.String})
    assert ((told["why"] == "") == told["quadrant"].is_not_null()).all()
    known = told.filter(pl.col("why") == "")
    assert set(known["quadrant"]) == set(QUADRANTS)
    hard, good = known["quadrant"].str.starts_with("hard"), known["quadrant"].str.ends_with("good")
    assert ((known["index"] > 0) == hard).all() and ((known["better"] > 0.5) == good).all()
    assert known.filter("resilient").select((pl.col("quadrant") == "hard_good").all()).item()
    assert ((known["better"] >= 0.9) | (known["better"] <= 0.1) == known["sure"]).all()


def test_only_the_hardest_quarter_holds_resilient_schools():
    _region, _context, told = mapped(planted=0.2)
    line = told["index"].drop_nulls().sort(descending=True)[len(told) // 4 - 1]
    assert told.filter("resilient")["index"].min() >= line
    assert len(told.filter((pl.col("index") < line) & (pl.col("better") > 0.95))) > 10


def test_where_the_fit_is_too_weak_nobody_is_called_anything():
    _region, _context, told = mapped(300, 3, times=0.0)
    assert set(told["why"]) == {"unfit"} and told["quadrant"].null_count() == 300
    assert not told["resilient"].any() and quadrant(told.to_dicts()[0]).startswith("Связь контекста")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_place_on_the_map_is_said_in_words(language, monkeypatch):
    monkeypatch.setenv("OPORA_LANG", language)
    usual = {"resilient": False, "why": "", "sure": True}
    said = [quadrant(usual | {"quadrant": name}) for name in QUADRANTS]
    said += [quadrant(usual | {"why": why}) for why in ("special", "unknown", "unfit", "results", "few")]
    said += [quadrant(usual | {"resilient": True}), quadrant(usual | {"quadrant": "hard_low", "sure": False})]
    assert len(set(said)) == len(said)
    assert {"ru": "Резильентная", "en": "Resilient"}[language] in said[-2]


# --- mentors


def test_a_mentor_is_a_resilient_school_of_similar_context():
    """Школе в трудном контексте называют трёх резильентных, похожих на неё; нуждающихся — никогда."""
    _region, context, told = mapped(planted=0.2)
    needing = told.filter(pl.col("quadrant") == "hard_low")["school"]
    found = mentors(context, told, needing)
    assert found.schema == pl.Schema(MENTORS | {"school": pl.String, "mentor": pl.String})
    assert set(found["mentor"]) <= set(told.filter("resilient")["school"])
    assert found.group_by("school").len()["len"].unique().to_list() == [3]
    assert set(found["school"]) == set(needing) and found["near"].null_count() == len(found)
    assert found.filter(pl.col("place") == 1)["distance"].mean() < 0.5 * found["distance"].max()


def test_a_resilient_school_in_need_is_nobodys_mentor():
    """Школа из списка нуждающихся наставником не бывает, даже если она резильентная."""
    _region, context, told = mapped(planted=0.2)
    resilient = told.filter("resilient")["school"]
    assert mentors(context, told, resilient).is_empty()
    half = resilient.gather_every(2)
    assert not set(mentors(context, told, half)["mentor"]) & set(half)


def test_of_the_most_similar_those_nearby_come_first():
    """Среди десяти самых похожих первой — школа своего муниципалитета, затем своего региона."""
    _region, context, told = mapped(planted=0.2)
    needing = told.filter(pl.col("quadrant") == "hard_low")["school"].head(40)
    place = np.arange(len(told))
    territory = told.select("school").with_columns(
        municipality=pl.Series(place % 6), region=pl.Series(place % 6 // 3)
    )
    found = mentors(context, told, needing, territory)
    rank = found["near"].replace_strict({"municipality": 0, "region": 1, "country": 2}, return_dtype=pl.Int64)
    assert (
        found.with_columns(rank=rank).group_by("school").agg(pl.col("rank").diff().min() >= 0)["rank"].all()
    )
    assert {"municipality", "region"} <= set(found["near"])
    where = dict(territory.select("school", "municipality").rows())
    same = found.filter(pl.col("near") == "municipality")
    assert len(same) and all(where[row["school"]] == where[row["mentor"]] for row in same.to_dicts())
    plain = mentors(context, told, needing)
    assert not found.select("school", "mentor").equals(plain.select("school", "mentor"))


def test_a_school_whose_territory_is_not_told_is_far_from_all():
    _region, context, told = mapped(planted=0.2)
    needing = told.filter(pl.col("quadrant") == "hard_low")["school"].head(3)
    nowhere = told.select("school", municipality=pl.lit(None, pl.Int64), region=pl.lit(None, pl.Int64))
    found = mentors(context, told, needing, nowhere)
    assert set(found["near"]) == {"country"}
    assert_frame_equal(found.drop("near"), mentors(context, told, needing).drop("near"))


def test_a_table_of_territory_that_does_not_fit_is_refused():
    _region, context, told = mapped(planted=0.2)
    with pytest.raises(tables.TableMismatch, match="школы: нет столбца region"):
        mentors(context, told, told["school"].head(1), told.select("school", municipality=pl.lit(1)))
