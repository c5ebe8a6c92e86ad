"""One-time codes and recovery codes: set up, shown, used once, taken away; and who must have them."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from opora.accounts.actions import reset_second_factor
from tests.accounts.authenticator import code
from tests.accounts.conftest import deeds, secret_on

HALF_MINUTE = 30


def is_signed_in(client):
    return client.get("/security/").status_code == 200


def later(monkeypatch, seconds):
    """Let time go on for the program and for the telephone."""
    now = time.time() + seconds
    monkeypatch.setattr("time.time", lambda: now)


def test_the_codes_are_those_that_the_standard_gives():
    """Секрет и коды из приложения B к RFC 6238 (последние шесть знаков)."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [code(secret, at) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_a_password_alone_no_longer_opens_an_account_with_codes(
    client, anna, sign_in, with_codes, monkeypatch
):
    phone = with_codes(client, anna)
    answer = sign_in(client, next="/security/password/")
    assert answer.headers["Location"] == "/sign-in/code/"
    assert not is_signed_in(client)
    later(monkeypatch, HALF_MINUTE)
    answer = client.post("/sign-in/code/", {"code": code(phone.secret)})
    assert answer.headers["Location"] == "/security/password/"
    assert is_signed_in(client)
    assert len(deeds("one_time_codes_set")) == 1
    assert len(deeds("signed_in")) == 2


def test_a_code_is_taken_once_even_within_its_half_minute(client, anna, sign_in, with_codes, monkeypatch):
    """Подсмотренный код второй раз не годится."""
    phone = with_codes(client, anna)
    later(monkeypatch, HALF_MINUTE)
    now = code(phone.secret)
    for expected in (302, 200):
        sign_in(client)
        assert client.post("/sign-in/code/", {"code": now}).status_code == expected
        client.post("/sign-out/")
    assert [event.details for event in deeds("code_refused")] == [{"times": 1}]


def test_a_recovery_code_opens_once(client, anna, sign_in, with_codes):
    phone = with_codes(client, anna)
    assert len(set(phone.spare)) == 10
    for spare, expected in ((phone.spare[0], 302), (phone.spare[0], 200), (phone.spare[1], 302)):
        sign_in(client)
        assert client.post("/sign-in/code/", {"code": spare}).status_code == expected
        client.post("/sign-out/")
    assert len(deeds("recovery_code_used")) == 2


def test_recovery_codes_are_shown_once(client, anna, with_codes, sign_in):
    phone = with_codes(client, anna)
    sign_in(client)
    client.post("/sign-in/code/", {"code": phone.spare[0]})
    page = client.get("/security/recovery-codes/").content.decode()
    assert not any(spare in page for spare in phone.spare)
    assert "9\N{NO-BREAK SPACE}кодов" in page
    answer = client.post("/security/recovery-codes/new/", follow=True)
    new = re.findall(r"<li>(\d{10})</li>", answer.content.decode())
    assert len(new) == 10
    assert not set(new) & set(phone.spare)


def test_secrets_lie_encrypted_in_the_database(client, anna, with_codes):
    phone = with_codes(client, anna)
    kept = " ".join(str(one.data) for one in Authenticator.objects.filter(user=anna))
    assert phone.secret not in kept
    assert "gAAAA" in kept


def test_the_staff_gets_nowhere_before_a_second_factor_is_set_up(client, coordinator, sign_in, required):
    """Координатор с одним паролем видит только настройку второго фактора."""
    sign_in(client, coordinator.email)
    for address in ("/", "/list/", "/results/", "/runs/", "/security/password/", "/nowhere/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) in {(302, "/security/"), (404, None)}, (
            address
        )
    assert "второй фактор обязателен" in client.get("/security/").content.decode()
    secret = secret_on(client.get("/security/one-time-codes/"))
    client.post("/security/one-time-codes/", {"code": code(secret)})
    assert client.get("/runs/").status_code == 200


def test_a_session_that_showed_no_second_factor_is_asked_for_it(
    client, coordinator, sign_in, with_codes, required
):
    """Фактор настроен в другом входе: этот вход тоже должен его показать."""
    phone = with_codes(client, coordinator)
    client.force_login(coordinator)
    assert client.get("/list/").headers["Location"] == "/security/confirm/code/?next=%2Flist%2F"
    answer = client.post("/security/confirm/code/", {"code": phone.spare[0], "next": "/list/"})
    assert answer.headers["Location"] == "/list/"
    assert client.get("/runs/").status_code == 200


@pytest.mark.parametrize("who", ["director", "curator", "observer", "nobody"])
def test_others_may_do_without(client, people, required, who):
    client.force_login(getattr(people, who))
    assert client.get("/security/").status_code == 200
    assert "второй фактор обязателен" not in client.get("/security/").content.decode()
    assert client.get("/").headers.get("Location") != "/security/"


@pytest.mark.parametrize("who", ["operator", "analyst", "coordinator", "municipal"])
def test_each_role_of_the_staff_must_have_one(client, people, required, who):
    client.force_login(getattr(people, who))
    assert client.get("/").headers["Location"] == "/security/"


def test_the_last_second_factor_of_the_staff_stays(client, coordinator, sign_in, with_codes, required):
    phone = with_codes(client, coordinator)
    sign_in(client, coordinator.email)
    client.post("/sign-in/code/", {"code": phone.spare[0]})
    client.post("/security/one-time-codes/remove/")
    assert Authenticator.objects.filter(user=coordinator, type="totp").exists()


def test_others_may_take_their_second_factor_away(client, anna, sign_in, with_codes):
    phone = with_codes(client, anna)
    sign_in(client)
    client.post("/sign-in/code/", {"code": phone.spare[0]})
    client.post("/security/one-time-codes/remove/")
    assert not Authenticator.objects.filter(user=anna).exists()
    assert len(deeds("one_time_codes_removed")) == 1


def test_a_lost_second_factor_is_reset_and_every_session_ends(client, anna, sign_in, with_codes, people):
    phone = with_codes(client, anna)
    sign_in(client)
    client.post("/sign-in/code/", {"code": phone.spare[0]})
    reset_second_factor(anna, people.operator)
    assert not is_signed_in(client)
    assert sign_in(client).headers["Location"] == "/"
    assert deeds("second_factor_reset")[0].by == people.operator


def test_an_old_session_is_asked_to_prove_who_it_is_before_anything_is_changed(client, anna, with_codes):
    """Подошедший к чужому компьютеру не сменит второй фактор."""
    client.force_login(anna)
    for address in ("/security/one-time-codes/", "/security/passkeys/add/"):
        assert client.get(address).headers["Location"].startswith("/security/confirm/?next="), address


def test_an_administrator_resets_a_lost_second_factor_by_a_command(client, anna, with_codes, capsys):
    with_codes(client, anna)
    call_command("reset_second_factor", "Anna@example.org")
    assert "сброшен" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError, match="Такого адреса нет"):
        call_command("reset_second_factor", "unknown@example.org")
