"""Letters by a real mail server; into files where there is none; and what they hold."""

import re
import socket
import time
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core import mail
from django.utils import translation

from opora.accounts import letters as post
from opora.config.letters import letters
from opora.lib.spoken import Refused
from tests.world import PASSWORD

SOON = 20  # seconds for a letter to arrive


class Box:
    """A mail server's box."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def free_port():
    """Find a port that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def mail_server(settings, monkeypatch, tmp_path):
    """A mail server that asks for a password, named as the environment names it."""
    box = Box()
    known = AuthResult(success=True)

    def check(server, session, envelope, mechanism, told):
        return (
            known if (told.login, told.password) == (b"opora", b"of the mail") else AuthResult(success=False)
        )

    server = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=check,
        auth_required=True,
        auth_require_tls=False,
    )
    server.start()
    secret = tmp_path / "password"
    secret.write_text("of the mail\n")
    port = server.server.sockets[0].getsockname()[1]
    monkeypatch.setenv("OPORA_SMTP", f"smtp://opora@127.0.0.1:{port}")
    monkeypatch.setenv("OPORA_SMTP_PASSWORD_FILE", str(secret))
    monkeypatch.setenv("OPORA_MAIL_FROM", "Опора <opora@region.example>")
    for name, value in letters(tmp_path).items():
        setattr(settings, name, value)
    yield box
    server.stop()


def wait_for(box, count):
    """Wait for letters."""
    until = time.monotonic() + SOON
    while len(box.letters) < count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(box.letters) == count
    return box.letters[-1]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_forgotten_password_is_set_anew_by_a_letter(client, anna, mail_server, sign_in):
    """Форма — письмо по SMTP — ссылка — новый пароль — вход; о перемене приходит второе письмо."""
    client.post("/password/forgotten/", {"email": "Anna@example.org"})
    letter = wait_for(mail_server, 1)
    assert letter["To"] == "anna@example.org"
    assert letter["Subject"] == "Новый пароль в Опоре"
    text = letter.get_content()
    assert "Анна Пробная, кто-то (надеемся, вы)" in text
    address = re.search(r"http://testserver(/password/new/\S+)", text)[1]
    form = client.get(address, follow=True).redirect_chain[0][0]
    new = "кот пьёт чай с вареньем"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(client, password=PASSWORD).status_code == 200
    assert sign_in(client, password=new).status_code == 302
    notice = wait_for(mail_server, 2)
    assert notice["Subject"] == "Вход в Опору изменён"
    assert "пароль задан по ссылке" in notice.get_content()


def test_a_letter_is_written_in_the_language_of_the_page(anna):
    with translation.override("en"):
        post.send_reset("anna@example.org", "https://opora.example")
    assert mail.outbox[0].subject == "A new password for Opora"
    assert "somebody (you, we hope)" in mail.outbox[0].body


def test_a_letter_that_cannot_be_sent_is_told_without_its_content(anna, caplog, monkeypatch):
    def fail(*words):
        raise OSError("no server, and here is a secret")

    post.later(fail, "тайна").result(timeout=SOON)
    assert "a letter was not sent: OSError" in caplog.text
    assert "secret" not in caplog.text


def test_without_a_mail_server_letters_lie_in_a_folder_of_the_owner(monkeypatch, tmp_path):
    monkeypatch.delenv("OPORA_SMTP", raising=False)
    told = letters(tmp_path)
    assert told["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert told["EMAIL_FILE_PATH"] == tmp_path / "letters"
    assert (tmp_path / "letters").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", False, False)),
        ("smtp+tls://o%40p@mail.example", ("mail.example", 587, "o@p", True, False)),
        ("smtps://o@mail.example:4650", ("mail.example", 4650, "o", False, True)),
    ],
)
def test_a_mail_server_is_named_by_one_address(monkeypatch, tmp_path, address, expected):
    monkeypatch.setenv("OPORA_SMTP", address)
    told = letters(tmp_path)
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    assert tuple(told[name] for name in names) == expected


@pytest.mark.parametrize("address", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_of_no_mail_server_is_refused(monkeypatch, tmp_path, address):
    monkeypatch.setenv("OPORA_SMTP", address)
    with pytest.raises(Refused, match="OPORA_SMTP"):
        letters(tmp_path)
