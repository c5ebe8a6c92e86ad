"""The data of a plan of repairs, and of one of its rows."""

from datetime import date

from django.urls import reverse

from opora.accounts.models import User
from opora.language import _
from opora.methodology.quality.checklist import Criterion
from opora.methodology.quality.judging import Finding, Standing, standing_of, to_repair, unplanned
from opora.quality.access import side_of
from opora.quality.heads import check_head, checklist_of, crumbs_of_sheet
from opora.quality.models import CheckSheet, Repair, SheetPart
from opora.quality.repairs.pages import PlanCard, PlanPage, RepairPage, RepairRow
from opora.quality.repairs.regulation import moves_of
from opora.quality.sheets.said import Said, said_on
from opora.quality.tally import Repairs
from opora.quality.wording import LEVEL_STATES, level_word, standing_word
from opora.ui.components import Crumb

Side, State = SheetPart.Side, Repair.State
PILLS = {State.PROPOSED: "neutral", State.RETURNED: "attention", State.AGREED: "neutral", State.DONE: "ok"}


def plan_page(viewer: User, today: date, sheet: CheckSheet) -> PlanPage:
    """Answer the plan of a sheet that one sees: every criterion not fulfilled, and what is older."""
    checklist = checklist_of(sheet.quality_check)
    side = side_of(viewer, sheet.school, today)
    said = said_on(sheet, side)
    rows = list(Repair.objects.filter(sheet=sheet))
    planned = {one.criterion for one in rows}
    wanted = to_repair(said.levels, checklist)
    names = [name for name in checklist.criteria if name in wanted or name in planned]
    is_signed = any(part.signed_at for part in said.parts.values())
    return PlanPage(
        head=check_head(sheet.quality_check, today),
        crumbs=crumbs_of_sheet(sheet, Crumb(_("План исправлений"))),
        school=sheet.school_id,
        name=str(sheet.school),
        place=sheet.municipality.name,
        cards=tuple(
            _card(checklist.criteria[name], said, [one for one in rows if one.criterion == name], side, today)
            for name in names
        ),
        counted=_counted(rows, today),
        unplanned=len(unplanned(said.levels, planned, checklist)) if is_signed else 0,
        may_plan=side == Side.SCHOOL and is_signed,
        waits="" if is_signed else _("План составляют по подписанному листу: сначала школа подписывает его."),
    )


def _card(criterion: Criterion, said: Said, rows: list[Repair], side: str, today: date) -> PlanCard:
    level = said.levels.get(criterion.name, "")
    return PlanCard(
        criterion=criterion.name,
        question=str(criterion.question),
        state=LEVEL_STATES[level],
        level=level_word(level),
        why=said.findings.get(criterion.name, Finding()).reason,
        measure=str(criterion.measure),
        rows=tuple(_row(one, side, today) for one in rows),
    )


def _row(one: Repair, side: str, today: date) -> RepairRow:
    state, word = PILLS[State(one.state)], str(one.get_state_display())
    if one.due_on and standing_of(one.due_on, one.state == State.DONE, today) == Standing.OVERDUE:
        state, word = "trouble", standing_word(Standing.OVERDUE)
    return RepairRow(
        id=one.pk,
        what=one.what,
        who=one.who,
        due_on=one.due_on,
        why_not=one.why_not,
        state=state,
        word=word,
        remark=one.remark,
        proof=one.proof,
        proof_title=one.proof_title,
        proof_link=one.proof_link,
        done_on=one.done_on,
        moves=moves_of(side, one.state, one.due_on is not None),
    )


def _counted(rows: list[Repair], today: date) -> Repairs:
    standings = [standing_of(one.due_on, one.state == State.DONE, today) for one in rows if one.due_on]
    return Repairs(*(standings.count(one) for one in (Standing.OPEN, Standing.OVERDUE, Standing.DONE)))


def repair_page(
    viewer: User, today: date, sheet: CheckSheet, criterion: str, row: Repair | None = None
) -> RepairPage:
    """Answer one row of a plan that one sees, or a new one of a criterion of the check-list."""
    found = checklist_of(sheet.quality_check).criteria[criterion]
    plan = reverse("quality:plan", args=(sheet.quality_check_id, sheet.school_id))
    own = _("Мера плана") if row else _("Новая мера")
    return RepairPage(
        head=check_head(sheet.quality_check, today),
        crumbs=crumbs_of_sheet(sheet, Crumb(_("План исправлений"), plan), Crumb(own)),
        school=sheet.school_id,
        name=str(sheet.school),
        question=str(found.question),
        criterion=criterion,
        measure=str(found.measure),
        row=_row(row, side_of(viewer, sheet.school, today), today) if row else None,
        version=row.version if row else 0,
    )
