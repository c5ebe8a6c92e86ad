"""The desk's page: how many questions it asks, when it answers nothing; every state is open to everybody."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.results.desk import spool, waiting
from opora.results.desk.query import SILENT, desk_page
from opora.results.desk.waiting import read_all
from opora.results.models import DeskFile
from tests.conftest import DESK, PHONE
from tests.disks import PAGE
from tests.results.desks import Sender
from tests.ui.conftest import answer
from tests.world import *  # noqa: F403 (fixtures are found by their names)

HEAD = "школа;год;процедура;предмет;класс;участников;низких\n"
PART = {"HX-Request": "true"}


def table(year, takers=20, school="sch250001"):
    return f"{HEAD}{school};{year};впр;математика;5;{takers};8\n".encode()


@pytest.fixture
def sender(outcomes_folder, people, signed_in):
    return Sender(signed_in(people.coordinator))


def questions(sender, address, **told):
    with CaptureQueriesContext(connection) as asked:
        shown = sender.client.get(address, **told)
    return len(asked), shown


def in_every_state(sender):
    """Leave a file of each state on the desk: eleven of them."""
    sender.send(("принят.csv", table(2018)), ("повтор.csv", table(2019)))
    read_all()
    sender.send(("повтор 2.csv", table(2019)), ("другие числа.csv", table(2018, 30)))
    sender.send(("чужая школа.csv", table(2018, school="sch259999")), ("фото.csv", b"\x89PNG" + bytes(2000)))
    read_all()
    sender.send(("ждёт.csv", table(2020)), ("читается.csv", table(2021)), ("сбой.csv", table(2022)))
    DeskFile.objects.filter(name="читается.csv").update(state="reading")
    DeskFile.objects.filter(name="сбой.csv").update(state="failed", problem={"what": "Сбой.", "allowed": ""})
    for name in ("идёт.csv", "прерван.csv"):
        [place] = sender.announce((name, table(2023) * 9))
        sender.piece(place.address, 0, table(2023))
    DeskFile.objects.filter(name="прерван.csv").update(touched_at=timezone.now() - SILENT * 2)


def test_a_desk_of_many_files_asks_no_more_than_one_of_few(sender):
    """Число запросов не зависит от числа файлов; неизменившийся стол стоит ещё дешевле."""
    sender.send(*[(f"{year}.csv", table(year)) for year in (2015, 2016)])
    sender.send(("иначе.csv", table(2015, 30)))
    read_all()
    few, shown = questions(sender, "/results/desk/", headers=PART)
    same, unchanged = questions(sender, f"/results/desk/?seen={shown.context['desk'].version}", headers=PART)
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    sender.send(*[(f"б{number}.csv", table(2017, 20 + number)) for number in range(30)])
    read_all()
    many, shown = questions(sender, "/results/desk/", headers=PART)
    again, unchanged = questions(sender, f"/results/desk/?seen={shown.context['desk'].version}", headers=PART)
    assert shown.context["desk"].total == 33
    assert (many, again, unchanged.status_code) == (few, same, 204)
    assert same < few <= 8, (few, same)


def test_a_desk_that_went_on_is_drawn_again(sender):
    sender.send(("a.csv", table(2018)))
    version = sender.client.get("/results/desk/", headers=PART).context["desk"].version
    read_all()
    assert sender.client.get(f"/results/desk/?seen={version}", headers=PART).status_code == 200


def test_a_desk_shows_a_hundred_files_and_counts_all(sender, people, monkeypatch):
    monkeypatch.setattr("opora.results.desk.query.SHOWN", 3)
    sender.send(*[(f"{year}.csv", table(year)) for year in range(2012, 2018)])
    read_all()
    page = desk_page(people.coordinator)
    assert (len(page.rows), page.total, page.accepted, page.hidden) == (3, 6, 6, 3)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_desk_with_files_in_every_state_is_whole_and_open_to_everybody(sender, new_page, size, language):
    """Каждое состояние: ничего не вылезает за край, доступность без нарушений, раскрыто и нет."""
    in_every_state(sender)
    sender.client.cookies["django_language"] = language
    shown = sender.client.get("/results/import/")
    unchanged = HttpResponse(status=204)
    site = SimpleNamespace(get=lambda address: unchanged if "/desk/" in address else shown)
    page = new_page(size)
    page.route("**/*", lambda route: answer(site, route))
    page.goto("http://localhost/results/import/")
    page.locator("#desk details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert page.locator(".o-desk-file").count() == 11
    assert page.evaluate("document.scrollingElement.scrollWidth") == size[0]
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


def test_a_file_is_read_in_the_name_and_within_the_walls_of_who_brought_it(sender, people, monkeypatch):
    """Читатель базы сам видит всё: читая файл, он действует как тот, кто его принёс."""
    seen, real = [], waiting.accept_files

    def accept(*given, **told):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), opora_person()")
            seen.append(cursor.fetchone())
        return real(*given, **told)

    monkeypatch.setattr(waiting, "accept_files", accept)
    sender.send(("a.csv", table(2018)))
    read_all()
    assert seen == [("opora_app", people.coordinator.pk)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), opora_person()")
        assert cursor.fetchone() == ("none", None)


def test_a_piece_that_finds_room_for_a_part_leaves_nothing_of_it(sender, disk, settings, monkeypatch):
    small = disk(64 * 4)
    settings.SPOOL = small.path / "spool"
    settings.SPOOL.mkdir(mode=0o700)
    monkeypatch.setattr(spool, "RESERVE", -spool.PIECE)
    content = table(2018) * 900
    [place] = sender.announce(("a.csv", content))
    assert sender.piece(place.address, 0, content[:4096]).status_code == 204
    small.fill(3 * PAGE)
    assert sender.piece(place.address, 4096, content[4096:]).status_code == 507
    assert sender.offset(place.address) == 4096
    small.empty()
    assert sender.piece(place.address, 4096, content[4096:]).status_code == 204
