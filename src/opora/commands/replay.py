"""Recompute a list from the files it was made of, and say equal or what differs."""

import argparse
from pathlib import Path

from opora.language import _

SUMMARY = "пересчитать перечень и сказать: совпал или чем отличается"


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("list", type=Path, metavar="list.json", help=_("перечень от команды identify"))
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="ФАЙЛ", help=_("файлы, из которых он составлен")
    )
    parser.add_argument("--schools", type=Path, metavar="S.csv", help=_("таблица школ, если она была"))


def run(args: argparse.Namespace) -> int:
    """Read, identify again, compare."""
    from opora.lib.progress import counted
    from opora.lib.spoken import Refused
    from opora.lists import inputs, replaying, requests

    listed = requests.document(args.list)
    with counted(_("Чтение файлов"), len(args.files)) as progress, requests.spoken():
        taken = inputs.read_inputs(
            args.files,
            mapping=replaying.mapping_of(listed),
            schools=args.schools,
            hints=listed["settings"]["hints"],
            progress=progress,
        )
        remade = replaying.remake(listed, taken)
    if differences := replaying.differences(listed, remade):
        raise Refused(_("Не совпал.") + "\n" + "\n".join(differences))
    print(_("Совпал: школ {schools}, в перечне {listed}.").format(**listed["counts"]))
    return 0
