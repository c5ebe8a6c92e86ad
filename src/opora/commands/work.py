"""Reads files that wait at the import desks, mixes sheets of answers, makes profiles, reminds schools."""

import argparse
import os
import signal
import sys
import threading

from opora.language import _

SUMMARY = "Читать файлы, которые ждут на столах загрузки"
GENTLE = 10  # pages go first where both share a machine


def configure(parser: argparse.ArgumentParser) -> None:
    """Let it end by itself."""
    parser.add_argument("--all", action="store_true", help=_("прочитать всё, что ждёт сейчас, и закончить"))
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Work in the place of this program, beside pages or apart from them."""
    from opora.config.postgres import ensure_database

    ensure_database(serving=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opora.config.settings")
    os.nice(GENTLE)
    import django

    django.setup()
    from opora.diagnostics.answering.mixing import keep_mixing, mix_once
    from opora.diagnostics.campaigns.reminders.letters import keep_reminding
    from opora.diagnostics.profiles.actions import keep_releasing, release_due
    from opora.results.desk.waiting import read_all, work

    if arguments.all:
        mix_once()
        release_due()
        print(_("Прочитано файлов: {count}").format(count=read_all()))
        return 0
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    if arguments.with_parent:
        threading.Thread(target=until_parent_ends, args=(stop,), daemon=True).start()
    for keep in (keep_mixing, keep_releasing, keep_reminding):
        threading.Thread(target=keep, args=(stop,), daemon=True).start()
    work(stop)
    return 0


def until_parent_ends(stop: threading.Event) -> None:
    """Tell the work to end when whoever started us is gone: nobody holds the other end of our input then."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()
