"""Schools that are behind are reminded once a day, by a person or by the program; letters wait for day."""

import threading
from datetime import datetime, time, timedelta
from smtplib import SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection

from opora.audit.models import Event
from opora.diagnostics.campaigns.actions import close_campaign, tell_invited
from opora.diagnostics.campaigns.reminders.actions import remind_now, remind_on_its_day
from opora.diagnostics.campaigns.reminders.letters import remind_due, write_waiting
from opora.diagnostics.models import Campaign, Reminder
from opora.registry.access import NotAllowed
from opora.registry.models import Appointment
from opora.registry.refusals import CannotDo
from tests.diagnostics.answered import answer
from tests.diagnostics.conftest import DIRECTOR, PARENTS, PUPILS

THERE = ZoneInfo("Asia/Vladivostok")


@pytest.fixture
def noon(today):
    """Noon at the schools of the small world."""
    return datetime.combine(today, time(12), THERE)


def reminded(campaign):
    return sorted(Reminder.objects.filter(campaign=campaign).values_list("school__name", flat=True))


def test_a_coordinator_reminds_the_schools_that_are_behind(campaign, places, people, noon):
    """Напоминание получают обе молчащие школы; второй раз в тот же день — никто."""
    assert remind_now(campaign, people.coordinator) == 2
    assert reminded(campaign) == sorted([places.listed.name, places.quiet.name])
    event = Event.objects.get(deed="diagnostics.remind_schools")
    assert event.by_id == people.coordinator.pk and event.details["schools"] == 2
    with pytest.raises(CannotDo, match="сегодня уже напомнили"):
        remind_now(campaign, people.coordinator)


@pytest.mark.parametrize("who", ["director", "curator", "analyst", "municipal", "stranger", "nobody"])
def test_only_who_runs_a_survey_reminds(who, campaign, people):
    with pytest.raises(NotAllowed):
        remind_now(campaign, getattr(people, who))
    assert not Reminder.objects.exists()


def test_nobody_is_reminded_of_a_survey_that_has_ended(campaign, people):
    close_campaign(campaign, people.coordinator)
    with pytest.raises(CannotDo, match="пока опрос идёт"):
        remind_now(campaign, people.coordinator)


def test_a_school_where_enough_answered_is_left_alone(campaign, places, people):
    answer(campaign, places.listed, {PUPILS: 6, PARENTS: 2, DIRECTOR: 1})
    assert remind_now(campaign, people.coordinator) == 1
    assert reminded(campaign) == [places.quiet.name]


def test_letters_go_to_the_director_and_the_team_and_say_how_it_stands(campaign, link, people, noon):
    """Письмо директору: сколько ответили из скольких, адрес страницы; тем, кто отвечает, — ничего."""
    tell_invited(link, 25, people.director)
    remind_now(campaign, people.coordinator)
    assert write_waiting(noon) == 1
    (letter,) = mail.outbox
    assert letter.to == [people.director.email] and letter.subject == "Опрос «Осень»: ответили ещё не все"
    assert "ответили 0 из 25" in letter.body
    assert f"/surveys/{campaign.pk}/schools/{link.school_id}/" in letter.body
    assert "Отвечать добровольно" in letter.body
    told = dict(Reminder.objects.values_list("school", "letters"))
    assert sorted(told.values()) == [0, 1]  # at the other school nobody is appointed
    assert write_waiting(noon) == 0 and len(mail.outbox) == 1


def test_letters_wait_for_the_day_of_the_school(campaign, people, today):
    remind_now(campaign, people.coordinator)
    assert write_waiting(datetime.combine(today, time(3), THERE)) == 0
    assert not mail.outbox and Reminder.objects.filter(written_at=None).count() == 2
    assert write_waiting(datetime.combine(today, time(9), THERE)) == 1


def test_a_letter_that_the_mail_server_refuses_waits(campaign, people, noon, monkeypatch):
    """Почтовый сервер молчит: напоминание не потеряно и уйдёт потом."""
    remind_now(campaign, people.coordinator)

    def refuse(*told):
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(SMTPServerDisconnected):
            write_waiting(noon)
    assert write_waiting(noon) == 1


def test_nothing_is_written_of_a_survey_that_has_ended_meanwhile(campaign, people, noon):
    remind_now(campaign, people.coordinator)
    close_campaign(campaign, people.coordinator)
    assert write_waiting(noon) == 0 and not mail.outbox
    assert not Reminder.objects.filter(written_at=None).exists()


def test_who_is_no_longer_appointed_gets_no_letter(campaign, people, noon, today):
    Appointment.objects.filter(person=people.director).update(until=today - timedelta(days=1))
    remind_now(campaign, people.coordinator)
    assert write_waiting(noon) == 0 and not mail.outbox


def test_the_program_reminds_on_the_days_of_the_survey(campaign, today):
    """Опрос на 14 дней: за 7 и за 2 дня до конца, каждый раз один."""
    counts = {}
    for day in range(15):
        counts[day] = remind_on_its_day(campaign, today + timedelta(days=day))
    assert {day: count for day, count in counts.items() if count} == {7: 2, 12: 2}
    event = Event.objects.filter(deed="diagnostics.remind_schools").last()
    assert event.by_id is None
    assert remind_on_its_day(campaign, today + timedelta(days=15)) == 0


def test_a_fault_of_one_survey_keeps_no_other(campaign, asked, places, people, today, monkeypatch, caplog):
    from opora.diagnostics.campaigns.reminders import letters

    def broken(one, day):
        if one.pk == campaign.pk:
            raise ValueError("broken")
        seen.append(one.pk)

    seen = []
    other = Campaign.objects.create(
        title="Другой", year=2026, forms=["x"], opens_on=today, closes_on=today, state="open",
        region=places.primorye, by=people.coordinator,
    )  # fmt: skip
    monkeypatch.setattr(letters, "remind_on_its_day", broken)
    remind_due()
    assert seen == [other.pk] and str(campaign.pk) in caplog.text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_coordinators_at_once_remind_once(campaign, people):
    """Двое нажали одновременно: каждой школе — одно напоминание, второй читает, что уже напомнили."""
    said = []

    def press():
        try:
            said.append(remind_now(campaign, people.coordinator))
        except CannotDo as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 2 in said and len(said) == 2 and Reminder.objects.count() == 2
