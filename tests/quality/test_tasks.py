"""What of quality checks waits for a person stands in the personal office, with the way to it."""

from datetime import timedelta

import pytest

from opora.quality.models import QualityCheck, Repair
from opora.quality.repairs.actions import Planned, agree_repair, plan_repair, return_repair
from opora.quality.tasks import quality_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def waits(people, today):
    """Answer what waits for somebody: name → the word beside it."""
    return lambda who: {one.name: one.word for one in quality_tasks(getattr(people, who), today)}


def test_a_school_is_told_to_fill_in_until_it_signs_and_the_municipality_to_check(check, waits, filled):
    assert list(waits("director")) == ["Заполнить лист ВСОКО"] and waits("municipal") == {}
    filled()
    assert waits("director") == {}
    assert {name: word.replace("\xa0", " ") for name, word in waits("municipal").items()} == {
        "Проверить листы ВСОКО": "1 лист"
    }
    assert waits("coordinator") == waits("municipal") and waits("curator") == {} == waits("nobody")


def test_a_late_sheet_is_in_trouble(check, people, today, places):
    QualityCheck.objects.filter(pk=check.pk).update(fill_until=today - timedelta(days=1))
    (task,) = quality_tasks(people.director, today)
    assert (task.state, task.href) == ("trouble", f"/quality/{check.pk}/schools/{places.listed.pk}/")


def test_a_plan_is_asked_for_agreed_mended_and_carried_out(checked, people, waits, today):
    sheet = checked(regulation="no", schedule="partly")
    assert {name: word.replace("\xa0", " ") for name, word in waits("director").items()} == {
        "Составить план исправлений": "2 критерия"
    }
    measure = Planned("Сделать", "завуч", today)
    first = plan_repair(sheet, "regulation", measure, people.director)
    second = plan_repair(sheet, "schedule", measure, people.director)
    assert list(waits("municipal")) == ["Согласовать меры школы"] and waits("director") == {}
    agree_repair(first, 1, people.municipal)
    return_repair(second, "когда?", 1, people.municipal)
    assert list(waits("director")) == ["Исправить меры, которые вернул муниципалитет"]
    Repair.objects.filter(pk=first.pk).update(due_on=today - timedelta(days=1))
    assert next(iter(waits("director"))) == "Выполнить меры: срок прошёл" and waits("municipal") == {}


def test_the_office_shows_them(check, people, signed_in):
    page = signed_in(people.director).get("/office/")
    assert "Заполнить лист ВСОКО" in page.content.decode()
