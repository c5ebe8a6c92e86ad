"""Signing in through another system, a real OpenID Connect provider; it never makes an account."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import expect

from opora.accounts.actions import link_outside
from opora.accounts.models import User
from opora.config.outside_sign_in import Outside, OutsideMisnamed, outside, outsides
from tests.accounts import provider as real
from tests.accounts.conftest import deeds

KEY = "proving"


@pytest.fixture
def issuer(live, tmp_path):
    """Start the provider, and tell its address."""
    callback = live.at(f"sign-in/with/{KEY}/back/")
    program = [sys.executable, real.__file__, str(tmp_path), callback]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            assert port.isdecimal(), "the provider did not start"
            yield f"http://127.0.0.1:{port}/o"
        finally:
            process.kill()


@pytest.fixture
def trusted(settings, issuer, tmp_path):
    """Let the program know the provider, as the environment would."""
    secret = tmp_path / "secret"
    secret.write_text(real.SECRET)

    def trust(**more):
        told = Outside(issuer, real.CLIENT, str(secret), "Проверочный вход", KEY, **more)
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [told.app()]}}
        sources = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        ours = {"DIRECTIVES": sources | {"form-action": ["'self'", issuer.removesuffix("/o")]}}
        settings.CONTENT_SECURITY_POLICY = ours

    return trust


@pytest.fixture
def come(page, live):
    """Go through the other system as one of its people."""

    def go(name, wanted="security/"):
        page.goto(live.at(wanted))
        page.get_by_role("button", name="Войти через Проверочный вход").click()
        page.get_by_label("Login").fill(name)
        page.get_by_label("Password").fill(real.PASSWORD)
        page.get_by_role("button", name="Come in").click()
        return page.get_by_role("heading", level=1)

    return SimpleNamespace(as_=go)


def test_a_verified_address_finds_its_account(live, anna, trusted, come):
    """Подтверждённый адрес совпал: человек внутри, там, куда шёл; связь записана."""
    trusted()
    expect(come.as_("anna")).to_have_text("Безопасность входа")
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.provider, linked.extra_data) == (anna.pk, KEY, {})
    assert len(deeds("outside_linked")) == len(deeds("signed_in")) == 1


@pytest.mark.parametrize("name", ["stranger", "thief", "number"])
def test_nobody_else_comes_in_and_no_account_is_made(live, anna, trusted, come, name):
    """Нет такого адреса, адрес не подтверждён, адреса нет: один и тот же отказ."""
    trusted()
    expect(come.as_(name)).to_have_text("Войти не получилось")
    assert list(User.objects.all()) == [anna]
    assert not SocialAccount.objects.exists()
    assert [event.details for event in deeds("outside_refused")] == [{"times": 1}]


def test_an_address_is_not_enough_where_it_is_not_trusted(live, anna, trusted, come):
    trusted(by_email=False)
    expect(come.as_("anna")).to_have_text("Войти не получилось")


def test_whom_a_coordinator_wrote_down_comes_in_by_the_number_alone(live, anna, trusted, come):
    """Внешний номер записан координатором; номер берётся из названного поля."""
    trusted(claim="oid", by_email=False)
    link_outside(anna, KEY, "oid-number", None)
    expect(come.as_("number")).to_have_text("Безопасность входа")


def test_a_closed_account_stays_closed(live, anna, trusted, come):
    trusted()
    link_outside(anna, KEY, "oid-anna", None)
    anna.is_active = False
    anna.save()
    expect(come.as_("anna")).to_have_text("Войти не получилось")


def test_the_second_factor_is_asked_for_after_another_system_too(
    live, anna, trusted, come, client, with_codes
):
    phone = with_codes(client, anna)
    trusted()
    expect(come.as_("anna")).to_have_text("Второй шаг входа")
    assert phone.spare


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=forged", "?error=access_denied&state=forged"]
)
def test_an_answer_that_nobody_asked_for_is_refused(client, db, settings, query):
    """Подделанный ответ: нет state, чужой state, отказ."""
    told = Outside("https://issuer.example", "client", "", "Другой", KEY)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [told.app()]}}
    answer = client.get(f"/sign-in/with/{KEY}/back/{query}")
    assert answer.headers["Location"] == "/sign-in/refused/"
    assert len(deeds("outside_refused")) == 1


def test_a_system_that_does_not_answer_is_told_in_words(client, db, settings):
    told = Outside("http://127.0.0.1:9", "client", "", "Другой", KEY)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [told.app()]}}
    assert client.post(f"/sign-in/with/{KEY}/").headers["Location"] == "/sign-in/refused/"


def test_a_system_that_nobody_named_does_not_exist(client, db):
    assert client.post("/sign-in/with/nobody/").status_code == 404
    assert client.get("/sign-in/with/nobody/").status_code == 405


# The environment


def test_one_system_is_named_by_the_environment(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("тайна\n")
    monkeypatch.setenv("OPORA_OIDC_ISSUER", "https://esia.region.example/realms/opora")
    monkeypatch.setenv("OPORA_OIDC_CLIENT", "opora")
    monkeypatch.setenv("OPORA_OIDC_SECRET_FILE", str(secret))
    monkeypatch.setenv("OPORA_OIDC_CLAIM", "oid")
    app = outsides()[0].app()
    assert (app["name"], app["secret"], app["settings"]["uid_field"]) == ("ЕСИА", "тайна", "oid")
    assert app["settings"]["oauth_pkce_enabled"] is True


def test_several_are_named_in_a_file(monkeypatch, tmp_path):
    named = Path(tmp_path / "outside.yaml")
    named.write_text(
        "- {issuer: 'https://a.example', client: a, key: a, name: А}\n"
        "- {issuer: 'https://b.example', client: b, key: b, name: Б, by_email: false}\n"
    )
    monkeypatch.setenv("OPORA_OIDC_FILE", str(named))
    assert [(one.key, one.by_email) for one in outsides()] == [("a", True), ("b", False)]


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "http://esia.example", "client": "opora"},
        {"issuer": "https://esia.example", "client": ""},
        {"issuer": "https://esia.example", "client": "opora", "secret": "in the open"},
        {"client": "opora"},
    ],
)
def test_what_is_wrong_with_a_name_is_said(told):
    with pytest.raises(OutsideMisnamed):
        outside(told)


@pytest.mark.parametrize("content", ["issuer: https://a.example", "[1]", "{", None])
def test_a_file_that_is_no_list_is_refused_in_words(monkeypatch, tmp_path, content):
    named = tmp_path / "outside.yaml"
    if content is not None:
        named.write_text(content)
    monkeypatch.setenv("OPORA_OIDC_FILE", str(named))
    with pytest.raises(OutsideMisnamed, match=r"outside\.yaml"):
        outsides()
