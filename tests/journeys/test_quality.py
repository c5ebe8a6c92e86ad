"""A check as its people live it, in a browser: from its form to a repair that is done, and to paper.

A municipal coordinator begins it, a director fills the sheet in on a phone and without JavaScript, the
coordinator differs once and signs, the school plans, the coordinator agrees, the school reports.
"""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from opora.accounts.actions import add_person
from opora.demo.load import load_region
from opora.methodology.quality.reading import load_checklist
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.registry.actions import appoint
from opora.registry.models import Municipality
from tests.conftest import PHONE
from tests.journeys.steps import PASSWORD, SLOW, expect_open_to_everybody, sign_in
from tests.world import add_school

DIRECTOR, MUNICIPAL = "director@example.org", "municipal@example.org"
SECTIONS = load_checklist("opora-2026").sections
TITLE = "Проверка ВСОКО, весна"


@pytest.fixture
def place(db, live, settings, tmp_path):
    """A municipality with two schools, its coordinator, and a director."""
    settings.OUTCOMES = tmp_path / "outcomes"
    region = load_region()
    district = Municipality.objects.create(region=region, name="Степной район")
    school = add_school(district, 1, "Степновская школа")
    add_school(district, 2, "Полевая школа")
    municipal = add_person(MUNICIPAL, "Линейкина Анна Павловна", PASSWORD)
    appoint(municipal, "municipal_coordinator", municipality=district)
    director = add_person(DIRECTOR, "Звонкова Мария Глебовна", PASSWORD)
    appoint(director, "director", school=school)
    return SimpleNamespace(school=school, district=district)


def begin(page, live) -> None:
    """Begin a check of all schools of the municipality."""
    sign_in(page, live, MUNICIPAL)
    page.goto(live.at("quality/"))
    page.get_by_role("link", name="Начать проверку").first.click()
    expect_open_to_everybody(page)
    page.get_by_label("Название").fill(TITLE)
    page.get_by_label("Номер приказа").fill("263-а")
    page.get_by_role("button", name="Начать проверку").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("row", name="Степновская школа")).to_contain_text("не начат")
    expect_open_to_everybody(page)


def to_sheet(page, live) -> None:
    """Come by the task in the personal office to the school's sheet."""
    sign_in(page, live, DIRECTOR)
    page.goto(live.at("office/"))
    page.get_by_role("link", name="Заполнить лист ВСОКО").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Степновская школа")


def fill_in(page, section) -> None:
    """Answer every criterion of a section and go on."""
    expect(page.get_by_role("heading", level=1)).to_have_text(section.title.ru)
    for one in section.criteria:
        level = "no" if one.name == "two_markers" else "yes"
        page.locator(f"#{one.name}_{level}").check()
        page.locator(f"#words_{one.name}").fill("протокол совещания № 4")
    page.get_by_role("button", name="Сохранить и").click()


def fill_the_sheet_in(phone, plain, live) -> None:
    """Fill in two sections on a phone, the others without JavaScript; what lacks is said at once."""
    to_sheet(phone, live)
    phone.get_by_role("button", name="Подписать лист").click()
    expect(phone.get_by_text("Выберите уровень.").first).to_be_visible()
    expect_open_to_everybody(phone)
    phone.get_by_role("link", name=f"1. {SECTIONS[0].title.ru}").click()
    expect_open_to_everybody(phone)
    for section in SECTIONS[:2]:
        fill_in(phone, section)
    to_sheet(plain, live)
    plain.get_by_role("link", name=f"3. {SECTIONS[2].title.ru}").click()
    for section in SECTIONS[2:]:
        fill_in(plain, section)
    plain.get_by_role("button", name="Подписать лист").click()
    expect(plain.get_by_text("Лист подписан. Теперь его смотрит муниципалитет.")).to_be_visible()


def check_it(page) -> None:
    """See it come without asking, confirm all but one criterion, conclude and sign."""
    row = page.get_by_role("row", name="Степновская школа")
    expect(row).to_contain_text("ждёт проверки", timeout=SLOW)
    page.get_by_role("link", name="Степновская школа").click()
    page.get_by_role("link", name=f"1. {SECTIONS[0].title.ru}").click()
    expect_open_to_everybody(page)
    for section in SECTIONS:
        for one in section.criteria:
            level = {"two_markers": "no", "schedule": "partly"}.get(one.name, "yes")
            page.locator(f"#{one.name}_{level}").check()
        if section is SECTIONS[0]:
            page.locator("#reason_schedule").fill("в графике нет внешних работ")
        page.get_by_role("button", name="Сохранить и").click()
    expect(page.get_by_text("О чём поговорить")).to_be_visible()
    page.get_by_label("Выводы").fill("Дополнить график, начать вторую проверку")
    page.get_by_role("button", name="Подписать результат").click()
    expect(page.get_by_text("Подписано").first).to_be_visible()
    expect_open_to_everybody(page)


def plan(page, live) -> None:
    """Plan a repair from the usual measure, and explain why another criterion waits."""
    page.goto(live.at("office/"))
    page.get_by_role("link", name="Составить план исправлений").click()
    expect(page.get_by_text("Без меры и без объяснения: 2 критерия")).to_be_visible()
    expect_open_to_everybody(page)
    page.locator("#schedule").get_by_role("link", name="Добавить меру").click()
    expect(page.get_by_label("Что сделаем")).to_have_value("Составить единый график и убрать лишние работы")
    page.get_by_label("Кто отвечает").fill("заместитель директора")
    page.get_by_label("Срок").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    expect_open_to_everybody(page)
    page.get_by_role("button", name="Добавить в план").click()
    page.locator("#two_markers").get_by_role("link", name="Добавить меру").click()
    page.get_by_label("Что сделаем").fill("")
    page.get_by_label("Или почему меры не будет").fill(
        "один учитель предмета, договариваемся с соседней школой"
    )
    page.get_by_role("button", name="Добавить в план").click()
    expect(page.get_by_text("Без меры и без объяснения")).to_have_count(0)


def agree(page, live) -> None:
    """Agree to both rows."""
    for _row in range(2):
        page.goto(live.at("office/"))
        page.get_by_role("link", name="Согласовать меры школы").click()
        page.get_by_role("link", name="Согласовать или вернуть").first.click()
        expect_open_to_everybody(page)
        page.get_by_role("button", name="Согласовать меру").click()
        expect(page.get_by_text("Согласовано").first).to_be_visible()


def report(page, live) -> None:
    """Report the repair done, with a proof."""
    page.reload()
    page.locator("#schedule").get_by_role("link", name="Отметить выполненной").click()
    page.get_by_label("Чем подтверждается").fill("график опубликован")
    page.get_by_role("textbox", name="Ссылка").fill("https://school.example.org/schedule")
    page.get_by_role("button", name="Отметить выполненной").click()
    expect(page.locator("#schedule")).to_contain_text("график опубликован")
    expect_open_to_everybody(page)


def words_of(page, name) -> str:
    """Download a note and read it."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    return " ".join(" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(content)).pages)


def test_a_check_from_its_form_to_a_repair_that_is_done(new_page, live, place):
    """Проверка начата → школа заполнила и подписала → муниципалитет проверил → план → выполнено → справка."""
    desk, phone, plain = new_page(), new_page(PHONE), new_page(PHONE, javascript=False)
    begin(desk, live)
    fill_the_sheet_in(phone, plain, live)
    check_it(desk)
    plan(phone, live)
    agree(desk, live)
    report(phone, live)
    said = words_of(phone, "Справка с планом, PDF")
    for part in ("Степновская школа", "в графике нет внешних работ", "график опубликован", "263-а",
                 "Дополнить график", "один учитель предмета", "умолчание Опоры"):  # fmt: skip
        assert part in said, part
    check = QualityCheck.objects.get()
    desk.goto(live.at(f"quality/{check.pk}/"))
    row = desk.get_by_role("row", name="Степновская школа")
    expect(row).to_contain_text("проверен")
    expect(row).to_contain_text("выполнено 1")
    assert "Проверено: 1" in words_of(desk, "Итоги, PDF")
    assert SheetPart.objects.filter(signed_at__isnull=False).count() == 2
    assert Repair.objects.get(state="done").proof == "график опубликован"
    assert CheckSheet.objects.count() == 2
