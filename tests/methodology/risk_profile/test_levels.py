"""Levels of factors: fixed cut-offs, reference groups, how sure, and no data that is never low."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.risk_profile.intervals import uncertain
from opora.methodology.risk_profile.levels import HIGH, LOW, MIDDLE, NO_DATA, cuts, lacking, level, sure
from tests.methodology.risk_profile.drawn import facts, invited, one_factor, scored

KNOWN = "context: x, from: 0, to: 100"


def of(values, numbers="high: 60\nmiddle: 35", levels="fixed", reference=None):
    """Give the levels of schools whose factor has these points."""
    table = facts(*((name, "x", value) for name, value in values.items()))
    found = scored(one_factor(KNOWN, numbers, levels), {}, {"context": table})
    where = cuts(found, reference)
    return dict(zip(found.schools, level(found.factor_points, where)[:, 0], strict=True)), found, where


def test_fixed_cut_offs_make_levels_and_the_cut_belongs_to_the_upper_one():
    """С 60 — высокая, с 35 — средняя; ровно на границе — верхний уровень."""
    levels, _found, _where = of({"1": 60.0, "2": 59.99, "3": 35.0, "4": 34.99, "5": 0.0})
    assert levels == {"1": HIGH, "2": MIDDLE, "3": MIDDLE, "4": LOW, "5": LOW}


def test_no_data_is_a_level_of_its_own_and_never_low():
    """«Нет данных» — четвёртое состояние, а не «низкая»; причина названа."""
    levels, found, where = of({"1": 10.0, "2": None})
    assert levels == {"1": LOW, "2": NO_DATA}
    named = level(found.factor_points, where)
    assert lacking(found, named)[:, 0].tolist() == ["", "none"]
    assert np.isnan(sure(named, uncertain(found, where.values))[1, 0])


def test_tertiles_of_the_campaign_part_its_schools_in_three():
    """Терцили всех школ кампании: по трети на уровень."""
    levels, _found, where = of({f"{n:02}": float(n) for n in range(30)}, "smallest_group: 1", "reference")
    assert [list(levels.values()).count(name) for name in (LOW, MIDDLE, HIGH)] == [10, 10, 10]
    assert where.beside == "campaign" and set(where.schools[:, 0]) == {30}


def test_of_schools_all_alike_none_is_high():
    """У всех одно значение: сравнение со школами никого не назовёт высоким."""
    levels, _found, _where = of(dict.fromkeys("abcdefghijkl", 80.0), "smallest_group: 1", "reference")
    assert set(levels.values()) == {LOW}


def test_a_school_is_put_beside_its_own_group():
    """Группа сравнения — регион: одно и то же значение в трудном регионе ниже, чем в благополучном."""
    values = {f"a{n:02}": float(n) for n in range(20)} | {f"b{n:02}": float(n + 50) for n in range(20)}
    values |= {"a99": 35.0, "b99": 35.0}
    group = pl.DataFrame({"school": list(values), "group": [name[0] for name in values]})
    levels, _found, where = of(values, "smallest_group: 1", "reference", group)
    assert (levels["a99"], levels["b99"]) == (HIGH, LOW) and where.beside == "group"


def test_similar_schools_do_not_hold_the_school_itself():
    """Похожие школы переданы таблицей; сама школа среди них не считается."""
    values = {f"n{n:02}": float(n) for n in range(10)} | {"x": 9.0}
    pairs = pl.DataFrame({"school": ["x"] * 11, "neighbour": [*(f"n{n:02}" for n in range(10)), "x"]})
    levels, _found, where = of(values, "smallest_group: 1", "reference", pairs)
    assert levels["x"] == HIGH and where.schools[-1, 0] == 10
    assert levels["n00"] == NO_DATA


def test_too_few_schools_give_no_level():
    """Девять школ с данными — мало, чтобы сравнивать: нет данных, и сказано почему."""
    levels, found, where = of({str(n): float(n) for n in range(9)}, "smallest_group: 1", "reference")
    assert set(levels.values()) == {NO_DATA}
    assert set(lacking(found, level(found.factor_points, where))[:, 0]) == {"reference"}


@given(st.lists(st.floats(0, 100), min_size=10, max_size=40), st.integers(0, 39))
def test_more_risk_never_makes_a_lower_level(values, place):
    for numbers, levels in (("high: 60\nmiddle: 35", "fixed"), ("smallest_group: 1", "reference")):
        before, found, _where = of({f"{n:02}": v for n, v in enumerate(values)}, numbers, levels)
        order = [before[name] for name in np.array(found.schools)[np.argsort(found.factor_points[:, 0])]]
        ranks = [(LOW, MIDDLE, HIGH).index(one) for one in order]
        assert ranks == sorted(ranks) and place >= 0


def crowd(step, many=20, school="1"):
    steps = [step] * (many // 2) + [step + 1] * (many - many // 2)
    return pl.DataFrame({"school": [school] * many, "a": pl.Series(steps, dtype=pl.Int32)})


def test_a_level_says_how_sure_it_is():
    """Далеко от границы уровень твёрд, у самой границы — как монета."""
    line = "audience: pupil, item: a, from: 0, to: 10"
    told = {}
    for name, high in (("far", 90), ("near", 55)):
        found = scored(
            one_factor(line, f"high: {high}\nmiddle: 20"),
            {"pupil": crowd(5)},
            asked=invited(("1", "pupil", 400)),
        )
        where = cuts(found)
        named = level(found.factor_points, where)
        told[name] = named[0, 0], float(sure(named, uncertain(found, where.values))[0, 0])
    assert told["far"] == (MIDDLE, 1.0)
    assert told["near"][0] == HIGH and told["near"][1] == pytest.approx(0.55, abs=0.1)


def test_the_chance_of_a_level_adds_up():
    line = "audience: pupil, item: a, from: 0, to: 10"
    found = scored(
        one_factor(line, "high: 56\nmiddle: 54"), {"pupil": crowd(5)}, asked=invited(("1", "pupil", 400))
    )
    chance = uncertain(found, cuts(found).values)
    assert 0 < chance.low_chance[0, 0] < 1 and 0 < chance.high_chance[0, 0] < 1
    assert chance.low_chance[0, 0] + chance.high_chance[0, 0] <= 1
