"""Records are added once each and never changed; photos come after the records that name them."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.registry.access import NotAllowed
from opora.registry.acting import acting_as
from opora.visits.kept import records_of
from opora.visits.models import VisitPhoto, VisitRecord
from opora.visits.pictures import PictureRefused
from opora.visits.planning.actions import cancel_visit, hold_visit
from opora.visits.protocol.canonical import digest
from opora.visits.taking import actions
from opora.visits.taking.actions import Told, keep_photo, take_records
from tests.visits.drawn import name
from tests.visits.pictures import digest_of, png

pytestmark = pytest.mark.django_db


def became(answers):
    return [str(one.told) for one in answers]


def test_a_record_is_received_with_its_digest_and_its_moment(visit, people, told):
    sent = told("a", text="чисто")
    (answer,) = take_records(visit, [sent], people.curator)
    kept = VisitRecord.objects.get()
    assert (answer.told, answer.digest, answer.received_at) == (Told.RECEIVED, digest(sent), kept.received_at)
    assert (kept.kind, kept.device, kept.by, kept.school) == ("note", "dev-a", people.curator, visit.school)
    assert records_of(visit)[0].told() == sent
    event = Event.objects.get(deed="visits.take_records")
    assert event.details["count"] == 1 and "чисто" not in str(event.details)


def test_what_is_sent_again_is_known(visit, people, told):
    first = take_records(visit, [told("a")], people.curator)
    again = take_records(visit, [told("a"), told("a"), told("b")], people.curator)
    assert became(again) == ["already", "already", "received"]
    assert again[0].received_at == first[0].received_at
    assert became(take_records(visit, [told("c"), told("c")], people.curator)) == ["received", "already"]
    assert VisitRecord.objects.count() == 3


def test_another_record_under_the_same_name_is_refused_by_name_and_nothing_is_written_over(
    visit, people, told
):
    take_records(visit, [told("a", text="первая")], people.curator)
    (answer,) = take_records(visit, [told("a", text="вторая")], people.curator)
    assert (answer.told, answer.uuid) == (Told.REFUSED, name("a")) and "другую запись" in answer.why
    assert records_of(visit)[0].payload["text"] == "первая"
    both = take_records(visit, [told("b", text="1"), told("b", text="2")], people.curator)
    assert became(both) == ["received", "refused"]


def test_a_bad_record_does_not_stop_the_good_ones(visit, people, told):
    sent = [told("a"), told("b", text=""), None, told("c") | {"visit": visit.pk + 1}, told("d")]
    answers = take_records(visit, sent, people.curator)
    assert became(answers) == ["received", "refused", "refused", "refused", "received"]
    assert "Напишите заметку" in answers[1].why and "другого визита" in answers[3].why


def test_records_of_a_late_device_are_taken_after_the_visit_was_marked(visit, people, told):
    take_records(visit, [told("m", "met")], people.curator)
    hold_visit(visit, people.curator)
    assert became(take_records(visit, [told("late")], people.curator)) == ["received"]


def test_records_come_to_a_cancelled_visit_too(visit, people, told):
    cancel_visit(visit, "метель", people.curator)
    assert became(take_records(visit, [told("late")], people.curator)) == ["received"]


def test_there_is_an_end_to_one_visit(visit, people, told, monkeypatch):
    monkeypatch.setattr(actions, "MOST_RECORDS", 2)
    answers = take_records(visit, [told("a"), told("b"), told("c")], people.curator)
    assert (
        became(answers) == ["received", "received", "refused"] and "больше не принимается" in answers[2].why
    )
    assert became(take_records(visit, [told("a"), told("d")], people.curator)) == ["already", "refused"]


@pytest.mark.parametrize("who", ["operator", "coordinator", "municipal", "curator"])
def test_who_supports_the_school_may_tell(visit, people, told, who):
    assert became(take_records(visit, [told("a")], getattr(people, who))) == ["received"]


@pytest.mark.parametrize("who", ["director", "observer", "analyst", "stranger", "nobody"])
def test_nobody_else_may(visit, people, told, who):
    with pytest.raises(NotAllowed):
        take_records(visit, [told("a")], getattr(people, who))
    with pytest.raises(NotAllowed):
        keep_photo(visit, "a" * 64, b"", getattr(people, who))
    assert not VisitRecord.objects.exists()


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_refuses_to_change_a_record(visit, people, told, deed):
    take_records(visit, [told("a")], people.curator)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        VisitRecord.objects.update(device="x") if deed == "update" else VisitRecord.objects.all().delete()


def test_the_name_of_a_record_that_one_does_not_see_is_refused_and_tells_nothing(visit, people, places, told):
    place = {"region": places.altai, "municipality": places.far, "school": places.foreign}
    moment = {"told_at": "2026-01-01T00:00Z", "received_at": "2026-01-01T00:00Z"}
    said = {"kind": "note", "canonical": "{}", "digest": "0" * 64, "device": "dev-x", "by": people.stranger}
    foreign = VisitRecord(uuid=name("a"), visit=visit, **place, **moment, **said)
    foreign.save(force_insert=True)
    with acting_as(people.curator):
        (answer,) = take_records(visit, [told("a")], people.curator)
    assert (answer.told, answer.digest) == (Told.REFUSED, "") and "осталась на устройстве" in answer.why


def test_a_photo_comes_after_its_record_and_without_what_the_camera_added(visit, people, told):
    content = png(1, eXIf=b"geo: 43.1155, 131.8855")
    with pytest.raises(PictureRefused, match="сначала"):
        keep_photo(visit, digest_of(content), content, people.curator)
    take_records(visit, [told("p", "photo", photo=digest_of(content))], people.curator)
    kept = keep_photo(visit, digest_of(content), content, people.curator)
    assert keep_photo(visit, digest_of(content), content, people.curator) == kept
    assert VisitPhoto.objects.count() == 1 and kept.kept == digest_of(png(1))


def test_a_photo_that_is_another_or_none_is_refused(visit, people, told):
    content = png(1)
    take_records(visit, [told("p", "photo", photo=digest_of(content))], people.curator)
    with pytest.raises(PictureRefused, match="не целиком"):
        keep_photo(visit, digest_of(content), content[:-1], people.curator)
    text = b"<script>alert(1)</script>"
    take_records(visit, [told("q", "photo", photo=digest_of(text))], people.curator)
    with pytest.raises(PictureRefused, match="Подходят JPEG и PNG"):
        keep_photo(visit, digest_of(text), text, people.curator)
    assert not VisitPhoto.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_photo_that_was_withdrawn_is_gone_with_its_file(visit, people, told, mended, photos_folder):
    """Согласие отозвали: записи о фотографии нет среди действующих, и файла тоже нет."""
    content, other = png(1), png(2)
    sent = [told("p", "photo", photo=digest_of(content)), told("q", "photo", photo=digest_of(other))]
    take_records(visit, sent, people.curator)
    for one in (content, other):
        keep_photo(visit, digest_of(one), one, people.curator)
    assert len([path for path in photos_folder.rglob("*") if path.is_file()]) == 2
    take_records(visit, [mended("w", "p", 5, "")], people.curator)
    assert [photo.digest for photo in VisitPhoto.objects.all()] == [digest_of(other)]
    assert [path.name for path in photos_folder.rglob("*") if path.is_file()] == [digest_of(other)]
    with pytest.raises(PictureRefused):
        keep_photo(visit, digest_of(content), content, people.curator)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_devices_that_send_the_same_at_once_leave_it_once(visit, people, told):
    """Два устройства шлют сразу, часть записей одна и та же: каждая — один раз, ничего не потеряно."""
    start, answers = threading.Barrier(2), []

    def send(names):
        start.wait()
        try:
            answers.extend(take_records(visit, [told(one) for one in names], people.curator))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(names,)) for names in ("abcd", "cdef")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert became(answers).count("received") == 6 and became(answers).count("already") == 2
    assert VisitRecord.objects.count() == 6
