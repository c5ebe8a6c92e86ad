"""Bad ways in: each is refused, tells nothing, and leaves a trace that does not grow without bound."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from opora.accounts import actions, letters, throttling
from opora.accounts.models import Tries, User
from opora.audit.models import Event
from tests.accounts.conftest import deeds
from tests.world import PASSWORD

NEW = "совсем-другой-длинный-пароль"


def bare(answer):
    """Answer a page without what is new in each: the token of its forms, and the address that was typed."""
    page = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r'value="[^"@]+@example.org"', "", page), sorted(answer.headers)


def link(person):
    """Answer the address in a letter for a new password."""
    return f"/password/new/{user_pk_to_url_str(person)}/{default_token_generator.make_token(person)}/"


# Whose session it is


def test_a_session_planted_before_signing_in_is_worth_nothing(client, anna, sign_in):
    """Фиксация сессии: подложенный ключ после входа никого не впускает."""
    client.get("/sign-in/")
    planted = Session.objects.create(
        session_key="p" * 32, session_data="", expire_date=timezone.now() + timedelta(days=1)
    )
    client.cookies["sessionid"] = planted.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != planted.session_key
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert thief.get("/security/").status_code == 302


def test_a_half_made_sign_in_opens_nothing_and_changes_its_key_at_the_second_step(
    client, anna, sign_in, with_codes
):
    phone = with_codes(client, anna)
    sign_in(client)
    half = client.cookies["sessionid"].value
    assert client.get("/security/").status_code == 302
    client.post("/sign-in/code/", {"code": phone.spare[0]})
    assert client.cookies["sessionid"].value != half
    thief = Client()
    thief.cookies["sessionid"] = half
    assert thief.get("/security/").status_code == 302


def test_setting_a_second_factor_up_changes_the_key_of_the_session(client, anna, sign_in):
    from tests.accounts.authenticator import code
    from tests.accounts.conftest import secret_on

    sign_in(client)
    before = client.cookies["sessionid"].value
    secret = secret_on(client.get("/security/one-time-codes/"))
    client.post("/security/one-time-codes/", {"code": code(secret)})
    assert client.cookies["sessionid"].value != before
    assert client.get("/security/").status_code == 200


def test_a_new_password_ends_every_other_session(client, anna, sign_in):
    other = Client()
    for browser in (client, other):
        sign_in(browser)
    told = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/security/password/", told).status_code == 302
    assert client.get("/security/").status_code == 200
    assert other.get("/security/").status_code == 302
    assert len(deeds("password_changed")) == 1


def test_somebody_elses_passkey_cannot_be_renamed_or_removed(client, anna, people, sign_in):
    key = Authenticator.objects.create(
        user=people.director, type="webauthn", data={"name": "Чужой", "credential": {}}
    )
    sign_in(client)
    for deed in ("name", "remove"):
        assert client.post(f"/security/passkeys/{key.pk}/{deed}/", {"name": "Мой"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "Чужой"


# What nobody learns


def test_a_known_and_an_unknown_address_are_answered_alike(client, anna, sign_in):
    """Те же байты: есть такой человек, нет, закрыт ли вход, есть ли у него пароль."""
    User.objects.create(
        email="closed@example.org", full_name="Закрытый", password=anna.password, is_active=False
    )
    User.objects.create(email="bare@example.org", full_name="Без пароля", password="!")
    known = bare(sign_in(client, password="не тот пароль"))
    for other in ("unknown@example.org", "bare@example.org", "closed@example.org"):
        assert bare(sign_in(client, other, "не тот пароль")) == known, other
    assert bare(sign_in(client, "closed@example.org", PASSWORD)) == known


def test_asking_for_a_link_tells_nothing_and_waits_for_no_letter(client, anna, monkeypatch):
    """Ответ один и тот же и не ждёт: письмо пишется и отправляется после."""
    handed = []
    monkeypatch.setattr(letters, "later", lambda job, *given: handed.append(given[0]))
    known = client.post("/password/forgotten/", {"email": "anna@example.org"}, follow=True)
    unknown = client.post("/password/forgotten/", {"email": "unknown@example.org"}, follow=True)
    assert bare(known) == bare(unknown)
    assert handed == ["anna@example.org", "unknown@example.org"]


def test_a_letter_goes_only_to_whoever_is_known_and_open(anna):
    User.objects.create(email="closed@example.org", full_name="Закрытый", is_active=False)
    for email in ("unknown@example.org", "closed@example.org", "ANNA@example.org"):
        letters.send_reset(email, "https://opora.example")
    assert [letter.to for letter in mail.outbox] == [["anna@example.org"]]
    assert "https://opora.example/password/new/" in mail.outbox[0].body


def test_a_limit_is_the_same_for_a_known_and_an_unknown_address(anna, sign_in):
    told = []
    for email in ("anna@example.org", "unknown@example.org"):
        browser = Client(REMOTE_ADDR=f"192.0.2.{len(told) + 1}")
        for _ in range(10):
            assert sign_in(browser, email, "не тот пароль").status_code == 200
        answer = sign_in(browser, email)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900
        told.append(bare(answer))
    assert told[0] == told[1]


# Links


def test_a_link_works_once(client, anna):
    address = link(anna)
    page = client.get(address, follow=True)
    assert page.redirect_chain[0][0].endswith("/set-password/")
    told = {"password1": NEW, "password2": NEW}
    assert client.post(page.redirect_chain[0][0], told).status_code == 302
    anna.refresh_from_db()
    assert anna.check_password(NEW)
    again = Client().get(address, follow=True)
    assert "Ссылка не действует" in again.content.decode()
    assert len(deeds("password_reset")) == 1
    assert [event.details for event in deeds("link_refused")] == [{"times": 1}]


def test_a_link_that_is_old_forged_or_anothers_does_not_work(client, anna, people, settings):
    someone = user_pk_to_url_str(people.director)
    key = default_token_generator.make_token(anna)
    forged = [f"/password/new/{someone}/{key}/", "/password/new/zzzz/abc-def/", f"{link(anna)[:-2]}x/"]
    for address in forged:
        assert "Ссылка не действует" in client.get(address, follow=True).content.decode(), address
    old = link(anna)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "Ссылка не действует" in client.get(old, follow=True).content.decode()


def test_links_cannot_be_guessed_for_long(client, db):
    for _ in range(30):
        assert client.get("/password/new/1/abc-def/").status_code == 200
    assert client.get("/password/new/1/abc-def/").status_code == 429


# One code, many hands


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_parallel_uses_of_one_recovery_code_one_succeeds():
    """Восемь соединений с базой одновременно; код один — вход один."""
    person = actions.add_person("anna@example.org", "Анна Пробная", None)
    from allauth.core import context
    from django.test import RequestFactory

    with context.request_context(RequestFactory().get("/")):
        spare = RecoveryCodes.activate(person).get_unused_codes()[0]
    gate, won = threading.Barrier(8), []

    def use():
        gate.wait()
        try:
            won.append(actions.use_code(person, spare) is not None)
        finally:
            connection.close()

    hands = [threading.Thread(target=use) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(won) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_parallel_tries_are_all_counted():
    """Сорок одновременных попыток — сорок разных номеров: предел не проскочить."""
    key, now = actions.tries_key("x"), timezone.now()
    gate, counted = threading.Barrier(8), []

    def count():
        gate.wait()
        try:
            counted.extend(actions.count_try(key, 60, now)[0] for _ in range(5))
        finally:
            connection.close()

    hands = [threading.Thread(target=count) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(counted) == list(range(1, 41))


# Limits


def test_success_takes_its_try_back(client, anna, sign_in):
    for _ in range(15):
        assert sign_in(client).status_code == 302
        client.post("/sign-out/")


def test_a_limit_ends_with_its_window(rf, db):
    request, now = rf.get("/"), timezone.now()
    for _ in range(10):
        throttling.try_once("password", request, "anna@example.org", now)
    with pytest.raises(throttling.Throttled):
        throttling.try_once("password", request, "anna@example.org", now)
    throttling.try_once("password", request, "anna@example.org", now + timedelta(minutes=16))


def test_an_address_has_a_limit_of_its_own(rf, db):
    """Перебор разных людей с одного адреса останавливается; у соседа по сети IPv6 адрес тот же."""
    now = timezone.now()
    for number in range(60):
        request = rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{number + 1:x}")
        throttling.try_once("password", request, f"n{number}@example.org", now)
    with pytest.raises(throttling.Throttled):
        throttling.try_once("password", rf.get("/", REMOTE_ADDR="2001:db8:1:2::ffff"), "x@example.org", now)
    throttling.try_once("password", rf.get("/", REMOTE_ADDR="2001:db8:1:3::1"), "x@example.org", now)


def test_codes_cannot_be_guessed(client, anna, sign_in, with_codes):
    with_codes(client, anna)
    sign_in(client)
    for number in range(10):
        assert client.post("/sign-in/code/", {"code": f"{number:06d}"}).status_code == 200
    assert client.post("/sign-in/code/", {"code": "999999"}).status_code == 429


def test_old_counts_are_forgotten(db):
    now = timezone.now()
    for number in range(50):
        actions.count_try(actions.tries_key(str(number)), 60, now)
    actions.count_try(actions.tries_key("later"), 60, now + timedelta(minutes=2))
    assert Tries.objects.count() == 1


def test_the_log_grows_by_the_logarithm_of_what_strangers_try(db):
    """Тысяча отказов неизвестным — четыре записи: 1, 10, 100, 1000."""
    for _ in range(1000):
        actions.record_refusal("password_refused", None)
    assert [event.details["times"] for event in deeds("password_refused")] == [1, 10, 100, 1000]


def test_the_log_holds_no_secret_and_no_address(client, anna, sign_in):
    sign_in(client, password="тайное-слово-1234")
    sign_in(client, "unknown@example.org", "другое-тайное-слово")
    told = " ".join(str(row) for row in Event.objects.values_list("deed", "target", "details"))
    assert "тайное" not in told
    assert "example.org" not in told
    assert [event.target_id for event in deeds("password_refused")] == [str(anna.pk), ""]


# Where one goes afterwards


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        "\x08//evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(client, anna, sign_in, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"
    assert deeds("address_refused")
    client.post("/sign-out/", {"next": elsewhere})
    assert client.post("/sign-out/", {"next": elsewhere}).headers["Location"] == "/"
    assert client.post("/language/", {"next": elsewhere, "language": "en"}).headers["Location"] == "/"


def test_no_header_can_be_smuggled_in(client, anna, sign_in):
    answer = sign_in(client, next="/list/\r\nSet-Cookie: planted=1")
    assert "planted" not in answer.cookies
    assert "\n" not in answer.headers["Location"]
    wrong = client.post("/password/forgotten/", {"email": "anna@example.org\nBcc: evil@example.org"})
    assert wrong.status_code == 200
    assert mail.outbox == []


def test_a_forged_name_of_the_site_gets_into_no_letter(client, anna):
    answer = client.post("/password/forgotten/", {"email": "anna@example.org"}, HTTP_HOST="evil.example")
    assert answer.status_code == 400


def test_a_form_of_another_site_signs_nobody_in(anna):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/sign-in/", {"username": anna.email, "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "x", '{"id": 1}', '{"response": {"userHandle": "AA"}}']
)
def test_a_forged_passkey_is_refused_in_words(client, db, credential):
    client.get("/sign-in/passkey/", headers={"Accept": "application/json"})
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert answer.headers["Location"] == "/sign-in/?passkey=refused"
