"""People come in, in a browser: a code on paper lets a curator in from a phone; a deputy acts for another.

A region with two schools, its coordinator and its municipal coordinator; everybody else comes by these pages.
"""

import re

import pytest
from playwright.sync_api import expect

from opora.accounts.actions import add_person
from opora.audit.models import Event
from opora.registry.actions import appoint, load_regions
from opora.registry.models import Municipality, Region, School
from tests.conftest import PHONE

PASSWORD = "проверка-пути-7-слов"
SLOW = 60_000  # milliseconds; a busy machine is no failure


@pytest.fixture
def world(live, settings, tmp_path):
    """A coordinator and a municipal one, who can sign in; a school that needs a curator."""
    settings.ORDERS = tmp_path / "orders"
    settings.OUTCOMES = tmp_path / "outcomes"
    if not Region.objects.exists():
        load_regions()
    region = Region.objects.get(pk="25")
    town = Municipality.objects.create(region=region, name="Ёлкинский район")
    School.objects.create(region=region, municipality=town, name="Школа села Ёлкино", vpr_login="sch250001")
    coordinator = add_person("region@example.org", "Глобусова Нина Олеговна", PASSWORD)
    appoint(coordinator, "regional_coordinator", region=region)
    municipal = add_person("town@example.org", "Линейкина Ирина Львовна", PASSWORD)
    appoint(municipal, "municipal_coordinator", municipality=town)
    return live


def sign_in(page, live, email, password=PASSWORD):
    page.goto(live.at("sign-in/"))
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Вход в Опору", timeout=SLOW)


def appoint_curator(page, live):
    """The coordinator appoints a curator by an order."""
    page.goto(live.at("people/new/"))
    page.locator("input[name=full_name]").fill("Циркулев Роман")
    page.locator("input[name=email]").fill("curator@example.org")
    page.locator("select[name=role]").select_option("curator")
    page.locator("input[name=school]").fill("sch250001")
    page.locator("input[name=order_number]").fill("12-К")
    page.locator("input[name=order_day]").fill("2026-09-01")
    page.get_by_role("button", name="Назначить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Циркулев Роман", timeout=SLOW)


def printed_code(page):
    """The coordinator prints the sheet: the code on it is shown once."""
    page.get_by_role("button", name="Напечатать код").click()
    expect(page.locator(".o-sheet svg")).to_be_visible(timeout=SLOW)
    return page.locator(".o-code").inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_curator_comes_in_by_a_code_on_paper_from_a_phone(new_page, world, javascript):
    """Координатор печатает код; куратор вводит его с телефона строчными буквами и видит свою школу."""
    desk = new_page(javascript=javascript)
    sign_in(desk, world, "region@example.org")
    appoint_curator(desk, world)
    code = printed_code(desk)

    phone = new_page(PHONE, javascript=javascript)
    phone.goto(world.at("join/"))
    phone.locator("input[name=code]").fill(code.lower().replace("-", " "))
    phone.get_by_role("button", name="Дальше").click()
    expect(phone.locator("main")).to_contain_text("куратор", timeout=SLOW)
    expect(phone.locator("main")).to_contain_text("Школа села Ёлкино")
    phone.locator("input[name=full_name]").fill("Циркулев Роман Захарович")
    phone.locator("input[name=password]").fill(PASSWORD)
    phone.locator("input[name=again]").fill(PASSWORD)
    phone.get_by_role("button", name="Принять и войти").click()
    expect(phone.get_by_text("Добро пожаловать в Опору")).to_be_visible(timeout=SLOW)
    phone.goto(world.at("office/"))
    phone.get_by_role("link", name="Школа села Ёлкино").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Школа села Ёлкино", timeout=SLOW)
    assert phone.evaluate("document.scrollingElement.scrollWidth") == PHONE[0]

    desk.goto(world.at("people/?search=Циркулев"))
    expect(desk.locator("tbody")).to_contain_text("Циркулев Роман Захарович")
    again = new_page(PHONE, javascript=javascript)
    again.goto(world.at(f"join/{code}/"))
    expect(again.get_by_role("heading", level=1)).to_have_text("Приглашение не подходит", timeout=SLOW)


def test_a_deputy_acts_for_another(new_page, world):
    """Координатор муниципалитета называет заместителя; тот назначает психолога, и записано «за» неё."""
    deputy = add_person("deputy@example.org", "Тетрадкина Софья Егоровна", PASSWORD)
    page = new_page()
    sign_in(page, world, "town@example.org")
    page.goto(world.at("office/"))
    page.get_by_role("link", name="Назвать заместителя").click()
    page.locator("input[name=full_name]").fill("Тетрадкина Софья Егоровна")
    page.locator("input[name=email]").fill("deputy@example.org")
    page.locator("input[name=until]").fill("2099-01-01")
    page.get_by_role("button", name="Назвать заместителя").click()
    expect(page.get_by_text("Заместитель назван")).to_be_visible(timeout=SLOW)

    other = new_page()
    sign_in(other, world, "deputy@example.org")
    expect(other.locator(".o-person-place").first).to_have_text(re.compile("за: Линейкина Ирина Львовна"))
    other.goto(world.at("people/new/"))
    for name, value in {
        "full_name": "Тишина Евгения",
        "email": "calm@example.org",
        "school": "sch250001",
    }.items():
        other.locator(f"input[name={name}]").fill(value)
    other.locator("select[name=role]").select_option("psychologist")
    other.get_by_role("button", name="Назначить", exact=True).click()
    expect(other.get_by_text("Назначение записано")).to_be_visible(timeout=SLOW)
    event = Event.objects.filter(chain="25", deed="registry.appoint").latest("number")
    assert (event.by, event.role) == (deputy, "municipal_coordinator")

    page.goto(world.at("office/"))
    expect(page.locator("main")).to_contain_text("(за: Линейкина Ирина Львовна)")
