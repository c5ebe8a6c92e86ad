"""What a page says of a list's life: its steps, the objections of schools, what was decided by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse

from opora.accounts.models import User
from opora.identification.access import visible_amendments, visible_objections
from opora.identification.models import Amendment, Objection, Run, Verdict
from opora.identification.on_list import OnList
from opora.identification.pages import AmendmentRow, ObjectionPage, ObjectionRow, OnListPage
from opora.identification.queries import run_head
from opora.identification.states import AMENDED, OBJECTED, State
from opora.identification.wording import edition_of, list_title, said_of
from opora.language import _
from opora.registry.access import reach
from opora.registry.models import School
from opora.ui.components import Step
from opora.ui.numbers import day

MOST = 200  # rows of objections, and of amendments, on one page
CANDIDATES = 400


def steps_of(run: Run) -> tuple[Step, ...]:
    """Answer how far a list has come; a list that was not shown to its schools has no such step."""
    order = [State.DRAFT, State.REVIEW, State.AGREED, State.PUBLISHED]
    if run.state in {State.AGREED, State.PUBLISHED} and not run.objections_until:
        order.remove(State.REVIEW)
    now = order.index(State(run.state))
    notes = {
        State.DRAFT: day(run.at.date()),
        State.REVIEW: _("до {day}").format(day=day(run.objections_until)) if run.objections_until else "",
        State.AGREED: day(run.agreed_at.date()) if run.agreed_at else "",
        State.PUBLISHED: day(run.published_at.date()) if run.published_at else "",
    }
    return tuple(
        Step(
            str(state.label), "done" if place < now else "current" if place == now else "ahead", notes[state]
        )
        for place, state in enumerate(order)
    )


def objection_rows(
    viewer: User, today: date, run: Run, school: School | None = None
) -> tuple[ObjectionRow, ...]:
    """Answer the objections to a run that the viewer may see, those that wait first."""
    found = visible_objections(viewer, today).filter(run=run)
    found = found.select_related("school", "by", "decided_by").order_by("-state", "-at")
    return tuple(_objection(row, run) for row in _of(found, school))


def amendment_rows(
    viewer: User, today: date, run: Run, school: School | None = None
) -> tuple[AmendmentRow, ...]:
    """Answer the decisions on a run that the viewer may see, the newest first."""
    found = visible_amendments(viewer, today).filter(run=run)
    found = found.select_related("school", "other", "by").order_by("-at", "-pk")
    return tuple(_amendment(row, run) for row in _of(found, school))


def _of(found: QuerySet[Any], school: School | None) -> QuerySet[Any]:
    return (found if school is None else found.filter(school=school))[:MOST]


def _objection(row: Objection, run: Run) -> ObjectionRow:
    return ObjectionRow(
        id=row.pk,
        school=str(row.school),
        school_href=_school_href(row.school_id, run),
        list=list_title(edition_of(run), row.list),
        reasons=row.reasons,
        by=row.by.full_name,
        at=row.at,
        state=str(row.state),
        state_label=str(row.get_state_display()),
        answer=row.answer,
        decided_by=row.decided_by.full_name if row.decided_by else "",
        decided_at=row.decided_at,
        href=reverse("identification:objection", args=(row.pk,)),
    )


def _amendment(row: Amendment, run: Run) -> AmendmentRow:
    order = _("приказ № {number} от {day}")
    return AmendmentRow(
        school=str(row.school),
        school_href=_school_href(row.school_id, run),
        list=list_title(edition_of(run), row.list),
        joins=row.joins,
        kind=str(row.get_kind_display()),
        other=str(row.other) if row.other else "",
        reason=row.reason,
        order=order.format(number=row.order_number, day=day(row.order_date)) if row.order_date else "",
        by=row.by.full_name,
        at=row.at,
    )


def _school_href(school: int, run: Run) -> str:
    return f"{reverse('identification:school', args=(school,))}?run={run.pk}"


def object_href(viewer: User, today: date, verdict: Verdict, run: Run, school: School) -> str | None:
    """Answer where somebody objects for a school on a list; None where they may not, or not now."""
    open_still = run.state != State.REVIEW or not run.objections_until or today <= run.objections_until
    may = verdict.listed and run.state in OBJECTED and open_still
    if not may or not reach(viewer, today, "object_to_list").holds(school):
        return None
    return _on_list("object", verdict)


def amend_href(viewer: User, today: date, verdict: Verdict, run: Run, school: School) -> str | None:
    """Answer where somebody decides on a school of a list; None where they may not, or not now."""
    may = verdict.listed and run.state in AMENDED
    return _on_list("amend", verdict) if may and reach(viewer, today, "amend_list").holds(school) else None


def _on_list(address: str, verdict: Verdict) -> str:
    at = reverse(f"identification:{address}", args=(verdict.run_id, verdict.school_id))
    return f"{at}?list={verdict.list}"


def listed_at(run: Run, school: School, wanted: str) -> str | None:
    """Answer the list that a school is on: the wanted one, or the first."""
    found = set(Verdict.objects.filter(run=run, school=school, listed=True).values_list("list", flat=True))
    return wanted if wanted in found else next((name for name in run.lists if name in found), None)


def on_list_page(viewer: User, today: date, where: OnList) -> OnListPage:
    """Answer what stands on the page where somebody objects or decides."""
    edition = edition_of(where.run)
    verdict = _verdict(where)
    return OnListPage(
        run=run_head(where.run),
        school=str(where.school),
        school_href=_school_href(where.school.pk, where.run),
        list=where.list,
        list_title=list_title(edition, where.list),
        sentence=said_of(verdict, edition),
        candidates=tuple(_candidates(viewer, today, where)),
        needs_order=where.run.state == State.PUBLISHED,
    )


def objection_page(found: Objection, may_decide: bool) -> ObjectionPage:
    """Answer the page of one objection."""
    edition = edition_of(found.run)
    verdict = _verdict(OnList(found.run, found.list, found.school))
    return ObjectionPage(
        run=run_head(found.run),
        row=_objection(found, found.run),
        sentence=said_of(verdict, edition),
        may_decide=may_decide and found.state == Objection.State.WAITING,
        needs_order=found.run.state == State.PUBLISHED,
    )


def _verdict(where: OnList) -> Verdict:
    return Verdict.objects.get(run=where.run, list=where.list, school=where.school)


def _candidates(viewer: User, today: date, where: OnList) -> Iterator[str]:
    """Answer who may take a school's place, «name — code», the same municipality first; at most 400."""
    home = Case(When(municipality=_verdict(where).municipality_id, then=0), default=1)
    rest = _may_join(viewer, today, where).order_by(home, "sort_key").select_related("school")
    for one in rest[:CANDIDATES]:
        yield f"{one.school} — {one.school.vpr_login or one.school.ris_code}"


def find_candidate(viewer: User, today: date, where: OnList, text: str) -> School | None:
    """Find the school that is meant to take another's place: by «name — code», or by its code alone."""
    code = text.rpartition("—")[2].strip().lower()
    known = Q(school__vpr_login=code) | Q(school__ris_code=code)
    found = _may_join(viewer, today, where).filter(known).select_related("school").first() if code else None
    return found.school if found else None


def _may_join(viewer: User, today: date, where: OnList) -> QuerySet[Verdict]:
    far = reach(viewer, today, "amend_list")
    found = Verdict.objects.filter(far.within(school="school"), run=where.run, list=where.list, listed=False)
    return found.filter(region=where.school.region_id, excluded="")
