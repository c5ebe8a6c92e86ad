"""Late answers to single questions: drawn tables of what is left out and what stays."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.diagnostics.profiles.alike import without_few_alike
from tests.methodology.risk_profile.drawn import answers, one_factor

TWO = """audience: teacher, item: a, from: 1, to: 4
audience: teacher, item: b, from: 1, to: 4"""
SMALLEST = 3
EDITION = one_factor(TWO, f"smallest_group: {SMALLEST}\nanswered: 0.5")


def table(text):
    return answers(text).with_columns(pl.col("wave").cast(pl.Int32))


def left(text):
    return without_few_alike(table(text), EDITION, "teacher")


def test_two_late_answers_to_a_question_are_left_out_and_three_stay():
    found = left("""
        school | wave | a | b
        1      | 0    | 1 | 1
        1      | 1    | 4 | 2
        1      | 1    | 4 | 2
        1      | 1    |   | 2
    """)
    assert found["a"].to_list() == [None] * 4
    assert found["b"].to_list() == [None, 2, 2, 2]  # of the first one nothing was told, nor will be


def test_of_the_first_wave_too_what_fewer_than_three_answered_alike_is_left_out():
    """Один пропустил вопрос: его второго ответа в числах нет — разность балла и среднего выдала бы его."""
    found = left("""
        school | wave | a | b
        1      | 0    | 4 | 1
        1      | 0    | 4 | 2
        1      | 0    | 1 | 2
        1      | 0    | 1 |
    """)
    assert found["a"].to_list() == [4, 4, 1, None]


def test_where_too_few_would_be_left_all_of_the_first_wave_stay():
    """Балл показывают целиком, а из чего он сложился — нет (test_why)."""
    text = """
        school | wave | a | b
        1      | 0    | 4 | 1
        1      | 0    | 4 | 2
        1      | 0    | 1 |
        1      | 0    |   | 4
    """
    assert left(text).equals(table(text))


def test_the_first_of_whom_nothing_was_told_are_left_out_once_others_came():
    """Первых двое, их скрыли; поздних трое — балл второго выпуска только о них."""
    found = left("""
        school | wave | a | b
        1      | 0    | 4 | 1
        1      | 0    | 4 | 2
        1      | 1    | 1 | 1
        1      | 1    | 1 | 1
        1      | 1    | 1 | 1
    """)
    assert found["a"].to_list() == [None, None, 1, 1, 1]


def test_few_who_know_are_left_out_beside_many_who_do_not():
    """«Не знаю» даёт баллы: ответ одного знающего следовал бы из балла четверых."""
    line = "audience: teacher, item: a, from: 1, to: 4, dont_know: 50"
    found = without_few_alike(
        table("""
            school | wave | a
            1      | 0    | -1
            1      | 0    | -1
            1      | 0    | -1
            1      | 0    | 4
        """),
        one_factor(line, f"smallest_group: {SMALLEST}"),
        "teacher",
    )
    assert found["a"].to_list() == [-1, -1, -1, None]


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
    assert found["a"].to_list() == [None, None, -1] and found["b"].to_list() == [2, 2, 2]


THREE = f"{TWO}\naudience: teacher, item: c, from: 1, to: 4"


def test_what_is_left_out_may_leave_too_few_in_the_score_above_it():
    """Балл — у кого две трети ответов: без вопроса «а» (ответили двое) он был бы у одного, и скрыто всё."""
    found = without_few_alike(
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
def test_whatever_comes_no_number_is_of_fewer_than_the_smallest_group(needed, drawn):
    """Что бы ни пришло: кто в школе и волне ответил на одно и то же — таких не меньше трёх или нисколько.

    Первую волну, от которой осталось бы меньше трёх, оставляют целой: о вопросах тогда не говорят.
    """
    written = one_factor(THREE, f"smallest_group: {SMALLEST}\nanswered: {needed}")
    schema = {"school": pl.String, "wave": pl.Int32, "a": pl.Int64, "b": pl.Int64, "c": pl.Int64}
    before = pl.DataFrame(drawn, schema=schema, orient="row")
    found = without_few_alike(before, written, "teacher")
    assert found.columns == before.columns and found.height == before.height
    known = [(pl.col(name) > 0).fill_null(False) for name in "abc"]
    scored = pl.sum_horizontal(known) >= 3 * float(written.number("answered"))
    counted = found.with_columns(scored.alias("scored"), alike=pl.concat_str(known))
    for (school, wave), own in counted.partition_by(["school", "wave"], as_dict=True).items():
        answered = own.filter(pl.any_horizontal(known))
        fewest = answered["alike"].value_counts()["count"].min() or SMALLEST
        score = own["scored"].sum()
        if wave:
            assert fewest >= SMALLEST and not 0 < score < SMALLEST
        elif fewest < SMALLEST:
            whole = before.filter(school=school, wave=0)
            assert own.select(whole.columns).equals(whole) or score < SMALLEST
