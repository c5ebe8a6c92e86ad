"""What cannot be chosen: quotas that clash, questions and tables that are refused in words."""

import polars as pl
import pytest

from opora.methodology.choosing.choice import (
    Clash,
    Quota,
    SelectionError,
    choose,
    clash,
    each,
)
from opora.methodology.tables import TableMismatch
from tests.bench.candidates import FEATURES, candidates
from tests.methodology.heaps import ONE, TWO_HEAPS


def test_quotas_that_clash_are_named_and_no_others():
    """Три муниципалитета по две школы в пять мест не помещаются; квота по селу ни при чём."""
    table = candidates(60, 3)
    asked = [*each(table, "municipality", at_least=2), Quota("settlement", "rural", at_least=1)]
    assert [demand.what.column for demand in clash(table, 5, asked)] == ["municipality"] * 3
    assert clash(table, 6, asked) == ()
    with pytest.raises(
        Clash, match="нельзя выбрать столько школ: 5 — и выполнить вместе: муниципалитет 000: не меньше 2"
    ):
        choose(table, 5, FEATURES, quotas=asked)


def test_a_municipality_without_enough_candidates_clashes_alone():
    """Муниципалитет без кандидатов назван; квота с обеих сторон противоречит сама себе; мест мало
    включённым."""
    north = Quota("municipality", "Восток", at_least=1)
    with pytest.raises(Clash, match=r"муниципалитет Восток: не меньше 1 \(кандидатов 0\)$"):
        choose(TWO_HEAPS, 2, ONE, quotas=[Quota("municipality", "Юг", at_most=1), north])
    assert len(clash(TWO_HEAPS, 3, [Quota("municipality", "Юг", at_least=2, at_most=1)])) == 2
    told = clash(TWO_HEAPS, 1, [], {"А": "нужна", "Г": "нужна"})
    assert [str(one) for one in told] == ["школа А включена: нужна", "школа Г включена: нужна"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"k": 0}, "выбрать 0 из 6: выбирать нечего, нужно число от 1 до 5"),
        ({"k": 6}, "выбрать 6 из 6"),
        ({"quotas": [Quota("municipalty", "Юг", 1)]}, "нет столбца «municipalty»; возможно, «municipality»"),
        ({"quotas": [Quota("municipality", "Юг", -1)]}, "число меньше нуля"),
        ({"put_in": {"Я": "да"}}, "школы Я нет среди кандидатов"),
        ({"put_in": {"А": " "}}, "школа А: нужна причина"),
        ({"put_in": {"А": "да"}, "leave_out": {"А": "нет"}}, "школа А и включена, и не берётся"),
        ({"features": {}}, "не названо ни одного признака"),
        ({"features": {"low": "marks"}}, "нет группы признаков «marks»"),
        ({"features": {"hi": "results"}}, "нет столбца «hi»"),
        ({"features": {"municipality": "context"}}, "столбец municipality — не число"),
        ({"weights": {"results": 0}}, "ни у одной группы признаков нет веса"),
        ({"weights": {"results": -1}}, "меньше нуля"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_in_words(options, said):
    asked = {"k": 2, "features": ONE} | options
    with pytest.raises(SelectionError, match=said):
        choose(TWO_HEAPS, **asked)


def test_a_table_that_cannot_be_chosen_from_is_refused_in_words():
    with pytest.raises(TableMismatch, match="строка повторяется: school А"):
        choose(pl.concat([TWO_HEAPS, TWO_HEAPS[:1]]), 2, ONE)
    bare = TWO_HEAPS.with_columns(low=pl.when(pl.col("school") != "В").then("low"))
    with pytest.raises(SelectionError, match="ни один признак не известен, школ: 1, первая — В"):
        choose(bare, 2, ONE)
    with pytest.raises(SelectionError, match="признак low не известен ни об одной школе"):
        choose(TWO_HEAPS.with_columns(low=None), 2, ONE)
