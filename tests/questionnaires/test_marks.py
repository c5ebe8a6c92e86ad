"""What is typed of a sheet is read by the questionnaire's rules, and any two entries make a valid sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.questionnaires.editions import load, shipped
from opora.questionnaires.form import DONT_KNOW
from opora.questionnaires.logic import checked
from opora.questionnaires.marks import (
    SPOILED,
    agreed,
    differing,
    entered,
    mark_words,
    places,
    read_marks,
    typed_of,
)
from opora.questionnaires.reading import read_form
from tests.questionnaires.drawn import TEXT, trial

FREE = read_form(TEXT.replace("        required: true\n", ""), "trial.yaml")  # as it is given to people


@pytest.mark.parametrize(
    ("place", "typed", "mark"),
    [
        ("clear", "3", 3),
        ("clear", " 3 ", 3),
        ("clear", "-", DONT_KNOW),
        ("clear", "–", DONT_KNOW),
        ("clear", "*", SPOILED),
        ("why", "2", "noise"),
        ("days.calm", "4", 4),
        ("help", "13", ["home", "friend"]),
        ("help", "31", ["home", "friend"]),
        ("help", "1 3", ["home", "friend"]),
        ("help", "1, 3", ["home", "friend"]),
        ("help", "11", ["home"]),
        ("missed", "0", 0),
        ("missed", "30", 30),
        ("missed", "-", DONT_KNOW),
        ("part", "100", 100),
        ("noise_from", "из коридора", "из коридора"),
        ("noise_from", "-", "-"),
    ],
)
def test_what_is_typed_means_an_answer(place, typed, mark):
    assert read_marks(FREE, {place: typed}).marks == {place: mark}


@pytest.mark.parametrize(
    ("place", "typed", "said"),
    [
        ("clear", "5", "цифра от 1 до 4. «-» — не знаю. Если на листе не так, введите «*»."),
        ("clear", "0", "от 1 до 4"),
        ("clear", "12", "от 1 до 4"),
        ("clear", "да", "от 1 до 4"),
        ("clear", "²", "от 1 до 4"),
        ("why", "3", "от 1 до 2"),
        ("why", "-", "от 1 до 2. Если"),
        ("days.calm", "-", "от 1 до 4. Если"),
        ("help", "123", "Не больше 2."),
        ("help", "4", "от 1 до 3, можно несколько"),
        ("missed", "31", "целое число от 0 до 30"),
        ("missed", "7,5", "целое число"),
        ("part", "101", "от 0 до 100"),
        ("noise_from", "я" * 1001, "длиннее 1000 знаков"),
    ],
)
def test_what_a_question_does_not_allow_is_told_and_not_read(place, typed, said):
    read = read_marks(FREE, {place: typed})
    assert not read.marks and said in read.faults[place]


def test_ten_answers_and_more_are_parted_by_blanks():
    """Если вариантов больше девяти, цифры разделяют: иначе «12» — это и 12, и «1 и 2»."""
    many = "{" + ", ".join(f"o{one}: {{ru: x{one}, en: x{one}}}" for one in range(1, 13)) + "}"
    start = TEXT.index("        most: 2\n        options:\n          home")
    end = TEXT.index('        text: {ru: "Кто помогает?"')
    changed = (TEXT[:start] + f"        options: {many}\n" + TEXT[end:]).replace("help.home", "help.o1")
    form = read_form(changed, "trial.yaml")
    assert read_marks(form, {"help": "12"}).marks == {"help": ["o12"]}
    assert read_marks(form, {"help": "1 2 12"}).marks == {"help": ["o1", "o2", "o12"]}
    assert typed_of(form, {"help": ["o1", "o12"]}) == {"help": "1 12"}


def test_words_are_typed_once_and_never_differ():
    typed = {"clear": "1", "noise_from": "улица"}
    assert read_marks(FREE, typed, words=False).marks == {"clear": 1}
    assert differing(FREE, {"noise_from": "улица"}, {}) == []


def test_two_entries_are_compared_place_by_place():
    """Пусто и «не разобрать» — одно и то же: ответа нет; сверяется то, где введено хоть что-то."""
    first = {"clear": 1, "missed": SPOILED, "days.calm": 2, "help": ["home"]}
    second = {"clear": 2, "days.kind": 2, "help": ["home"]}
    assert differing(FREE, first, second) == ["clear", "days.calm", "days.kind"]
    assert entered(FREE, first, second) == 5


def test_a_sheet_is_put_together_when_every_difference_is_decided():
    first, second = {"clear": 3, "missed": 4, "noise_from": "из окна"}, {"clear": 3, "missed": 14}
    assert agreed(FREE, first, second, {}) is None
    assert agreed(FREE, first, second, {"missed": 14}) == {"clear": 3, "missed": 14}
    assert agreed(FREE, first, second, {"missed": SPOILED}) == {"clear": 3}
    assert agreed(FREE, first, first, {}) == {"clear": 3, "missed": 4}


def test_an_answer_to_a_question_that_was_not_asked_is_left_out_as_on_a_screen():
    """Ответил «понятно» и всё же отметил, что мешает: на экране этого вопроса не было бы."""
    marks = {"clear": 4, "why": "noise", "noise_from": "улица"}
    assert agreed(FREE, marks, marks, {}) == {"clear": 4}
    marks = {"clear": 1, "why": "noise", "noise_from": "улица"}
    assert agreed(FREE, marks, marks, {}) == marks


@pytest.mark.parametrize(
    ("name", "mark", "said"),
    [
        ("clear", None, "пусто"), ("clear", SPOILED, "не разобрать"), ("clear", DONT_KNOW, "не знаю"),
        ("clear", 2, "скорее нет"), ("why", "noise", "шумно"), ("help", ["home", "friend"], "дома, друг"),
        ("missed", 7, "7"),
    ],
)  # fmt: skip
def test_a_mark_is_said_in_words(name, mark, said):
    assert mark_words(FREE.items[name], mark, "ru") == said


KEYS = st.text(alphabet="0123456789-–* ,.абя", max_size=5)
FORMS = [FREE, trial(), *(load(name) for name in shipped())]


@st.composite
def typed_sheets(draw):
    form = draw(st.sampled_from(FORMS))
    names = [place for place, _item in places(form)]
    sheet = st.dictionaries(st.sampled_from(names), KEYS, max_size=30)
    return form, draw(sheet), draw(sheet), draw(sheet)


@given(typed_sheets())
def test_any_pair_of_entries_makes_a_valid_sheet(drawn):
    """Что бы ни набрали два человека и как бы ни решили, лист допустим по правилам анкеты."""
    form, *typed = drawn
    first, second, said = (read_marks(form, one).marks for one in typed)
    apart = differing(form, first, second)
    sheet = agreed(form, first, second, dict.fromkeys(apart, SPOILED) | said)
    assert sheet is not None
    again = checked(form, sheet)
    assert again.answers == sheet
    assert all(form.items[fault.field].required for fault in again.faults)


@given(typed_sheets())
def test_what_was_read_is_typed_again_as_the_same(drawn):
    form, typed, *_others = drawn
    marks = read_marks(form, typed).marks
    again = read_marks(form, typed_of(form, marks))
    assert (again.marks, again.faults) == (marks, {})
