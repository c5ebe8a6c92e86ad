"""A sheet is typed by keys alone in a real browser, twice, and its pack is handed in."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from opora.diagnostics.models import PaperPack, PaperSheet, WaitingSheet
from opora.diagnostics.paper.actions import begin_pack
from tests.conftest import DESK, PHONE
from tests.journeys.steps import expect_open_to_everybody

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DRAFTS = "() => Object.keys(sessionStorage).filter((one) => one.startsWith('opora-paper'))"


@pytest.fixture
def as_somebody(new_page, live):
    """Open a window in which somebody has signed in."""

    def open_as(person, size=DESK, **more):
        client = Client()
        client.force_login(person)
        window = new_page(size, **more)
        name = settings.SESSION_COOKIE_NAME
        window.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live.url}])
        return window

    return open_as


def keys(page, *typed):
    """Type what one sees on a sheet, each time with Enter."""
    for one in typed:
        page.keyboard.type(one)
        page.keyboard.press("Enter")


def place(page, name):
    return page.locator(f'[name="{name}"]')


def fits(page, size):
    assert page.evaluate("document.scrollingElement.scrollWidth") == size[0]


def test_a_pack_is_typed_twice_by_keyboard_and_handed_in(as_somebody, live, link, people):
    """Коды отложены → пачка → два листа → второй ввод с телефона → расхождение → сдано."""
    desk = as_somebody(people.director)
    desk.goto(live.at(f"surveys/links/{link.pk}/paper/"))
    expect_open_to_everybody(desk)
    desk.get_by_label("Сколько человек ответят на бумаге").fill("2")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Отложено для бумаги 2")).to_be_visible()
    desk.get_by_role("button", name="Начать пачку").press("Enter")
    desk.get_by_role("link", name="Ввести лист 1 первый раз").press("Enter")
    expect(place(desk, "clear")).to_be_focused()
    keys(desk, "1", "2", "из коридора", "3", "4", "13", "7", "40")
    expect(desk.get_by_role("button", name="Сохранить лист")).to_be_focused()
    expect_open_to_everybody(desk)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Лист 2: первый ввод")
    keys(desk, "3", "", "2", "")  # why is not asked of whoever understands
    expect(place(desk, "missed")).to_be_focused()

    phone = as_somebody(people.team, PHONE)
    phone.goto(live.at(f"surveys/packs/{PaperPack.objects.get().pk}/sheets/1/second/"))
    expect_open_to_everybody(phone)
    fits(phone, PHONE)
    keys(phone, "1", "2", "3", "4", "13", "9", "40")  # words are typed once; a seven was read as a nine
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Лист 1: где ввод разошёлся")
    expect(phone.get_by_text("Первый раз: 7. Второй раз: 9.")).to_be_visible()
    expect_open_to_everybody(phone)
    fits(phone, PHONE)
    keys(phone, "7")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Пачка 1")
    expect_open_to_everybody(phone)
    fits(phone, PHONE)

    keys(desk, "*")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Лист 3: первый ввод")
    phone.goto(live.at(f"surveys/packs/{PaperPack.objects.get().pk}/sheets/2/second/"))
    keys(phone, "3", "", "2", "", "*")
    expect(phone.get_by_role("button", name="Сохранить лист")).to_be_focused()
    phone.keyboard.press("Enter")
    phone.get_by_role("button", name="Сдать пачку").press("Enter")
    expect(phone.get_by_text("какой лист чей ответ, не узнать")).to_be_visible()
    expect_open_to_everybody(phone)
    assert not PaperSheet.objects.exists()
    assert sorted(WaitingSheet.objects.values_list("answers", flat=True), key=len) == [
        {"clear": 3, "days.kind": 2},
        {
            "clear": 1, "why": "noise", "noise_from": "из коридора", "days.calm": 3, "days.kind": 4,
            "help": ["home", "friend"], "missed": 7, "part": 40,
        },
    ]  # fmt: skip


@pytest.fixture
def typing(as_somebody, live, link, people):
    """A window with the first sheet of a pack."""
    pack = begin_pack(link, people.director)
    window = as_somebody(people.director)
    window.goto(live.at(f"surveys/packs/{pack.pk}/sheets/1/first/"))
    expect(place(window, "clear")).to_be_focused()
    return window


def means(page, name):
    return page.locator(f'[data-place="{name}"] output')


def test_what_keys_mean_is_said_beside_them(typing):
    """Цифра названа словом; чего нет — тоже; первый Enter на ошибке держит, второй пускает дальше."""
    typing.keyboard.type("2")
    expect(means(typing, "clear")).to_have_text("скорее нет")
    typing.keyboard.press("Enter")
    expect(place(typing, "why")).to_be_focused()
    typing.keyboard.press("ArrowUp")
    typing.keyboard.type("7")
    expect(means(typing, "clear")).to_have_text("такого ответа нет")
    expect(place(typing, "clear")).to_have_attribute("aria-invalid", "true")
    typing.keyboard.press("Enter")
    expect(place(typing, "clear")).to_be_focused()
    typing.keyboard.type("*")
    expect(means(typing, "clear")).to_have_text("не разобрать")
    place(typing, "help").fill("13")
    expect(means(typing, "help")).to_have_text("дома, друг")
    place(typing, "missed").fill("31")
    expect(means(typing, "missed")).to_have_text("такого ответа нет")
    place(typing, "missed").fill("-")
    expect(means(typing, "missed")).to_have_text("не знаю")


def test_a_question_that_was_not_asked_is_jumped_over(typing):
    """Те же условия, что на экране анкеты; если на листе всё же отмечено, туда можно вернуться."""
    expect(means(typing, "why")).to_have_text("этот вопрос здесь не задан")
    keys(typing, "3")
    expect(place(typing, "days.calm")).to_be_focused()
    typing.keyboard.press("ArrowUp")
    expect(place(typing, "clear")).to_be_focused()
    typing.keyboard.type("1")
    expect(means(typing, "why")).to_be_hidden()
    keys(typing, "")
    expect(place(typing, "why")).to_be_focused()


def test_what_was_typed_outlives_the_page_and_is_gone_when_it_is_kept(typing):
    """Вкладку обновили или увели: введённое возвращается; сохранённое на устройстве не остаётся."""
    keys(typing, "3", "4", "2")
    typing.reload()
    expect(typing.get_by_text("Введённое на этой вкладке возвращено")).to_be_visible()
    assert [place(typing, name).input_value() for name in ("clear", "days.calm", "days.kind")] == [
        "3",
        "4",
        "2",
    ]
    typing.get_by_role("link", name="К пачке").click()
    typing.go_back()
    expect(place(typing, "days.calm")).to_have_value("4")
    typing.get_by_role("button", name="Сохранить лист").click()
    expect(typing.get_by_role("heading", level=1)).to_have_text("Лист 2: первый ввод")
    assert typing.evaluate(DRAFTS) == []
    assert PaperSheet.objects.get().first == {"clear": 3, "days.calm": 4, "days.kind": 2}


def test_a_line_that_is_gone_costs_nothing_that_was_typed(typing):
    keys(typing, "3", "4")
    address = typing.url
    typing.context.set_offline(True)
    typing.get_by_role("button", name="Сохранить лист").click()
    typing.wait_for_timeout(300)
    typing.context.set_offline(False)
    typing.goto(address)
    expect(place(typing, "days.calm")).to_have_value("4")
    typing.get_by_role("button", name="Сохранить лист").click()
    expect(typing.get_by_role("heading", level=1)).to_have_text("Лист 2: первый ввод")
    assert PaperSheet.objects.get().first == {"clear": 3, "days.calm": 4}


def test_without_a_program_enter_looks_and_the_button_keeps(as_somebody, live, link, people):
    pack = begin_pack(link, people.director)
    window = as_somebody(people.director, javascript=False)
    window.goto(live.at(f"surveys/packs/{pack.pk}/sheets/1/first/"))
    place(window, "clear").fill("3")
    place(window, "missed").fill("5")
    window.keyboard.press("Enter")
    expect(place(window, "missed")).to_have_value("5")
    assert not PaperSheet.objects.exists()
    window.get_by_role("button", name="Сохранить лист").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Лист 2: первый ввод")
    assert PaperSheet.objects.get().first == {"clear": 3, "missed": 5}
