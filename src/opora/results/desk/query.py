"""The data of the import desk: three questions to the database, however many files lie on it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from opora.accounts.models import User
from opora.language import _
from opora.registry.models import School
from opora.results.desk.access import own_desk, shown_since
from opora.results.desk.pages import DeskPage, DeskRow
from opora.results.models import DeskFile, ImportedFile
from opora.results.pages import FileReport
from opora.results.queries import format_label, pair_rows, told_report
from opora.results.reading import Problem
from opora.results.uploads import Pair

SHOWN = 100  # files of one desk
SILENT = timedelta(minutes=1)  # without a piece: the sending has broken off

State = DeskFile.State
# What is shown first: trouble, then what is going on, then what is done.
ORDER = ("refused", "unknown", "failed", "broken_off", "reading", "sending", "queued")
PILLS = {
    "accepted": "ok",
    "repeated": "neutral",
    "withdrawn": "none",
    "refused": "trouble",
    "unknown": "trouble",
    "failed": "trouble",
    "broken_off": "attention",
}


@dataclass(frozen=True)
class _Stand:
    """How a file stands, which is all that counts and order ask for."""

    pk: int
    stand: str
    received: int
    touched_at: datetime


def desk_version(viewer: User) -> str:
    """Answer the version of somebody's desk without drawing it."""
    return _version(_stands(viewer))


def desk_page(viewer: User) -> DeskPage:
    """Answer the desk of a person: the files of the last day, as many as one looks at."""
    stands = _stands(viewer)
    counted = Counter(one.stand for one in stands)
    first = sorted(stands, key=lambda one: (_place(one.stand), -one.touched_at.timestamp(), -one.pk))[:SHOWN]
    files = own_desk(viewer).select_related("file").in_bulk([one.pk for one in first])
    shown = [(files[one.pk], one.stand) for one in first if one.pk in files]
    schools = _schools([file for file, _stand in shown])
    waiting = counted["sending"] + counted["queued"] + counted["reading"]
    return DeskPage(
        rows=tuple(_row(file, stand, schools) for file, stand in shown),
        total=len(stands),
        accepted=counted["accepted"],
        repeated=counted["repeated"],
        refused=counted["refused"] + counted["unknown"] + counted["failed"],
        waiting=waiting,
        broken_off=counted["broken_off"],
        is_busy=waiting > 0,
        version=_version(stands),
    )


def _stands(viewer: User) -> list[_Stand]:
    """Answer how every file of the desk stands."""
    now = timezone.now()
    rows = own_desk(viewer).filter(touched_at__gte=shown_since()).order_by("pk")
    told = rows.values_list("pk", "state", "file__state", "received", "touched_at")
    return [
        _Stand(pk, _stand_of(state, became, now - touched_at), received, touched_at)
        for pk, state, became, received, touched_at in told
    ]


def _stand_of(state: str, became: str | None, silent: timedelta) -> str:
    """Say how a file stands: a state of its own, or that of the import that it became."""
    if state == State.SENDING and silent > SILENT:
        return "broken_off"
    return became or state


def _version(stands: Sequence[_Stand]) -> str:
    told = [(one.pk, one.stand, one.received) for one in stands]
    return f"{crc32(repr(told).encode()):08x}"


def _place(stand: str) -> int:
    return ORDER.index(stand) if stand in ORDER else len(ORDER)


def _schools(files: Sequence[DeskFile]) -> dict[int, School]:
    """Read the schools of all contradictions at once."""
    numbers = {pair["school"] for file in files if file.beside for pair in file.beside[2]}
    return School.objects.in_bulk(numbers) if numbers else {}


def _row(file: DeskFile, stand: str, schools: Mapping[int, School]) -> DeskRow:
    report = _report(file, file.file, schools) if file.file else None
    return DeskRow(
        key=file.key,
        name=file.name,
        pill=PILLS.get(stand, "neutral"),
        label=_label(file, stand),
        note=_note(file, stand),
        percent=file.received * 100 // file.size
        if stand in {"sending", "broken_off"} and file.size
        else None,
        report=report,
        what=file.problem.get("what", ""),
        allowed=file.problem.get("allowed", ""),
        may_clear=stand in {"refused", "unknown", "failed", "broken_off", "queued"},
    )


def _label(file: DeskFile, stand: str) -> str:
    if stand == "broken_off":
        return _("отправка прервана")
    if stand == State.SENDING and not file.received:
        return _("ждёт отправки")
    return str(file.file.get_state_display() if file.file else file.get_state_display())


def _note(file: DeskFile, stand: str) -> str:
    """Say in a line what is known of a file already: its format, or its size."""
    if stand == "broken_off":
        return _(
            "Пришло {came} из {all}. Выберите этот же файл снова: отправка пойдёт с этого места."
        ).format(came=filesizeformat(file.received), all=filesizeformat(file.size))
    if stand == State.SENDING:
        return _("{came} из {all}").format(came=filesizeformat(file.received), all=filesizeformat(file.size))
    return format_label(file.file.format if file.file else file.format)


def _report(file: DeskFile, read: ImportedFile, schools: Mapping[int, School]) -> FileReport:
    same, different, pairs = file.beside or (0, 0, [])
    problems = [Problem(**problem) for problem in read.problems]
    told = [Pair(**pair | {"kept": tuple(pair["kept"]), "came": tuple(pair["came"])}) for pair in pairs]
    return told_report(read, problems, (same, different), pair_rows(told, schools))
