"""Signing in and out, the language, the health of the program."""

import pytest

from opora.accounts.actions import add_person
from tests.world import PASSWORD


@pytest.fixture
def anna(db):
    return add_person("Anna@Example.org", "Анна Пробная", PASSWORD)


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": email, "password": password, **more})


def test_the_address_counts_in_any_letters_and_the_password_is_argon2(client, anna):
    assert anna.password.startswith("argon2$")
    assert sign_in(client, " ANNA@example.ORG ").status_code == 302
    assert sign_in(client, "anna@example.org").status_code == 302


def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, anna):
    wrong = sign_in(client, "anna@example.org", "не тот").content.decode()
    unknown = sign_in(client, "unknown@example.org").content.decode()
    assert "Такой пары адреса и пароля нет" in wrong
    assert "Такой пары адреса и пароля нет" in unknown


def test_a_closed_account_does_not_open(client, anna):
    anna.is_active = False
    anna.save()
    assert sign_in(client, "anna@example.org").status_code == 200


def test_after_signing_in_one_goes_where_one_wanted_but_never_elsewhere(client, anna):
    assert sign_in(client, "anna@example.org", next="/list/").headers["Location"] == "/list/"
    client.logout()
    assert sign_in(client, "anna@example.org", next="https://evil.example/").headers["Location"] == "/"


def test_signing_out_is_a_deed_and_not_a_link(client, anna):
    client.force_login(anna)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_the_chosen_language_stays(client, db):
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert answer.headers["Location"] == "/sign-in/"
    assert '<html lang="en">' in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "xx", "next": "//evil.example"})
    assert client.cookies["django_language"].value == "en"


def test_health_needs_no_sign_in(client, db):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.parametrize("address", ["/nowhere/", "/schools/x/"])
def test_a_missing_page_is_told_in_the_frame(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "<html" in answer.content.decode()
