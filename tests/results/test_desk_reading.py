"""What waits at the desks is read in the name of who brought it, counts once, and leaves nothing behind."""

import logging
import threading
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from opora.registry.models import Appointment
from opora.results.actions import store
from opora.results.desk import spool, waiting
from opora.results.desk.query import desk_page
from opora.results.desk.waiting import LOCKS, read_all, read_next
from opora.results.models import DeskFile, ImportBatch, ImportedFile, SavedMapping
from tests.results import formats
from tests.results.desks import Sender
from tests.results.test_imports_pages import PLANTED, PROTOCOL, everything_kept
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import RESULTS

FILE = (
    RESULTS.replace("sch220001;2018;впр;математика;5;40;35\n", "")
    .replace("sch220001;2019;впр;русский язык;6;40;35\n", "")
    .encode()
)
MORE = """школа;год;процедура;предмет;класс;участников;низких
sch250004;2019;впр;русский язык;6;30;29
""".encode()


def browser_of(person):
    client = Client()
    client.force_login(person)
    return Sender(client)


@pytest.fixture
def sender(outcomes_folder, people):
    return browser_of(people.coordinator)


def test_what_waits_is_accepted_in_its_order_and_the_bytes_are_gone(sender, people, settings):
    sender.send(("results.csv", FILE), ("more.csv", MORE), region="25")
    assert read_all() == 2
    rows = list(DeskFile.objects.order_by("pk").select_related("file__batch"))
    assert [(row.state, row.file.state, row.file.name) for row in rows] == [
        ("read", "accepted", "results.csv"),
        ("read", "accepted", "more.csv"),
    ]
    assert {row.file.batch.by for row in rows} == {people.coordinator}
    assert {row.file.batch.region_id for row in rows} == {"25"}
    assert list(Path(settings.SPOOL).iterdir()) == []
    page = desk_page(people.coordinator)
    assert (page.accepted, page.total, page.is_busy) == (2, 2, False)


def test_a_refused_file_shows_all_its_errors_and_changes_nothing(sender, people):
    wrong = MORE.replace(b"30;29", "много;29".encode()).replace(b"2019", "когда".encode())
    sender.send(("wrong.csv", wrong))
    read_all()
    [row] = desk_page(people.coordinator).rows
    assert row.report.state == "refused"
    assert {problem.cell for problem in row.report.problems} == {"B2", "F2"}
    text = sender.client.get("/results/import/").content.decode()
    assert "B2" in text and "F2" in text
    assert store().current() is None


def test_contradictions_stand_beside_each_other(sender, people):
    sender.send(("results.csv", FILE))
    read_all()
    sender.send(("other.csv", FILE.replace(b"5;20;8", b"5;20;9")))
    read_all()
    row = desk_page(people.coordinator).rows[0]
    assert (row.report.state, row.report.different) == ("refused", 2)
    assert [(pair.kept, pair.came) for pair in row.report.pairs] == [("8 из 20", "9 из 20")] * 2
    assert "9 из 20" in sender.client.get("/results/import/").content.decode()


def test_the_hints_of_the_form_are_kept_for_the_reading(sender):
    sender.send(("results.csv", FILE), region="25", year="2019", subject="математика", grade="5")
    read_all()
    assert ImportBatch.objects.get().hints == {
        "year": 2019, "subject": "математика", "grade": 5, "school": "",
    }  # fmt: skip


MAPPING = """название: Другая система
"""


def test_a_mapping_that_was_taken_away_meanwhile_is_told(sender, people, places):
    saved = SavedMapping.objects.create(
        region=places.primorye, title="чужая таблица", text=MAPPING, by=people.coordinator
    )
    [row] = sender.send(("a.csv", "а;б\n1;2\n".encode()), saved_mapping=str(saved.pk))
    assert row.state == "queued"
    saved.delete()
    read_all()
    row.refresh_from_db()
    assert row.state == "failed" and "убрано" in row.problem["what"]


def test_access_is_asked_again_when_the_file_is_read(sender, people, settings):
    """Пока файл ждал, назначение кончилось: он не прочитан и стёрт."""
    [row] = sender.send(("results.csv", FILE))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE registry_appointment DISABLE TRIGGER USER")
        Appointment.objects.filter(person=people.coordinator).update(until="2020-06-01")
        cursor.execute("ALTER TABLE registry_appointment ENABLE TRIGGER USER")
    read_all()
    row.refresh_from_db()
    assert row.state == "failed" and "может координатор" in row.problem["what"]
    assert not ImportedFile.objects.exists() and list(Path(settings.SPOOL).iterdir()) == []


def test_it_is_read_in_the_region_of_who_brought_it(sender, people, places):
    """Чужая школа для координатора региона — как для обычной формы: нет в реестре."""
    sender.send(("results.csv", RESULTS.encode()))
    read_all()
    assert DeskFile.objects.get().file.state == "refused"


TITLE = "12 - Обществознание 2021.06.15"
CHANGED = (111001, "4512 987654", "Апелляция удовлетворена", "05.07.2021", 41, 22, 42)


def protocol():
    rows = formats.ris_rows(TITLE, [(111001, 11, "987654", 21, 41)], "Балл", formats.tail(1, 42))
    return formats.xlsx(rows)


def test_appeals_wait_for_their_protocol_and_are_read_with_it(sender, people):
    """Апелляции меняют протокол только вместе с ним: пока человек отправляет, они ждут."""
    appeals = ("апелляции.xlsx", formats.xlsx(formats.appeal_rows(TITLE, [CHANGED])))
    later = ("протокол.xlsx", protocol())
    places = sender.announce(appeals, later)
    sender.piece(places[0].address, 0, appeals[1])
    assert read_next() == 0
    sender.piece(places[1].address, 0, later[1])
    assert read_next() == 2
    told = {row.name: row.file.state for row in DeskFile.objects.select_related("file")}
    assert told == {"апелляции.xlsx": "accepted", "протокол.xlsx": "accepted"}, [
        row.file.problems for row in DeskFile.objects.select_related("file")
    ]
    assert ImportBatch.objects.count() == 1


def test_a_protocol_without_appeals_is_read_alone(sender):
    sender.send(("протокол.xlsx", protocol()), ("more.csv", MORE))
    assert (read_next(), read_next(), read_next()) == (1, 1, 0)


def test_a_fault_of_the_program_is_told_and_stops_nobody_else(sender, people, monkeypatch, caplog):
    sender.send(("results.csv", FILE), ("more.csv", MORE))
    real, secret = waiting.accept_files, "Планеткина"

    def accept(uploads, *rest, **told):
        if uploads[0].name == "results.csv":
            raise RuntimeError(secret)
        return real(uploads, *rest, **told)

    monkeypatch.setattr(waiting, "accept_files", accept)
    read_all()
    assert [row.state for row in DeskFile.objects.order_by("pk")] == ["failed", "read"]
    assert "споткнулась" in sender.client.get("/results/import/").content.decode()
    assert "RuntimeError" in caplog.text and secret not in caplog.text


def test_a_full_disk_lets_the_file_wait(sender, monkeypatch):
    [row] = sender.send(("results.csv", FILE))

    def full(*_given, **_told):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(waiting, "accept_files", full)
        with pytest.raises(OSError, match="No space"):
            read_next()
    row.refresh_from_db()
    assert (row.state, row.tries) == ("queued", 0)
    read_all()
    row.refresh_from_db()
    assert row.state == "read"


def test_a_file_that_breaks_its_reader_again_and_again_is_let_go(sender):
    [row] = sender.send(("results.csv", FILE))
    DeskFile.objects.update(state="reading", tries=waiting.TRIES)
    read_all()
    row.refresh_from_db()
    assert row.state == "failed" and "обрывалось" in row.problem["what"]


def test_a_file_whose_bytes_are_gone_says_so(sender):
    [row] = sender.send(("results.csv", FILE))
    spool.remove(row.key)
    read_all()
    row.refresh_from_db()
    assert row.state == "failed" and "больше суток" in row.problem["what"]


@pytest.mark.parametrize(
    ("primary", "score", "state"), [("31", "55", "accepted"), ("Планеткина", "Звездана", "refused")]
)
def test_no_pupil_remains_anywhere_after_reading(
    sender, people, settings, tmp_path, caplog, primary, score, state
):
    caplog.set_level(logging.DEBUG)
    text = PROTOCOL.format(primary=primary, score=score).encode()
    sender.send(("protocol.csv", text), ("фото.csv", b"\x89PNG" + text), piece=64)
    read_all()
    assert DeskFile.objects.select_related("file").order_by("pk").first().file.state == state
    page = sender.client.get("/results/import/").content
    kept = everything_kept(tmp_path, settings.DATA) + caplog.text.encode() + page
    assert [name for name in PLANTED if name.encode() in kept] == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_bring_the_same_file_at_once_and_two_workers_count_it_once(outcomes_folder, people):
    """Два человека, два читателя, один файл: принят один раз, второму сказано, что он уже есть."""
    for person in (people.operator, people.coordinator):
        browser_of(person).send(("results.csv", FILE))
    start = threading.Barrier(2)

    def reader():
        start.wait()
        try:
            read_all()
        finally:
            connection.close()

    threads = [threading.Thread(target=reader) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [row.file.state for row in DeskFile.objects.select_related("file")]
    assert sorted(states) == ["accepted", "repeated"]
    assert store().current().rows == 7


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_file_that_one_worker_holds_no_other_takes(outcomes_folder, people):
    import psycopg
    from django.db import connections

    [row] = browser_of(people.coordinator).send(("results.csv", FILE))
    given = connections["default"].get_connection_params()
    given.pop("cursor_factory", None)
    given.pop("context", None)
    with psycopg.connect(
        **{name: given[name] for name in ("dbname", "user", "host", "port") if given.get(name)}
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCKS + row.pk])
        assert read_next() == 0
        # A server drops the locks of a closed connection a moment after the close: let go first.
        other.execute("SELECT pg_advisory_unlock(%s)", [LOCKS + row.pk])
    assert read_next() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


def test_the_row_is_noted_in_the_transaction_that_accepts_the_file(sender, monkeypatch):
    """Не записалось на столе — не принято и в хранилище: файл не считается дважды и не теряется."""
    [row] = sender.send(("results.csv", FILE))

    def broken(*_given):
        raise OperationalError("cut")

    with monkeypatch.context() as patched:
        patched.setattr(waiting, "note_read", broken)
        with pytest.raises(OperationalError):
            read_next()
    assert not ImportedFile.objects.exists() and store().current() is None
    assert read_all() == 1
    row.refresh_from_db()
    assert row.file.state == "accepted"
