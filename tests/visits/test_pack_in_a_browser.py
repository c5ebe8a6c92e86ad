"""The pack in a real browser: hours without a line, closed tabs, two devices, files, ended sessions."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from opora.visits.kept import records_of
from opora.visits.models import Visit, VisitPhoto, VisitRecord
from opora.visits.pictures import JPEG
from opora.visits.planning.actions import Plan, plan_visit
from opora.visits.protocol.canonical import digest
from opora.visits.taking.actions import take_records
from tests.conftest import DESK, PHONE
from tests.journeys.steps import expect_open_to_everybody
from tests.visits.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.visits.pictures import png

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SOON = 30_000


@pytest.fixture
def device(new_page, live):
    """Open a window of a device on which somebody is signed in."""

    def open_device(person, size=PHONE, **options):
        page = new_page(size, **options)
        sign_in(page.context, live, person)
        return page

    return open_device


def sign_in(context, live, person):
    browser = Client()
    browser.force_login(person)
    context.add_cookies([{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": live.url}])


def open_pack(page, live, visit):
    """Open the pack with a line, and wait until the device has it."""
    page.goto(live.at(f"/visits/{visit.pk}/pack/"))
    expect(page.locator("html")).to_have_class("js")
    expect(page.locator("#kept")).to_contain_text("Пакет на этом устройстве: да", timeout=SOON)


def form(page, kind):
    return page.locator(f'form[data-key="{kind}"]')


def meet(page, note, who="Директор"):
    form(page, "met").get_by_label("Кто").select_option(who)
    form(page, "met").get_by_label("Уточнение").fill(note)
    form(page, "met").get_by_role("button", name="Добавить встречу").click()
    expect(form(page, "met").get_by_label("Уточнение")).to_have_value("")


def agree(page, what):
    own = form(page, "agreement")
    own.get_by_label("О чём договорились").fill(what)
    own.get_by_label("Кто сделает").fill("директор")
    own.get_by_label("К какому дню").fill("2026-12-20")
    own.get_by_role("button", name="Добавить договорённость").click()
    expect(own.get_by_label("О чём договорились")).to_have_value("")


def write_note(page, text):
    form(page, "note").get_by_label("Заметка").fill(text)
    form(page, "note").get_by_role("button", name="Добавить заметку").click()
    expect(form(page, "note").get_by_label("Заметка")).to_have_value("")


def take_photo(page, folder, name="кабинет"):
    path = Path(folder) / "photo.png"
    path.write_bytes(png(9, 2400, 1200, eXIf=b"geo 43.11"))
    own = form(page, "photo")
    own.get_by_label("Фотография (JPEG или PNG)").set_input_files(path)
    expect(own.locator("img.v-preview")).to_be_visible()
    own.get_by_label("Подпись").fill(name)


def said(visit):
    return sorted(json.dumps(one.content, ensure_ascii=False, sort_keys=True) for one in records_of(visit))


def expect_sent(page, count):
    expect(page.locator("#line")).to_contain_text(
        f"Сервер получил все записи с этого устройства: {count}.", timeout=SOON
    )


def test_a_visit_from_its_plan_to_its_receipts_through_hours_without_a_line(
    device, live, people, places, tmp_path, today
):
    """Запланирован → пакет → связи нет → вкладка убита → второе устройство → связь → всё пришло, один раз."""
    desk = device(people.curator, DESK)
    desk.goto(live.at("/visits/new/"))
    desk.get_by_label("День").fill((today + timedelta(days=2)).isoformat())
    desk.get_by_label("Зачем").fill("посмотреть уроки")
    desk.get_by_role("button", name="Запланировать визит").click()
    expect(desk.get_by_text("Визит запланирован: откройте его пакет на телефоне")).to_be_visible()
    visit = Visit.objects.get()
    phone = device(people.curator)
    open_pack(phone, live, visit)
    expect_open_to_everybody(phone)
    phone.context.set_offline(True)
    meet(phone, "и завуч")
    own = form(phone, "observation:lesson")
    phone.get_by_text("Наблюдение урока", exact=True).click()
    own.get_by_text("3. Цель понятна большинству").click()
    own.get_by_label("Предмет и класс, без фамилий").fill("математика, 6 класс")
    own.get_by_role("button", name="Добавить наблюдение").click()
    expect(own.locator(".v-count")).to_have_text("✓ 1")
    take_photo(phone, tmp_path)
    phone.get_by_label("На фотографии есть дети").check()
    form(phone, "photo").get_by_role("button", name="Добавить фотографию").click()
    expect(form(phone, "photo").get_by_text("согласие есть на бумаге или лица закрыты")).to_be_visible()
    expect_open_to_everybody(phone)
    form(phone, "photo").get_by_text("Лица детей закрыты или размыты").click()
    form(phone, "photo").get_by_role("button", name="Добавить фотографию").click()
    expect(form(phone, "photo").get_by_label("Подпись")).to_have_value("")
    form(phone, "note").get_by_label("Заметка").fill("не дописано")
    expect(form(phone, "note").get_by_text("Черновик сохранён")).to_be_visible()
    expect(phone.locator("#line")).to_contain_text("Ещё не отправлено: 4.")
    assert not VisitRecord.objects.exists()

    again = phone.context.new_page()
    phone.close(run_before_unload=False)
    again.goto(live.at(f"/visits/{visit.pk}/pack/"))
    expect(again.get_by_role("heading", level=1)).to_have_text(str(places.listed))
    expect(form(again, "note").get_by_label("Заметка")).to_have_value("не дописано")
    expect(again.locator("#written li")).to_have_count(3)
    form(again, "note").get_by_role("button", name="Добавить заметку").click()
    expect(again.locator("#written li")).to_have_count(4)
    expect_open_to_everybody(again)

    tablet = device(people.curator)
    open_pack(tablet, live, visit)
    tablet.context.set_offline(True)
    agree(tablet, "открытый урок в январе")
    write_note(tablet, "со второго устройства")
    for one in (tablet, again):
        one.context.set_offline(False)
        one.evaluate("window.dispatchEvent(new Event('online'))")
    expect_sent(again, 4)
    expect_sent(tablet, 2)
    assert VisitRecord.objects.count() == 6 and len({row.device for row in VisitRecord.objects.all()}) == 2
    photo = VisitPhoto.objects.get()
    assert (photo.kind, photo.visit) == (JPEG, visit) and photo.size < 100_000
    again.reload()
    expect_sent(again, 4)
    assert VisitRecord.objects.count() == 6

    desk.goto(live.at(f"/visits/{visit.pk}/"))
    for told in ("и завуч", "со второго устройства", "не дописано", "открытый урок в январе", "2 устройства"):
        expect(desk.get_by_text(told).first).to_be_visible()
    assert desk.locator("img.o-photo").evaluate("image => image.naturalWidth") == 1600
    expect_open_to_everybody(desk)
    desk.get_by_role("link", name="Квитанции по записям").click()
    for record in records_of(visit):
        expect(desk.get_by_text(digest(record.told()))).to_be_visible()
    expect_open_to_everybody(desk)
    desk.go_back()
    desk.get_by_role("button", name="Визит состоялся").click()
    expect(desk.get_by_text("Визит отмечен как состоявшийся")).to_be_visible()


def test_records_are_saved_to_a_file_and_taken_from_it_once(device, live, people, visit, tmp_path):
    """Связи нет днями: файл с записями и фотографией уходит другим путём, потом связь — и ничего дважды."""
    phone = device(people.curator)
    open_pack(phone, live, visit)
    phone.context.set_offline(True)
    meet(phone, "один")
    take_photo(phone, tmp_path)
    form(phone, "photo").get_by_role("button", name="Добавить фотографию").click()
    expect(phone.locator("#written li")).to_have_count(2)
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Сохранить в файл").click()
    file = tmp_path / download.value.suggested_filename
    assert re.fullmatch(rf"визит-{visit.pk}-[\d-]+\.json", file.name)
    download.value.save_as(file)

    desk = device(people.coordinator, DESK)
    desk.goto(live.at("/visits/file/"))
    expect_open_to_everybody(desk)
    for told in ("новых записей — 2, были раньше — 0", "новых записей — 0, были раньше — 2"):
        desk.get_by_label("Файл").set_input_files(file)
        desk.get_by_role("button", name="Загрузить").click()
        expect(desk.get_by_text(told)).to_be_visible()
        expect(desk.get_by_text("Фотографий в визите — 1")).to_be_visible()
    expect_open_to_everybody(desk)
    phone.context.set_offline(False)
    expect_sent(phone, 2)
    assert VisitRecord.objects.count() == 2 and VisitPhoto.objects.count() == 1


def test_a_session_that_has_ended_loses_nothing(device, live, people, visit):
    """Вход кончился: пакет открыт с устройства, сказано «войдите снова», после входа всё ушло."""
    phone = device(people.curator)
    open_pack(phone, live, visit)
    Session.objects.all().delete()
    write_note(phone, "после конца входа")
    expect(phone.locator("#line")).to_contain_text("войдите снова, ничего не потеряно", timeout=SOON)
    phone.reload()
    expect(phone.locator("#written")).to_contain_text("после конца входа")
    expect(phone.locator("#line").get_by_role("link", name="Войти")).to_be_visible(timeout=SOON)
    expect_open_to_everybody(phone)
    sign_in(phone.context, live, people.curator)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect_sent(phone, 1)
    assert [one.payload["text"] for one in records_of(visit)] == ["после конца входа"]


def test_what_one_person_wrote_is_not_sent_in_the_name_of_another(device, live, people, visit):
    phone = device(people.curator)
    open_pack(phone, live, visit)
    phone.context.set_offline(True)
    write_note(phone, "написал куратор")
    sign_in(phone.context, live, people.coordinator)
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("#line")).to_contain_text("Вошёл другой человек", timeout=SOON)
    assert not VisitRecord.objects.exists()
    sign_in(phone.context, live, people.curator)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect_sent(phone, 1)
    assert VisitRecord.objects.get().by == people.curator


def test_a_record_is_mended_and_withdrawn_and_the_old_words_stay(device, live, people, visit):
    phone = device(people.curator)
    open_pack(phone, live, visit)
    meet(phone, "один завуч")
    write_note(phone, "лишнее")
    expect_sent(phone, 2)
    phone.context.set_offline(True)
    phone.locator("#written li", has_text="один завуч").get_by_role("button", name="Исправить").click()
    expect(form(phone, "met").get_by_text("Исправление записи")).to_be_visible()
    meet(phone, "два завуча")
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.locator("#written li", has_text="лишнее").get_by_role("button", name="Отозвать").click()
    expect(phone.locator("#written li")).to_have_count(4)
    expect(phone.locator("#written").get_by_role("button")).to_have_count(2)  # of what stands alone
    phone.context.set_offline(False)
    expect_sent(phone, 4)
    desk = device(people.curator, DESK)
    desk.goto(live.at(f"/visits/{visit.pk}/"))
    expect(desk.get_by_text("Директор: два завуча")).to_be_visible()
    expect(desk.get_by_text("Отозванные записи (1)")).to_be_visible()


def test_what_the_server_refuses_stays_with_its_reason(device, live, people, visit):
    """Под тем же именем пришло другое: запись осталась на устройстве, сказано почему; исправленная уходит."""
    phone = device(people.curator)
    open_pack(phone, live, visit)
    phone.context.set_offline(True)
    write_note(phone, "моя")
    uuid = phone.locator("#written li").get_attribute("data-uuid")
    other = {"uuid": uuid, "visit": visit.pk, "kind": "note", "payload": {"text": "чужая"}}
    take_records(visit, [other | {"device": "dev-x", "told_at": "2026-11-28T10:00:00.000Z"}], people.curator)
    phone.context.set_offline(False)
    expect(phone.locator("#written")).to_contain_text("не принято: Под этим именем", timeout=SOON)
    expect(phone.locator("#line")).to_contain_text("Не принято сервером: 1.")
    expect_open_to_everybody(phone)
    phone.get_by_role("button", name="Исправить").click()
    form(phone, "note").get_by_role("button", name="Добавить заметку").click()
    expect(phone.locator("#written li.v-received")).to_have_count(1, timeout=SOON)
    assert sorted(one.payload["text"] for one in records_of(visit)) == ["моя", "чужая"]


def test_a_pack_is_removed_only_when_everything_is_received(device, live, people, visit):
    phone = device(people.curator)
    open_pack(phone, live, visit)
    phone.context.set_offline(True)
    write_note(phone, "ещё здесь")
    phone.get_by_role("button", name="Убрать с устройства").click()
    expect(phone.get_by_text("Ещё не всё получено сервером (1)")).to_be_visible()
    expect_open_to_everybody(phone)
    phone.context.set_offline(False)
    expect_sent(phone, 1)
    phone.get_by_role("button", name="Убрать с устройства").click()
    expect(phone.get_by_text("Пакет убран с этого устройства.")).to_be_focused()
    assert phone.evaluate("caches.match(location.pathname).then(Boolean)") is False
    count = """() => new Promise((tell) => { indexedDB.open("opora-visits").onsuccess = (event) => {
        const asked = event.target.result.transaction("records").objectStore("records").count();
        asked.onsuccess = () => tell(asked.result); }; })"""
    assert phone.evaluate(count) == 0
    phone.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        phone.goto(live.at(f"/visits/{visit.pk}/pack/"))


def test_a_pack_goes_by_keyboard_alone(device, live, people, visit):
    page = device(people.curator, DESK)
    open_pack(page, live, visit)
    page.get_by_role("link", name="С кем встретились").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(form(page, "met").get_by_label("Кто")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("с клавиатуры")
    page.keyboard.press("Enter")
    expect_sent(page, 1)
    assert records_of(visit)[0].payload == {"who": "director", "note": "с клавиатуры"}


def test_without_javascript_a_record_goes_by_a_plain_form(device, live, people, visit, today):
    page = device(people.curator, javascript=False)
    page.goto(live.at(f"/visits/{visit.pk}/pack/"))
    agree_plain = form(page, "agreement")
    agree_plain.get_by_label("О чём договорились").fill("наставник для новых учителей")
    agree_plain.get_by_label("Кто сделает").fill("завуч")
    agree_plain.get_by_label("К какому дню").fill((today + timedelta(days=9)).isoformat())
    agree_plain.get_by_role("button", name="Добавить договорённость").click()
    expect(page.get_by_text("Открыты с прошлых визитов и этого:")).to_be_visible()
    assert records_of(visit)[0].device == "page"


def test_where_the_browser_keeps_nothing_it_is_said_and_records_go_at_once(device, live, people, visit):
    phone = device(people.curator)
    phone.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error(); } } });"
    )
    phone.goto(live.at(f"/visits/{visit.pk}/pack/"))
    expect(phone.locator("#unkept")).to_be_visible()
    write_note(phone, "сразу")
    expect_sent(phone, 1)
    assert VisitRecord.objects.count() == 1


def test_a_second_visit_of_the_same_device_keeps_its_own(device, live, people, places, visit, today):
    other = plan_visit(Plan(places.listed, today, "второй"), people.curator)
    phone = device(people.curator)
    open_pack(phone, live, visit)
    form(phone, "note").get_by_label("Заметка").fill("черновик первого")
    expect(form(phone, "note").get_by_text("Черновик сохранён")).to_be_visible()
    open_pack(phone, live, other)
    expect(form(phone, "note").get_by_label("Заметка")).to_have_value("")
    write_note(phone, "второго")
    expect_sent(phone, 1)
    assert records_of(other)[0].payload["text"] == "второго" and not records_of(visit)
