"""The list of sessions: what it says of a device and a place, and how it ends."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from opora.accounts.devices import device, place, rough
from opora.accounts.queries import security_page
from tests.accounts.conftest import deeds

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
YANDEX = "Mozilla/5.0 (Linux; arm_64; Android 14) Chrome/130.0 YaBrowser/24.10 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("signature", "expected"),
    [(FIREFOX, "Firefox, Windows"), (YANDEX, "Яндекс Браузер, Android"), ("", "неизвестное устройство")],
)
def test_a_device_is_called_by_what_a_person_knows(signature, expected):
    assert device(signature) == expected


@pytest.mark.parametrize(
    ("address", "kept", "said"),
    [
        ("95.24.17.201", "95.24.0.0", "95.24.…"),
        ("2001:db8:aa:bb::7", "2001:db8::", "2001:db8:…"),
        ("127.0.0.1", "127.0.0.0", "этот компьютер"),
        ("", "0.0.0.0", "место неизвестно"),
    ],
)
def test_a_place_is_kept_without_what_would_find_a_house(address, kept, said):
    """Точный адрес не хранится."""
    assert rough(address) == kept
    assert place(kept) == said


def test_sessions_are_listed_with_device_place_and_time(anna, sign_in):
    here = Client(REMOTE_ADDR="95.24.17.201", headers={"user-agent": FIREFOX})
    there = Client(REMOTE_ADDR="2001:db8:aa:bb::7", headers={"user-agent": YANDEX})
    for browser in (here, there):
        sign_in(browser)
    page = here.get("/security/").content.decode()
    for said in ("Firefox, Windows", "95.24.…", "Яндекс Браузер, Android", "2001:db8:…", "этот вход"):
        assert said in page
    assert "17.201" not in page
    assert not UserSession.objects.filter(ip__in=["95.24.17.201", "2001:db8:aa:bb::7"]).exists()


def test_when_a_session_was_last_seen_is_written_a_few_times_an_hour(client, anna, sign_in, monkeypatch):
    sign_in(client)
    client.get("/security/")
    first = UserSession.objects.get().last_seen_at
    client.get("/security/")
    assert UserSession.objects.get().last_seen_at == first
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr("opora.accounts.middleware.timezone.now", lambda: later)
    client.get("/security/")
    assert UserSession.objects.get().last_seen_at > first


def test_ending_the_others_ends_all_but_this(anna, sign_in):
    browsers = [Client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser)
    assert browsers[0].post("/security/sessions/end/").status_code == 302
    assert [browser.get("/security/").status_code for browser in browsers] == [200, 302, 302]
    assert UserSession.objects.count() == Session.objects.filter(expire_date__gt=timezone.now()).count() == 1
    assert len(deeds("sessions_ended")) == 1


def test_ending_sessions_is_a_deed_and_not_a_link(client, anna, sign_in):
    sign_in(client)
    assert client.get("/security/sessions/end/").status_code == 405


def test_a_session_ends_by_itself_after_half_a_day(client, anna, sign_in):
    sign_in(client)
    kept = Session.objects.get(session_key=client.cookies["sessionid"].value)
    assert timedelta(hours=11) < kept.expire_date - timezone.now() <= timedelta(hours=12)
    assert client.cookies["sessionid"]["max-age"] == ""  # and with the browser


@pytest.mark.parametrize("sessions", [1, 12])
def test_the_page_asks_the_database_the_same_number_of_times(
    anna, sign_in, sessions, django_assert_num_queries, client
):
    for _ in range(sessions):
        sign_in(Client())
    sign_in(client)
    with django_assert_num_queries(3):
        security_page(anna, client.session.session_key, timezone.now())


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_of_signing_in_speaks_the_language(client, anna, sign_in, language, with_codes):
    """На английских страницах нет русских слов, и наоборот — чужих."""
    import re

    client.cookies["django_language"] = language
    pages = [client.get(address) for address in ("/sign-in/", "/password/forgotten/", "/password/sent/")]
    pages.append(client.get("/password/new/1/abc-def/"))
    phone = with_codes(client, anna)
    sign_in(client)
    pages.append(client.get("/sign-in/code/"))
    client.post("/sign-in/code/", {"code": phone.spare[0]})
    own = (
        "",
        "password/",
        "recovery-codes/",
        "recovery-codes/new/",
        "one-time-codes/remove/",
        "passkeys/add/",
    )
    pages += [client.get(f"/security/{address}") for address in own]
    for page in pages:
        assert page.status_code == 200, page.request["PATH_INFO"]
        text = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", page.content.decode())
        text = text.replace("Русский", "").replace("Анна Пробная", "")
        russian = re.findall(r"[А-Яа-яё]{3,}", text)
        assert bool(russian) == (language == "ru"), (page.request["PATH_INFO"], russian[:5])


def test_a_session_that_is_over_leaves_nothing_of_whence_it_came(anna, sign_in):
    """Чужие кончившиеся входы убирает следующий вход: адрес и браузер дольше не хранятся."""
    sign_in(Client())
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    over = set(Session.objects.values_list("session_key", flat=True))
    assert UserSession.objects.filter(session_key__in=over).count() == 1
    sign_in(Client())
    assert not Session.objects.filter(session_key__in=over).exists()
    assert UserSession.objects.filter(user=anna).exclude(session_key__in=over).count() == 1
    assert UserSession.objects.count() == 1


def test_signing_out_leaves_no_row_of_the_session(client, anna, sign_in):
    sign_in(client)
    assert UserSession.objects.get().session_key == client.session.session_key
    client.post("/sign-out/")
    assert not UserSession.objects.exists()
    assert not Session.objects.filter(session_key=client.session.session_key).exists()
