"""Several lists of one edition, numbers tried in their place, and the settings that make a list again."""

import json
from datetime import date

import polars as pl
import pytest

from opora.methodology import edition, tables
from opora.methodology.identification import identify
from tests.methodology.drawn import listed, who


def test_several_lists_come_from_one_edition(outcomes):
    """Три перечня одной редакции: низкие, стабильно высокие, группа риска текущего года."""
    table = outcomes("""
        school | year | subject | takers | low
        low    | 2018 | maths   | 10     | 9
        low    | 2018 | russian | 10     | 9
        low    | 2019 | maths   | 10     | 9
        low    | 2019 | russian | 10     | 9
        risk   | 2018 | maths   | 10     | 1
        risk   | 2019 | maths   | 10     | 9
        risk   | 2019 | russian | 10     | 9
        high   | 2017 | maths   | 20     | 1
        high   | 2017 | russian | 20     | 0
        high   | 2018 | maths   | 20     | 1
        high   | 2018 | russian | 20     | 0
        high   | 2019 | maths   | 20     | 1
        high   | 2019 | russian | 20     | 0
        middle | 2019 | maths   | 10     | 1
    """)
    found = identify(table, edition.load("three-lists"))
    assert [listed(found, of) for of in ("low", "high", "risk")] == ["low", "high", "risk"]


def test_two_in_the_last_year_and_the_same_in_both(outcomes):
    """Правило 2025 года: две процедуры за последний год и одна и та же процедура в обоих годах."""
    table = outcomes("""
        school | year | subject | takers | low
        now    | 2025 | maths   | 10     | 3
        now    | 2025 | russian | 10     | 3
        same   | 2024 | maths   | 10     | 3
        same   | 2025 | maths   | 10     | 3
        both   | 2024 | maths   | 10     | 3
        both   | 2025 | maths   | 10     | 3
        both   | 2025 | russian | 10     | 3
    """)
    found = identify(table, edition.load("omsk-2025"))
    assert listed(found) == "both"
    assert found.years == (2024, 2025)


def test_two_in_a_year_or_one_in_each_of_two(outcomes, schools):
    """Реконструкция правила 2021–2022 годов: две процедуры за год или одна в каждом из двух лет."""
    table = outcomes("""
        school  | year | assessment | subject | grade | takers | low
        now     | 2022 | vpr        | maths   | 5     | 10     | 3
        now     | 2022 | oge        | russian | 9     | 10     | 3
        each    | 2021 | vpr        | maths   | 5     | 10     | 3
        each    | 2022 | vpr        | russian | 6     | 10     | 3
        past    | 2021 | vpr        | maths   | 5     | 10     | 3
        past    | 2021 | vpr        | russian | 5     | 10     | 3
        eighth  | 2022 | vpr        | maths   | 8     | 10     | 3
        eighth  | 2022 | vpr        | russian | 8     | 10     | 3
        evening | 2022 | vpr        | maths   | 5     | 10     | 3
        evening | 2022 | vpr        | russian | 5     | 10     | 3
    """)
    kinds = schools("""
        school  | kind
        evening | evening
        now     | secondary
    """)
    found = identify(table, edition.load("federal-2021"), schools=kinds)
    assert listed(found) == "each now"
    branches = dict(found.verdicts.filter("listed").select("school", "branch").iter_rows())
    assert branches == {"now": "rule.one_year", "each": "rule.both_years"}


def test_what_if_numbers_take_the_place_of_the_editions_own(outcomes, edition_2020):
    """Что если порог другой: решение меняется, редакция — нет."""
    table = outcomes("""
        school | subject | takers | low
        a      | maths   | 100    | 26
        a      | russian | 100    | 26
    """)
    assert who(table, edition_2020) == ""
    found = identify(table, edition_2020, changes={"low_share": 0.25, "failed_indicators": 2})
    assert listed(found) == "a"
    assert found.settings["changes"] == {"failed_indicators": "2", "low_share": "0.25"}
    assert who(table, edition_2020) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"low_shar": 0.2}, "возможно, «low_share»"),
        ({"low_share": 2}, "вне пределов 0–1"),
        ({"low_share": "many"}, "не число"),
        ({"low_share": {"comparison": "over"}}, "неизвестное сравнение «over»"),
        ({"failed_indicators": 1.5}, "должно быть целым"),
    ],
)
def test_a_what_if_that_cannot_be_is_refused(outcomes, edition_2020, changes, sentence):
    table = outcomes("school | low\n a | 1")
    with pytest.raises(edition.EditionError, match=sentence):
        identify(table, edition_2020, changes=changes)


def test_settings_hold_everything_that_replays_a_list(outcomes, edition_2020):
    table = outcomes("school | low\n a | 31")
    settings = identify(table, edition_2020).settings
    assert settings["edition"] == "seed-2020" and settings["digest"] == edition_2020.digest
    assert settings["parameters"]["low_share"] == {"value": "0.30", "comparison": "above"}
    assert (settings["years"], settings["territory"], settings["on"]) == ([2018, 2019], "RU", "2020-03-01")


def test_integer_school_codes_stay_integers(edition_2020):
    flat = pl.DataFrame(
        {"school": [7, 7, 8], "year": 2019, "assessment": "vpr", "subject": ["a", "b", "a"], "grade": 5}
        | {"takers": 10, "low": 9}
    )
    found = identify(tables.outcomes(flat), edition_2020)
    assert found.verdicts.schema["school"] == pl.Int64
    assert found.verdicts.filter("listed")["school"].to_list() == [7]
    assert found.evidence([7]).schema["school"] == pl.Int64


def test_indicators_by_number_and_letter_are_counted_with_outcomes(outcomes, indicators, rule):
    """Число или буква могут быть показателем наравне с долей низких результатов."""
    of = rule(
        "{failed: [low_results, score, grade], count: two}",
        numbers="fewest number 40.5\npassing letter C",
        more="""
        measures:
          low_results: {of: low results, title: Доля, threshold: low_share}
          score: {of: value, title: Балл, threshold: fewest, where: {indicator: score}}
          grade:
            of: letter
            title: Оценка
            threshold: passing
            where: {indicator: grade}
            order: [F, D, C, B, A]
        """,
    )
    table = outcomes("""
        school | takers | low
        a      | 10     | 9
        b      | 10     | 9
        c      | 10     | 1
    """)
    facts = indicators("""
        school | year | indicator | value | letter
        a      | 2019 | score     | 40.4  |
        b      | 2019 | score     | 40.5  |
        b      | 2019 | grade     |       | C
        c      | 2019 | score     | 10    |
        c      | 2019 | grade     |       | D
        only   | 2019 | grade     |       | F
        only   | 2018 | grade     |       | D
        odd    | 2018 | grade     |       | I
    """)
    found = identify(table, of, indicators=facts)
    assert listed(found) == "a c only"
    odd = found.evidence(["odd"], only_listed=False).row(0, named=True)
    assert (odd["counted"], odd["excluded"], odd["letter"]) == (False, "letter_unknown", "I")


def test_a_window_of_the_last_years_ends_with_the_latest_result_looked_at(outcomes, rule):
    of = rule("{failed: low_results, count: one}", window="{last: two_years}")
    table = outcomes("""
        school | year | takers | low
        a      | 2015 | 10     | 9
        b      | 2017 | 10     | 1
    """)
    found = identify(table, of)
    assert found.years == (2016, 2017)
    assert found.verdicts["school"].to_list() == ["b"]


def test_no_outcomes_give_no_verdicts(edition_2020):
    found = identify(tables.no_outcomes(), edition_2020)
    assert found.verdicts.is_empty() and found.evidence().is_empty() and found.stability().is_empty()


def test_settings_through_json_give_the_same_verdicts(outcomes, edition_2020):
    """Сохранённые настройки, прочитанные из JSON, дают тот же перечень байт в байт."""
    table = outcomes("""
        school | year | subject | takers | low
        a      | 2018 | maths   | 10     | 3
        a      | 2019 | maths   | 10     | 3
        b      | 2018 | maths   | 10     | 2
        b      | 2019 | maths   | 10     | 3
    """)
    changes = {"low_share": {"value": 0.25, "comparison": "at least"}, "failed_indicators": 2}
    first = identify(table, edition_2020, years=[2018, 2019], changes=changes)
    kept = json.loads(json.dumps(first.settings))
    again = identify(
        table,
        edition_2020,
        years=kept["years"],
        territory=kept["territory"],
        on=date.fromisoformat(kept["on"]),
        changes=kept["changes"],
    )
    assert listed(first) == "a"
    assert again.settings == first.settings
    for made in ("evidence", "stability"):
        assert getattr(again, made)().write_json() == getattr(first, made)().write_json()
    assert again.verdicts.write_json() == first.verdicts.write_json()
