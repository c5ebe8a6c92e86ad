"""The rule decides: who is on a list, by drawn tables."""

import json
from datetime import date

import polars as pl
import pytest

from opora.methodology import edition, tables
from opora.methodology.identification import identify
from tests.methodology.drawn import listed, who


def verdicts(table, of):
    found = identify(table, of).verdicts
    return dict(zip(found["school"].cast(pl.Int64), found["listed"], strict=True))


def test_two_failed_outcomes_make_a_school_low_performing(outcomes, edition_2020):
    """Две неуспешные процедуры — школа входит в перечень; одной мало."""
    table = outcomes("""
        school | year | assessment | subject | grade | takers | low
        1      | 2018 | vpr        | maths   | 5     | 20     | 8
        1      | 2019 | oge        | russian | 9     | 30     | 10
        2      | 2018 | vpr        | maths   | 5     | 20     | 8
        2      | 2019 | oge        | russian | 9     | 30     | 2
    """)
    assert verdicts(table, edition_2020) == {1: True, 2: False}


def test_the_years_of_2020_are_pooled(outcomes, edition_2020):
    """По правилу 2020 года два показателя одного года весят столько же, сколько по одному в каждом году."""
    table = outcomes("""
        school | year | subject | takers | low
        one    | 2019 | maths   | 20     | 8
        one    | 2019 | russian | 20     | 8
        two    | 2018 | maths   | 20     | 8
        two    | 2019 | maths   | 20     | 8
    """)
    assert who(table, edition_2020) == "one two"


def test_exactly_thirty_percent_is_not_above_thirty(outcomes, edition_2020):
    """Ровно 30 % — не «выше 30 %»: сравниваются целые числа, а не дроби с плавающей точкой."""
    table = outcomes("""
        school  | subject | takers | low
        exact   | maths   | 10     | 3
        exact   | russian | 1000   | 300
        beyond  | maths   | 1000   | 301
        beyond  | russian | 1000   | 301
    """)
    assert who(table, edition_2020) == "beyond"
    assert who(table, edition_2020, changes={"low_share": {"comparison": "at least"}}) == "beyond exact"


@pytest.mark.parametrize("takers", [10, 20, 70, 110, 190, 1_000_000])
def test_thirty_percent_of_any_number_is_exact(outcomes, edition_2020, takers):
    low = takers * 3 // 10
    table = outcomes(f"""
        school | subject | takers   | low
        exact  | maths   | {takers} | {low}
        exact  | russian | {takers} | {low}
        above  | maths   | {takers} | {low + 1}
        above  | russian | {takers} | {low + 1}
    """)
    assert who(table, edition_2020) == "above"


def test_a_published_percent_is_compared_as_printed(outcomes, edition_2020):
    """Опубликованный процент сравнивается так, как напечатан: 30,0 — не выше 30, 30,1 — выше."""
    table = outcomes("""
        school | subject | takers | low | percent
        a      | maths   | 27     |     | 30.0
        a      | russian | 27     |     | 30.0
        b      | maths   | 27     |     | 30.1
        b      | russian | 27     |     | 30.1
        c      | maths   | 27     | 9   |
        c      | russian | 27     |     | 99.9
    """)
    assert who(table, edition_2020) == "b c"


def test_years_asked_for_replace_the_window(outcomes, edition_2020):
    table = outcomes("""
        school | year | subject | takers | low
        a      | 2016 | maths   | 10     | 9
        a      | 2016 | russian | 10     | 9
        b      | 2019 | maths   | 10     | 9
        b      | 2018 | maths   | 10     | 9
    """)
    assert who(table, edition_2020) == "b"
    found = identify(table, edition_2020, years=[2016])
    assert listed(found) == "a"
    assert found.years == (2016,) and found.settings["years"] == [2016]
    assert found.verdicts["school"].to_list() == ["a"]  # nobody else has a result that was looked at


def test_a_school_nobody_of_which_took_part_has_nothing_counted(outcomes, rule):
    """Процедура без участников не учитывается, даже если порог — «не ниже»."""
    at_least = rule("{failed: low_results, count: one}", numbers="low_share share 0.30 at least")
    table = outcomes("""
        school | takers | low
        empty  | 0      | 0
        full   | 10     | 3
    """)
    found = identify(table, at_least)
    assert listed(found) == "full"
    empty = found.verdicts.filter(pl.col("school") == "empty").row(0, named=True)
    assert (empty["listed"], empty["counted"], empty["failed"]) == (False, 0, 0)


def test_only_everybody_counts_unless_categories_are_named(outcomes, rule):
    """Категория обучающихся — не отдельный показатель, пока редакция не назвала её."""
    table = outcomes("""
        school | category | takers | low
        a      | all      | 10     | 9
        a      | ovz      | 10     | 9
    """)
    two = "{failed: low_results, count: two}"
    named = """
        measures:
          low_results:
            {of: low results, title: Доля, threshold: low_share, where: {category: [all, ovz]}}
    """
    assert who(table, rule(two)) == ""
    assert who(table, rule(two, more=named)) == "a"
    assert who(table, rule(two, more=named.replace("[all, ovz]", "any"))) == "a"


def test_a_count_in_each_of_the_years(outcomes, rule):
    """«В каждом году»: двух неуспешных за один год мало, нужны оба года."""
    table = outcomes("""
        school | year | subject | takers | low
        once   | 2019 | maths   | 10     | 9
        once   | 2019 | russian | 10     | 9
        both   | 2018 | maths   | 10     | 9
        both   | 2019 | russian | 10     | 9
    """)
    assert who(table, rule("{failed: low_results, count: one, in_years: every}")) == "both"


def test_k_of_the_last_n_years(outcomes, rule):
    """«Два года из трёх» не значит «сейчас»: последний год может быть успешным."""
    table = outcomes("""
        school | year | takers | low
        past   | 2017 | 10     | 9
        past   | 2018 | 10     | 9
        past   | 2019 | 10     | 1
        now    | 2017 | 10     | 1
        now    | 2018 | 10     | 1
        now    | 2019 | 10     | 9
    """)
    window = "{years: [2017, 2018, 2019]}"
    assert who(table, rule("{failed: low_results, count: one, in_years: two_years}", window=window)) == "past"
    assert who(table, rule("{failed: low_results, count: one, last: one_year}", window=window)) == "now"


def test_the_same_indicator_in_each_year(outcomes, rule):
    """«Та же процедура»: математика в одном году и русский в другом — не повторение."""
    table = outcomes("""
        school | year | subject | grade | takers | low
        other  | 2018 | maths   | 5     | 10     | 9
        other  | 2019 | russian | 5     | 10     | 9
        grades | 2018 | maths   | 5     | 10     | 9
        grades | 2019 | maths   | 6     | 10     | 9
        same   | 2018 | maths   | 5     | 10     | 9
        same   | 2019 | maths   | 5     | 10     | 9
    """)
    assert who(table, rule("{same: low_results}")) == "same"
    by_subject = "{same: low_results, by: [assessment, subject]}"
    assert who(table, rule(by_subject)) == "grades same"


def test_two_sittings_of_one_year_are_one_year_for_the_same_indicator(outcomes, rule):
    """Весна и осень одного года — не два года."""
    table = outcomes(
        """
        school | year | sitting | takers | low
        a      | 2018 | spring  | 10     | 9
        a      | 2018 | autumn  | 10     | 9
        b      | 2018 | autumn  | 10     | 9
        b      | 2019 | spring  | 10     | 9
    """.replace("2019 |         |", "2019 | spring  |")
    )
    assert who(table, rule("{same: low_results}")) == "b"


def test_all_any_and_not(outcomes, rule):
    table = outcomes("""
        school | year | subject | takers | low
        a      | 2018 | maths   | 10     | 9
        b      | 2019 | maths   | 10     | 9
        c      | 2018 | maths   | 10     | 9
        c      | 2019 | maths   | 10     | 9
        d      | 2018 | maths   | 10     | 0
    """)
    now = "{failed: low_results, count: one, last: one_year}"
    pooled = "{failed: low_results, count: one}"
    assert who(table, rule(f"{{all: [{now}, {pooled}]}}")) == "b c"
    assert who(table, rule(f"{{any: [{now}, {pooled}]}}")) == "a b c"
    assert who(table, rule(f"{{all: [{pooled}, {{not: {now}}}]}}")) == "a"
    assert who(table, rule(f"{{not: {pooled}}}")) == "d"


def test_a_school_without_counted_results_is_on_no_list_even_by_not(outcomes, rule):
    """Школа, у которой нечего считать, не может попасть в перечень по отрицанию."""
    table = outcomes("""
        school | takers | low
        empty  | 0      | 0
        good   | 10     | 0
    """)
    assert who(table, rule("{not: {failed: low_results, count: one}}")) == "good"


def test_the_branch_is_the_first_true_one(outcomes, rule):
    table = outcomes("""
        school | year | subject | takers | low
        a      | 2018 | maths   | 10     | 9
        a      | 2019 | maths   | 10     | 9
        b      | 2019 | maths   | 10     | 9
        b      | 2019 | russian | 10     | 9
        c      | 2019 | maths   | 10     | 1
    """)
    of = rule(
        "{any: [{id: same, same: low_results}, "
        "{id: deep, any: [{id: two, failed: low_results, count: two}]}]}"
    )
    found = identify(table, of).verdicts
    assert dict(zip(found["school"], found["branch"], strict=True)) == {
        "a": "rule.same",
        "b": "rule.deep.two",
        "c": None,
    }


def test_a_minimum_of_takers(outcomes, rule):
    """Процедура, в которой участников меньше наименьшего числа, не учитывается."""
    of = rule("{failed: low_results, count: one}", numbers="few pupils 10", more="minimum: {takers: few}\n")
    table = outcomes("""
        school | takers | low
        small  | 9      | 9
        enough | 10     | 9
    """)
    found = identify(table, of)
    assert listed(found) == "enough"
    small = found.evidence(["small"], only_listed=False).row(0, named=True)
    assert (small["counted"], small["excluded"]) == (False, "few_takers")


def test_a_minimum_cohort_leaves_the_school_out(outcomes, rule):
    of = rule(
        "{failed: low_results, count: one}", numbers="cohort pupils 30", more="minimum: {cohort: cohort}\n"
    )
    table = outcomes("""
        school | subject | takers | low
        small  | maths   | 14     | 9
        small  | russian | 15     | 9
        enough | maths   | 15     | 9
        enough | russian | 15     | 9
    """)
    found = identify(table, of)
    assert listed(found) == "enough"
    assert set(found.evidence(["small"], only_listed=False)["excluded"]) == {"small_cohort"}


EXCLUSIONS = """
    exclusions:
      evening:
        meaning: вечерние
        where: {kind: [evening, special]}
        source: opora
        status: Opora default
      tiny:
        meaning: крошечные
        where: {pupils: {compare: tiny}}
        source: opora
        status: Opora default
"""


def test_schools_are_excluded_by_their_attributes(outcomes, schools, rule):
    of = rule("{failed: low_results, count: one}", numbers="tiny pupils 20 below", more=EXCLUSIONS)
    table = outcomes("""
        school | takers | low
        a      | 10     | 9
        b      | 10     | 9
        c      | 10     | 9
        d      | 10     | 9
    """)
    kinds = schools("""
        school | kind      | pupils
        a      | secondary | 100
        b      | evening   | 100
        c      | secondary | 19
    """).cast({"pupils": pl.Int64})
    found = identify(table, of, schools=kinds)
    assert listed(found) == "a d"  # d is in no table of schools: nothing is known against it
    excluded = found.evidence(["b", "c"], only_listed=False)
    assert excluded["excluded"].to_list() == ["evening", "tiny"]
    assert not excluded["counted"].any() and not excluded["failed"].any()
    assert found.notes == ()


def test_an_exclusion_that_cannot_be_applied_is_said(outcomes, schools, rule):
    of = rule("{failed: low_results, count: one}", numbers="tiny pupils 20 below", more=EXCLUSIONS)
    table = outcomes("""
        school | takers | low
        a      | 10     | 9
    """)
    without = identify(table, of)
    assert len(without.notes) == 2 and "таблица школ не дана" in without.notes[0]
    named = identify(table, of, schools=schools("school | kind\n a | evening"))
    assert listed(named) == ""
    assert len(named.notes) == 1 and "pupils" in named.notes[0]


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
