"""The questionnaires that come with Opora keep their promises to those who answer."""

import pytest

from opora.questionnaires.editions import FormError, load, shipped
from opora.questionnaires.form import TYPES

SECONDS_A_FIELD = 20  # long enough to read a question and choose, by our own trials
WARNS = {"ru": "Имён", "en": "names"}


def test_each_audience_has_its_questionnaire():
    assert shipped() == (
        "director-2026", "parent-2026", "psychologist-2026", "pupil-6-2026", "pupil-9-2026", "teacher-2026",
    )  # fmt: skip


@pytest.mark.parametrize("name", shipped())
def test_a_questionnaire_is_as_short_as_it_says(name):
    """Сказанные минуты не меньше, чем нужно на столько вопросов; учителю и родителю — до десяти."""
    form = load(name)
    assert form.name == name
    assert (
        len(form.fields) * SECONDS_A_FIELD <= form.minutes * 60 * 2
    )  # rows and options go faster than items
    assert len(form.items) * SECONDS_A_FIELD <= form.minutes * 60
    assert form.minutes <= {"teacher": 10, "parent": 10}.get(form.audience, 15)


@pytest.mark.parametrize("name", ["teacher-2026", "parent-2026", "pupil-6-2026", "pupil-9-2026"])
def test_teachers_parents_and_pupils_answer_of_their_own_will_and_without_a_name(name):
    """Анкета учителя, родителя, ученика добровольна и безымянна; обязательных вопросов нет; имён не пишут."""
    form = load(name)
    assert form.voluntary and form.anonymous
    assert not any(item.required for item in form.items.values())
    for item in form.items.values():
        if item.kind == "text":
            assert all(WARNS[language] in item.help[language] for language in form.languages)


def test_what_several_groups_are_asked_has_one_name():
    """О климате, понятности, помощи и участии семьи спрашивают разных людей под одним именем."""
    asked = {name: set(load(name).fields) for name in shipped()}
    for field in ("bullying_seen", "respect_teachers", "friendly_class", "parents_interest"):
        assert sum(field in fields for fields in asked.values()) >= 5, field
    for field in (
        "clear_explanations",
        "individual_help",
        "motivation.interesting",
        "calm_lessons",
        "belonging",
    ):
        assert {"pupil-6-2026", "pupil-9-2026", "teacher-2026", "parent-2026"} <= {
            name for name, fields in asked.items() if field in fields
        }, field


def test_a_questionnaire_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(FormError, match="pupil-6-2026"):
        load("pupil-7-2026")


def test_nothing_lacking_is_an_answer_that_can_be_told_from_silence():
    """Директор, у которого есть все специалисты, отмечает «все есть»; родитель и учитель — «ни в чём»."""
    assert "missing_specialists.none" in load("director-2026").fields
    assert "take_part.none" in load("parent-2026").fields
    assert "difficulties.none" in load("teacher-2026").fields


def test_questions_of_every_kind_are_used_and_some_are_skipped():
    """Встречаются все виды вопросов, «не знаю», обратный вопрос и вопросы с условием."""
    items = [item for name in shipped() for item in load(name).items.values()]
    assert {item.kind for item in items} == set(TYPES)
    for mark in ("dont_know", "reversed", "asked_if"):
        assert any(getattr(item, mark) for item in items), mark


def test_what_has_one_name_has_one_measure():
    """У вопроса с одним именем в анкетах учеников одна шкала, иначе их нельзя складывать."""
    older, younger = load("pupil-9-2026").fields, load("pupil-6-2026").fields
    for name in older.keys() & younger.keys():
        assert (older[name].kind, older[name].most) == (younger[name].kind, younger[name].most), name
