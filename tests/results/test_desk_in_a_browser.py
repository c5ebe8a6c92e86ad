"""The import desk in a real browser: files of real formats dropped at once, live, resumed, no JavaScript."""

import base64
import re
import threading

import pytest
from django.db import connection
from playwright.sync_api import expect

from opora.accounts.actions import add_person
from opora.demo.broken_files import HALF, RENAMED, WRONG_MARKS
from opora.demo.build import build
from opora.demo.load import bring_schools, load_region
from opora.registry.actions import appoint
from opora.results.actions import store
from opora.results.desk import spool
from opora.results.desk.waiting import work
from opora.results.models import DeskFile, ImportedFile
from tests.journeys.steps import EMAIL, PASSWORD, sign_in

SLOW = 60_000
DROP = """([names, contents]) => {
    const transfer = new DataTransfer();
    names.forEach((name, place) => {
        const bytes = Uint8Array.from(atob(contents[place]), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, {lastModified: 1000 + place}));
    });
    const zone = document.querySelector(".o-zone");
    for (const name of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(name, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of twelve schools, as the coordinator has them in a folder."""
    return build(tmp_path_factory.mktemp("files"), 7, schools=12, municipalities=3)


@pytest.fixture
def coordinator(live, settings, tmp_path, files):
    """A coordinator whose region has its schools and no results yet."""
    settings.OUTCOMES, settings.SPOOL = tmp_path / "outcomes", tmp_path / "spool"
    settings.SPOOL.mkdir(mode=0o700)
    person = add_person(EMAIL, "Глобусова Нина Олеговна", PASSWORD)
    region = load_region()
    appoint(person, "regional_coordinator", region=region)
    operator = add_person("operator@example.org", "Образцова Вера Павловна", None)
    appoint(operator, "federal_operator")
    bring_schools(files.schools, operator, region)
    return person


@pytest.fixture
def reader():
    """Start a worker of this process when a test wants one; it ends with the test."""
    stop, threads = threading.Event(), []

    def start():
        threads.append(threading.Thread(target=work, args=(stop,)))
        threads[0].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join()
    connection.close()


def drop(page, paths):
    """Drop files on the zone, as a mouse does."""
    contents = [base64.b64encode(path.read_bytes()).decode() for path in paths]
    page.evaluate(DROP, [[path.name for path in paths], contents])


def line_of(page, name):
    """Answer the line of a file on the desk."""
    return page.locator(".o-desk-file").filter(has=page.get_by_text(name, exact=True))


def test_files_of_every_format_are_dropped_at_once_and_all_are_accepted(
    page, live, coordinator, files, reader
):
    """Файлы разных форматов брошены разом: каждый узнан, прочитан, принят; видно, как идёт."""
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    paths = list(files.results)
    drop(page, paths)
    expect(page.locator("#desk .o-desk-totals")).to_contain_text(f"из {len(paths)}")
    expect(page.get_by_text("Все файлы отправлены")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("в очереди").first).to_be_visible()
    reader()
    expect(page.locator(".o-desk-totals")).to_contain_text(
        f"Принято {len(paths)} из {len(paths)}", timeout=SLOW
    )
    expect(page.locator("#desk")).not_to_have_attribute("hx-trigger", re.compile("every"))
    assert set(ImportedFile.objects.values_list("state", flat=True)) == {"accepted"}
    formats = set(ImportedFile.objects.values_list("format", flat=True))
    assert len(formats) >= 6, formats
    assert store().current().rows > 100
    assert list(spool.place("0" * 32).parent.iterdir()) == []


def test_a_person_who_leaves_and_comes_back_sees_the_same_desk(page, live, coordinator, files, reader):
    """Отчёты об ошибках ждут: закрыл страницу, открыл снова — всё на столе."""
    broken = [path for path in files.broken if path.name in {WRONG_MARKS, HALF, RENAMED}]
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    drop(page, [files.results[0], *broken])
    expect(page.get_by_text("Все файлы отправлены")).to_be_visible(timeout=SLOW)
    page.goto(live.at("list/"))
    reader()
    page.goto(live.at("results/import/"))
    expect(page.locator(".o-desk-totals")).to_contain_text("Принято 1 из 4", timeout=SLOW)
    expect(page.locator(".o-desk-totals")).to_contain_text("не приняты: 3")
    expect(line_of(page, RENAMED)).to_contain_text("картинка")
    expect(line_of(page, HALF)).to_contain_text("не полностью")
    line_of(page, WRONG_MARKS).locator("summary").click()
    for cell in ("F3", "E4", "C5", "B6", "F7"):
        expect(line_of(page, WRONG_MARKS)).to_contain_text(cell)


def test_what_a_person_opened_stays_open_while_the_desk_goes_on(page, live, coordinator, files, reader):
    wrong = next(path for path in files.broken if path.name == WRONG_MARKS)
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    drop(page, [wrong])
    reader()
    expect(line_of(page, WRONG_MARKS)).to_contain_text("не принят", timeout=SLOW)
    line_of(page, WRONG_MARKS).locator("summary").click()
    drop(page, [files.results[0]])
    expect(page.locator(".o-desk-totals")).to_contain_text("Принято 1 из 2", timeout=SLOW)
    expect(line_of(page, WRONG_MARKS).get_by_text("F3")).to_be_visible()


def large(tmp_path, school):
    """A file that is sent in several pieces: rows of a protocol until it is long."""
    path = tmp_path / "большой.csv"
    lines = ["школа;год;процедура;предмет;класс;участников;низких"]
    lines += [f"{school};2019;впр;русский язык;6;30;2{' ' * 1000}"] + [" " * 1000 + ";;;;;;"] * 3000
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_sending_goes_on_after_a_broken_line_and_after_a_reload(
    page, live, coordinator, files, reader, tmp_path
):
    """Связь рвётся: отправка ждёт и продолжается; страницу перезагрузили — с того же места."""
    path = large(tmp_path, files.region.schools[0].login)
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    pieces = []

    def line(route):
        if route.request.method != "PATCH":
            return route.continue_()
        pieces.append(int(route.request.headers["upload-offset"]))
        if len(pieces) >= 2:
            return route.abort()
        return route.continue_()

    page.route("**/results/desk/**", line)
    drop(page, [path])
    expect(page.get_by_text("Связь прервалась")).to_be_visible(timeout=SLOW)
    sent = DeskFile.objects.get().received
    assert 0 < sent < path.stat().st_size
    page.unroute("**/results/desk/**")
    page.goto(live.at("list/"))
    page.goto(live.at("results/import/"))
    DeskFile.objects.update(touched_at=DeskFile.objects.get().at.replace(microsecond=0))
    again = []
    page.on(
        "request",
        lambda one: again.append(int(one.headers["upload-offset"])) if one.method == "PATCH" else None,
    )
    drop(page, [path])
    expect(page.get_by_text("Все файлы отправлены")).to_be_visible(timeout=SLOW)
    assert again[0] == sent
    reader()
    expect(page.locator(".o-desk-totals")).to_contain_text("Принято 1 из 1", timeout=SLOW)


def test_a_line_that_comes_back_is_used_at_once(page, live, coordinator, files, tmp_path):
    """Кусок пропал — следующая попытка спрашивает, где остановились, и продолжает сама."""
    path = large(tmp_path, files.region.schools[0].login)
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    failed = []

    def line(route):
        if route.request.method == "PATCH" and len(failed) < 2:
            failed.append(1)
            return route.abort()
        return route.continue_()

    page.route("**/results/desk/**", line)
    drop(page, [path])
    expect(page.get_by_text("Все файлы отправлены")).to_be_visible(timeout=SLOW)
    assert len(failed) == 2
    row = DeskFile.objects.get()
    assert row.state == "queued" and spool.place(row.key).read_bytes() == path.read_bytes()


def test_a_folder_is_chosen_by_the_keyboard(page, live, coordinator, files):
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    button = page.get_by_role("button", name="Выбрать папку")
    expect(button).to_be_visible()
    with page.expect_file_chooser() as chooser:
        button.press("Enter")
    folder = files.results[0].parent
    chooser.value.set_files(folder)
    expect(page.get_by_text("Все файлы отправлены")).to_be_visible(timeout=SLOW)
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert set(DeskFile.objects.values_list("name", flat=True)) == names


def test_without_javascript_the_plain_form_stands_and_the_desk_is_shown(
    page, new_page, live, coordinator, files, reader
):
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    drop(page, [files.results[0]])
    expect(page.get_by_text("Все файлы отправлены")).to_be_visible(timeout=SLOW)
    plain = new_page(javascript=False)
    sign_in(plain, live)
    plain.goto(live.at("results/import/"))
    expect(plain.get_by_role("button", name="Выбрать папку")).to_be_hidden()
    expect(line_of(plain, files.results[0].name)).to_contain_text("в очереди")
    assert "обновите страницу" in plain.locator("body").inner_text()
    plain.locator("input[name=files]").set_input_files(files.results[1])
    plain.get_by_role("button", name="Загрузить и проверить").click()
    expect(plain.get_by_role("region", name=files.results[1].name, exact=True)).to_contain_text("принят")
    reader()
    expect(page.locator(".o-desk-totals")).to_contain_text("Принято 1 из 1", timeout=SLOW)
    plain.goto(live.at("results/import/"))
    expect(line_of(plain, files.results[0].name)).to_contain_text("принят")


def test_a_sign_in_that_ended_is_said(page, live, coordinator, files):
    sign_in(page, live)
    page.goto(live.at("results/import/"))
    page.context.clear_cookies(name="sessionid")
    drop(page, [files.results[0]])
    expect(page.get_by_text("Вход закончился")).to_be_visible(timeout=SLOW)
