"""A questionnaire is given to people only if it keeps what the law and we promise them."""

from dataclasses import replace

import pytest

from opora.questionnaires.editions import load, shipped
from opora.questionnaires.form import Item, Page
from opora.questionnaires.publishing import hindrances, number, seconds_needed

SAID = {"ru": "Что изменить?", "en": "What to change?"}
WARNED = {"ru": "Имён не пишите.", "en": "Do not write names."}


def with_item(form, **changes):
    item = Item(**({"name": "own", "kind": "text", "text": SAID, "help": WARNED} | changes))
    page = Page({"ru": "Ещё", "en": "More"}, {}, (item,))
    return replace(form, pages=(*form.pages, page), minutes=form.minutes + 1)


@pytest.mark.parametrize("name", shipped())
def test_nothing_hinders_the_questionnaires_that_come_with_opora(name):
    assert hindrances(load(name)) == []


@pytest.mark.parametrize("name", ["teacher-2026", "pupil-6-2026", "parent-2026"])
@pytest.mark.parametrize(("promise", "word"), [("voluntary", "добровольной"), ("anonymous", "безымянной")])
def test_teachers_pupils_and_parents_answer_of_their_own_will_and_without_a_name(name, promise, word):
    """Анкета учителя, ученика или родителя публикуется, только если она добровольна и безымянна."""
    (said,) = [one for one in hindrances(replace(load(name), **{promise: False})) if word in one]
    assert ("779" in said) == (name == "teacher-2026" and promise == "voluntary")


def test_a_director_may_be_asked_by_duty_but_not_promised_to_stay_unknown():
    """Директора в школе узнают: обещать ему безымянность нельзя, а добровольность не нужна."""
    form = load("director-2026")
    assert not form.voluntary
    (said,) = hindrances(replace(form, anonymous=True, pages=form.pages[:-1], minutes=5))
    assert "узнают" in said


def test_a_voluntary_questionnaire_lets_every_question_be_skipped():
    form = with_item(load("parent-2026"), required=True)
    assert [said for said in hindrances(form) if "own" in said and "required" in said]


@pytest.mark.parametrize("key", ["title", "introduction", "purpose", "legal_basis", "used_by"])
def test_what_people_must_be_told_is_said_in_every_language(key):
    """Цель, основание, кто увидит ответы — на каждом языке анкеты."""
    form = load("teacher-2026")
    told = getattr(form, key)
    (said,) = hindrances(replace(form, **{key: {"ru": told["ru"], "en": " "}}))
    assert key in said and "«en»" in said
    assert len(hindrances(replace(form, **{key: {}}))) == 2


@pytest.mark.parametrize(("minutes", "word"), [(0, "Не сказано"), (1, "больше"), (90, "меньше")])
def test_the_minutes_that_are_said_fit_the_number_of_questions(minutes, word):
    """Три вопроса не занимают полутора часов, а тридцать — одной минуты."""
    said = hindrances(replace(load("director-2026"), minutes=minutes))
    assert said and word in said[0]


def test_time_is_counted_by_questions_rows_and_words():
    """Вопрос, строки таблицы, ответы на выбор и ответ словами занимают каждый своё время."""
    form = load("parent-2026")
    before = seconds_needed(form)
    question, row, words = (number(f"seconds_{kind}") for kind in ("question", "row", "text"))
    options = load("pupil-6-2026").items["homework_alone"].options
    assert seconds_needed(with_item(form)) == before + words
    assert seconds_needed(with_item(form, kind="count")) == before + question
    assert seconds_needed(with_item(form, kind="choices", options=options)) == before + question + 5 * row


@pytest.mark.parametrize("audience", ["teacher", "pupil", "parent"])
def test_nobody_is_kept_longer_than_allowed(audience):
    form = load({"pupil": "pupil-9-2026"}.get(audience, f"{audience}-2026"))
    assert [said for said in hindrances(replace(form, minutes=16)) if "уберите вопросы" in said]


@pytest.mark.parametrize(
    "asked",
    ["Напиши своё имя", "Фамилия и класс", "Как тебя зовут?", "Ваш телефон?", "ФИО учителя", "Your name?"],
)
def test_a_questionnaire_without_names_does_not_ask_for_one(asked):
    """Безымянная анкета не спрашивает, кто отвечает и о ком речь."""
    form = with_item(load("pupil-6-2026"), text={"ru": asked, "en": asked})
    assert [said for said in hindrances(form) if "кто отвечает" in said]


@pytest.mark.parametrize(
    "asked", ["Что изменить в школе?", "Какие предметы нравятся?", "Имеет ли школа сад?"]
)
def test_other_questions_in_words_are_allowed(asked):
    assert (
        hindrances(with_item(load("pupil-6-2026"), text={"ru": asked, "en": "What would you change?"})) == []
    )


def test_a_free_answer_warns_that_names_must_not_be_written():
    """У вопроса со свободным ответом сказано на каждом языке, что имён писать не нужно."""
    (said,) = hindrances(with_item(load("pupil-6-2026"), help={"ru": "Имён не пиши.", "en": "Be brief."}))
    assert "own" in said and "«en»" in said
    assert len(hindrances(with_item(load("pupil-6-2026"), help={}))) == 2
    assert hindrances(with_item(load("director-2026"), help={})) == []
