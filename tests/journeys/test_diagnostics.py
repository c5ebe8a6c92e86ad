"""A survey as its people live it, in a browser: from the form that prepares it to a school's risk profile.

A coordinator asks, a director hands codes out on paper, a pupil answers while the line goes and comes back, a
parent answers without JavaScript; when the survey has ended, the school reads its profile and takes it along.
"""

import re
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from opora.accounts.actions import add_person
from opora.demo.load import load_region
from opora.diagnostics.campaigns.actions import Asked, make_codes, open_campaign, prepare_campaign
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import Campaign, SurveyLink, WaitingSheet
from opora.diagnostics.profiles.actions import release_due
from opora.questionnaires.editions import load
from opora.registry.actions import appoint
from opora.registry.models import Municipality
from tests.conftest import PHONE
from tests.diagnostics.answered import answer
from tests.journeys.steps import PASSWORD, SLOW, expect_open_to_everybody, sign_in
from tests.world import add_school, today  # noqa: F401 (a fixture is found by its name)

DIRECTOR, ELSEWHERE = "director@example.org", "town@example.org"
TITLE = "Осенняя диагностика"
PUPILS, TEACHERS, PARENTS = "Ученикам 6 класса", "Учителям:", "Родителям:"
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b")
READY = "navigator.serviceWorker.ready.then(() => caches.keys()).then((names) => names.length > 0)"
OTHERS = {"director-2026": 1, "teacher-2026": 8, "pupil-6-2026": 8, "pupil-9-2026": 7, "parent-2026": 6}
PUPIL_SAID = {
    "clear_explanations": 4,
    "order.noise": 2,
    "individual_help": 3,
    "homework_alone": ["family", "network"],
    "hours_homework": 2,
    "bullying_seen": 4,
    "adult_helps": "psychologist",
    "suggestion": "больше опытов",
}
ACTIVE = """() => {
    const {type, value, checked, textContent} = document.activeElement;
    return {kind: type || "", value: value || "", checked: Boolean(checked), text: textContent.trim()};
}"""


@pytest.fixture
def place(coordinator):
    """Two schools of two municipalities, the director of one and the coordinator of the other's place."""
    region = load_region()
    lake = Municipality.objects.create(region=region, name="Ёлкинский район")
    far = Municipality.objects.create(region=region, name="Степной район")
    school = add_school(lake, 1, "Школа села Ёлкино", settlement_kind="rural")
    add_school(far, 2, "Степновская школа", settlement_kind="rural")
    director = add_person(DIRECTOR, "Звонкова Мария Глебовна", PASSWORD)
    appoint(director, "director", school=school)
    appoint(add_person(ELSEWHERE, "Линейкина Ирина", PASSWORD), "municipal_coordinator", municipality=far)
    return SimpleNamespace(region=region, school=school, coordinator=coordinator, director=director)


def prepare(page, live) -> None:
    """Prepare the survey by the form and begin it; what lacks is told first."""
    sign_in(page, live)
    page.get_by_role("link", name="Опросы", exact=True).first.click()
    expect(page.get_by_text("Опросов ещё нет")).to_be_visible()
    expect_open_to_everybody(page)
    page.get_by_role("link", name="Подготовить опрос").first.click()
    page.get_by_label("Название").fill(TITLE)
    page.get_by_role("button", name="Подготовить опрос").click()
    expect(page.get_by_text("Выберите хотя бы одну анкету").first).to_be_visible()
    expect_open_to_everybody(page)
    for box in page.locator("input[name=forms_asked]").all():
        box.check()
    page.get_by_label("Какие школы").select_option("все школы территории")
    page.get_by_label("Рисковый профиль").select_option("opora-2026")
    page.get_by_label("Уровни факторов").select_option("fixed")
    page.get_by_role("button", name="Подготовить опрос").click()
    expect(page.get_by_text("Опрос подготовлен")).to_be_visible()
    expect_open_to_everybody(page)
    page.get_by_role("button", name="Начать опрос").click()
    expect(page.get_by_text("Опрос начат")).to_be_visible()


def card(page, title):
    """Answer the card of one questionnaire on the school's page."""
    return page.locator(".o-card", has=page.get_by_role("heading", name=title))


def open_school(page, school) -> None:
    """Go from the menu to the school's page of the survey."""
    page.get_by_role("link", name="Опросы", exact=True).first.click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name=str(school), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(str(school))


def hand_out(page, live, school) -> None:
    """Make codes for pupils and teachers, and say how many families have been given the link."""
    sign_in(page, live, DIRECTOR)
    open_school(page, school)
    for title, count in ((PUPILS, 12), (TEACHERS, 10)):
        card(page, title).get_by_label("Сделать ещё кодов").fill(str(count))
        card(page, title).get_by_role("button", name="Сделать").click()
        expect(card(page, title)).to_contain_text(f"Кодов сделано {count}, не использовано {count}.")
    card(page, PARENTS).get_by_label("Сколько семей приглашено").fill("20")
    card(page, PARENTS).get_by_role("button", name="Сохранить").click()
    expect(card(page, PARENTS)).to_contain_text("0 из 20")
    expect_open_to_everybody(page)


def on_paper(page, live) -> tuple[str, str]:
    """Take the strips for pupils as PDF; answer the address and a code that stand there."""
    printed = card(page, PUPILS).get_by_role("link", name="Напечатать приглашения (PDF)")
    given = page.context.request.get(live.at(printed.get_attribute("href")))  # a click opens the viewer
    assert given.headers["content-type"] == "application/pdf"
    said = words_of_pdf(given.body())
    assert said.count(PUPILS) == len(set(CODE.findall(said))) == 12
    address = card(page, PUPILS).locator("a.o-breaking").get_attribute("href")
    assert address.startswith(live.url) and address.removeprefix("http://") in said.replace(" ", "")
    return address, CODE.findall(said)[0]


def words_of_pdf(content) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def choose(page, question, word) -> None:
    page.get_by_role("group", name=question).get_by_text(word, exact=True).click()


def go_on(page, title) -> None:
    """Turn the page of the questionnaire; the heading of the next one is told to who does not see."""
    page.get_by_role("button", name="Дальше").click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_focused()


def begin(page, address) -> None:
    page.goto(address)
    expect(page.locator("html")).to_have_class("js")
    page.get_by_role("button", name="Начать").click()


def answer_while_the_line_goes(phone, address, code) -> None:
    """Begin with a line, go on without one, load the page again there, end it there, and wait."""
    phone.goto(f"{address}#{code}")
    expect(phone.locator("html")).to_have_class("js")
    assert phone.evaluate(READY)
    phone.wait_for_function("async () => Boolean(await caches.match(location.href.split('#')[0]))")
    expect_open_to_everybody(phone)
    phone.get_by_role("button", name="Начать").click()
    choose(phone, "учителя объясняют понятно", "на всех")
    phone.context.set_offline(True)
    choose(phone, "из-за шума не слышно учителя", "на некоторых")
    choose(phone, "Если я чего-то не понял", "скорее да")
    expect_open_to_everybody(phone)
    go_on(phone, "Учёба")
    choose(phone, "домашние задания?", "с родными")
    choose(phone, "домашние задания?", "с интернетом")
    phone.get_by_role("textbox", name="Сколько часов в день").fill("2")
    expect_open_to_everybody(phone)
    expect(phone.get_by_text("Сохранено на этом устройстве")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="Учёба", exact=True)).to_be_visible()
    expect(phone.get_by_role("textbox", name="Сколько часов в день")).to_have_value("2")
    expect(phone.get_by_label("с интернетом")).to_be_checked()
    phone.get_by_role("button", name="Назад").click()
    kept = phone.get_by_role("group", name="учителя объясняют понятно")
    expect(kept.get_by_label("на всех", exact=True)).to_be_checked()
    go_on(phone, "Учёба")
    go_on(phone, "Ребята и взрослые")
    expect(phone.get_by_role("group", name="Кто поможет")).to_be_hidden()
    choose(phone, "обижают или дразнят", "часто")
    choose(phone, "Кто поможет", "психолог")
    expect_open_to_everybody(phone)
    phone.get_by_role("textbox", name="изменил в первую очередь").fill("больше опытов")
    phone.get_by_role("button", name="Отправить ответы").click()
    expect(phone.get_by_text("Связи нет. Ответы сохранены на этом устройстве")).to_be_visible()
    expect_open_to_everybody(phone)


def the_line_comes_back(phone) -> None:
    """The sheet that waited goes, once, and its receipt is shown."""
    assert WaitingSheet.objects.count() == 0
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Спасибо, ответы приняты")).to_be_focused(timeout=SLOW)
    expect(phone.get_by_text(re.compile(r"Квитанция [0-9A-F]{4}-[0-9A-F]{4}\."))).to_be_visible()
    expect_open_to_everybody(phone)
    assert [sheet.answers for sheet in WaitingSheet.objects.all()] == [PUPIL_SAID]


def a_code_serves_once(phone, address, code) -> None:
    """Another device is refused in words, and its answers stay on its page."""
    begin(phone, f"{address}#{code}")
    choose(phone, "учителя объясняют понятно", "ни на одном")
    go_on(phone, "Учёба")
    go_on(phone, "Ребята и взрослые")
    phone.get_by_role("button", name="Отправить ответы").click()
    expect(phone.get_by_text("Этот код уже открыл другую анкету")).to_be_visible()
    expect(phone.get_by_label("Код из приглашения")).to_be_focused()
    expect_open_to_everybody(phone)
    phone.get_by_role("button", name="Начать").click()
    chosen = phone.get_by_role("group", name="учителя объясняют понятно").get_by_label("ни на одном")
    expect(chosen).to_be_checked()
    assert WaitingSheet.objects.count() == 1


def expect_plain_open(new_page, page) -> None:
    """Look at what a page without JavaScript shows in a window that has it: axe cannot do without."""
    looking = new_page(PHONE)
    looking.route("**/*.js", lambda route: route.abort())
    shown = page.content()
    looking.route(page.url, lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"))
    looking.goto(page.url)
    expect(looking.locator("html")).not_to_have_class("js")
    expect_open_to_everybody(looking)


def a_parent_answers(new_page, address) -> None:
    """One plain page without JavaScript, sent by one button."""
    page = new_page(PHONE, javascript=False)
    page.goto(address)
    expect_plain_open(new_page, page)
    choose(page, "В каком классе", "5–7")
    choose(page, "Ребёнку в школе спокойно", "скорее согласен")
    page.get_by_role("button", name="Отправить ответы").click()
    expect(page.get_by_role("heading", name="Спасибо, ответы приняты")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Квитанция [0-9A-F]{4}-[0-9A-F]{4}\."))).to_be_visible()
    expect_plain_open(new_page, page)
    sheet = WaitingSheet.objects.get(link__form="parent-2026")
    assert sheet.answers == {"grade": "middle", "safe": 3}


def end(page) -> None:
    """End the survey on the page that has counted all the while; its profiles are made."""
    page.get_by_role("button", name="Завершить опрос").click()
    expect(page.get_by_text("Рисковые профили составляются")).to_be_visible()
    expect_open_to_everybody(page)
    assert release_due() == 1
    page.reload()
    page.get_by_role("link", name="Посмотреть рисковые профили школ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Рисковые профили")
    expect(page.get_by_role("link", name="Степновская школа")).to_be_visible()
    expect_open_to_everybody(page)


def read_profile(page, school) -> None:
    """Go to the school's profile, read why a factor is as it is and who has told of it."""
    open_school(page, school)
    page.get_by_role("link", name="Рисковый профиль школы").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Рисковый профиль: {school}")
    told = page.locator(".o-card", has=page.get_by_role("heading", name="Кто ответил"))
    expect(told).to_contain_text("учителя: ответов — 8 из 10")
    expect(told).to_contain_text("родители: ответов — 7 из 20")
    factor = page.get_by_role("region", name="Низкий уровень оснащения школы")
    expect(factor.get_by_text("Хватает ли школе: интернета").first).to_be_hidden()
    factor.get_by_text("Из чего сложилось").click()
    expect(factor.get_by_text("Хватает ли школе: интернета").first).to_be_visible()
    expect_open_to_everybody(page)


def take_along(page, school) -> None:
    """Take the profile as PDF and as DOCX."""
    for kind, mark in (("PDF", b"%PDF"), ("DOCX", b"PK\x03\x04")):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        assert download.value.suggested_filename == f"profile-{school.pk}.{kind.lower()}"
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(mark)
        if kind == "PDF":
            assert f"Рисковый профиль школы: {school}" in words_of_pdf(content)


def test_a_survey_from_its_form_to_the_profile_of_a_school(new_page, live, place):
    """Опрос подготовлен → коды на бумаге → ответы, в середине без связи → завершён → профиль школы."""
    desk, director = new_page(), new_page()
    prepare(desk, live)
    hand_out(director, live, place.school)
    address, code = on_paper(director, live)
    parents = card(director, PARENTS).locator("a.o-breaking").get_attribute("href")
    counted = desk.get_by_role("row", name=str(place.school))
    expect(counted).to_contain_text("0 из 12", timeout=SLOW)

    phone = new_page(PHONE)
    answer_while_the_line_goes(phone, address, code)
    the_line_comes_back(phone)
    a_code_serves_once(new_page(PHONE), address, code)
    a_parent_answers(new_page, parents)
    expect(counted).to_contain_text("1 из 12", timeout=SLOW)  # the page asks again by itself
    expect(counted).to_contain_text("1 из 20")
    answer(Campaign.objects.get(), place.school, OTHERS, first=1)
    expect(counted).to_contain_text("9 из 12", timeout=SLOW)
    expect_open_to_everybody(desk)

    end(desk)
    read_profile(director, place.school)
    take_along(director, place.school)
    stranger = new_page()
    sign_in(stranger, live, ELSEWHERE)
    assert stranger.goto(desk.url).status == 200  # the survey is theirs too; that school's profile is not
    expect(stranger.get_by_role("link", name="Степновская школа")).to_be_visible()
    expect(stranger.get_by_role("link", name=str(place.school), exact=True)).to_have_count(0)
    for paper in ("", "profile.pdf", "profile.docx"):
        assert stranger.goto(f"{director.url}{paper}").status == 404, paper


def answer_by_keyboard(page) -> None:
    """Go on by Tab to the button that ends the page, answering all that is on the way."""
    for _step in range(100):
        page.keyboard.press("Tab")
        here = page.evaluate(ACTIVE)
        if here["text"] in ("Дальше", "Отправить ответы"):
            page.keyboard.press("Enter")
            return
        if here["kind"] == "radio" and not here["checked"]:
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        elif here["kind"] == "checkbox" and here["value"] != "dont_know":
            page.keyboard.press("Space")
        elif here["kind"] in ("text", "textarea"):
            page.keyboard.type("30")
    pytest.fail("the button is not reached by Tab")


def test_a_whole_questionnaire_by_keyboard_alone(page, live, place, today):  # noqa: F811
    """Настоящая анкета без мыши: код, «Начать», все вопросы, «Отправить», квитанция."""
    asked = Asked(TITLE, 2026, ("psychologist-2026",), today, today, place.region)
    open_campaign(prepare_campaign(asked, [place.school], place.coordinator), place.coordinator)
    link = SurveyLink.objects.get()
    make_codes(link, 1, place.director)
    page.goto(live.at(f"a/{link.token}/"))
    expect(page.locator("html")).to_have_class("js")
    while page.evaluate(ACTIVE)["kind"] != "text":
        page.keyboard.press("Tab")
    page.keyboard.type(code_of(link.token, 1).lower().replace("-", " "))
    page.keyboard.press("Tab")
    assert page.evaluate(ACTIVE)["text"] == "Начать"
    page.keyboard.press("Enter")
    for title in ("Дети", "Работа"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_focused()
        answer_by_keyboard(page)
    expect(page.get_by_role("heading", name="Спасибо, ответы приняты")).to_be_focused()
    expect(page.get_by_text(re.compile(r"Квитанция [0-9A-F]{4}-[0-9A-F]{4}\."))).to_be_visible()
    said = WaitingSheet.objects.get().answers
    assert set(said) == set(load("psychologist-2026").items)
    lacks = said.pop("lacks")
    assert (said.pop("at_risk"), set(said.values()), len(lacks)) == (30, {2}, 5)
