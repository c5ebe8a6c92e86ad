"""Makes a believable region, imports it through the readers, publishes its list and serves it."""

import argparse
import os
import secrets
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from opora.language import _

if TYPE_CHECKING:
    from opora.demo.place import DemoFolder, Stamp

SUMMARY = "Показать систему на выдуманном регионе из 300 школ"
SEED = 500
FEWEST, SCHOOLS = 12, 300


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the port, the seed and the folder be chosen."""
    parser.add_argument(
        "--port", type=int, default=8000, help=_("порт (по умолчанию {port})").format(port=8000)
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=SEED,
        help=_("зерно: от него зависит весь регион (по умолчанию {seed})").format(seed=SEED),
    )
    parser.add_argument(
        "--schools",
        type=size,
        default=SCHOOLS,
        help=_("сколько школ в регионе (по умолчанию {schools})").format(schools=SCHOOLS),
    )
    parser.add_argument("--folder", type=Path, help=_("папка демонстрации (по умолчанию data/demo)"))


def size(text: str) -> int:
    """Read how many schools are wanted."""
    if text.isdecimal() and FEWEST <= int(text) <= SCHOOLS:
        return int(text)
    allowed = _("школ может быть от {fewest} до {most}").format(fewest=FEWEST, most=SCHOOLS)
    raise argparse.ArgumentTypeError(allowed)


def run(arguments: argparse.Namespace) -> int:
    """Have the demo ready and serve it until told to end.

    The demo keeps its own data folder and database, whatever ``DATABASE_URL`` says: it never mixes with
    real data.
    """
    from opora.commands.serve import take_port
    from opora.config.environment import data_folder
    from opora.demo.place import DemoFolder

    listening = take_port("127.0.0.1", arguments.port)
    folder = DemoFolder(arguments.folder or data_folder() / "demo")
    with folder.held() as hold:
        os.environ["OPORA_DATA"] = str(folder.path)
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("OPORA_SMTP", None)  # its people do not exist
        os.environ["OPORA_SECOND_FACTOR"] = "optional"  # the greeting and the sign-in page say so
        stamp = folder.ready(arguments.seed, arguments.schools)
        if stamp is None:
            hold.alone()
            stamp = make(folder, arguments.seed, arguments.schools)
        hold.shared()
        prepare(migrate=False)
        serve(listening, stamp)
    return 0


def make(folder: "DemoFolder", seed: int, schools: int) -> "Stamp":
    """Make the demo from nothing, with a line of progress."""
    from opora.demo.place import Stamp, program
    from opora.demo.progress import Steps

    folder.empty()
    password = secrets.token_urlsafe(9)
    with Steps() as steps:
        with steps.step(_("готовлю базу данных")):
            prepare(migrate=True)
        from opora.demo.build import build, municipalities_of
        from opora.demo.load import load

        with steps.step(_("пишу файлы {count} школ").format(count=schools)) as progress:
            built = build(folder.files, seed, schools, municipalities_of(schools), progress)
        with steps.step(_("загружаю {count} файлов").format(count=len(built.results))) as progress:
            loaded = load(built, password, progress)
    stamp = Stamp(seed, schools, program(), password, loaded.sign_ins)
    folder.finish(stamp)
    return stamp


def prepare(*, migrate: bool) -> None:
    """Have the database of the demo, with its tables made at the first time."""
    from opora.config.postgres import ensure_database

    ensure_database(serving=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "opora.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    if migrate:
        call_command("migrate", interactive=False, verbosity=0)


def serve(listening: socket.socket, stamp: "Stamp") -> None:
    """Serve, and say how to sign in as soon as the first page answers."""
    from opora.config.serving import serve_pages
    from opora.config.working import working
    from opora.demo.greeting import greet

    host, port = listening.getsockname()[:2]
    threading.Thread(target=greet, args=(f"http://{host}:{port}/", stamp), daemon=True).start()
    with working():
        serve_pages(listening)
