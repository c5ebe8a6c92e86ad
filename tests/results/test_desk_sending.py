"""Files come to the import desk in pieces, go on from where they broke off, and are nobody else's."""

import os
import time
from pathlib import Path

import pytest

from opora.results.desk import actions, spool
from opora.results.desk.actions import clean_desks
from opora.results.models import DeskFile, ImportedFile
from tests.results import files as made
from tests.results.desks import Sender, row_at
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import RESULTS

FILE = RESULTS.encode()


@pytest.fixture
def sender(outcomes_folder, people, signed_in):
    return Sender(signed_in(people.coordinator))


@pytest.fixture
def someone_else(people):
    from django.test import Client

    client = Client()
    client.force_login(people.stranger)
    return Sender(client)


def lying(settings):
    return sorted(path.name for path in Path(settings.SPOOL).iterdir())


def test_a_file_comes_in_pieces_and_is_recognised_when_it_is_whole(sender, settings):
    [place] = sender.announce(("results.csv", FILE))
    assert place.awaited and place.offset == 0
    assert sender.piece(place.address, 0, FILE[:100]).headers["Upload-Offset"] == "100"
    assert row_at(place.address).state == "sending"
    assert sender.piece(place.address, 100, FILE[100:]).status_code == 204
    row = row_at(place.address)
    assert (row.state, row.format, row.received) == ("queued", "plain", len(FILE))
    assert (Path(settings.SPOOL) / row.key).read_bytes() == FILE


def test_the_same_file_goes_on_from_where_it_broke_off(sender):
    """Связь оборвалась, страницу открыли заново: тот же файл продолжается, а не начинается."""
    [place] = sender.announce(("results.csv", FILE))
    sender.piece(place.address, 0, FILE[:150])
    assert sender.offset(place.address) == 150
    [again] = sender.announce(("results.csv", FILE))
    assert (again.address, again.offset, again.awaited) == (place.address, 150, True)
    assert sender.piece(place.address, 150, FILE[150:]).status_code == 204
    assert DeskFile.objects.get().state == "queued"


def test_a_piece_from_a_wrong_place_is_refused_with_the_right_one(sender):
    [place] = sender.announce(("results.csv", FILE))
    sender.piece(place.address, 0, FILE[:100])
    for wrong in (0, 99, 101, 5000):
        answer = sender.piece(place.address, wrong, b"xx")
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "100")
    assert spool.place(row_at(place.address).key).read_bytes() == FILE[:100]


def test_what_came_whole_is_not_asked_for_again(sender):
    [row] = sender.send(("results.csv", FILE))
    [again] = sender.announce(("results.csv", FILE))
    assert not again.awaited and DeskFile.objects.get() == row
    answer = sender.piece(again.address, 0, FILE)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, str(len(FILE)))


def test_more_than_was_announced_is_refused_and_nothing_of_the_piece_stays(sender, monkeypatch):
    [place] = sender.announce(("results.csv", FILE))
    sender.piece(place.address, 0, FILE[:100])
    assert sender.piece(place.address, 100, FILE + b"more").status_code == 413
    monkeypatch.setattr(spool, "PIECE", 50)
    assert sender.piece(place.address, 100, FILE[100:160]).status_code == 413
    assert sender.offset(place.address) == 100


@pytest.mark.parametrize("headers", [{}, {"Upload-Offset": "-1"}, {"Upload-Offset": "١"}])
def test_a_piece_without_its_place_is_refused(sender, headers):
    [place] = sender.announce(("results.csv", FILE))
    answer = sender.client.patch(
        place.address, FILE, content_type="application/offset+octet-stream", headers=headers
    )
    assert answer.status_code == 400


def test_a_file_that_is_too_large_or_empty_says_so_before_it_is_sent(sender, settings, monkeypatch):
    monkeypatch.setattr(actions, "TEXT_BYTES", 100)
    places = sender.announce(("большой.csv", FILE), ("пустой.csv", b""))
    assert [place.awaited for place in places] == [False, False]
    told = [row.problem["what"] for row in DeskFile.objects.order_by("pk")]
    assert told == ["Файл больше 0 МБ.", "Файл пуст."]
    assert lying(settings) == []


def test_a_workbook_that_is_too_large_is_told_when_it_came(sender, settings, monkeypatch):
    from opora.results.readers import limits

    monkeypatch.setattr(limits, "BOOK_BYTES", 100)
    [row] = sender.send(("книга.xlsx", made.xlsx([["а"]])))
    assert row.state == "unknown" and "МБ" in row.problem["what"]
    assert lying(settings) == []


def test_too_many_files_and_a_full_disk_are_told_in_a_sentence(sender, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WAITING", 2)
    sender.send(("a.csv", FILE))
    told = '[{"name": "b", "size": 1, "modified": 1}, {"name": "c", "size": 1, "modified": 1}]'
    answer = sender.client.post("/results/desk/", {"files": told})
    assert answer.status_code == 507 and "не больше 2 файлов" in answer.json()["sentence"]
    [place] = sender.announce(("d.csv", FILE))
    monkeypatch.setattr(spool, "has_room", lambda more: False)
    answer = sender.client.post(
        "/results/desk/", {"files": told.replace('}, {"name": "c", "size": 1', ', "x": 1')}
    )
    assert answer.status_code == 507
    answer = sender.piece(place.address, 0, FILE)
    assert answer.status_code == 507 and "кончилось место" in answer.json()["sentence"]


def test_a_disk_that_fills_in_the_middle_of_a_piece_keeps_what_came_before(
    sender, disk, settings, monkeypatch
):
    """Диск кончился посреди куска: сказано, что делать; место появилось — отправка продолжается."""
    small = disk(64 * 4)
    settings.SPOOL = small.path / "spool"
    settings.SPOOL.mkdir(mode=0o700)
    monkeypatch.setattr(spool, "RESERVE", -spool.PIECE)
    content = FILE * 200
    [place] = sender.announce(("results.csv", content))
    assert sender.piece(place.address, 0, content[:4096]).status_code == 204
    small.fill()
    answer = sender.piece(place.address, 4096, content[4096:])
    assert answer.status_code == 507 and "кончилось место" in answer.json()["sentence"]
    small.empty()
    assert sender.offset(place.address) == 4096
    assert sender.piece(place.address, 4096, content[4096:]).status_code == 204


@pytest.mark.parametrize(
    "told",
    [
        "",
        "x",
        "[1]",
        '[{"name": 1}]',
        '[{"name": "", "size": 1, "modified": 1}]',
        '[{"name": "a", "size": -1, "modified": 1}]',
        "[" * 5000,
    ],
)
def test_nonsense_is_not_announced(sender, told):
    assert sender.client.post("/results/desk/", {"files": told}).status_code == 422
    assert not DeskFile.objects.exists()


def test_a_name_loses_its_folders(sender):
    [place] = sender.announce(("Имя Отчество\\ВПР/5 класс.csv", FILE))
    assert row_at(place.address).name == "5 класс.csv"


def test_a_stranger_neither_sees_nor_continues_nor_clears_a_file(sender, someone_else, settings):
    [place] = sender.announce(("results.csv", FILE))
    sender.piece(place.address, 0, FILE[:100])
    for answer in (
        someone_else.client.head(place.address),
        someone_else.piece(place.address, 100, FILE[100:]),
        someone_else.client.post(f"{place.address}clear/"),
    ):
        assert answer.status_code == 404
    assert "results.csv" not in someone_else.client.get("/results/import/").content.decode()
    [own] = someone_else.announce(("results.csv", FILE))
    assert own.offset == 0 and own.address != place.address
    assert spool.length(row_at(place.address).key) == 100


@pytest.mark.parametrize("who", ["director", "analyst", "observer", "curator", "nobody"])
def test_who_brings_no_results_has_no_desk(outcomes_folder, people, signed_in, who):
    client = signed_in(getattr(people, who))
    assert client.post("/results/desk/", {"files": "[]"}).status_code == 404
    assert client.get("/results/desk/").status_code == 404


def test_nothing_of_the_spool_is_ever_served(sender):
    [row] = sender.send(("results.csv", FILE))
    for address in (f"/results/desk/{row.key}/", f"/spool/{row.key}", f"/static/{row.key}"):
        answer = sender.client.get(address)
        assert answer.status_code in {404, 405}
        assert b"sch250001" not in answer.getvalue()


def test_the_spool_is_private_and_its_names_cannot_be_guessed(sender, settings):
    from django.conf import settings as placed

    assert Path(os.environ["OPORA_DATA"], "spool").stat().st_mode & 0o777 == 0o700
    assert placed.SPOOL
    rows = sender.send(("results.csv", FILE))
    [name] = lying(settings)
    assert len(name) == 32 and name == rows[0].key
    assert (Path(settings.SPOOL) / name).stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="passwd"):
        spool.place("../../etc/passwd")


def test_a_file_that_is_not_known_says_why_and_is_gone(sender, settings):
    sent = sender.send(
        ("фото.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(2000)), ("таблица.csv", "а;б\n1;2\n".encode())
    )
    assert [row.state for row in sent] == ["unknown", "unknown"]
    assert [row.problem["what"] for row in sent] == [
        "Это не таблица, а картинка.",
        "Формат файла не узнан по содержанию.",
    ]
    assert lying(settings) == [] and not ImportedFile.objects.exists()


def test_one_takes_a_file_from_the_desk(sender, settings, django_capture_on_commit_callbacks):
    [row] = sender.send(("results.csv", FILE))
    with django_capture_on_commit_callbacks(execute=True):
        assert sender.client.post(f"/results/desk/{row.key}/clear/").status_code == 302
    assert not DeskFile.objects.exists() and lying(settings) == []


def test_what_waited_a_day_is_deleted_and_a_row_of_two_forgotten(sender, settings):
    old, young = sender.send(("old.csv", FILE), ("young.csv", FILE + b"\n"))
    os.utime(spool.place(old.key), (time.time() - spool.A_DAY - 60,) * 2)
    DeskFile.objects.filter(pk=old.pk).update(touched_at=old.touched_at - actions.FORGOTTEN)
    assert clean_desks() == (1, 1)
    assert lying(settings) == [young.key]
    assert [row.name for row in DeskFile.objects.all()] == ["young.csv"]


def test_a_file_whose_bytes_are_gone_begins_anew(sender):
    """Части стёрты через сутки: тот же файл начинается с нуля под той же строкой."""
    [place] = sender.announce(("results.csv", FILE))
    sender.piece(place.address, 0, FILE[:100])
    spool.remove(row_at(place.address).key)
    assert sender.piece(place.address, 100, FILE[100:]).status_code == 404
    [again] = sender.announce(("results.csv", FILE))
    assert (again.address, again.offset) == (place.address, 0)
    assert sender.piece(again.address, 0, FILE).status_code == 204
