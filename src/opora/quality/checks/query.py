"""The data of the pages of checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.urls import reverse

from opora.accounts.models import User
from opora.language import _
from opora.methodology.quality.judging import fulfilment
from opora.quality.access import own_checks, visible_checks, visible_sheets
from opora.quality.checks.counting import (
    Counted,
    answered_by,
    checked,
    counted_sheets,
    filled,
    together,
    version_of,
)
from opora.quality.checks.pages import CheckPage, CheckRow, ChecksPage, Chip, SchoolRow
from opora.quality.heads import Side, check_head, checklist_of
from opora.quality.models import CheckSheet, QualityCheck, SheetPart
from opora.quality.numbers import SUMMED_FROM
from opora.quality.sheets.said import levels_of
from opora.quality.wording import sheet_word
from opora.registry.access import has_deed
from opora.registry.models import searched
from opora.ui.components import Crumb
from opora.ui.numbers import share_as_percent
from opora.ui.pictures.bars import Bar, Bars

A_PAGE = 50
WAITING, OVERDUE = ("empty", "filling"), "overdue"
FILTERS = {"school": WAITING, "check": ("filled", "checking"), "checked": ("checked",)}  # value → states


@dataclass(frozen=True)
class Filter:
    """What the address of a check asks for."""

    only: str = ""
    search: str = ""
    page: int = 1


def checks_page(viewer: User, today: date) -> ChecksPage:
    """Answer all checks that somebody sees, the newest first."""
    found = list(visible_checks(viewer, today).select_related("region", "municipality"))
    counted = counted_sheets(viewer, today, found)
    return ChecksPage(
        rows=tuple(_check_row(one, counted.get(one.pk, {}), today) for one in found),
        may_begin=has_deed(viewer, "run_quality_checks", today),
    )


def _check_row(check: QualityCheck, counted: Mapping[int, Counted], today: date) -> CheckRow:
    only = next(iter(counted.values())).school if len(counted) == 1 else None
    return CheckRow(check_head(check, today), len(counted), filled(counted), checked(counted), only)


def counted_of(viewer: User, today: date, check: QualityCheck) -> dict[int, Counted]:
    """Answer how far each sheet of a check is that one sees."""
    return counted_sheets(viewer, today, [check]).get(check.pk, {})


def check_page(
    viewer: User, today: date, check: QualityCheck, counted: Mapping[int, Counted], asked: Filter
) -> CheckPage:
    """Answer how a check goes. counted: what ``counted_of`` answers, asked once for version and page."""
    shown = [pk for pk, one in counted.items() if _is_shown(one, asked.only)]
    sheets = visible_sheets(viewer, today).filter(pk__in=shown).select_related("school", "municipality")
    for word in searched(asked.search):
        sheets = sheets.filter(school__search_key__contains=word)
    paging = Paginator(sheets.order_by("school__sort_key", "school"), A_PAGE).get_page(asked.page)
    is_mine = own_checks(viewer, today).filter(pk=check.pk).exists()
    return CheckPage(
        head=check_head(check, today),
        crumbs=(Crumb(_("Проверки ВСОКО"), reverse("quality:checks")), Crumb(check.title)),
        rows=school_rows(check, list(paging), counted),
        paging=paging,
        chips=_chips(counted),
        only=asked.only,
        search=asked.search,
        schools=len(counted),
        filled=filled(counted),
        checked=checked(counted),
        repairs=together(counted),
        picture=_picture(check, counted),
        summed_from=SUMMED_FROM,
        is_mine=is_mine,
        may_drop=is_mine and all(one.state == "empty" for one in counted.values()),
        version=version_of(check, counted),
    )


def school_rows(
    check: QualityCheck, sheets: list[CheckSheet], counted: Mapping[int, Counted]
) -> tuple[SchoolRow, ...]:
    """Answer the rows of some sheets, their schools and municipalities read."""
    answered, criteria = answered_by(sheets), len(checklist_of(check).criteria)
    return tuple(
        SchoolRow(
            id=one.school_id,
            name=str(one.school),
            municipality="" if check.municipality_id else one.municipality.name,
            state=counted[one.pk].state,
            word=sheet_word(counted[one.pk].state),
            answered=answered.get(one.pk, 0),
            criteria=criteria,
            repairs=counted[one.pk].repairs,
        )
        for one in sheets
    )


def _is_shown(one: Counted, only: str) -> bool:
    return bool(one.repairs.overdue) if only == OVERDUE else not only or one.state in FILTERS[only]


def _chips(counted: Mapping[int, Counted]) -> tuple[Chip, ...]:
    names = {
        "": _("все"),
        "school": _("ждём школу"),
        "check": _("ждут проверки"),
        "checked": _("проверены"),
        OVERDUE: _("есть просроченные меры"),
    }
    return tuple(
        Chip(value, name, sum(_is_shown(one, value) for one in counted.values()))
        for value, name in names.items()
    )


def checked_levels(counted: Mapping[int, Counted]) -> list[dict[str, str]]:
    """Answer the levels of each checked sheet, of its signed check. Empty: too few to be summed up."""
    sheets = [pk for pk, one in counted.items() if one.state == "checked"]
    if len(sheets) < SUMMED_FROM:
        return []
    parts = SheetPart.objects.filter(sheet__in=sheets, side=Side.MUNICIPALITY)
    return [levels_of(answers) for answers in parts.values_list("answers", flat=True)]


def sections_of(check: QualityCheck, levels: list[dict[str, str]]) -> list[tuple[str, int, int]]:
    """Answer section by section: its title, criteria fulfilled, and of how many, over all these sheets."""
    checklist = checklist_of(check)
    told = [fulfilment(one, checklist) for one in levels]
    return [
        (str(section.title), sum(one[at].met for one in told), sum(one[at].judged for one in told))
        for at, section in enumerate(checklist.sections)
    ]


def _picture(check: QualityCheck, counted: Mapping[int, Counted]) -> Bars | None:
    levels = checked_levels(counted)
    if not levels:
        return None
    bars = [
        Bar(title, met / judged if judged else None, share_as_percent(met, judged) if judged else "")
        for title, met, judged in sections_of(check, levels)
    ]
    return Bars(_("Выполненные критерии по разделам"), bars, 1.0)
