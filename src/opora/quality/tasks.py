"""What of quality checks waits for a person: told to the personal office, which stands above this room."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from opora.accounts.models import User
from opora.language import _
from opora.methodology.quality.judging import unplanned
from opora.quality.access import SPEAKS, visible_sheets
from opora.quality.heads import checklist_of
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.quality.sheets.said import levels_of
from opora.registry.access import reach
from opora.ui.components import Task
from opora.ui.numbers import counted, day

Side = SheetPart.Side
State = Repair.State
MOST = 5  # of one kind
MEASURES = "мера,меры,мер"
OPEN = Q(quality_check__state=QualityCheck.State.OPEN)


def quality_tasks(person: User, today: date) -> Iterator[Task]:
    """Answer what waits for a school, then what waits for its municipality, what hurries most first."""
    if reach(person, today, SPEAKS[Side.SCHOOL]):
        yield from _of_school(person, today)
    if reach(person, today, SPEAKS[Side.MUNICIPALITY]):
        yield from _of_municipality(person, today)


def _signed(side: Side) -> Exists:
    return Exists(SheetPart.objects.filter(sheet=OuterRef("pk"), side=side, signed_at__isnull=False))


def _sheets(person: User, today: date, side: Side) -> QuerySet[CheckSheet]:
    seen = visible_sheets(person, today, SPEAKS[side]).select_related("quality_check", "school")
    return seen.order_by("quality_check__fill_until", "pk")


def _of_school(person: User, today: date) -> Iterator[Task]:
    sheets = _sheets(person, today, Side.SCHOOL)
    to_fill = sheets.filter(~_signed(Side.SCHOOL), ~_signed(Side.MUNICIPALITY), OPEN)
    for sheet in to_fill[:MOST]:
        until = sheet.quality_check.fill_until
        state = "trouble" if until < today else "attention"
        word = _("до {day}").format(day=day(until))
        yield Task(_("Заполнить лист ВСОКО"), sheet.address, state, word, sheet.quality_check.title)
    rows = Repair.objects.filter(sheet__in=sheets.values("pk"), due_on__isnull=False)
    overdue = rows.filter(due_on__lt=today).exclude(state=State.DONE)
    yield from _plans(overdue, _("Выполнить меры: срок прошёл"), "trouble")
    returned = Repair.objects.filter(sheet__in=sheets.values("pk"), state=State.RETURNED)
    yield from _plans(returned, _("Исправить меры, которые вернул муниципалитет"), "attention")
    for sheet in sheets.filter(_signed(Side.MUNICIPALITY)).order_by("-pk")[:MOST]:
        yield from _to_plan(sheet)


def _plans(rows: QuerySet[Repair], name: str, state: str) -> Iterator[Task]:
    """Answer a task for each plan that holds such rows."""
    told = rows.order_by().values("sheet__quality_check", "school").annotate(count=Count("pk"))
    for one in told[:MOST]:
        href = reverse("quality:plan", args=(one["sheet__quality_check"], one["school"]))
        yield Task(name, href, state, counted(one["count"], MEASURES))


def _to_plan(sheet: CheckSheet) -> Iterator[Task]:
    """Say how many criteria of a checked sheet have neither a repair nor a reason."""
    part = SheetPart.objects.get(sheet=sheet, side=Side.MUNICIPALITY)
    planned = set(Repair.objects.filter(sheet=sheet).values_list("criterion", flat=True))
    if lacking := unplanned(levels_of(part.answers), planned, checklist_of(sheet.quality_check)):
        href = reverse("quality:plan", args=(sheet.quality_check_id, sheet.school_id))
        word = counted(len(lacking), "критерий,критерия,критериев")
        yield Task(_("Составить план исправлений"), href, "attention", word, sheet.quality_check.title)


def _of_municipality(person: User, today: date) -> Iterator[Task]:
    sheets = _sheets(person, today, Side.MUNICIPALITY)
    waiting = sheets.filter(_signed(Side.SCHOOL), ~_signed(Side.MUNICIPALITY), OPEN)
    told = waiting.order_by().values("quality_check", "quality_check__title")
    for one in told.annotate(count=Count("pk"), until=Min("quality_check__check_until"))[:MOST]:
        href = f"{reverse('quality:check', args=(one['quality_check'],))}?only=check"
        state = "trouble" if one["until"] < today else "attention"
        word = counted(one["count"], "лист,листа,листов")
        yield Task(_("Проверить листы ВСОКО"), href, state, word, one["quality_check__title"])
    rows = Repair.objects.filter(sheet__in=sheets.values("pk"), state=State.PROPOSED)
    yield from _plans(rows, _("Согласовать меры школы"), "attention")
