"""Signing in, in a browser: password and code, passkey, recovery code, sign out everywhere; and a letter.

The staff must have a second factor here, as in real use; the telephone and the passkey are not the program's.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from opora.accounts.actions import add_person
from opora.demo.load import load_region
from opora.registry.actions import appoint
from tests.accounts.authenticator import code
from tests.journeys.steps import expect_open_to_everybody

PHONE = (390, 844)
EMAIL, PASSWORD = "region@demo.opora.example", "проверка-пути-7"


@pytest.fixture
def coordinator(live, settings, tmp_path):
    """A coordinator who has a password and nothing else yet."""
    settings.SECOND_FACTOR_REQUIRED = True
    settings.OUTCOMES = tmp_path / "outcomes"
    person = add_person(EMAIL, "Глобусова Нина Олеговна", PASSWORD)
    appoint(person, "regional_coordinator", region=load_region())
    return person


def give_password(page, live) -> None:
    """Come in by the first page as far as a password leads."""
    page.goto(live.at("sign-in/"))
    page.get_by_label("Электронная почта").fill(EMAIL)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()


def set_up_codes(page) -> tuple[str, list[str]]:
    """Teach a telephone the secret; answer it and the recovery codes."""
    page.get_by_role("link", name="Настроить одноразовые коды").click()
    secret = page.locator(".o-secret").inner_text()
    page.get_by_label("Код", exact=True).fill(code(secret))
    page.get_by_role("button", name="Включить коды").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Запасные коды")
    return secret, page.locator(".o-codes li").all_inner_texts()


def leave(page) -> None:
    """Sign out by the button at the top."""
    page.get_by_role("button", name="Выйти", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Вход в Опору")


def expect_inside(page, live) -> None:
    """See a page that opens to the staff only after a second factor."""
    page.wait_for_url(lambda address: "/sign-in/" not in address)  # a script may still be on its way in
    page.goto(live.at("runs/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Все перечни")


def next_code(secret: str) -> str:
    """Wait for the telephone's next code where the last one was just used: each is taken once."""
    return code(secret, time.time() + 30)


def plug_key_in(page):
    """Give the browser a passkey device that says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    saying_yes = {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": kind | saying_yes})
    return session


def test_a_password_and_a_code_open_what_a_password_alone_does_not(page, live, coordinator):
    """Пароль — настройка кодов — выход — пароль и код."""
    give_password(page, live)
    expect(page.get_by_text("второй фактор обязателен")).to_be_visible()
    page.goto(live.at("runs/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Безопасность входа")
    secret, spare = set_up_codes(page)
    assert len(set(spare)) == 10
    expect_open_to_everybody(page)
    expect_inside(page, live)
    leave(page)

    give_password(page, live)
    expect(page.get_by_role("heading", level=1)).to_have_text("Второй шаг входа")
    expect_open_to_everybody(page)
    page.get_by_label("Код", exact=True).fill("000000")
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Код не подошёл")
    page.get_by_label("Код", exact=True).fill(next_code(secret))
    page.get_by_role("button", name="Войти", exact=True).click()
    expect_inside(page, live)


def test_a_recovery_code_replaces_the_telephone_once(page, live, coordinator):
    """Телефона нет: запасной код впускает, второй раз — уже нет."""
    give_password(page, live)
    _secret, spare = set_up_codes(page)
    leave(page)
    give_password(page, live)
    page.get_by_label("Код", exact=True).fill(spare[3])
    page.get_by_role("button", name="Войти", exact=True).click()
    expect_inside(page, live)
    leave(page)
    give_password(page, live)
    page.get_by_label("Код", exact=True).fill(spare[3])
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Код не подошёл")


def test_a_passkey_signs_in_by_itself(page, live, coordinator):
    """Ключ доступа: создать, выйти, войти без пароля туда, куда хотели, удалить."""
    plug_key_in(page)
    give_password(page, live)
    page.get_by_role("link", name="Добавить ключ доступа").click()
    page.get_by_label(re.compile("^Название")).fill("Ноутбук в учительской")
    page.get_by_role("button", name="Создать ключ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Запасные коды")
    leave(page)

    page.goto(live.at("runs/"))
    page.get_by_role("button", name="Войти с ключом доступа").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Все перечни")
    page.goto(live.at("security/"))
    expect(page.get_by_text("Ноутбук в учительской")).to_be_visible()
    page.get_by_role("link", name="Назвать иначе: Ноутбук в учительской").click()
    page.get_by_label(re.compile("^Название")).fill("Ноутбук дома")
    page.get_by_role("button", name="Сохранить название").click()
    expect(page.get_by_text("Ноутбук дома")).to_be_visible()
    page.get_by_role("link", name="Удалить: Ноутбук дома").click()
    page.get_by_role("button", name="Удалить ключ").click()
    expect(page.get_by_text("сначала добавьте другой")).to_be_visible()


def test_a_passkey_confirms_after_a_password_too(page, live, coordinator):
    """Второй шаг — ключом."""
    plug_key_in(page)
    give_password(page, live)
    page.get_by_role("link", name="Добавить ключ доступа").click()
    page.get_by_role("button", name="Создать ключ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Запасные коды")
    leave(page)
    give_password(page, live)
    page.get_by_role("button", name="Подтвердить ключом доступа").click()
    expect_inside(page, live)


def test_signing_out_everywhere_ends_the_other_browser(new_page, live, coordinator):
    """Два браузера; «выйти везде» в одном закрывает другой."""
    here, there = new_page(), new_page()
    give_password(here, live)
    _secret, spare = set_up_codes(here)
    give_password(there, live)
    there.get_by_label("Код", exact=True).fill(spare[0])
    there.get_by_role("button", name="Войти", exact=True).click()
    expect_inside(there, live)

    here.goto(live.at("security/"))
    expect(here.locator("tbody tr")).to_have_count(2)
    here.get_by_role("button", name="Выйти везде").click()
    expect(here.get_by_text("Остальные входы закрыты.")).to_be_visible()
    expect(here.locator("tbody tr")).to_have_count(1)
    there.reload()
    expect(there.get_by_role("heading", level=1)).to_have_text("Вход в Опору")
    expect_inside(here, live)


def test_codes_need_no_javascript(new_page, live, coordinator):
    """Без JavaScript работает всё, кроме ключей доступа; их кнопки не видно."""
    page = new_page(PHONE, javascript=False)
    give_password(page, live)
    _secret, spare = set_up_codes(page)
    page.context.clear_cookies()
    page.goto(live.at("sign-in/"))
    expect(page.get_by_role("button", name="Войти с ключом доступа")).to_be_hidden()
    give_password(page, live)
    page.get_by_label("Код", exact=True).fill(spare[0])
    page.get_by_role("button", name="Войти", exact=True).click()
    expect_inside(page, live)


def test_signing_in_needs_no_mouse(page, live, coordinator):
    """Только клавиатура: поле уже выбрано, дальше Tab и Enter."""
    page.goto(live.at("sign-in/"))
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Безопасность входа")
