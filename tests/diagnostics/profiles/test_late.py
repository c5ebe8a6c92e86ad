"""Late answers to single questions: drawn tables of what is left out and what stays."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.diagnostics.profiles.late import without_few_late
from tests.methodology.risk_profile.drawn import answers, one_factor

TWO = """audience: teacher, item: a, from: 1, to: 4
audience: teacher, item: b, from: 1, to: 4"""
SMALLEST = 3
EDITION = one_factor(TWO, f"smallest_group: {SMALLEST}\nanswered: 0.5")


def table(text):
    return answers(text).with_columns(pl.col("wave").cast(pl.Int32))


def left(text):
    return without_few_late(table(text), EDITION, "teacher")


def test_two_late_answers_to_a_question_are_left_out_and_three_stay():
    found = left("""
        school | wave | a | b
        1      | 0    | 1 | 1
        1      | 1    | 4 | 2
        1      | 1    | 4 | 2
        1      | 1    |   | 2
    """)
    assert found.rows() == [("1", 0, 1, 1), ("1", 1, None, 2), ("1", 1, None, 2), ("1", 1, None, 2)]


def test_answers_of_the_first_wave_stay_however_few():
    text = """
        school | wave | a | b
        1      | 0    | 4 |
        1      | 0    |   | 2
    """
    assert left(text).equals(table(text))


def test_each_school_and_each_wave_is_counted_apart():
    found = left("""
        school | wave | a | b
        1      | 1    | 4 | 1
        1      | 1    | 4 | 1
        1      | 2    | 4 | 1
        2      | 1    | 3 | 1
        2      | 1    | 3 | 1
        2      | 1    | 3 | 1
    """)
    assert found["a"].to_list() == [None, None, None, 3, 3, 3]


def test_who_does_not_know_is_not_one_who_answered():
    """«Не знаю» в среднее не входит: трое поздних, один не знает — двое."""
    found = left("""
        school | wave | a  | b
        1      | 1    | 4  | 2
        1      | 1    | 4  | 2
        1      | 1    | -1 | 2
    """)
    assert found["a"].to_list() == [None, None, None] and found["b"].to_list() == [2, 2, 2]


THREE = f"{TWO}\naudience: teacher, item: c, from: 1, to: 4"


def test_what_is_left_out_may_leave_too_few_in_the_score_above_it():
    """Балл — у кого две трети ответов: без вопроса «а» (ответили двое) он был бы у одного, и скрыто всё."""
    found = without_few_late(
        table("""
            school | wave | a | b | c
            1      | 1    | 4 | 2 |
            1      | 1    | 4 |   | 1
            1      | 1    |   | 2 | 1
            1      | 1    |   | 2 |
            1      | 1    |   |   | 1
        """),
        one_factor(THREE, f"smallest_group: {SMALLEST}\nanswered: 0.5"),
        "teacher",
    )
    assert found.select("a", "b", "c").null_count().row(0) == (5, 5, 5)


answer = st.none() | st.sampled_from([-1, 1, 4])
sheets = st.lists(
    st.tuples(st.sampled_from("12"), st.integers(0, 1), answer, answer, answer), min_size=1, max_size=24
)


@pytest.mark.parametrize("needed", ["0.5", "1"])
@given(sheets)
def test_no_wave_adds_fewer_than_the_smallest_group_to_any_number(needed, drawn):
    """Что бы ни пришло: на каждый вопрос в поздней волне школы ответили не меньше трёх — или никто."""
    written = one_factor(THREE, f"smallest_group: {SMALLEST}\nanswered: {needed}")
    schema = {"school": pl.String, "wave": pl.Int32, "a": pl.Int64, "b": pl.Int64, "c": pl.Int64}
    before = pl.DataFrame(drawn, schema=schema, orient="row")
    found = without_few_late(before, written, "teacher")
    early = pl.col("wave") == 0
    assert found.columns == before.columns and found.height == before.height
    assert found.filter(early).equals(before.filter(early))
    known = {name: pl.col(name).is_not_null() & (pl.col(name) > 0) for name in "abc"}
    score = pl.sum_horizontal(known.values()) >= 3 * float(written.number("answered"))
    counted = found.filter(~early).with_columns(**known, score=score)
    for name in (*known, "score"):
        many = counted.group_by("school").agg(pl.col(name).sum())[name]
        assert not many.is_between(1, SMALLEST - 1).any(), name
