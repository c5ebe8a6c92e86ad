"""What a person reads when something broke: a full disk is told from every other fault."""

import re
import subprocess
import sys
from io import BytesIO

import psycopg
import pytest
from django.db import OperationalError
from django.test import RequestFactory

from opora.ui.views import broken


def answer_to(fault, request=None):
    """Answer a fault as the framework lets us answer it."""
    try:
        raise fault
    except Exception:
        return broken(request or RequestFactory().get("/invitations/tajna/"))


def test_a_fault_is_no_full_disk():
    """Ошибка программы: страница о поломке, без подробностей."""
    answer = answer_to(ValueError("secret"))
    assert answer.status_code == 500
    assert "У нас что-то сломалось" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_a_fault_is_written_down_under_the_number_on_its_page(caplog):
    """Номер на странице и в журнале программы один; адреса со ссылкой для входа там нет."""
    answer = answer_to(ValueError("what went wrong"))
    number = re.search(r"<strong>(\d{4}-\d{4})</strong>", answer.content.decode())[1]
    (line,) = [one.getMessage() for one in caplog.records]
    assert number in line and "ValueError: what went wrong" in line and "answer_to" in line
    assert "tajna" not in line


def test_what_a_fault_says_of_an_uploaded_file_is_not_written_down(caplog):
    """В словах ошибки могла бы оказаться ячейка присланного файла."""
    request = RequestFactory().post("/results/import/", {"files": BytesIO(b"x")})
    name = "Иванов Пётр"
    try:
        raise KeyError(name)
    except KeyError as cause:
        outer = ValueError(name)
        outer.__cause__ = cause
    answer_to(outer, request)
    (line,) = [one.getMessage() for one in caplog.records]
    assert "Иванов" not in line
    assert "KeyError\nwhich led to" in line and line.endswith("ValueError")


def test_faults_reach_stderr_once_and_addresses_do_not():
    """Так их видит служба: одна строка на сбой, ни одного адреса."""
    code = (
        "import django, logging; django.setup();"
        "logging.getLogger('opora.ui.views').error('сбой 1');"
        "logging.getLogger('django.request').error('Internal Server Error: /invitations/tajna/');"
        "logging.getLogger('django.security.csrf').warning('Forbidden: /join/tajna/');"
        "logging.getLogger('django.security').warning('осторожно')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [line.partition(",")[2][4:] for line in done.stderr.splitlines()] == [
        "ERROR opora.ui.views сбой 1",
        "WARNING django.security осторожно",
    ]


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
