"""The attacker of the bench on small countries: protected, nothing is recovered; not protected, much."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from opora.methodology.disclosure.filters import chosen
from opora.methodology.disclosure.publishing import Published
from tests.bench.attack import OPTIONS, attack, attacked, filters, knowledge, moments, of_respondents, shown
from tests.bench.survey import campaign, schools
from tests.methodology.disclosure.surveys import groups


def small_country(seed):
    places = schools(30, seed)
    return campaign(places, seed), filters(places, 12, seed)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_attacker_recovers_nothing_that_is_protected_and_much_that_is_not(seed):
    """Все таблицы, итоги, фильтры и три публикации: раскрыто 0; без дополнительного сокрытия — сотни."""
    drawn, ways = small_country(seed)
    found, bare = attack(drawn, ways, protected=True), attack(drawn, ways, protected=False)
    assert found["hidden"] == bare["hidden"] > 50
    assert found["recovered"] == 0
    assert bare["recovered"] > 2 * bare["hidden"]


def test_what_the_attacker_subtracts_are_the_numbers_that_are_shown():
    """Уравнения нападающего — это строки таблиц: сумма его неизвестных равна показанному числу."""
    drawn, ways = small_country(1)
    found = moments(drawn, protected=True)[-1]
    tables = [found.table, *(chosen(found, way) for way in ways)]
    told = pl.concat(tables).filter(pl.col("respondents") > 0)
    own, made = ["school", "audience", "grade", "wave"], []
    for pairs in shown(found, "respondents", ways, protected=True):
        both = pairs.join(found.entries, on=own, nulls_equal=True)
        made.append(both.group_by("total").agg(pl.col("respondents", *OPTIONS).sum()))
    mine = pl.concat(made).select("respondents", *OPTIONS)
    audiences = told.filter(pl.col("audience").is_not_null())
    assert sorted(told["respondents"]) == sorted(mine["respondents"])
    assert not set(audiences.select("respondents", *OPTIONS).rows()) - set(mine.rows())


@pytest.mark.parametrize("protected", [True, False])
def test_the_bounds_that_are_told_together_are_those_of_the_whole_program(protected):
    """Короткий путь нападающего даёт те же границы, что линейная программа с переменной на каждую группу."""
    drawn, ways = small_country(2)
    made = moments(drawn, protected)
    known = knowledge(made, "respondents", ways, protected)
    lower, upper = np.ones(len(known.n)), np.maximum(known.most, known.n)
    short = attacked(known, known.n, lower, upper)
    whole = attacked(known, known.n, lower, upper, together=False)
    assert np.allclose(short.lower, whole.lower, atol=1e-4)
    assert np.allclose(short.upper, whole.upper, atol=1e-4)


@given(groups(waves=2))
@settings(max_examples=40)
def test_how_many_answered_stays_unsure_in_every_small_country(drawn):
    """Для любой маленькой страны: у числа ответивших скрытой группы остаётся хотя бы два значения."""
    told = drawn.with_columns(option_1="yes", option_2=0, option_3=0, option_4=0, asked=0).with_columns(yes=0)
    made: list[Published] = moments(told, protected=True)
    if not made[-1].entries["respondents"].sum():
        return
    ways = [[one] for one in drawn["school"].unique().sort()]
    recovered, _everybody = of_respondents(knowledge(made, "respondents", ways, True), float("inf"))
    assert recovered == 0
