"""Verifies that nobody changed the trace of deeds, and anchors it."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from opora.language import _
from opora.lib.spoken import Refused

if TYPE_CHECKING:
    from opora.audit.verifying import Verified

SUMMARY = "Проверить, что журнал действий никто не изменил (verify), или закрепить его (anchor)"
DEEDS = ("verify", "anchor")
SOUND, TAMPERED = 0, 1
COUNTRY = "country"


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the deed, the territory and the copy of the anchors be chosen."""
    parser.add_argument("deed", choices=DEEDS, metavar="|".join(DEEDS), help=_("что сделать"))
    parser.add_argument(
        "--territory",
        metavar="25",
        help=_("только эта цепочка: код региона; country — общая цепочка страны"),
    )
    parser.add_argument(
        "--anchors",
        type=Path,
        metavar=_("ФАЙЛ"),
        help=_("копия якорей, которая хранилась отдельно (по умолчанию файл из папки данных)"),
    )
    parser.add_argument("--json", action="store_true", help=_("ответ одним объектом JSON"))


def run(arguments: argparse.Namespace) -> int:
    """Do it: 0 where the trace is sound, 1 where it was changed; what cannot be verified is refused, 2."""
    from django.db import Error

    prepare()
    try:
        return {"verify": verify, "anchor": anchor}[arguments.deed](arguments)
    except Error as fault:
        first = str(fault).strip().splitlines()[0]
        raise Refused(
            _("Проверить нельзя: база не отвечает как надо ({fault})").format(fault=first)
        ) from None


def prepare() -> None:
    """Have the database as it stands: what is verified is not migrated first."""
    from opora.config.postgres import ensure_database

    ensure_database()
    frame()


def frame() -> None:
    """Have the framework and the language, without a database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opora.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en" if os.environ.get("OPORA_LANG", "ru").startswith("en") else "ru")


def verify(arguments: argparse.Namespace) -> int:
    """Walk along the chains and say what was found."""
    from opora.audit.verifying import verify as walk

    file = anchors_file(arguments.anchors)
    try:
        found = walk(territory_of(arguments.territory), file)
    except OSError as fault:
        raise Refused(
            _("Файл якорей не читается: {file} ({fault})").format(file=file, fault=fault.strerror)
        ) from None
    print(as_json(found, file) if arguments.json else as_text(found, file))
    return SOUND if found.is_sound() else TAMPERED


def anchors_file(named: Path | None) -> Path | None:
    """Answer the named copy, else the file of the data folder where there is one."""
    from django.conf import settings

    if named is not None:
        if not named.is_file():
            raise Refused(_("Файла якорей нет: {file}").format(file=named))
        return named
    return settings.AUDIT_ANCHORS if settings.AUDIT_ANCHORS.is_file() else None


def territory_of(named: str | None) -> str | None:
    """Read whose chain is wanted."""
    if named is None or named == COUNTRY:
        return None if named is None else ""
    if len(named) != 2 or not named.isalnum():
        raise Refused(_("Цепочка — это код региона из двух знаков или слово country, а не «{named}»").format(
            named=named
        ))  # fmt: skip
    from opora.audit.models import Chain

    if not Chain.objects.filter(pk=named).exists():
        print(_("Записи о цепочке {named} в базе нет.").format(named=named), file=sys.stderr)
    return named


def as_text(found: "Verified", file: Path | None) -> str:
    """Say what was found, a line each."""
    from opora.audit.fault_words import sentence
    from opora.ui.numbers import number

    told = [sentence(fault) for fault in found.faults]
    if found.untold:
        told.append(_("и ещё: {count}").format(count=number(found.untold)))
    counts = _("событий {events}, цепочек {chains}, якорей {anchors}, {speed} событий в секунду").format(
        events=number(found.events),
        chains=number(found.chains),
        anchors=number(found.anchors),
        speed=number(found.events / found.seconds if found.seconds else 0),
    )
    against = (
        _("Сверено с файлом якорей {file}: строк {lines}.").format(file=file, lines=number(found.lines))
        if file
        else _("Файла якорей нет: журнал, переписанный целиком, так не найти.")
    )
    verdict = _("Журнал цел: {counts}.") if found.is_sound() else _("Журнал изменён: {counts}.")
    return "\n".join([*told, verdict.format(counts=counts), against])


def as_json(found: "Verified", file: Path | None) -> str:
    """Say the same for programs."""
    from opora.audit.fault_words import sentence

    told = asdict(found) | {
        "sound": found.is_sound(),
        "file": str(file) if file else None,
        "faults": [asdict(fault) | {"sentence": sentence(fault)} for fault in found.faults],
        "events_a_second": round(found.events / found.seconds) if found.seconds else 0,
    }
    return json.dumps(told, ensure_ascii=False)


def anchor(_arguments: argparse.Namespace) -> int:
    """Anchor what is new, in the database and in the file."""
    from django.conf import settings

    from opora.audit.actions import make_anchors
    from opora.audit.anchor_file import append_new

    made = make_anchors()
    file = settings.AUDIT_ANCHORS
    try:
        written = append_new(file)
    except OSError as fault:
        raise Refused(
            _("Якоря сделаны, но в файл {file} не записались: {fault}").format(
                file=file, fault=fault.strerror
            )
        ) from None
    print(_("Новых якорей: {made}; дописано строк: {written} в {file}").format(
        made=made, written=written, file=file
    ))  # fmt: skip
    return 0
