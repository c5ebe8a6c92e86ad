"""Figures as they are: carried over along merges, never invented, nothing lost and nothing counted twice."""

from datetime import date

import pytest

from opora.registry.history.carrying import as_they_are, day_of, routes, rules
from tests.registry.drawn import beginnings, drawn, figures, letter, number, totals

SINCE = date(2018, 5, 31)
FIGURES = """
    school | takers | low
    A      | 20     | 8
    B      | 30     | 3
    C      | 10     | 10
"""


def carried(changes, until=date(2024, 1, 1), told=FIGURES, since=SINCE):
    return as_they_are(figures(told), drawn(changes), since, until)


def test_figures_of_merged_schools_are_added():
    found = carried("""
        on         | kind  | school | ends
        2019-09-01 | merge | A      | B
    """)
    assert totals(found) == "A 50/11 C 10/10"
    assert found.figures[0].came_from == (number("B"),)


def test_before_the_day_of_a_merge_everybody_has_their_own():
    changes = """
        on         | kind  | school | ends
        2019-09-01 | merge | A      | B
    """
    assert totals(carried(changes, date(2019, 8, 31))) == "A 20/8 B 30/3 C 10/10"
    assert totals(carried(changes, since=date(2019, 9, 1))) == "A 20/8 C 10/10 | B 30/3"


def test_figures_follow_a_chain_of_merges_and_a_union():
    found = carried("""
        on         | kind  | school | ends | begins
        2019-09-01 | merge | A      | B    |
        2021-09-01 | merge |        | A C  | D
    """)
    assert totals(found) == "D 60/21"


def test_after_a_split_figures_stay_with_the_school_that_goes_on():
    found = carried("""
        on         | kind  | school | begins
        2019-09-01 | split | A      | D
    """)
    assert totals(found) == "A 20/8 B 30/3 C 10/10"


def test_after_a_split_without_an_heir_nothing_is_invented():
    """Прежней школы нет, доли не названы: не переносится, и сказано почему."""
    found = carried("""
        on         | kind  | ends | begins
        2019-09-01 | split | A    | D E
    """)
    assert totals(found) == "B 30/3 C 10/10 | A 20/8"
    assert found.lost[0][1] == "разделена 01.09.2019"


def test_told_shares_divide_a_count_to_the_last_pupil():
    """Доли из приказа: части складываются ровно в целое, низких не больше участников."""
    found = carried("""
        on         | kind  | ends | begins | shares
        2019-09-01 | split | A    | D E F  | D:1 E:1 F:1
    """)
    assert totals(found) == "B 30/3 C 10/10 D 6/2 E 7/3 F 7/3"
    assert {letter(one.school) for one in found.figures if one.is_divided} == set("DEF")


def test_figures_of_the_very_day_of_a_split_are_already_those_of_its_parts():
    """Сосчитанное в день разделения второй раз не делится."""
    changes = """
        on         | kind  | school | begins | shares
        2019-09-01 | split | A      | D      | A:1 D:1
    """
    assert totals(carried(changes, since=date(2019, 9, 1))) == "A 20/8 B 30/3 C 10/10"
    assert totals(carried(changes, since=date(2019, 8, 31))) == "A 10/4 B 30/3 C 10/10 D 10/4"


def test_a_closed_branch_leaves_its_figures_to_its_school():
    found = carried("""
        on         | kind   | school | main
        2018-09-01 | branch | B      | A
        2019-09-01 | close  | B      |
    """)
    assert totals(found) == "A 50/11 C 10/10"


def test_a_closed_school_has_no_heir_until_it_opens_again():
    changes = """
        on         | kind   | school
        2019-09-01 | close  | B
        2021-09-01 | reopen | B
    """
    assert totals(carried(changes, date(2020, 1, 1))) == "A 20/8 C 10/10 | B 30/3"
    assert carried(changes, date(2020, 1, 1)).lost[0][1] == "закрыта 01.09.2019"
    assert totals(carried(changes)) == "A 20/8 B 30/3 C 10/10"


def test_a_school_that_the_chronicle_does_not_know_keeps_its_own():
    found = as_they_are(
        figures(FIGURES), drawn("on | kind | school", beginnings("A")), SINCE, date(2020, 1, 1)
    )
    assert totals(found) == "A 20/8 B 30/3 C 10/10"


def test_keys_are_never_mixed():
    """Математика 2018 и 2019 складываются каждая своя."""
    found = carried(
        """
        on         | kind  | school | ends
        2019-09-01 | merge | A      | B
        """,
        told="""
        school | year | takers | low
        A      | 2018 | 20     | 8
        B      | 2018 | 30     | 3
        B      | 2019 | 5      | 1
        """,
    )
    assert [(one.key, sum(one.counts.values())) for one in found.figures] == [(2018, 50), (2019, 5)]


def test_figures_are_never_carried_back():
    with pytest.raises(ValueError, match="только вперёд"):
        routes(drawn("on | kind | school"), date(2020, 1, 1), date(2019, 1, 1))


def test_results_of_a_spring_belong_to_the_schools_of_that_spring():
    assert (day_of(2019), day_of(2020, "autumn")) == (date(2019, 5, 31), date(2020, 10, 31))
    assert rules()["status"] == "Opora default"
