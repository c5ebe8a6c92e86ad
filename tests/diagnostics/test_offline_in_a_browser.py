"""A questionnaire in a real browser: saved as it is typed, through reloads and hours without a line."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from opora.diagnostics.models import Receipt, WaitingSheet
from tests.conftest import PHONE
from tests.diagnostics import faulty_runs
from tests.diagnostics.conftest import *  # noqa: F403 (fixtures are found by their names)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
READY = "navigator.serviceWorker.ready.then(() => caches.keys()).then((names) => names.length > 0)"
SOON = 20_000


@pytest.fixture
def address(live, link):
    return live.at(f"a/{link.token}/")


def begin(page, address, code):
    page.goto(f"{address}#{code}")
    expect(page.locator("html")).to_have_class("js")
    page.get_by_role("button", name="Начать").click()


def fill(page, step="Понятно?"):
    """Answer the first page and go to the second."""
    page.get_by_role("group", name=step).get_by_text("скорее да").click()
    page.get_by_role("button", name="Дальше").click()
    expect(page.get_by_role("heading", name="Школа", exact=True)).to_be_visible()


def send(page):
    page.get_by_role("button", name="Отправить ответы").click()


def wait_for_worker(page):
    """Wait until the page is kept on the device."""
    assert page.evaluate(READY)
    page.wait_for_function("async () => Boolean(await caches.match(location.href.split('#')[0]))")


def sheets():
    return [sheet.answers for sheet in WaitingSheet.objects.order_by("pk")]


def test_a_questionnaire_is_answered_page_by_page(phone, address, codes):
    """Код взят из адреса, вопросы — по страницам, условие открывает вопрос, квитанция выдана."""
    begin(phone, address, codes[0])
    assert "#" not in phone.url  # the code does not stay in the history
    why = phone.get_by_role("group", name="Что мешает?")
    expect(why).to_be_hidden()
    phone.get_by_role("group", name="Понятно?").get_by_text("нет", exact=True).click()
    expect(why).to_be_visible()
    why.get_by_text("шумно").click()
    phone.get_by_label("Откуда шум?").fill("из коридора")
    phone.get_by_role("button", name="Дальше").click()
    phone.get_by_role("group", name="спокойно").get_by_text("да", exact=True).click()
    phone.get_by_role("textbox", name="Сколько пропустили?").fill("7")
    phone.get_by_role("textbox", name="Какая часть?").fill("40")
    send(phone)
    expect(phone.get_by_role("heading", name="Спасибо, ответы приняты")).to_be_focused()
    assert sheets() == [
        {"clear": 1, "why": "noise", "noise_from": "из коридора", "days.calm": 4, "missed": 7, "part": 40}
    ]


def test_what_is_not_asked_any_more_is_not_sent(phone, address, codes):
    begin(phone, address, codes[0])
    phone.get_by_role("group", name="Понятно?").get_by_text("нет", exact=True).click()
    phone.get_by_role("group", name="Что мешает?").get_by_text("шумно").click()
    fill(phone)
    send(phone)
    expect(phone.get_by_text("ответы приняты")).to_be_visible()
    assert sheets() == [{"clear": 3}]


def test_answers_survive_a_reload_and_a_closed_tab(phone, address, codes):
    """Ответы целы после перезагрузки и закрытой вкладки: страница открывается там, где остановились."""
    begin(phone, address, codes[0])
    fill(phone)
    phone.get_by_role("textbox", name="Сколько пропустили?").fill("12")
    expect(phone.get_by_text("Сохранено на этом устройстве")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("textbox", name="Сколько пропустили?")).to_have_value("12")
    another = phone.context.new_page()
    phone.close()
    another.goto(address)
    expect(another.get_by_role("textbox", name="Сколько пропустили?")).to_have_value("12")
    send(another)
    expect(another.get_by_text("ответы приняты")).to_be_visible()
    assert sheets() == [{"clear": 3, "missed": 12}]


def test_a_questionnaire_is_filled_in_without_a_line_and_goes_once(phone, address, codes):
    """Без связи анкета открывается и заполняется; лист ждёт и уходит один раз, когда связь вернулась."""
    phone.goto(f"{address}#{codes[0]}")
    wait_for_worker(phone)
    phone.context.set_offline(True)
    phone.reload()
    phone.get_by_role("button", name="Начать").click()
    fill(phone)
    send(phone)
    expect(phone.get_by_text("Связи нет. Ответы сохранены")).to_be_visible()
    assert sheets() == []
    phone.context.set_offline(False)
    expect(phone.get_by_text("ответы приняты")).to_be_visible(timeout=SOON)
    assert sheets() == [{"clear": 3}]


def test_what_waited_is_sent_by_the_next_page_that_opens(phone, address, codes, live, parents):
    """Вкладку закрыли, не дождавшись связи: лист уйдёт, когда откроют любую анкету на этом устройстве."""
    phone.goto(f"{address}#{codes[0]}")
    wait_for_worker(phone)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Начать").click()
    fill(phone)
    send(phone)
    expect(phone.get_by_text("Связи нет. Ответы сохранены")).to_be_visible()
    another = phone.context.new_page()
    phone.close()
    another.context.set_offline(False)
    another.goto(live.at(f"a/{parents.token}/"))
    expect(another.get_by_text("ждали связи на этом устройстве, отправлены: 1")).to_be_visible(timeout=SOON)
    assert sheets() == [{"clear": 3}]
    assert WaitingSheet.objects.get().link.token in address  # its own link, whichever page sent it
    another.reload()
    expect(another.get_by_role("button", name="Начать")).to_be_visible()
    expect(another.get_by_text("отправлены")).to_have_count(0)  # told once, and nothing is kept of it


def test_a_sheet_that_is_refused_while_nobody_looks_is_told_and_mended(phone, address, codes, live, parents):
    """Код с опечаткой без связи: следующая страница говорит, что анкету не приняли, и открывает её."""
    phone.goto(address)
    wait_for_worker(phone)
    phone.context.set_offline(True)
    phone.get_by_label("Код из приглашения").fill("4K7A-PX29-HTC3")
    phone.get_by_role("button", name="Начать").click()
    fill(phone)
    send(phone)
    expect(phone.get_by_text("Связи нет. Ответы сохранены")).to_be_visible()
    another = phone.context.new_page()
    phone.close()
    another.context.set_offline(False)
    another.goto(live.at(f"a/{parents.token}/"))
    expect(another.get_by_text("не приняли. Кода нет или в нём опечатка")).to_be_visible(timeout=SOON)
    another.get_by_role("link", name="Открыть её и поправить").click()
    expect(another.get_by_text("сверьте его с приглашением")).to_be_visible()
    another.get_by_label("Код из приглашения").fill(codes[1])
    another.get_by_role("button", name="Начать").click()
    another.get_by_role("button", name="Дальше").click()
    send(another)
    expect(another.get_by_text("ответы приняты")).to_be_visible()
    assert sheets() == [{"clear": 3}]


def test_what_another_code_has_begun_is_not_shown(phone, address, codes):
    """Планшет один на двоих: черновик того, у кого другой код, второму не открывается и цел."""
    begin(phone, address, codes[0])
    fill(phone)
    expect(phone.get_by_text("Сохранено на этом устройстве")).to_be_visible()
    phone.goto(f"{address}#{codes[1]}")
    phone.get_by_role("button", name="Начать").click()
    expect(phone.get_by_role("group", name="Понятно?").get_by_label("скорее да")).not_to_be_checked()
    phone.goto(f"{address}#{codes[0]}")
    expect(phone.get_by_role("heading", name="Школа", exact=True)).to_be_visible()


PROMISES = {
    "no": "Object.assign(navigator.storage, {persisted: async () => false, persist: async () => false})",
    "missing": "Object.defineProperty(navigator, 'storage', {value: undefined})",
    "yes": "Object.assign(navigator.storage, {persisted: async () => false, persist: async () => true})",
}


@pytest.mark.parametrize("promised", PROMISES)
def test_a_person_is_told_where_the_browser_may_erase(phone, address, codes, promised):
    """Браузер не обещает хранить — сказано, и пока заполняют, и пока лист ждёт; обещает — не сказано."""
    phone.context.add_init_script(PROMISES[promised])
    begin(phone, address, codes[0])
    told = phone.get_by_text("браузер может стереть сохранённое")
    fill(phone)
    expect(phone.get_by_text("Сохранено на этом устройстве")).to_be_visible()
    expect(told).to_have_count(1)
    expect(told).to_be_visible(visible=promised != "yes")
    phone.context.set_offline(True)
    send(phone)
    expect(phone.get_by_text("Связи нет. Ответы сохранены")).to_be_visible()
    expect(phone.locator("#waiting").get_by_text("может стереть")).to_have_count(int(promised != "yes"))


@pytest.mark.parametrize("fault", ["full", "private"])
def test_a_person_is_told_where_nothing_is_kept(phone, address, codes, fault):
    """Места нет или окно закрытое: «не закрывайте страницу»; со связью лист уходит один раз."""
    phone.context.add_init_script(faulty_runs.FULL if fault == "full" else faulty_runs.PRIVATE)
    begin(phone, address, codes[0])
    phone.evaluate("localStorage.full = 1")
    fill(phone)
    expect(phone.get_by_text("Этот браузер не хранит ответы: не закрывайте страницу")).to_be_visible()
    phone.context.set_offline(True)
    send(phone)
    expect(phone.get_by_text("этот браузер не хранит ответы: не закрывайте страницу")).to_have_count(2)
    expect(phone.get_by_text("Ответы сохранены")).to_have_count(0)
    phone.context.set_offline(False)
    expect(phone.get_by_text("ответы приняты")).to_be_visible(timeout=SOON)
    assert sheets() == [{"clear": 3}]


def test_a_class_answers_on_one_device_without_a_line(phone, address, codes):
    """Один планшет на класс и нет связи: каждый заполняет свою анкету, потом уходят все."""
    phone.goto(f"{address}#{codes[0]}")
    wait_for_worker(phone)
    phone.context.set_offline(True)
    for number in range(3):
        phone.goto(address)
        phone.get_by_label("Код из приглашения").fill(codes[number])
        phone.get_by_role("button", name="Начать").click()
        fill(phone)
        phone.get_by_role("textbox", name="Сколько пропустили?").fill(str(number))
        send(phone)
        expect(phone.get_by_text("Связи нет. Ответы сохранены")).to_be_visible()
    phone.context.set_offline(False)
    for _try in range(200):
        if len(sheets()) == 3:
            break
        phone.wait_for_timeout(100)
    assert sorted(one["missed"] for one in sheets()) == [0, 1, 2]


def test_an_answer_that_is_lost_on_the_way_back_is_not_counted_twice(phone, address, codes):
    """Лист дошёл, а «принято» — нет: отправленный снова, он сосчитан один раз."""
    begin(phone, address, codes[0])
    fill(phone)
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    phone.route("**/a/**", lose)
    send(phone)
    expect(phone.get_by_text("Связи нет. Ответы сохранены")).to_be_visible()
    assert lost == [200] and len(sheets()) == 1
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.get_by_text("ответы приняты")).to_be_visible()
    assert len(sheets()) == 1


def test_two_tabs_of_an_open_link_are_one_sheet(phone, live, parents):
    """Две вкладки одной открытой ссылки — один лист: квитанция у устройства одна."""
    first, second = phone, phone.context.new_page()
    for tab in (first, second):
        tab.goto(live.at(f"a/{parents.token}/"))
        expect(tab.locator("html")).to_have_class("js")
    for tab in (first, second):
        tab.get_by_role("button", name="Начать").click()
        fill(tab)
        send(tab)
        expect(tab.get_by_text("ответы приняты")).to_be_visible()
    assert len(sheets()) == 1 and Receipt.objects.count() == 1


def test_a_code_that_opens_nothing_is_told_and_the_answers_stay(phone, address, codes):
    begin(phone, address, "4K7A-PX29-HTC3")
    fill(phone)
    send(phone)
    expect(phone.get_by_label("Код из приглашения")).to_be_focused()
    expect(phone.get_by_text("сверьте его с приглашением")).to_be_visible()
    phone.get_by_label("Код из приглашения").fill(codes[1])
    phone.get_by_role("button", name="Начать").click()
    phone.get_by_role("button", name="Дальше").click()
    send(phone)
    expect(phone.get_by_text("ответы приняты")).to_be_visible()
    assert sheets() == [{"clear": 3}]


def test_the_whole_survey_by_keyboard_alone(phone, address, codes):
    """Вся анкета — с клавиатуры: Tab, стрелки, пробел, Enter."""
    phone.goto(f"{address}#{codes[0]}")
    phone.get_by_role("button", name="Начать").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Уроки")).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    for _step in range(3):
        phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Tab")
    while phone.evaluate("document.activeElement.textContent") != "Дальше":
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Школа", exact=True)).to_be_focused()
    while phone.evaluate("document.activeElement.textContent") != "Отправить ответы":
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("ответы приняты")).to_be_visible()
    assert sheets() == [{"clear": 4}]


@pytest.mark.parametrize("width", [(1280, 900), PHONE, (320, 640)])
def test_axe_finds_nothing_on_any_step_and_nothing_overflows(new_page, address, codes, width):
    page = new_page(width)

    def look():
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0

    page.goto(f"{address}#{codes[0]}")
    expect(page.locator("html")).to_have_class("js")
    look()
    page.get_by_role("button", name="Начать").click()
    page.get_by_role("group", name="Понятно?").get_by_text("Не знаю").click()
    page.get_by_role("button", name="Дальше").click()
    look()
    page.get_by_role("textbox", name="Сколько пропустили?").fill("99")
    send(page)
    expect(page.locator(".s-error:visible")).to_have_count(1)
    look()
    page.get_by_role("textbox", name="Сколько пропустили?").fill("9")
    send(page)
    expect(page.get_by_text("ответы приняты")).to_be_visible()
    look()


def test_without_a_program_it_is_one_plain_page(new_page, address, codes):
    """Без JavaScript: одна страница, один раз «Отправить»; ошибка возвращает всё, что написано."""
    page = new_page(PHONE, javascript=False)
    page.goto(address)
    page.get_by_label("Код из приглашения").fill(codes[0])
    page.get_by_role("group", name="Понятно?").get_by_text("скорее да").click()
    page.get_by_role("textbox", name="Сколько пропустили?").fill("99")
    send(page)
    expect(page.get_by_role("heading", name="Не отправлено")).to_be_visible()
    expect(page.get_by_role("textbox", name="Сколько пропустили?")).to_have_value("99")
    page.get_by_role("textbox", name="Сколько пропустили?").fill("9")
    send(page)
    expect(page.get_by_role("heading", name="Спасибо, ответы приняты")).to_be_visible()
    assert sheets() == [{"clear": 3, "missed": 9}]
