"""Measures how fast it is, beside the limit of the machine and beside what others would use."""

import argparse
import sys

from opora.commands.test import home
from opora.language import _
from opora.lib.spoken import Refused

SUMMARY = "Измерить скорость: счёт, перечень, загрузка — рядом с пределом машины и другими средствами"


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the person choose what is measured."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar=_("ЧТО"),
        help=_("count, identify, import, pages, access, sign-in; без слов — всё"),
    )
    parser.add_argument("--json", action="store_true", help=_("по одному объекту JSON в строке"))
    parser.add_argument("--quick", action="store_true", help=_("малая страна, не дольше 50 секунд"))
    parser.add_argument("--clean", action="store_true", help=_("удалить созданные данные после измерения"))


def run(arguments: argparse.Namespace) -> int:
    """Hand the work to ``tests/bench``, which lies beside the sources and not among them."""
    if not (home() / "tests/bench").is_dir():
        raise Refused(_("Измерения лежат в tests/bench; здесь только установленная программа, без них."))
    sys.path.insert(0, str(home()))
    from tests.bench.__main__ import run as measure

    return measure(arguments)
