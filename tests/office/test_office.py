"""The personal office: what waits, what changed, one's schools, appointments and data."""

from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.audit.models import Event
from opora.office.models import Visit
from opora.people.actions import ask_to_be_forgotten, invite
from opora.registry.actions import appoint, name_deputy
from opora.registry.models import Appointment, Deputyship
from opora.ui.numbers import day


def office(signed_in, who):
    return signed_in(who).get("/office/").context["page"]


SECOND = "Защитить вход вторым фактором"


def names(page):
    return {task.name for task in page.tasks} - {SECOND}  # nobody here has one: a test of its own


@pytest.mark.parametrize(
    ("who", "waits"),
    [
        ("operator", {"Утвердить проекты перечней или оставить", "Пригласить тех, кто ещё не вошёл"}),
        ("coordinator", {"Пригласить тех, кто ещё не вошёл"}),
        ("director", {"Пригласить тех, кто ещё не вошёл"}),
        ("curator", set()),
        ("nobody", set()),
    ],
)
def test_what_waits_depends_on_what_one_may_do(draft, people, signed_in, who, waits):
    """Что ждёт: по правам роли, и ничего чужого."""
    assert names(office(signed_in, getattr(people, who))) == waits


def test_an_invited_person_is_waited_for_and_not_by_the_inviter(people, signed_in):
    for held in Appointment.objects.exclude(person=people.stranger).exclude(role="federal_operator"):
        invite(held, "letter", people.operator)
    assert names(office(signed_in, people.coordinator)) == set()


def test_an_appointment_that_ends_soon_waits_for_its_holder_and_the_coordinator(people, signed_in, today):
    Appointment.objects.filter(person=people.curator).update(until=today + timedelta(days=10))
    assert "Ваше назначение кончается" in names(office(signed_in, people.curator))
    assert "Продлить или заменить: назначения кончаются" in names(office(signed_in, people.coordinator))
    assert "Продлить или заменить: назначения кончаются" not in names(office(signed_in, people.stranger))


def with_codes(person, unused):
    """Give somebody one-time codes and some recovery codes that are left."""
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person)
    codes.instance.data["used_mask"] = 2**10 - 2**unused
    codes.instance.save()


@pytest.mark.parametrize(
    ("unused", "word"),
    [(None, "рекомендуем"), (10, None), (3, None), (2, "2\u00a0кода"), (0, "0\u00a0кодов")],
)
def test_who_may_lose_the_way_in_or_share_it_is_told(people, signed_in, unused, word):
    """Нет второго фактора — совет настроить; запасных кодов мало — сделать новые."""
    if unused is not None:
        with_codes(people.curator, unused)
    waiting = {task.name: task for task in office(signed_in, people.curator).tasks}
    wanted = SECOND if unused is None else "Сделать новые запасные коды: старые кончаются"
    assert (waiting[wanted].word if wanted in waiting else None) == word
    assert len(waiting) <= 1


def test_a_file_with_errors_waits_for_who_brought_it(bring, people, signed_in):
    bring(people.coordinator, "школа;год;процедура;предмет;класс;участников;низких\nнет;2018;впр;x;5;1;9\n")
    assert "Исправить файлы с ошибками" in names(office(signed_in, people.coordinator))
    assert "Исправить файлы с ошибками" not in names(office(signed_in, people.operator))


def test_what_changed_is_what_others_did_in_one_s_own_places_since_the_last_visit(
    people, person, places, signed_in
):
    appoint(person("new"), "psychologist", school=places.listed, by=people.coordinator)
    said = office(signed_in, people.municipal).news[0].said
    assert said.startswith("дана роль «психолог»")
    assert day(timezone.localdate()) in said  # a day is written as people read it
    for who in (people.coordinator, people.curator, people.stranger):
        assert not [one for one in office(signed_in, who).news if one.who == people.coordinator.full_name], (
            who
        )
    Visit.objects.filter(person=people.municipal).update(at=timezone.now() - timedelta(hours=2))
    Event.objects.filter(by=people.coordinator)  # nothing new has happened since
    assert office(signed_in, people.municipal).since is not None


def test_a_deed_of_a_deputy_says_for_whom_it_was_done(people, person, places, signed_in, today):
    deputy = person("deputy")
    name_deputy(people.coordinator.appointments.get(), deputy, today, today, people.coordinator)
    appoint(person("new"), "psychologist", school=places.listed, by=deputy)
    text = signed_in(people.municipal).get("/office/").content.decode()
    assert f"(за: {people.coordinator.full_name})" in text


def test_one_s_schools_and_appointments_are_shown(people, places, signed_in):
    page = office(signed_in, people.director)
    assert [school.name for school in page.schools] == ["Школа села Ёлкино"]
    assert [row.role for row in page.appointments] == ["директор школы"]


def test_without_anything_every_part_says_what_to_do(people, signed_in):
    text = signed_in(people.nobody).get("/office/").content.decode()
    for sentence in ("ничего не ждут", "Нового нет", "Назначений нет", "не открыта ни одна школа"):
        assert sentence in text, sentence


def test_one_s_own_data_comes_as_a_file_and_nobody_else_s(people, signed_in):
    answer = signed_in(people.curator).get("/office/data.json")
    kept = answer.json()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert kept["account"]["email"] == people.curator.email
    assert [row["role"] for row in kept["appointments"]["rows"]] == ["curator"]
    assert people.director.email not in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_who_has_no_appointment_is_forgotten_at_once(people, signed_in):
    browser = signed_in(people.nobody)
    assert browser.get("/office/forget/").status_code == 200
    assert browser.post("/office/forget/").headers["Location"] == "/sign-in/"
    people.nobody.refresh_from_db()
    assert (people.nobody.is_active, people.nobody.full_name) == (False, f"№ {people.nobody.pk}")


def test_who_is_in_work_is_forgotten_by_the_coordinator_who_is_told(people, signed_in):
    signed_in(people.curator).post("/office/forget/")
    people.curator.refresh_from_db()
    assert people.curator.is_active
    assert "Ответить на просьбу забыть данные" in names(office(signed_in, people.coordinator))
    assert "Ответить на просьбу забыть данные" not in names(office(signed_in, people.stranger))


def test_who_stands_in_is_in_work_too(people, signed_in, today):
    """Заместитель без своих назначений не исчезнет посреди замещения; просьба дошла до координатора."""
    named = name_deputy(people.director.appointments.get(), people.nobody, today, today, people.coordinator)
    signed_in(people.nobody).post("/office/forget/")
    people.nobody.refresh_from_db()
    assert people.nobody.is_active
    assert "Ответить на просьбу забыть данные" in names(office(signed_in, people.coordinator))
    browser, address = signed_in(people.coordinator), f"/people/{people.nobody.pk}/"
    page = browser.get(address).context["page"]
    assert [(one.name, one.deputyship.may_end) for one in page.stands_in] == [("Человек director", True)]
    assert not page.may_forget and "замещения" in page.why_not_yet
    browser.post(f"{address}forget/")
    people.nobody.refresh_from_db()
    assert people.nobody.is_active
    Deputyship.objects.filter(pk=named.pk).update(
        since=today - timedelta(days=2), until=today - timedelta(days=1)
    )
    assert browser.post(f"{address}forget/").status_code == 302
    people.nobody.refresh_from_db()
    assert not people.nobody.is_active


def test_asking_twice_is_one_request(people):
    assert ask_to_be_forgotten(people.curator) == ask_to_be_forgotten(people.curator)
    assert Event.objects.filter(deed="people.ask_to_be_forgotten").count() == 1


@pytest.mark.parametrize("who", ["operator", "coordinator", "municipal", "director"])
def test_questions_do_not_grow(draft, people, person, places, signed_in, who):
    browser = signed_in(getattr(people, who))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            browser.get("/office/")
        return len(queries)

    asked()
    few = asked()
    for number in range(20):
        appoint(person(f"more{number}"), "psychologist", school=places.listed, by=people.coordinator)
    assert asked() <= few + 1  # the names of people who were stood in for
    assert few <= 30
