"""What is asked, what an answer may be, and the table that answers become."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.questionnaires.logic import asked, by_field, checked
from opora.questionnaires.table import as_table, columns
from tests.questionnaires.drawn import trial

FORM = trial()
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PLACES = ["clear", "why", "noise_from", "days.calm", "days.kind", "help", "missed", "part"]
SHEETS = st.dictionaries(
    st.sampled_from([*PLACES, "days", "stranger"]),
    ANY_JSON
    | st.integers(-1, 6)
    | st.sampled_from(["fast", "noise", "dont_know", ["home"], ["home", "friend"]]),
    max_size=9,
)


def test_a_question_is_asked_only_if_its_condition_holds():
    """«Что мешает?» спрашивают, если непонятно; «Откуда шум?» — если мешает шум."""
    assert asked(FORM, {"clear": 4}) == ["clear", "days", "help", "missed"]
    assert asked(FORM, {"clear": 2}) == ["clear", "why", "days", "help", "missed"]
    assert "noise_from" in asked(FORM, {"clear": 1, "why": "noise"})


def test_an_answer_to_what_is_not_asked_asks_nothing_further():
    """Ответ на вопрос, который не задан, ничего не открывает."""
    assert "noise_from" not in asked(FORM, {"clear": 4, "why": "noise"})


@pytest.mark.parametrize(
    ("answers", "is_asked"),
    [
        ({"missed": 5}, True),
        ({"missed": 4}, False),
        ({"missed": "dont_know"}, False),
        ({"help": ["home"], "days.calm": 2}, True),
        ({"help": ["home"], "days.calm": 3}, False),
        ({"help": ["school"], "days.calm": 1}, False),
        ({"days.calm": 1}, False),
    ],
)
def test_conditions_are_put_together(answers, is_asked):
    """«Какая часть?» — если пропусков пять и больше или помогают дома и в классе неспокойно."""
    assert ("part" in asked(FORM, {"clear": 4} | answers)) is is_asked


def test_what_was_not_asked_is_dropped_and_the_rest_kept_in_order():
    found = checked(FORM, {"missed": 3, "why": "noise", "clear": 4, "help": ["friend", "home"]})
    assert found.faults == ()
    assert list(found.answers.items()) == [("clear", 4), ("help", ["home", "friend"]), ("missed", 3)]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("clear", 5), ("clear", 0), ("clear", "4"), ("clear", True), ("clear", [1]), ("clear", 2.0),
        ("why", "slow"), ("why", 1), ("why", "dont_know"), ("days.calm", "dont_know"), ("help", "home"),
        ("help", ["home", "aunt"]), ("help", ["home", "school", "friend"]), ("help", [1]), ("missed", -1),
        ("missed", 31), ("missed", "3"), ("missed", 1.5),
    ],
)  # fmt: skip
def test_what_a_question_does_not_allow_is_told_at_its_place(place, value):
    """Ответ, которого вопрос не допускает, назван на своём месте и не сохранён; остальные целы."""
    found = checked(FORM, {"clear": 1, "days.kind": 3} | {place: value})
    assert list(by_field(found.faults)) == [place]
    assert place not in found.answers and found.answers["days.kind"] == 3


def test_a_required_answer_that_lacks_is_told_once():
    assert list(by_field(checked(FORM, {}).faults)) == ["clear"]
    assert len(checked(FORM, {"clear": 9}).faults) == 1
    assert checked(FORM, {"clear": "dont_know"}).faults == ()


def test_a_question_that_the_form_does_not_have_is_told():
    assert list(by_field(checked(FORM, {"clear": 1, "days": 1, "name": "Вася"}).faults)) == ["days", "name"]


@given(ANY_JSON)
def test_no_json_breaks_the_check(sheet):
    """Что бы ни прислали, проверка отвечает, а не падает."""
    assert set(checked(FORM, sheet).answers) <= set(PLACES)


@given(SHEETS)
def test_what_is_kept_is_checked_again_without_a_fault_and_fits_the_table(sheet):
    """Сохранённое проходит проверку ещё раз таким же и ложится в таблицу в своих границах."""
    found = checked(FORM, sheet)
    again = checked(FORM, json.loads(json.dumps(found.answers)))
    assert again.answers == found.answers
    assert {fault.field for fault in again.faults} <= {"clear"}
    row = as_table(FORM, [("1", found.answers)]).row(0, named=True)
    for name in columns(FORM):
        field, value = FORM.fields[name], row[name]
        assert value is None or (value == -1 and field.item.dont_know) or field.least <= value <= field.most


def test_sheets_become_rows_of_the_table():
    first = {"clear": 2, "why": "noise", "noise_from": "коридор", "help": ["friend"], "missed": 7, "part": 40}
    table = as_table(FORM, [("1", first), ("2", {"clear": "dont_know", "days.calm": 4})])
    assert table.columns == [
        "school", "clear", "why", "days.calm", "days.kind", "help.home", "help.school", "help.friend",
        "missed", "part",
    ]  # fmt: skip
    assert table.rows() == [
        ("1", 2, 2, None, None, 0, 0, 1, 7, 40),
        ("2", -1, None, 4, None, None, None, None, None, None),
    ]
    assert as_table(FORM, []).height == 0
