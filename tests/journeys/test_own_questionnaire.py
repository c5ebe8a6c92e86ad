"""A region asks its own words, in a browser: our workbook changed, refused, mended, in force, answered."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from opora.diagnostics.campaigns.actions import make_codes
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import SurveyLink, WaitingSheet
from opora.diagnostics.own_form_model import OwnForm
from opora.registry.models import Municipality
from tests.conftest import PHONE
from tests.journeys.steps import SLOW, expect_open_to_everybody, sign_in
from tests.world import add_school

OURS, TITLE = "Учителям: что помогает и чего не хватает", "Учителям края: что помогает"
QUESTION = "Есть ли у вас всё нужное для уроков?"


@pytest.fixture
def place(coordinator):
    """A school of the coordinator's region."""
    lake = Municipality.objects.create(region=coordinator.appointments.get().region, name="Ёлкинский район")
    return SimpleNamespace(school=add_school(lake, 1, "Школа села Ёлкино"), coordinator=coordinator)


def take_ours(page, live, folder) -> Path:
    """Go from the surveys to the questionnaires and take the teachers' one of Opora as a workbook."""
    sign_in(page, live)
    page.get_by_role("link", name="Опросы", exact=True).first.click()
    page.get_by_role("link", name="Анкеты", exact=True).click()
    expect(page.get_by_text("Своих анкет ещё нет")).to_be_visible()
    expect_open_to_everybody(page)
    page.get_by_role("link", name=OURS).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OURS)
    expect_open_to_everybody(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать XLSForm").click()
    assert download.value.suggested_filename == "teacher-2026.xlsx"
    book = folder / "teacher-2026.xlsx"
    download.value.save_as(book)
    return book


def change(book: Path, voluntary: str) -> None:
    """Change the title, a question and a promise, as somebody does in a spreadsheet."""
    found = load_workbook(book)
    survey, settings = found["survey"], found["settings"]
    head = [cell.value for cell in survey[1]]
    label, name = head.index("label::Русский (ru)") + 1, head.index("name") + 1
    told = {"opora.title": TITLE, "equipment": QUESTION}
    for row in range(2, survey.max_row + 1):
        if (of := survey.cell(row, name).value) in told:
            survey.cell(row, label, told[of])
    promise = [cell.value for cell in settings[1]].index("opora_voluntary") + 1
    settings.cell(2, promise, voluntary)
    found.save(book)


def bring(page, book) -> None:
    """Bring the workbook: its draft says what hinders, with the row, and is not put in force."""
    page.get_by_role("link", name="Анкеты", exact=True).first.click()
    page.get_by_role("link", name="Загрузить свою анкету").click()
    expect_open_to_everybody(page)
    page.locator("input[name=file]").set_input_files(book)
    page.get_by_role("button", name="Загрузить черновик").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE, timeout=SLOW)
    expect(page.get_by_text("лист «settings», строка 2: столбец «opora_voluntary»")).to_be_visible()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    expect_open_to_everybody(page)
    page.get_by_role("button", name="Ввести в действие").click()
    expect(page.get_by_text("Мешает то, что сказано ниже")).to_be_visible()
    expect_open_to_everybody(page)


def mend(page, book) -> None:
    """Bring the mended workbook in its place and put it in force."""
    page.locator("input[name=file]").set_input_files(book)
    page.get_by_role("button", name="Заменить черновик").click()
    expect(page.get_by_text("Анкету можно давать людям")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("Do you teach subjects outside your diploma?")).to_be_visible()
    expect_open_to_everybody(page)
    page.get_by_role("button", name="Ввести в действие").click()
    expect(page.get_by_text("Анкета действует: её можно спрашивать в опросах")).to_be_visible()
    expect_open_to_everybody(page)


def ask(page) -> None:
    """Prepare and begin a survey of it alone."""
    page.get_by_role("link", name="Опросы", exact=True).first.click()
    page.get_by_role("link", name="Подготовить опрос").first.click()
    page.get_by_label("Название").fill("Своё")
    page.get_by_label(f"{TITLE} (своя анкета").check()
    page.get_by_label("Какие школы").select_option("все школы территории")
    page.get_by_role("button", name="Подготовить опрос").click()
    page.get_by_role("button", name="Начать опрос").click()
    expect(page.get_by_text("Свои анкеты в этом опросе")).to_be_visible()
    expect_open_to_everybody(page)


def answer(phone, live, link) -> None:
    """A teacher answers page by page on a phone."""
    phone.goto(f"{live.at(f'a/{link.token}/')}#{code_of(link.token, 1)}")
    expect(phone.locator("html")).to_have_class("js")
    expect(phone.get_by_text(TITLE).first).to_be_visible()
    phone.get_by_role("button", name="Начать").click()
    group = phone.get_by_role("group", name=QUESTION)
    group.get_by_role("group", name="интернета").get_by_text("хватает", exact=True).click()
    for _page in range(3):
        phone.get_by_role("button", name="Дальше").click()
    phone.get_by_role("button", name="Отправить ответы").click()
    expect(phone.get_by_role("heading", name="Спасибо, ответы приняты")).to_be_visible(timeout=SLOW)


def test_a_region_asks_its_own_questionnaire(new_page, live, place, tmp_path):
    """Скачать нашу → изменить в таблице → отказ → исправить → ввести → опрос → ответ учителя."""
    desk = new_page()
    book = take_ours(desk, live, tmp_path)
    change(book, "no")
    bring(desk, book)
    change(book, "yes")
    mend(desk, book)
    ask(desk)
    own = OwnForm.objects.get()
    link = SurveyLink.objects.get(school=place.school, form=own.name)
    make_codes(link, 1, place.coordinator)
    answer(new_page(PHONE), live, link)
    assert [sheet.answers for sheet in WaitingSheet.objects.all()] == [{"equipment.internet": 4}]
