"""The header says who one is and shows only the stages that one may open."""

from datetime import timedelta

import pytest
from django.utils import translation

from opora.registry.actions import appoint, name_deputy
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


ALL = ["Территории", "Перечень", "Результаты", "Опросы", "ВСОКО", "Визиты", "Люди", "Журнал"]


@pytest.mark.parametrize(
    ("who", "stages"),
    [
        ("operator", ALL),
        ("coordinator", ALL),
        ("curator", ["Территории", "Перечень", "Опросы", "ВСОКО", "Визиты"]),
        ("director", ["Опросы", "ВСОКО", "Визиты", "Люди"]),
    ],
)
def test_only_stages_that_open_are_shown(who, stages, people, rf):
    from opora.ui.frame import places

    request = rf.get("/")
    request.user, request.resolver_match = getattr(people, who), None
    assert [place.name for place in places(request)] == stages


def test_somebody_with_several_roles_may_choose_one(people, places, signed_in):
    """Ролей несколько — в шапке выбор, и он действует на всех страницах, без JavaScript."""
    appoint(people.director, "municipal_coordinator", municipality=places.lake)
    browser = signed_in(people.director)
    assert "все роли сразу" in browser.get("/").content.decode() or browser.get("/").status_code == 302
    assert browser.get("/list/").status_code == 200
    assert browser.post("/acting/", {"role": "director"}).headers["Location"] == "/"
    assert browser.get("/list/").status_code == 404
    assert (
        'value="director" aria-current="true"'
        in browser.get(f"/schools/{places.listed.pk}/").content.decode()
    )
    browser.post("/acting/", {"role": ""})
    assert browser.get("/list/").status_code == 200


def test_a_role_that_one_does_not_hold_cannot_be_chosen(people, signed_in):
    browser = signed_in(people.director)
    browser.post("/acting/", {"role": "federal_operator"})
    assert browser.get("/list/").status_code == 404


def test_a_chosen_role_is_forgotten_when_it_has_ended(people, places, signed_in, today):
    second = appoint(people.director, "municipal_coordinator", municipality=places.lake)
    browser = signed_in(people.director)
    browser.post("/acting/", {"role": "municipal_coordinator"})
    type(second).objects.filter(pk=second.pk).update(
        until=second.since - timedelta(days=1), end_reason="Ушёл"
    )
    assert browser.get(f"/schools/{places.listed.pk}/").status_code == 200
    assert "acting_role" not in browser.session


def test_the_choice_leads_nowhere_else(people, signed_in):
    answer = signed_in(people.director).post("/acting/", {"role": "", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_a_deputy_is_described_with_the_name_of_the_other(people, person, today):
    deputy = person("deputy")
    name_deputy(people.curator.appointments.get(), deputy, today, today, people.curator)
    assert describe(deputy).place == f"куратор, Школа села Ёлкино, за: {people.curator.full_name}"
