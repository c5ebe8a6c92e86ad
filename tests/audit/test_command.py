"""./opora audit: sound is 0, tampered is 1, what cannot be verified is 2 and one sentence."""

import argparse
import json

import pytest
from django.db import connection

from opora.audit.actions import record
from opora.audit.words import tell_deeds
from opora.commands import audit
from opora.lib.spoken import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(settings, tmp_path, monkeypatch):
    """The database of the tests, and a folder of this test."""
    monkeypatch.setattr("opora.config.postgres.ensure_database", lambda: None)
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    tell_deeds("tests", {"move_list": "перенесён перечень «{title}»"})
    for region in ("25", "25", "", "22"):
        record("tests.move_list", None, region=region, title="x")
    from django.utils import translation

    yield tmp_path
    translation.activate("ru")


def call(*words):
    parser = argparse.ArgumentParser()
    audit.configure(parser)
    return audit.run(parser.parse_args(words))


def tamper():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET role = 'x' WHERE chain_id = '25' AND number = 2")


def test_a_sound_trace_is_zero_and_says_how_much_was_walked(here, capsys):
    assert call("anchor") == 0
    assert call("verify") == 0
    out = capsys.readouterr().out
    assert "Журнал цел: событий 4, цепочек 3, якорей 4" in out
    assert "Сверено с файлом якорей" in out


def test_without_a_file_it_is_said_what_cannot_be_found(here, capsys):
    assert call("verify") == 0
    assert "Файла якорей нет: журнал, переписанный целиком, так не найти." in capsys.readouterr().out


def test_a_tampered_trace_is_one_and_the_event_is_named(here, capsys):
    tamper()
    assert call("verify") == 1
    out = capsys.readouterr().out
    assert "цепочка 25, событие 2: изменено или вставлено" in out and "tests.move_list" in out
    assert call("verify", "--territory", "22") == 0
    assert call("verify", "--territory", "country") == 0
    assert call("verify", "--territory", "25") == 1


def test_the_same_for_programs_and_in_english(here, capsys, monkeypatch):
    tamper()
    monkeypatch.setenv("OPORA_LANG", "en")
    assert call("verify", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["sound"], told["events"], told["chains"]) == (False, 4, 3)
    assert told["faults"][0]["sentence"].startswith("chain 25, event 2: changed or inserted")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--anchors", "нет.jsonl"], "Файла якорей нет: нет.jsonl"),
        (["--territory", "Приморье"], "Цепочка — это код региона"),
        (["--territory", "2;"], "Цепочка — это код региона"),
    ],
)
def test_what_cannot_be_verified_is_refused_in_a_sentence(here, words, said):
    with pytest.raises(Refused, match=said):
        call("verify", *words)


def test_a_database_without_the_trace_is_refused_in_a_sentence(here):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_event RENAME TO gone")
    with pytest.raises(Refused, match="Проверить нельзя"):
        call("verify")


def test_a_file_that_cannot_be_written_is_said(here, settings):
    settings.AUDIT_ANCHORS.mkdir()
    with pytest.raises(Refused, match="Якоря сделаны, но в файл"):
        call("anchor")
