"""Prints documents of a school without a browser, for whoever runs the program here."""

import argparse
from pathlib import Path

from opora.language import _

SUMMARY = "напечатать документ школы: рисковый профиль"


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("what", choices=("profile",), metavar="profile", help=_("рисковый профиль (РПШ)"))
    parser.add_argument("school", metavar="ШКОЛА", help=_("номер школы, её код или часть названия"))
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="ПАПКА", help=_("куда положить PDF и DOCX")
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the latest profile of a school as PDF and DOCX; what is not there is said in a sentence."""
    import os

    from opora.config.postgres import ensure_database
    from opora.lib.spoken import Refused

    ensure_database(serving=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opora.config.settings")
    import django

    django.setup()
    from opora.diagnostics.profiles.printing import NotPrinted, printed

    try:
        for name, content in printed(arguments.school):
            path = arguments.out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(path)
    except NotPrinted as refusal:
        raise Refused(str(refusal)) from None
    return 0
