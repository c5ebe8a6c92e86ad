"""The header says who one is and shows only the stages that one may open."""

import pytest
from django.utils import translation

from opora.registry.header import describe, may
from opora.ui.frame import Person


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("operator", "федеральный оператор"),
        ("coordinator", "региональный координатор, Приморский край"),
        ("municipal", "муниципальный координатор, Ёлкинский район"),
        ("director", "директор школы, Школа села Ёлкино"),
        ("nobody", ""),
    ],
)
def test_a_person_is_described_by_role_and_place(who, place, people):
    person = getattr(people, who)
    assert describe(person) == Person(person.full_name, place)


def test_in_english_the_role_and_the_region_are_english(people):
    with translation.override("en"):
        assert describe(people.coordinator).place == "regional coordinator, Primorsky Krai"


def test_the_header_reads_what_access_reads_and_asks_nothing_more(people, django_assert_num_queries):
    """Шапка стоит на каждой странице: лишнего запроса она не делает."""
    with django_assert_num_queries(1):
        assert may(people.coordinator, "see_lists")
        assert describe(people.coordinator).place


@pytest.mark.parametrize(
    ("who", "stages"),
    [
        ("operator", ["Территории", "Перечень", "Результаты", "Журнал"]),
        ("coordinator", ["Территории", "Перечень", "Результаты", "Журнал"]),
        ("curator", ["Территории", "Перечень"]),
        ("director", []),
    ],
)
def test_only_stages_that_open_are_shown(who, stages, people, rf):
    from opora.ui.frame import places

    request = rf.get("/")
    request.user, request.resolver_match = getattr(people, who), None
    assert [place.name for place in places(request)] == stages
