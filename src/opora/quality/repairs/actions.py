"""Deeds on repairs: planned, changed and reported done by the school, agreed or returned to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.methodology.quality.judging import to_repair
from opora.quality.access import SPEAKS, side_of, visible_repairs, visible_sheets
from opora.quality.heads import checklist_of
from opora.quality.models import LONGEST, SHORT, CheckSheet, Repair, SheetPart
from opora.quality.repairs.regulation import MOVES, moves_of
from opora.quality.sheets.reading import wrong_link
from opora.quality.sheets.said import said_on
from opora.registry.access import NotAllowed, role_for
from opora.registry.refusals import CannotDo, ChangedMeanwhile

Side = SheetPart.Side
FARTHEST = 3 * 366  # days to a term: later than this no plan reaches


@dataclass(frozen=True)
class Planned:
    """A row as the school writes it: a deed with who and when, or why there is none."""

    what: str = ""
    who: str = ""
    due_on: date | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Proof:
    """What shows that a repair is done."""

    words: str = ""
    title: str = ""
    link: str = ""


@transaction.atomic
def plan_repair(sheet: CheckSheet, criterion: str, planned: Planned, by: User) -> Repair:
    """Put a row into a school's plan (добавить меру), for a criterion that is not fulfilled.

    Raises: NotAllowed; CannotDo.
    Records: quality.plan_repair.
    """
    today = timezone.localdate()
    mine = visible_sheets(by, today).filter(pk=sheet.pk)
    found = mine.select_for_update(of=("self",)).select_related("quality_check", "school").first()
    if found is None or side_of(by, found.school, today) != Side.SCHOOL:
        raise NotAllowed(_("План исправлений составляет сама школа"))
    said, checklist = said_on(found, Side.SCHOOL), checklist_of(found.quality_check)
    if not any(part.signed_at for part in said.parts.values()):
        raise CannotDo(_("Сначала подпишите лист: план исправлений — по его итогам"))
    if criterion not in to_repair(said.levels, checklist):
        raise CannotDo(_("Этот критерий выполнен или не применим: исправлять нечего"))
    place = {"region_id": found.region_id, "municipality_id": found.municipality_id, "school": found.school}
    row = Repair(sheet=found, criterion=criterion, by=by, version=1, **place)
    _write(row, planned, today)
    record("quality.plan_repair", by, row, **_told(row, by, Side.SCHOOL))
    return row


@transaction.atomic
def change_repair(row: Repair, planned: Planned, version: int, by: User) -> Repair:
    """Change a row; an agreed one waits for agreement again.

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    Records: quality.change_repair.
    """
    row = _own(row, "change", version, by)
    row.remark = ""
    _write(row, planned, timezone.localdate())
    record("quality.change_repair", by, row, **_told(row, by, Side.SCHOOL))
    return row


@transaction.atomic
def drop_repair(row: Repair, version: int, by: User) -> None:
    """Take a row that is not agreed out of the plan.

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    Records: quality.drop_repair.
    """
    row = _own(row, "drop", version, by)
    record("quality.drop_repair", by, row, **_told(row, by, Side.SCHOOL))
    row.delete()


@transaction.atomic
def agree_repair(row: Repair, version: int, by: User) -> Repair:
    """Agree to a row of a school's plan (согласовать меру).

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    Records: quality.agree_repair.
    """
    row = _own(row, "agree", version, by)
    row.remark = ""
    row.save()
    record("quality.agree_repair", by, row, **_told(row, by, Side.MUNICIPALITY))
    return row


@transaction.atomic
def return_repair(row: Repair, words: str, version: int, by: User) -> Repair:
    """Send a row back with words: a plan to be written again, or a repair whose proof is not enough.

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    Records: quality.return_repair.
    """
    row = _own(row, "return", version, by)
    if not words.strip():
        raise CannotDo(_("Напишите школе, что изменить"))
    row.remark, row.done_on = words.strip()[:LONGEST], None
    row.save()
    record("quality.return_repair", by, row, **_told(row, by, Side.MUNICIPALITY))
    return row


@transaction.atomic
def report_repair(row: Repair, proof: Proof, version: int, by: User) -> Repair:
    """Say that a repair is done, with what shows it (отметить выполненной).

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    Records: quality.report_repair.
    """
    row = _own(row, "report", version, by)
    if not (proof.words.strip() or proof.title.strip() or proof.link.strip()):
        raise CannotDo(_("Напишите, чем подтверждается, что мера выполнена"))
    if reason := wrong_link(proof.link.strip()):
        raise CannotDo(reason)
    row.proof, row.proof_title = proof.words.strip()[:LONGEST], proof.title.strip()[:SHORT]
    row.proof_link, row.done_on, row.remark = proof.link.strip(), timezone.localdate(), ""
    row.save()
    record("quality.report_repair", by, row, **_told(row, by, Side.SCHOOL))
    return row


def _write(row: Repair, planned: Planned, today: date) -> None:
    """Put a deed or a reason into a row, whole, or say what lacks."""
    what, who, why_not = (text.strip() for text in (planned.what, planned.who, planned.why_not))
    if why_not and (what or who):
        raise CannotDo(_("Напишите либо меру, либо почему её не будет"))
    if not why_not:
        _refuse_odd(what, who, planned.due_on, today)
    row.what, row.who, row.why_not = what[:LONGEST], who[:SHORT], why_not[:LONGEST]
    row.due_on = None if why_not else planned.due_on
    row.save()


def _refuse_odd(what: str, who: str, due_on: date | None, today: date) -> None:
    if not what:
        raise CannotDo(_("Напишите, что сделаете, или почему меры не будет"))
    if not who:
        raise CannotDo(_("Назовите, кто из администрации отвечает: должность"))
    if due_on is None or due_on < today:
        raise CannotDo(_("Назовите срок: сегодня или позже"))
    if (due_on - today).days > FARTHEST:
        raise CannotDo(_("Срок — не дальше трёх лет"))


def _own(row: Repair, move: str, version: int, by: User) -> Repair:
    """Take a row to move it by the regulation; nobody else changes it meanwhile."""
    today = timezone.localdate()
    mine = visible_repairs(by, today).filter(pk=row.pk)
    found = mine.select_for_update(of=("self",)).select_related("sheet__quality_check", "school").first()
    side = side_of(by, found.school, today) if found else ""
    if found is None or MOVES[move].side != side:
        raise NotAllowed(_("План исправлений составляет школа, согласует муниципалитет"))
    if found.version != version:
        raise ChangedMeanwhile
    if move not in moves_of(side, found.state, found.due_on is not None):
        raise CannotDo(
            _("Сейчас это сделать нельзя: строка плана — «{state}»").format(state=found.get_state_display())
        )
    found.state = MOVES[move].steps[found.state] or found.state
    found.version, found.by = version + 1, by
    return found


def _told(row: Repair, by: User, side: Side) -> dict[str, Any]:
    return {
        "region": row.region_id,
        "municipality": row.municipality_id,
        "school": row.school_id,
        "role": role_for(by, SPEAKS[side], timezone.localdate(), row.region_id),
        "what": str(row)[:SHORT],
        "school_name": str(row.school),
    }
