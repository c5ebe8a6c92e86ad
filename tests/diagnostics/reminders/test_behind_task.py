"""A survey in which a school is behind waits in the personal office of its director."""

from datetime import timedelta

from opora.diagnostics.tasks import survey_tasks
from tests.diagnostics.answered import answer
from tests.diagnostics.conftest import DIRECTOR, PARENTS, PUPILS

HAND_OUT = "Передать приглашения к анкетам: ответили ещё не все"


def told(person, today):
    return [(task.name, task.href) for task in survey_tasks(person, today)]


def test_a_school_that_is_behind_is_told_while_the_survey_goes_on(campaign, places, people, today):
    """Директор видит задачу, пока ответили мало и опрос идёт; координатору в ней делать нечего."""
    page = f"/surveys/{campaign.pk}/schools/{places.listed.pk}/"
    assert told(people.director, today) == [(HAND_OUT, page)]
    assert [told(one, today) for one in (people.coordinator, people.curator, people.stranger)] == [[], [], []]
    assert told(people.director, today + timedelta(days=15)) == []
    answer(campaign, places.listed, {PUPILS: 6, PARENTS: 2, DIRECTOR: 1})
    assert told(people.director, today) == []
