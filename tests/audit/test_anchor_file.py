"""The anchors outside the database: appended once, caught up after a crash, never in the way of a deed."""

import json

import pytest
from django.db import transaction

from opora.audit.actions import make_anchors, record
from opora.audit.anchor_file import append_new, read_lines
from opora.audit.models import Anchor
from opora.audit.words import tell_deeds


@pytest.fixture(autouse=True)
def deeds():
    tell_deeds("tests", {"move_list": "перенесён перечень «{title}»"})


@pytest.fixture
def file(settings, tmp_path):
    settings.AUDIT_ANCHORS = tmp_path / "audit" / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


def news(region="25"):
    with transaction.atomic():
        record("tests.move_list", None, region=region, title="x")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_chain_s_first_event_writes_a_line_when_the_deed_has_happened(file):
    with pytest.raises(RuntimeError), transaction.atomic():
        record("tests.move_list", None, region="25", title="не вышло")
        raise RuntimeError
    assert not file.exists()
    news()
    (line,) = (json.loads(text) for text in file.read_text().splitlines())
    anchor = Anchor.objects.get()
    assert (line["number"], line["territory"], line["event"]) == (1, "25", 1)
    assert (line["event_hash"], line["hash"]) == (anchor.event_hash, anchor.hash)
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_disk_that_refuses_the_line_does_not_refuse_the_deed(file, caplog):
    """Файл не записался: действие всё равно состоялось, а строка допишется в следующий раз."""
    file.parent.mkdir()
    file.mkdir()  # nothing can be appended to a folder
    news()
    assert Anchor.objects.count() == 1
    assert "anchors were not written" in caplog.text
    file.rmdir()
    news("22")
    assert [line.territory for _place, line in read_lines(file)] == ["25", "22"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_line_that_was_cut_off_is_written_again(file):
    news()
    news("22")
    whole = file.read_bytes()
    file.write_bytes(whole[:-30])
    assert append_new(file) == 1
    assert file.read_bytes() == whole
    assert append_new(file) == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_somebody_s_writing_in_the_file_does_not_stop_it(file):
    news()
    with file.open("a") as stream:
        stream.write("привет\n")
    news()
    assert make_anchors() == 1
    assert append_new(file) == 1
    assert [line and line.number for _place, line in read_lines(file)] == [1, None, 2]
