"""Recompute a list and say equal or what differs: from the files it was made of, or from the store."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from opora.language import _
from opora.lib.spoken import Refused

if TYPE_CHECKING:
    from opora.identification.kept import Kept
    from opora.results.store import Store

SUMMARY = "пересчитать перечень и сказать: совпал или чем отличается"


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "list",
        metavar=_("ПЕРЕЧЕНЬ"),
        help=_("номер перечня в системе, файл JSON, выгруженный из неё, или list.json от команды identify"),
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar=_("ФАЙЛ"), help=_("файлы, из которых он составлен")
    )
    parser.add_argument(
        "--store",
        type=Path,
        metavar=_("ПАПКА"),
        help=_("хранилище результатов или его копия: для файла, выгруженного из системы; базы не нужно"),
    )
    parser.add_argument("--schools", type=Path, metavar="S.csv", help=_("таблица школ, если она была"))


def run(args: argparse.Namespace) -> int:
    """Identify again and compare; what differs is refused with every difference."""
    if args.list.isdecimal():
        return _kept(int(args.list))
    return _exported(args) if args.store else _of_files(args)


def _of_files(args: argparse.Namespace) -> int:
    """Compare a list of the command line with what its files make now."""
    from opora.lib.progress import counted
    from opora.lists import inputs, replaying, requests

    listed = requests.document(Path(args.list))
    if not args.files:
        raise Refused(_("Назовите файлы, из которых составлен перечень."))
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


def _kept(number: int) -> int:
    """Compare a list of the system with what its content of the store makes now."""
    from opora.commands.audit import prepare

    prepare()
    from opora.identification.kept import kept_of
    from opora.identification.models import Run
    from opora.results.actions import store

    found = Run.objects.filter(pk=number).first()
    if found is None:
        raise Refused(_("Перечня № {number} в системе нет.").format(number=number))
    return _compared(kept_of(found), store(), found.title)


def _exported(args: argparse.Namespace) -> int:
    """Compare a list that was exported with what a copy of the store makes now; no database is asked."""
    from opora.commands.audit import frame

    frame()
    from opora.identification.exporting import json_file
    from opora.results.store import Store

    path = Path(args.list)
    if not args.store.is_dir():
        raise Refused(_("Папки {folder} нет: назовите хранилище результатов.").format(folder=args.store))
    try:
        kept = json_file.read(path)
    except json_file.NotAnExport as refusal:
        raise Refused(str(refusal)) from refusal
    except OSError as fault:
        raise Refused(_("{file}: файл не открывается.").format(file=path)) from fault
    if not kept.whole:
        print(_("В файле часть перечня: сравниваются только её школы."))
    return _compared(kept, Store(args.store), path.name)


def _compared(kept: "Kept", store: "Store", title: str) -> int:
    from opora.identification.replaying import CannotReplay, replay

    try:
        told = replay(kept, store)
    except CannotReplay as refusal:
        raise Refused(str(refusal)) from refusal
    if told.differences:
        raise Refused(_("Не совпал.") + "\n" + "\n".join(told.differences))
    print(
        _("Совпал: «{title}», решений {verdicts}, оснований {results}.").format(
            title=title, verdicts=told.verdicts, results=told.results
        )
    )
    return 0
