"""What a person reads when something broke: a full disk is told from every other fault."""

import psycopg
import pytest
from django.db import OperationalError
from django.test import RequestFactory

from opora.ui.views import broken


def answer_to(fault):
    """Answer a fault as the framework lets us answer it."""
    try:
        raise fault
    except Exception:
        return broken(RequestFactory().get("/"))


def test_a_fault_is_no_full_disk():
    """Ошибка программы: страница о поломке, без подробностей."""
    answer = answer_to(ValueError("secret"))
    assert answer.status_code == 500
    assert "У нас что-то сломалось" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def ended_database():
    """Ask a database that does not run."""
    try:
        psycopg.connect("postgresql:///opora?host=/nonexistent")
    except psycopg.OperationalError as fault:
        ended = OperationalError(str(fault))
        ended.__cause__ = fault
        return ended
    raise AssertionError("it answered")


@pytest.mark.parametrize("full", [True, False])
def test_a_database_that_ended_on_a_full_disk_is_said_as_such(disk, settings, full):
    """База не отвечает: если её диск полон, сказано о диске, иначе — о поломке."""
    small = disk(20 * 1024)
    settings.DATA = small.path
    if full:
        small.fill()
    answer = answer_to(ended_database())
    assert answer.status_code == (507 if full else 500)
    assert ("На диске кончилось место" in answer.content.decode()) == full
