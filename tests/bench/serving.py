"""A database that keeps what it is told, and processes that serve pages, for measurements under load."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

SERVE = """
import socket, sys
from pathlib import Path
from opora.questionnaires import editions
if len(sys.argv) > 2:
    editions.FOLDER = Path(sys.argv[2])
from opora.config import asgi
from opora.config.serving import serve_pages
listening = socket.socket()
listening.bind(("127.0.0.1", int(sys.argv[1])))
listening.listen(2048)
serve_pages(listening)
"""
PATIENCE = 60.0  # seconds until a process that was started answers


@contextmanager
def durable_database() -> Iterator[None]:
    """Have a durable database of our own with the tables of this version; Django knows it."""
    from opora.config.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="opora-load-") as folder:
        os.environ["OPORA_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "opora.config.settings"
        cluster = Cluster(Path(folder) / "postgres", with_parent=True)
        with cluster.used() as address:
            os.environ["DATABASE_URL"] = address
            import django
            from django.core.management import call_command
            from django.db import connection

            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            yield
            connection.close()


def serving(stack: ExitStack, processes: int, forms: Path | None = None) -> list[int]:
    """Start processes that serve, each at a port, and wait until they answer; they end with the stack.

    ``forms``: a folder of questionnaires instead of the shipped ones.
    """
    ports = [18400 + os.getpid() % 1000 + number for number in range(processes)]
    for port in ports:
        program = [sys.executable, "-c", SERVE, str(port), *([str(forms)] if forms else [])]
        process = stack.enter_context(subprocess.Popen(program))
        stack.callback(process.terminate)
    for port in ports:
        _wait(port)
    return ports


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/sign-in/")
            assert connection.getresponse().status == 200
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        finally:
            connection.close()


def worked() -> float:
    """Answer how long the processor worked for what we started: servers and database, not the clients."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        times = child.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total
