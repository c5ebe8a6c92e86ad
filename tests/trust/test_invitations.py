"""Bad invitations: forged, mistyped, expired, reused, withdrawn, tried too often, accepted twice at once."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from opora.audit.models import Event
from opora.people import throttling
from opora.people.actions import (
    CannotInvite,
    NotValid,
    accept_invitation,
    invite,
    open_invitation,
    withdraw_invitation,
)
from opora.people.models import Invitation, RefusedTries
from opora.people.secrets import ALPHABET, Mistyped, hashed, new_code, written
from opora.registry.access import NotAllowed
from opora.registry.actions import appoint

PASSWORD = "пять-слов-этого-пароля"


@pytest.fixture
def held(people):
    """The curator's appointment: the curator has never signed in."""
    return people.curator.appointments.get()


@pytest.fixture
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def forged(held, by):
    return "не-было-такого"


def expired(held, by):
    made = invite(held, "letter", by)
    moment = timezone.now() - timedelta(days=20)
    Invitation.objects.update(at=moment, expires_at=moment + timedelta(days=7))
    return made.secret


def reused(held, by):
    made = invite(held, "code", by)
    accept_invitation(made.secret, "Куратор Первый", PASSWORD, "")
    return made.secret


def withdrawn(held, by):
    made = invite(held, "code", by)
    withdraw_invitation(made.invitation, by)
    return made.secret


def replaced(held, by):
    made = invite(held, "code", by)
    invite(held, "letter", by)
    return made.secret


BAD = [forged, expired, reused, withdrawn, replaced]


@pytest.mark.parametrize("how", BAD)
def test_a_bad_invitation_lets_nobody_in(how, held, people, quick_passwords):
    secret = how(held, people.coordinator)
    before = type(people.curator).objects.get(pk=people.curator.pk).password
    with pytest.raises(NotValid):
        open_invitation(secret, "somewhere")
    with pytest.raises(NotValid):
        accept_invitation(secret, "Самозванец Некто", "другой-длинный-пароль", "somewhere")
    after = type(people.curator).objects.get(pk=people.curator.pk)
    assert after.password == before
    assert after.full_name != "Самозванец Некто"


def test_all_bad_invitations_answer_alike(held, people, client, quick_passwords):
    """Посторонний не узнает, было ли такое приглашение: ответы совпадают до байта."""
    answers = set()
    for how in BAD:
        people.curator.refresh_from_db()
        people.curator.password = "!"
        people.curator.save()
        answer = client.get(f"/join/{how(held, people.coordinator)}/")
        text = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", answer.content.decode())
        answers.add((answer.status_code, text))
        client.logout()
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_every_refusal_of_a_known_invitation_is_recorded_and_guesses_once_an_hour(held, people, client):
    secret = withdrawn(held, people.coordinator)
    for _again in range(3):
        client.get(f"/join/{secret}/")
        client.get("/join/угадал/")
    refused = Event.objects.filter(deed="people.refuse_invitation")
    assert [event.details["why"] for event in refused if event.target] == ["отозвано"] * 3
    assert refused.filter(target="").count() <= 1
    assert secret not in str(list(Event.objects.values_list("details", flat=True)))


def test_who_tries_too_often_waits(held, people, client):
    good = invite(held, "code", people.coordinator).secret
    for number in range(throttling.MOST):
        assert client.get(f"/join/guess-{number}/").status_code == 404
    answer = client.get(f"/join/{good}/")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert client.get(f"/join/{good}/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_old_tries_are_forgotten(held, people, client):
    RefusedTries.objects.create(source="x", hour=timezone.now() - timedelta(days=3), count=4)
    client.get("/join/guess/")
    assert not RefusedTries.objects.filter(source="x").exists()


def test_no_secret_is_kept(held, people, client):
    secrets = [invite(held, way, people.coordinator).secret for way in ("code", "letter")]
    client.get("/join/guess/")
    with connection.cursor() as cursor:
        for table in ("people_invitation", "audit_event", "people_refusedtries"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM \"{table}\" t")
            (text,) = cursor.fetchone()
            assert not any(secret in text for secret in secrets), table


def test_an_invitation_sets_name_and_password_once(held, people, client, quick_passwords):
    secret = invite(held, "code", people.coordinator).secret
    told = {"full_name": "Куратор Анна Ивановна", "password": PASSWORD, "again": PASSWORD}
    answer = client.post(f"/join/{secret}/", told)
    assert answer.headers["Location"] == "/"
    assert client.get("/list/").status_code == 200
    people.curator.refresh_from_db()
    assert people.curator.full_name == "Куратор Анна Ивановна"
    assert people.curator.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"password": "коротко", "again": "коротко"}, "12"),
        ({"again": "совсем-не-тот-пароль"}, "Пароли не совпадают"),
        ({"full_name": ""}, "Обязательное поле"),
    ],
)
def test_a_bad_form_changes_nothing_and_says_what_to_do(held, people, client, told, sentence):
    secret = invite(held, "code", people.coordinator).secret
    given = {"full_name": "Имя Фамилия", "password": PASSWORD, "again": PASSWORD, **told}
    answer = client.post(f"/join/{secret}/", given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert open_invitation(secret, "").person == people.curator


def test_an_invitation_never_changes_a_password_that_is_there(held, people, client, quick_passwords):
    """Учётная запись с паролем уже есть: приглашение её не перехватит, а только примется."""
    secret = invite(held, "code", people.coordinator).secret
    people.curator.set_password("прежний-пароль-человека")
    people.curator.save()
    told = {"full_name": "Самозванец", "password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/join/{secret}/", told).headers["Location"].startswith("/sign-in/")
    people.curator.refresh_from_db()
    assert people.curator.check_password("прежний-пароль-человека")
    assert people.curator.full_name != "Самозванец"
    assert client.get("/list/").status_code == 302


def test_who_signs_in_already_needs_no_invitation(held, people, quick_passwords):
    people.curator.set_password(PASSWORD)
    people.curator.save()
    with pytest.raises(CannotInvite):
        invite(held, "code", people.coordinator)


def test_an_ended_appointment_invites_to_nothing(held, people, today):
    type(held).objects.filter(pk=held.pk).update(until=today - timedelta(days=1))
    held.refresh_from_db()
    with pytest.raises(CannotInvite):
        invite(held, "letter", people.coordinator)


@pytest.mark.parametrize("who", ["stranger", "observer", "analyst", "director", "nobody"])
def test_who_may_not_appoint_may_not_invite_nor_withdraw(held, people, who):
    with pytest.raises(NotAllowed):
        invite(held, "letter", getattr(people, who))
    made = invite(held, "letter", people.coordinator)
    with pytest.raises(NotAllowed):
        withdraw_invitation(made.invitation, getattr(people, who))


def test_a_letter_goes_to_the_person_alone_and_its_link_works(held, people, places, signed_in, client):
    answer = signed_in(people.coordinator).post(f"/appointments/{held.pk}/invite/", {"way": "letter"})
    assert answer.status_code == 302
    (letter,) = mail.outbox
    assert letter.to == [people.curator.email]
    link = re.search(r"http://testserver(/join/\S+)", letter.body)[1]
    client.logout()
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_line_break_in_a_name_adds_no_header_to_a_letter(people, person, places, signed_in):
    somebody = person("twoline")
    type(somebody).objects.filter(pk=somebody.pk).update(full_name="Имя\r\nBcc: all@example.org")
    held = appoint(somebody, "psychologist", school=places.listed)
    signed_in(people.coordinator).post(f"/appointments/{held.pk}/invite/", {"way": "letter"})
    (letter,) = mail.outbox
    assert "Bcc" not in letter.message()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_accept_at_once_one_wins(people, places, quick_passwords):
    """Одно приглашение, два человека в один миг: войдёт один, второму скажут то же, что всем."""
    secret = invite(people.curator.appointments.get(), "code", people.coordinator).secret
    both = threading.Barrier(2)
    won, lost = [], []

    def accept(name):
        try:
            both.wait()
            won.append(accept_invitation(secret, name, f"{PASSWORD}-{name}", name).full_name)
        except NotValid:
            lost.append(name)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("Первый Человек", "Второй Человек")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == len(lost) == 1
    people.curator.refresh_from_db()
    assert people.curator.full_name == won[0]
    assert people.curator.check_password(f"{PASSWORD}-{won[0]}")


@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_sign_of_a_code_is_noticed(place, sign):
    code = new_code().replace("-", "")
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong != code:
        with pytest.raises(Mistyped):
            written(wrong)


@given(st.integers(0, 9))
def test_two_signs_that_changed_places_are_noticed(place):
    code = new_code().replace("-", "")
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if wrong != code:
        with pytest.raises(Mistyped):
            written(wrong)


def test_a_code_is_read_however_it_was_typed():
    """Раскладка, регистр и чёрточки не важны."""
    code = new_code()
    russian = code.translate(str.maketrans("ACEHKMPTX", "АСЕНКМРТХ")).lower()
    for typed in (code, code.lower(), code.replace("-", " "), russian, f"  {code.replace('-', '')} "):
        assert written(typed) == code
        assert hashed(typed) == hashed(code)


def test_a_mistyped_code_is_told_before_it_is_tried(db, client):
    answer = client.post("/join/", {"code": "4K7A-PX29-HTC2"})
    assert answer.status_code in (302, 422)
    wrong = client.post("/join/", {"code": "ABC"})
    assert wrong.status_code == 422
    assert "опечатка" in wrong.content.decode()
    assert not RefusedTries.objects.exists()
