"""«Кто это видит?» names the people and the reason, and only to who may know."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.accounts.models import User
from opora.registry.access import MAY, MEANING
from opora.registry.models import Appointment

MOST = 8


def page_of(client, somebody, address):
    client.force_login(somebody)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.context["page"], answer.content.decode()


def names(page):
    return [(viewer.name.removeprefix("Человек "), viewer.place) for viewer in page.viewers]


def test_a_school_s_page_names_everybody_from_the_country_down_to_the_school(world, client):
    """Сверху вниз: страна, регион, муниципалитет, школа; соседи и чужие не названы."""
    address = f"/schools/{world.places.listed.pk}/viewers/"
    told = [
        ("analyst", "вся страна"),
        ("operator", "вся страна"),
        ("observer", "Приморский край"),
        ("coordinator", "Приморский край"),
        ("municipal", "Ёлкинский район"),
        ("curator", "Школа села Ёлкино"),
        ("director", "Школа села Ёлкино"),
    ]
    for who in ("operator", "coordinator", "municipal", "director"):
        page, text = page_of(client, getattr(world.people, who), address)
        assert names(page) == told, who
        assert "назначение действует во всём регионе" in text and "назначение в этой школе" in text


def test_whose_appointment_is_over_is_not_named(world, client):
    Appointment.objects.filter(person=world.people.curator).update(until=date(2021, 1, 1))
    User.objects.filter(pk=world.people.observer.pk).update(is_active=False)
    page, _text = page_of(client, world.people.director, f"/schools/{world.places.listed.pk}/viewers/")
    assert not {"curator", "observer"} & {name for name, _place in names(page)}


def test_a_list_is_seen_by_everybody_within_and_a_draft_by_who_makes_it(world, client):
    people = world.people
    page, _text = page_of(client, people.coordinator, f"/runs/{world.own.pk}/viewers/")
    within = {
        "analyst",
        "operator",
        "observer",
        "coordinator",
        "municipal",
        "neighbour",
        "curator",
        "director",
    }
    assert {name for name, _place in names(page)} == within
    page, _text = page_of(client, people.coordinator, f"/runs/{world.own_draft.pk}/viewers/")
    assert {name for name, _place in names(page)} == {"operator", "coordinator"}


def test_a_file_is_seen_by_who_brings_results_of_its_region_and_by_who_brought_it(world, client):
    page, text = page_of(client, world.people.operator, f"/results/{world.far_file.pk}/viewers/")
    assert {name for name, _place in names(page)} == {"operator", "stranger"}
    assert f"И тот, кто загрузил: {world.people.stranger.full_name}." in text


def test_an_order_is_seen_by_who_answers_for_its_people_and_by_themselves(world, client):
    """Файл приказа: координаторы места, директор своей школы и тот, кого приказ назначил."""
    address = f"/orders/{world.own_order.pk}/viewers/"
    for who in ("operator", "coordinator", "municipal", "director"):
        page, text = page_of(client, getattr(world.people, who), address)
        assert {name for name, _place in names(page)} == {"operator", "coordinator", "municipal", "director"}
        assert f"И те, кого приказ назначил или освободил: {world.people.curator.full_name}." in text
    client.force_login(world.people.curator)
    assert client.get(address).status_code == 404  # reads the order itself, and does not ask who else does
    assert client.get(f"/orders/{world.own_order.pk}/").status_code == 200


def test_pages_lead_there_only_whom_it_opens(world, client):
    pages = {
        f"/schools/{world.places.listed.pk}/": {"operator", "coordinator", "municipal", "director"},
        f"/runs/{world.own.pk}/": {"operator", "coordinator"},
        "/results/": {"operator", "coordinator"},
        f"/people/{world.people.curator.pk}/": {"operator", "coordinator"},
    }
    for address, may in pages.items():
        for who in ("operator", "analyst", "coordinator", "municipal", "curator", "director", "observer"):
            client.force_login(getattr(world.people, who))
            answer = client.get(address)
            led = "/viewers/" in answer.content.decode() if answer.status_code == 200 else False
            assert led is (who in may), (address, who)


def test_every_deed_has_its_words():
    """Таблица «действие × роль» и её слова для людей — одна и та же."""
    assert set(MAY) == set(MEANING)


def test_questions_do_not_grow_with_people(world, client, person):
    address = f"/schools/{world.places.listed.pk}/viewers/"
    client.force_login(world.people.operator)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    asked()  # the first request of a session writes down that it was seen
    few = asked()
    for number in range(60):
        person(f"more{number}", "curator", school=world.places.listed)
    assert asked() == few <= MOST
    page, _text = page_of(client, world.people.operator, address + "?page=2")
    assert (len(page.viewers), page.paging.paginator.count) == (17, 67)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_speaks_both_languages(world, client, language):
    client.cookies["django_language"] = language
    _page, text = page_of(client, world.people.director, f"/schools/{world.places.listed.pk}/viewers/")
    said = "Кто это видит?" if language == "ru" else "Who sees this?"
    assert f"<h1>{said}</h1>" in text and "{%" not in text
