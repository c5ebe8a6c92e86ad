"""The rule decides: who is on a list, by drawn tables."""

import polars as pl
import pytest

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
