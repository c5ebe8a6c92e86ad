"""What a person reads when the demo is ready, and while it is made."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from opora.demo.greeting import answers, greeting
from opora.demo.place import SignIn, Stamp
from opora.demo.progress import Steps

STAMP = Stamp(
    500,
    300,
    "программа",
    "тайное-слово",
    (
        SignIn("федеральный оператор", "Образцова Вера", "operator@demo.opora.example", "вся страна"),
        SignIn("куратор", "Циркулев Роман", "curator@demo.opora.example", "МБОУ «СОШ № 1»"),
    ),
)


@pytest.fixture
def server():
    """A server that answers with the wanted status."""

    class Answer(BaseHTTPRequestHandler):
        status = 200

        def do_GET(self):
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *words):
            pass

    served = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=served.serve_forever, daemon=True).start()
    yield served, Answer
    served.shutdown()
    served.server_close()


@pytest.mark.parametrize(("status", "answered"), [(200, True), (403, True), (500, False)])
def test_the_first_page_must_answer_before_anybody_is_invited(server, status, answered):
    """Приглашение печатается, когда страница отвечает; страница с ошибкой сервера — не ответ."""
    served, kind = server
    kind.status = status
    assert answers(f"http://127.0.0.1:{served.server_port}/", 5) is answered


def test_nobody_is_invited_to_a_server_that_never_comes_up():
    """Сервер не поднялся за отведённое время: приглашения нет."""
    assert not answers("http://127.0.0.1:9/", 0.3)


def test_greeting_names_the_address_every_sign_in_and_the_password():
    """В приглашении — адрес, пароль и по строке на роль; столбцы ровные."""
    text = greeting("http://127.0.0.1:8000/", STAMP)
    assert "http://127.0.0.1:8000/" in text
    assert "тайное-слово" in text
    lines = [line for line in text.splitlines() if "@demo.opora.example" in line]
    assert [line.split("  ")[1] for line in lines] == ["федеральный оператор", "куратор"]
    assert len({line.index("@") - len(line.split("@")[0].split()[-1]) for line in lines}) == 1


def test_progress_is_a_line_a_step_where_nobody_watches(capsys):
    """Без терминала — по строке на шаг, без полосок и возвратов каретки."""
    with Steps() as steps, steps.step("пишу файлы") as progress:
        progress(0.5)
    told = capsys.readouterr().err
    assert told.startswith("  пишу файлы: ")
    assert "\r" not in told
    assert told.count("\n") == 1


def test_progress_grows_in_place_on_a_terminal(capsys):
    """В терминале полоска растёт на месте и в конце сменяется временем."""
    steps = Steps()
    steps.watched = True
    with steps.step("пишу файлы") as progress:
        progress(0.5)
        progress(2.0)
    bars = capsys.readouterr().err.split("\r")[1:]
    assert [bar.count("█") for bar in bars] == [0, 12, 24, 0]


def test_a_step_that_fails_lets_the_failure_through():
    """Ошибка внутри шага не глотается."""
    with pytest.raises(RuntimeError), Steps() as steps, steps.step("шаг"):
        raise RuntimeError
