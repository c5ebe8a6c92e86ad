"""On paper a condition becomes words: who answers a question, and where all others go on."""

import pytest

from opora.questionnaires.editions import load, shipped
from opora.questionnaires.logic import asked
from opora.questionnaires.numbering import place_numbers, question_numbers
from opora.questionnaires.reading import read_form
from opora.questionnaires.skips import skip_words
from tests.questionnaires.drawn import TEXT, trial

SHIPPED = {
    "director-2026": {
        3: "Отвечайте, если в вопросе 2 вы написали 1 или больше. Если нет, переходите к вопросу 4.",
        12: "Отвечайте, если в вопросе 11 вы написали 1 или больше. Если нет, переходите к вопросу 13.",
        14: "На вопросы 14–15 отвечайте, если в вопросе 13 вы написали 1 или больше. Если нет, переходите к "
        "вопросу 16.",
    },
    "parent-2026": {
        14: "Отвечайте, если в вопросе 13 вы отметили «никогда» или «раз или два в год»."
        " Если нет, переходите к вопросу 15."
    },
    "psychologist-2026": {},
    "pupil-6-2026": {
        19: "Отвечайте, если в вопросе 18 вы отметили «иногда» или «часто»."
        " Если нет, переходите к вопросу 20."
    },
    "pupil-9-2026": {
        21: "Отвечайте, если в вопросе 20 вы отметили «иногда» или «часто»."
        " Если нет, переходите к вопросу 22."
    },
    "teacher-2026": {},
}


def said(form, language="ru"):
    numbers = question_numbers(form)
    return {numbers[name]: words for name, words in skip_words(form, language).items()}


def test_every_shipped_form_says_its_conditions_in_words():
    assert {name: said(load(name)) for name in shipped()} == SHIPPED


def test_conditions_of_several_questions_and_what_follows_from_them():
    """Кто не отвечал на вопрос 2, не отвечает и на 3: с вопроса 2 идут сразу к 4."""
    assert said(trial()) == {
        2: "Отвечайте, если в вопросе 1 вы отметили «нет» или «скорее нет»."
        " Если нет, переходите к вопросу 4.",
        3: "Отвечайте, если в вопросе 2 вы отметили «шумно». Если нет, переходите к вопросу 4.",
        7: "Отвечайте, если в вопросе 6 вы написали 5 или больше или (в вопросе 5 вы отметили «дома» и в "
        "вопросе 4.1 вы отметили «нет» или «скорее нет»). Если нет, вы закончили.",
    }


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("{field: clear, is: dont_know}", "в вопросе 1 вы отметили «не знаю»"),
        ("{field: clear, is: [1, dont_know]}", "в вопросе 1 вы отметили «нет» или «не знаю»"),
        ("{field: help.home, is: 0}", "в вопросе 5 вы отметили что-то, но не «дома»"),
        ("{field: help.home, at_least: 0}", "вы ответили на вопрос 5"),
        ("{field: missed, at_most: 3}", "в вопросе 6 вы написали 3 или меньше"),
        ("{field: missed, at_least: 2, at_most: 9}", "в вопросе 6 вы написали число от 2 до 9"),
        ("{field: missed, is: [1, 2, 7]}", "в вопросе 6 вы написали 1, 2 или 7"),
        ("{field: missed, is: [3, dont_know]}", "в вопросе 6 вы отметили 3 или «не знаю»"),
        (
            "{all: [{field: days.kind, is: 4}, {any: [{field: clear, is: 1}, {field: clear, is: 2}]}]}",
            "в вопросе 4.2 вы отметили «да» и (в вопросе 1 вы отметили «нет» или в вопросе 1 вы отметили "
            "«скорее нет»)",
        ),
    ],
)
def test_every_kind_of_condition_has_words(condition, words):
    start = TEXT.index("        asked_if:\n          any:")
    form = read_form(TEXT[:start] + f"        asked_if: {condition}\n", "trial.yaml")
    assert said(form)[7] == f"Отвечайте, если {words}. Если нет, вы закончили."


@pytest.mark.parametrize("name", ["director-2026", "parent-2026", "pupil-6-2026", "pupil-9-2026"])
def test_whoever_goes_on_as_told_passes_by_nothing_that_is_asked(name):
    """Пустой лист: всё, что перепрыгнули по словам на бумаге, не спросили бы и на экране."""
    form = load(name)
    numbers = question_numbers(form)
    unasked = {numbers[one] for one in form.items} - {numbers[one] for one in asked(form, {})}
    jumped = set()
    for first, words in said(form).items():
        onward = int(words.rstrip(".").rpartition(" ")[2])
        jumped |= set(range(first, onward))
    assert jumped == unasked


def test_rows_of_a_table_are_numbered_within_their_question():
    assert place_numbers(trial()) == {
        "clear": "1", "why": "2", "noise_from": "3", "days.calm": "4.1", "days.kind": "4.2", "help": "5",
        "missed": "6", "part": "7",
    }  # fmt: skip
