"""Serves the pages on this machine until Ctrl-C."""

import argparse
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from opora.language import _
from opora.lib.spoken import Refused

SUMMARY = "Открыть страницы системы на этом компьютере"
HOST, PORT = "127.0.0.1", 8000


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the address be chosen."""
    parser.add_argument(
        "--host",
        default=HOST,
        help=_("адрес, на котором ждать запросов (по умолчанию {host})").format(host=HOST),
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help=_("порт (по умолчанию {port})").format(port=PORT)
    )


def run(arguments: argparse.Namespace) -> int:
    """Bring the database up to date and serve."""
    listening = take_port(arguments.host, arguments.port)
    prepare()
    return serve(listening)


def take_port(host: str, port: int) -> socket.socket:
    """Take the port before anything is started, so that a busy one is told at once.

    Raises: Refused with what is wrong with the address and what to do.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Listening begins here: two programs may hold one port between them until one listens.
        listening.listen(2048)
    except (OSError, OverflowError) as problem:
        listening.close()
        raise Refused(why_not(host, port, problem)) from None
    return listening


def why_not(host: str, port: int, problem: Exception) -> str:
    """Say why an address cannot be had."""
    number = problem.errno if isinstance(problem, OSError) else None
    if number == errno.EADDRINUSE:
        return _(
            "Порт {port} занят другой программой: остановите её или выберите другой порт (--port {other})."
        ).format(port=port, other=port + 1)
    if number == errno.EACCES:
        return _("Порт {port} системе не отдан: возьмите порт больше 1023 (--port {other}).").format(
            port=port, other=PORT
        )
    return _("Адрес {host}:{port} не годится: проверьте --host и --port (порт от 0 до 65535).").format(
        host=host, port=port
    )


def prepare() -> None:
    """Have a database whose tables are those of this version, and a login that the policies bind."""
    from opora.config.postgres import ensure_database

    ensure_database(serving=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opora.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    with as_owner():
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables (``OPORA_OWNER_URL``) for a while, before anything is served."""
    from django.db import connection

    from opora.config.environment import database
    from opora.config.postgres.own import check

    owner = os.environ.get("OPORA_OWNER_URL")
    if owner:
        check(owner)
        pages = dict(connection.settings_dict)
        connection.settings_dict.update(database(owner))
    yield
    if owner:
        connection.close()
        connection.settings_dict.update(pages)


def serve(listening: socket.socket) -> int:
    """Serve on a port that was taken, until told to end."""
    from opora.config.environment import data_folder
    from opora.config.letters import letters_folder
    from opora.config.serving import serve_pages
    from opora.config.working import working

    host, port = listening.getsockname()[:2]
    print(
        _("Опора: http://{host}:{port}/ (остановить — Ctrl-C)").format(
            host=f"[{host}]" if ":" in host else host, port=port
        ),
        flush=True,
    )
    if not os.environ.get("OPORA_SMTP"):
        folder = letters_folder(data_folder())
        print(
            _("Почтового сервера нет (OPORA_SMTP): письма — в папке {folder}").format(folder=folder),
            flush=True,
        )
    with working():
        serve_pages(listening)
    return 0
