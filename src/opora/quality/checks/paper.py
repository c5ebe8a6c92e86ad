"""A check of a place summed up on paper: criteria over all checked schools, none named with a level."""

from collections.abc import Iterator, Mapping
from datetime import date

from opora.accounts.models import User
from opora.language import _
from opora.methodology.quality.checklist import NO, NOT_APPLICABLE, PARTLY, YES
from opora.methodology.quality.judging import spread
from opora.quality.access import visible_sheets
from opora.quality.checks.counting import Counted, checked, filled, together
from opora.quality.checks.query import checked_levels, counted_of, school_rows, sections_of
from opora.quality.heads import check_head, checklist_of
from opora.quality.models import QualityCheck
from opora.quality.paper import Block, Heading, Lines, Table, on_paper
from opora.quality.wording import level_word
from opora.ui.numbers import day, number, share_as_percent

ORDER = (YES, PARTLY, NO, NOT_APPLICABLE)


def summary_on_paper(viewer: User, today: date, check: QualityCheck, kind: str) -> bytes:
    """Print how a check went, for the schools that a person sees; ``kind``: pdf or docx."""
    title = _("Проверка ВСОКО: итоги. {place}").format(place=check_head(check, today).place)
    counted = counted_of(viewer, today, check)
    return on_paper(title, list(_blocks(viewer, today, check, counted)), kind)


def _blocks(
    viewer: User, today: date, check: QualityCheck, counted: Mapping[int, Counted]
) -> Iterator[Block]:
    yield Lines(list(_about(today, check, counted)))
    levels = checked_levels(counted)
    if levels:
        yield Heading(_("Выполненные критерии по разделам"))
        sections = sections_of(check, levels)
        rows = [(title, share_as_percent(met, judged) if judged else "—") for title, met, judged in sections]
        yield Table((_("Раздел"), _("Выполнено, по проверенным листам")), rows, (3, 2))
        yield Heading(_("Сколько школ на каком уровне"))
        yield Table(
            (_("Критерий"), *(level_word(one) for one in ORDER)), _criteria(check, levels), (8, 1, 2, 1, 2)
        )
    yield Heading(_("Школы"))
    sheets = (
        visible_sheets(viewer, today).filter(quality_check=check).select_related("school", "municipality")
    )
    told = school_rows(check, list(sheets.order_by("school__sort_key", "school")), counted)
    yield Table(
        (_("Школа"), _("Лист"), _("Мер"), _("Выполнено"), _("Срок прошёл")),
        [
            (
                one.name,
                one.word,
                number(one.repairs.all),
                number(one.repairs.done),
                number(one.repairs.overdue),
            )
            for one in told
        ],
        (6, 3, 2, 2, 2),
    )


def _about(today: date, check: QualityCheck, counted: Mapping[int, Counted]) -> Iterator[str]:
    head, repairs = check_head(check, today), together(counted)
    yield _("{title}, {year}. Состояние на {day}.").format(title=head.title, year=head.year, day=day(today))
    if head.order:
        yield _("Основание: {order}.").format(order=head.order)
    yield _("Школ: {schools}. Подписали лист: {filled}. Проверено: {checked}.").format(
        schools=number(len(counted)), filled=number(filled(counted)), checked=number(checked(counted))
    )
    yield _("Мер в планах: {all}, выполнено {done}, срок прошёл у {overdue}.").format(
        all=number(repairs.all), done=number(repairs.done), overdue=number(repairs.overdue)
    )
    yield _("Школы стоят по алфавиту. Это не рейтинг: видно, как далеко зашла работа, а не кто лучше.")


def _criteria(check: QualityCheck, levels: list[dict[str, str]]) -> list[tuple[str, ...]]:
    checklist = checklist_of(check)
    told = spread(levels, checklist)
    return [
        (str(one.question), *(number(told[name][level]) for level in ORDER))
        for name, one in checklist.criteria.items()
    ]
