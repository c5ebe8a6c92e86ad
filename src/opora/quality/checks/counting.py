"""How far the schools of a check are: counted from its sheets and repairs, nothing of it is kept."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from opora.accounts.models import User
from opora.methodology.quality.judging import Standing, standing_of
from opora.quality.access import visible_repairs, visible_sheets
from opora.quality.heads import Side, sheet_state
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.quality.tally import Repairs


@dataclass
class Counted:
    """One sheet: its school's number, how far it is, its repairs; told: what changes when it does."""

    school: int
    state: str = "empty"
    repairs: Repairs = field(default_factory=Repairs)
    told: tuple = ()


def counted_sheets(
    viewer: User, today: date, checks: Iterable[QualityCheck]
) -> dict[int, dict[int, Counted]]:
    """Count the sheets that one sees: check → sheet → how far it is."""
    sheets = list(
        visible_sheets(viewer, today)
        .filter(quality_check__in=checks)
        .values_list("pk", "school", "quality_check")
    )
    parts = _parts(viewer, today, checks)
    repairs = counted_repairs(viewer, today, checks)
    found: dict[int, dict[int, Counted]] = {}
    for pk, school, check in sheets:
        mine = parts.get(pk, {})
        state = sheet_state(*(mine.get(side, (None, 0))[0] for side in (Side.SCHOOL, Side.MUNICIPALITY)))
        told = (tuple(sorted((side, version) for side, (_signed, version) in mine.items())), repairs.get(pk))
        found.setdefault(check, {})[pk] = Counted(school, state, repairs.get(pk, Repairs()), told)
    return found


def _parts(
    viewer: User, today: date, checks: Iterable[QualityCheck]
) -> dict[int, dict[str, tuple[bool, int]]]:
    """Answer sheet → side → whether it is signed, and its version."""
    mine = visible_sheets(viewer, today).filter(quality_check__in=checks).values("pk")
    found: dict[int, dict[str, tuple[bool, int]]] = {}
    rows = SheetPart.objects.filter(sheet__in=mine).values_list("sheet", "side", "signed_at", "version")
    for sheet, side, signed_at, version in rows:
        found.setdefault(sheet, {})[side] = (signed_at is not None, version)
    return found


def counted_repairs(viewer: User, today: date, checks: Iterable[QualityCheck]) -> dict[int, Repairs]:
    """Count the repairs of each sheet that one sees; a reason why there is none is no repair."""
    rows = visible_repairs(viewer, today).filter(sheet__quality_check__in=checks, due_on__isnull=False)
    counts: dict[int, dict[str, int]] = {}
    for sheet, state, due_on in rows.values_list("sheet", "state", "due_on").order_by():
        own = counts.setdefault(sheet, dict.fromkeys(Standing, 0))
        assert due_on is not None
        own[standing_of(due_on, state == Repair.State.DONE, today)] += 1
    return {
        sheet: Repairs(own[Standing.OPEN], own[Standing.OVERDUE], own[Standing.DONE])
        for sheet, own in counts.items()
    }


def together(counted: Mapping[int, Counted]) -> Repairs:
    """Add up the repairs of some sheets."""
    all_of = [one.repairs for one in counted.values()]
    return Repairs(*(sum(getattr(one, name) for one in all_of) for name in ("open", "overdue", "done")))


def filled(counted: Mapping[int, Counted]) -> int:
    """Count the sheets that nobody waits for the school with."""
    return sum(one.state in ("filled", "checking", "checked") for one in counted.values())


def checked(counted: Mapping[int, Counted]) -> int:
    """Count the sheets whose check is signed."""
    return sum(one.state == "checked" for one in counted.values())


def version_of(check: QualityCheck, counted: Mapping[int, Counted]) -> str:
    """Answer a word that changes when anything on the page of a check does."""
    told = repr([check.state, *sorted((pk, one.state, one.told) for pk, one in counted.items())])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def answered_by(sheets: Iterable[CheckSheet]) -> dict[int, int]:
    """Count the criteria that each school has answered: sheet → number."""
    rows = SheetPart.objects.filter(sheet__in=list(sheets), side=Side.SCHOOL).values_list("sheet", "answers")
    return {sheet: sum(bool(one.get("level")) for one in answers.values()) for sheet, answers in rows}
