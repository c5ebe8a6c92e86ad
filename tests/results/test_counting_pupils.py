"""Pupils are counted one by one into outcomes; nothing of them remains."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.tables import OUTCOMES
from opora.results.readers.problems import Problems
from opora.results.readers.tally import Key, Tally

KEY = Key("sch224208", 2018, "vpr", "", "maths", 5, 5)


def test_pupils_become_counts_marks_and_a_histogram():
    tally = Tally()
    for mark, score in ((2, 3), (2, 3), (3, 7), (5, 20)):
        tally.add(KEY, mark, score)
    [row] = tally.frame().to_dicts()
    assert tally.frame().schema == pl.Schema(OUTCOMES)
    assert (row["takers"], row["low"], row["percent"]) == (4, 2, None)
    assert [row[f"mark{mark}"] for mark in (2, 3, 4, 5)] == [2, 1, 0, 1]
    assert len(row["scores"]) == 21
    assert {score: count for score, count in enumerate(row["scores"]) if count} == {3: 2, 7: 1, 20: 1}


def test_an_assessment_without_marks_has_none():
    tally = Tally()
    tally.add(KEY, None, 23, low=True)
    tally.add(KEY, None, 24, low=False)
    [row] = tally.frame().to_dicts()
    assert (row["takers"], row["low"], row["mark2"], row["mark5"]) == (2, 1, None, None)


def test_said_low_wins_over_the_mark():
    tally = Tally()
    tally.add(KEY, 3, low=True)
    assert tally.frame()["low"].to_list() == [1]


@pytest.mark.parametrize(
    ("mark", "score", "low"),
    [(0, None, None), (6, None, True), (None, 5, None), (2, -1, None), (2, 10**9, None)],
)
def test_what_cannot_be_counted_is_refused_and_leaves_no_trace(mark, score, low):
    tally = Tally()
    with pytest.raises(ValueError):
        tally.add(KEY, mark, score, low)
    assert len(tally) == 0


def test_counts_made_elsewhere_are_taken_over_once():
    tally = Tally()
    assert tally.add_counts(KEY, takers=20, low=8, marks=(8, 6, 4, 2))
    assert not tally.add_counts(KEY, takers=20, low=8)
    assert KEY in tally
    other = KEY._replace(school="2")
    assert tally.add_counts(other, takers=20, low=None, percent=40.0)
    rows = tally.frame().select("low", "percent", "mark2", "scores").rows()
    assert rows == [(8, None, 8, None), (None, 40.0, None, None)]


def test_no_pupils_make_an_empty_table_of_the_right_shape():
    assert Tally().frame().schema == pl.Schema(OUTCOMES)
    assert Tally().frame().height == 0


PUPILS = st.lists(st.tuples(st.sampled_from("абв"), st.integers(2, 5), st.integers(0, 60)), max_size=80)


@given(PUPILS)
def test_pupils_counted_together_are_counted_like_one_by_one(pupils):
    together, one_by_one = Tally(), Tally()
    for (school, mark, score), number in Counter(pupils).items():
        together.add(KEY._replace(school=school), mark, score, pupils=number)
        for _pupil in range(number):
            one_by_one.add(KEY._replace(school=school), mark, score)
    assert together.frame().equals(one_by_one.frame())


@given(PUPILS)
def test_counts_are_those_of_the_pupils(pupils):
    tally = Tally()
    for school, mark, score in pupils:
        tally.add(KEY._replace(school=school), mark, score)
    for row in tally.frame().to_dicts():
        own = [(mark, score) for school, mark, score in pupils if school == row["school"]]
        assert row["takers"] == len(own) == sum(row["scores"])
        assert row["low"] == row["mark2"] == sum(mark == 2 for mark, _score in own)
        assert sum(row[f"mark{mark}"] for mark in (2, 3, 4, 5)) == len(own)
        assert max(score for _mark, score in own) == len(row["scores"]) - 1


def test_problems_are_bounded_and_their_number_is_not_lost():
    problems = Problems(most=3)
    assert not problems
    for row in range(10):
        problems.add("Не так.", "Исправьте.", "Лист1", row, 1, "год")
    told = problems.told()
    assert [problem.cell for problem in told] == ["B1", "B2", "B3", ""]
    assert told[-1].what == "И ещё замечаний: 7."
    assert problems.count == 10


def test_a_problem_of_a_row_and_of_a_sheet_have_their_addresses():
    problems = Problems()
    problems.add("Не так.", "Исправьте.", "Лист1", 4)
    problems.add("Не так.", "Исправьте.", "Лист1")
    problems.add("Не так.", "Исправьте.")
    assert [(one.sheet, one.cell) for one in problems.told()] == [("Лист1", "5"), ("Лист1", ""), ("", "")]
