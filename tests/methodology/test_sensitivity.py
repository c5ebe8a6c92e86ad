"""Which number of a rule a verdict hangs on: true by the engine, and the nearest one there is."""

from decimal import Decimal
from random import Random

import polars as pl
import pytest

from opora.methodology import edition, tables
from opora.methodology.identification import identify
from opora.methodology.sensitivity import decides, matters_most, moves, turned

EDITIONS = ("seed-2020", "federal-2021", "omsk-2025", "quantile-15", "three-lists")


def hanging(outcomes, rule):
    """Answer school → parameter, value, steps of what matters most."""
    told = matters_most(
        turned(rule, rule.settle(), lambda changes: identify(outcomes, rule, changes=changes))
    )
    return {row["school"]: (row["parameter"], row["value"], row["steps"]) for row in told.to_dicts()}


def test_the_threshold_or_the_count_whichever_turns_sooner(outcomes, edition_2020):
    """У А решает порог: при 33 % остаётся один показатель; у Б — число показателей; В ничем не сдвинуть."""
    table = outcomes("""
        school | year | subject | takers | low
        А      | 2018 | maths   | 100    | 33
        А      | 2019 | maths   | 100    | 90
        Б      | 2018 | maths   | 100    | 90
        В      | 2018 | maths   | 100    | 0
        Г      | 2018 | maths   | 100    | 30
        Г      | 2019 | maths   | 100    | 90
    """)
    assert hanging(table, edition_2020) == {
        "А": ("low_share", "0.33", 3),
        "Б": ("failed_indicators", "1", -5),
        "Г": ("low_share", "0.30", 0),  # ровно 30 %: решает, читать ли «больше» как «не меньше»
    }


def test_numbers_that_say_how_sure_we_are_decide_nothing(edition_2020):
    assert decides(edition_2020) == ("low_share", "failed_indicators")
    assert {move.parameter for move in moves(edition_2020, edition_2020.settle())} == set(
        decides(edition_2020)
    )


def test_moves_stay_within_what_a_number_may_be(rule):
    """Порог 2 % вниз дальше нуля не сдвинуть."""
    near_zero = rule("{failed: low_results, count: one}", numbers="low_share share 0.02")
    values = [move.value for move in moves(near_zero, near_zero.settle()) if move.parameter == "low_share"]
    assert min(values) == Decimal("0.00") and Decimal("0.07") in values


def random_table(seed: int) -> tables.Outcomes:
    """Forty schools with two years of the usual assessments, near the thresholds on purpose."""
    rng = Random(seed)
    rows = [
        {
            "school": f"s{school:02}", "year": year, "assessment": assessment, "subject": subject,
            "grade": grade, "takers": takers, "low": min(takers, round(takers * rng.uniform(0.1, 0.5))),
        }
        for school in range(40)
        for year in (2018, 2019)
        for assessment, grade in (("vpr", 5), ("vpr", 6), ("oge", 9), ("ege", 11))
        for subject in ("russian", "maths")
        if (takers := rng.randint(0, 40)) and rng.random() < 0.9
    ]  # fmt: skip
    kinds = {name: kind for name, kind in tables.OUTCOMES.items() if name in rows[0]}
    return tables.outcomes(pl.DataFrame(rows, schema=kinds))


@pytest.mark.parametrize("name", EDITIONS)
def test_what_turns_a_verdict_does_and_nothing_nearer_does(name):
    """Каждая строка проверена правилом; ни один меньший сдвиг того же числа решения не меняет."""
    rule, table = edition.load(name), random_table(7)
    settled = rule.settle()

    def listed(changes):
        found = identify(table, rule, years=[2018, 2019], changes=changes).verdicts
        return {(r["school"], r["list"]): r["listed"] for r in found.to_dicts()}

    told = turned(rule, settled, lambda changes: identify(table, rule, years=[2018, 2019], changes=changes))
    base, nearest = listed({}), {}
    for move in moves(rule, settled):
        there = listed({move.parameter: move.change})
        for key in base.keys() | there.keys():
            if base.get(key, False) != there.get(key, False):
                nearest.setdefault((*key, move.parameter), move)
    assert {
        (row["school"], row["list"], row["parameter"]): (row["value"], row["steps"])
        for row in told.to_dicts()
    } == {key: (str(move.value), move.steps) for key, move in nearest.items()}
    assert nearest or name == "three-lists"


def test_an_empty_table_hangs_on_nothing(edition_2020):
    assert turned(
        edition_2020, edition_2020.settle(), lambda c: identify(None, edition_2020, changes=c)
    ).is_empty()
