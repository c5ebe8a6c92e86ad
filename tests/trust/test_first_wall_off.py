"""Every address × every role with the filters of Python switched off: the database hides what is foreign."""

from unittest.mock import patch

import pytest

from opora.registry import access
from opora.registry.models import Appointment
from tests.trust.matrix import LINES, PEOPLE, asked_in_turn, foreign_words
from tests.trust.world import MODELS


@pytest.fixture
def no_python_filter():
    """Switch the first wall off: every question of access is answered «the whole country, in every role»."""

    def everything(person, today):
        return [access.Held(str(role), None, None, None, "", None, 0) for role in access.Role]

    with patch.object(access, "_held", everything):
        yield


@pytest.mark.parametrize("who", PEOPLE.values())
def test_with_the_first_wall_switched_off_nothing_foreign_is_shown_or_changed(
    world, everybody, client, who, no_python_filter
):
    """Забытый фильтр в Python: страница может открыться, но чужого имени и числа в ней нет."""
    client.raise_request_exception = False
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    seen, opened = [], 0
    for line, answer in asked_in_turn(client, world, who, LINES):
        opened += answer.status_code == 200
        seen += [(line.title(), line.place, mark) for mark in foreign_words(answer, who)]
    assert seen == []
    assert opened > (4 if who == "anonymous" else 8)  # pages do open: it is the database that hides
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


def test_without_either_wall_the_marks_would_be_seen(world, client, no_python_filter):
    """Проверка проверки: снимем и вторую стену — чужие имена появятся на страницах."""
    with patch("opora.registry.middleware.acting_as"):
        read = [line for line in LINES if line.method == "GET"]
        seen = {
            mark
            for _line, answer in asked_in_turn(client, world, "director", read)
            for mark in foreign_words(answer, "director")
        }
    assert {"Степн", "Береговой", "дальний", "Гимназия № 1"} <= seen
    assert Appointment.objects.exists()
