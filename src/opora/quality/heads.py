"""A check as every page names it, and how far a sheet is."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from opora.diagnostics.wording import year_label
from opora.identification.wording import status_kind
from opora.language import _
from opora.methodology.quality.checklist import Checklist
from opora.methodology.quality.reading import load_checklist
from opora.quality.models import CheckSheet, QualityCheck, SheetPart
from opora.ui.components import Crumb
from opora.ui.numbers import NO_BREAK, day

Side = SheetPart.Side


@dataclass(frozen=True)
class CheckHead:
    """A check as every page names it. state: ``open``, ``late`` (its last day has passed) or ``closed``."""

    id: int
    title: str
    place: str
    year: str
    state: str
    state_label: str
    fill_until: date
    check_until: date
    order: str  # «приказ от 1 июня 2026 № 263-а»; "" where none was told
    checklist: str
    kind: str  # of its origin
    minutes: int


def check_head(check: QualityCheck, today: date) -> CheckHead:
    """Answer how a check is named and where it stands; its places are read."""
    checklist = load_checklist(check.checklist)
    state = standing(check, today)
    return CheckHead(
        id=check.pk,
        title=check.title,
        place=(check.municipality or check.region).name,
        year=year_label(check.year),
        state=state,
        state_label={"open": _("идёт"), "late": _("срок вышел"), "closed": _("завершена")}[state],
        fill_until=check.fill_until,
        check_until=check.check_until,
        order=order_words(check),
        checklist=str(checklist.title),
        kind=status_kind(checklist.status),
        minutes=checklist.minutes,
    )


def standing(check: QualityCheck, today: date) -> str:
    """Say where a check stands on a day."""
    if check.state == QualityCheck.State.CLOSED:
        return "closed"
    return "late" if today > check.check_until else "open"


def order_words(check: QualityCheck) -> str:
    """Say the order by which a check is held. Empty: "" where none was told."""
    if not check.order_number:
        return ""
    if check.order_date is None:
        said = _("приказ № {number}").format(number=check.order_number)
    else:
        said = _("приказ от {day} № {number}").format(day=day(check.order_date), number=check.order_number)
    return said.replace("№ ", f"№{NO_BREAK}")


def sheet_state(school: datetime | bool | None, municipality: datetime | bool | None) -> str:
    """Say how far a sheet is, by its parts: None is not begun, False not signed, anything else signed."""
    if municipality:
        return "checked"
    if school:
        return "filled" if municipality is None else "checking"
    if municipality is not None:
        return "checking"
    return "empty" if school is None else "filling"


def signed(part: SheetPart | None) -> bool | None:
    """Answer a part for ``sheet_state``."""
    return None if part is None else part.signed_at is not None


def crumbs_of_sheet(sheet: CheckSheet, *more: Crumb) -> tuple[Crumb, ...]:
    """Answer the way to a page of a school's sheet; the last crumb is the page itself."""
    check = sheet.quality_check
    own = reverse("quality:sheet", args=(check.pk, sheet.school_id)) if more else None
    return (
        Crumb(_("Проверки ВСОКО"), reverse("quality:checks")),
        Crumb(check.title, reverse("quality:check", args=(check.pk,))),
        Crumb(str(sheet.school), own),
        *more,
    )


def checklist_of(check: QualityCheck) -> Checklist:
    """Answer the check-list of a check."""
    return load_checklist(check.checklist)
