"""What the pages of school history show: the life of a school, what a change would do, schools by words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.language import _
from opora.registry.access import reach, visible_schools
from opora.registry.change_model import SchoolChange
from opora.registry.history.carrying import rules
from opora.registry.history.changes import Change, Kind
from opora.registry.history.chronicle import Chronicle
from opora.registry.history.concerned import Concerned, concerned
from opora.registry.history.drafts import Draft
from opora.registry.history.revision import revision_of
from opora.registry.history.telling import told_of
from opora.registry.history.told import chronicle_of
from opora.registry.models import Municipality, School, searched
from opora.ui.components import Crumb, Happening
from opora.ui.numbers import day, moment

A_PAGE = 50
SHOWN = 3  # changes on the page of a school itself
LABELS = {
    "name": lazy("Название"),
    "municipality": lazy("Муниципалитет"),
    "founder": lazy("Учредитель"),
    "vpr_login": lazy("Логин ВПР"),
    "ris_code": lazy("Код в РИС ГИА"),
    "inn": lazy("ИНН"),
}


@dataclass(frozen=True)
class Life:
    """What happened to a school: the timeline, and the sentence of its end."""

    happenings: tuple[Happening, ...]
    closed: str  # «Школа вошла в другую 1 сентября 2019»; "" while it works
    heirs: tuple[Crumb, ...]
    more: int  # happenings that are not shown
    href: str
    record_href: str | None


@dataclass(frozen=True)
class HistoryPage:
    """«История школы»."""

    name: str
    crumbs: tuple[Crumb, ...]
    life: Life
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Becoming:
    """What a change does to one school: pairs of what was and what will be."""

    school: str
    changes: tuple[tuple[str, str, str], ...]  # what, before, after


@dataclass(frozen=True)
class Preview:
    """What a change would do, before it is confirmed."""

    title: str
    schools: tuple[Becoming, ...]
    figures: str
    concerned: tuple[Concerned, ...]
    seen: str  # the revision that was looked at


@dataclass(frozen=True)
class SchoolRow:
    """A school in the register's search."""

    name: str
    href: str
    code: str
    municipality: str
    former: str
    closed_on: date | None
    main: str


@dataclass(frozen=True)
class SchoolsPage:
    """Schools by words: working ones and closed ones, under present and former names and codes."""

    rows: tuple[SchoolRow, ...]
    search: str
    paging: Page


def life_of(viewer: User, today: date, school: School, *, whole: bool = False) -> Life:
    """Answer what happened to a school; ``whole`` has every change, those taken back too."""
    told = SchoolChange.objects.filter(schools__contains=[school.pk]).order_by("-on", "-pk")
    told = told.select_related("by", "taken_back_by", "municipality_before", "municipality_after")
    rows = list(told if whole else told.filter(taken_back_at=None))
    shown = rows if whole else rows[:SHOWN]
    addresses = _addresses(viewer, today, school, rows)
    may = reach(viewer, today, "record_changes").holds_region(school.region_id)
    return Life(
        happenings=tuple(_happening(row, school.pk, addresses, may and whole) for row in shown),
        closed=_closed(school, rows),
        heirs=_heirs(school, rows, addresses),
        more=len(rows) - len(shown),
        href=reverse("history:school", args=(school.pk,)),
        record_href=reverse("history:record", args=(school.pk,)) if may else None,
    )


def history_page(viewer: User, today: date, school: School) -> HistoryPage:
    """Answer a school's history; ``school`` is one that the viewer may see."""
    return HistoryPage(
        str(school), crumbs_to(school, _("История")), life_of(viewer, today, school, whole=True), told_rules()
    )


def address_of(school: int) -> str:
    """Answer the page of a school; the room that draws it stands above."""
    return reverse("identification:school", args=(school,))


def told_rules() -> tuple[str, ...]:
    """Answer the rules by which figures are carried over."""
    return tuple(_(rule["meaning"]) for rule in rules()["rules"].values())


def crumbs_to(school: School, last: str) -> tuple[Crumb, ...]:
    """Answer the way to a page about a school."""
    return Crumb(str(school), address_of(school.pk)), Crumb(last)


def preview_of(draft: Draft, viewer: User, today: date) -> Preview:
    """Answer what a change would do.

    Raises: Impossible.
    """
    place = draft.municipality_before.pk if draft.municipality_before else None
    before = chronicle_of(draft.region, [school.pk for school in draft.named], place)
    change = draft.change(before)
    after = before.with_change(change)
    return Preview(
        title=str(SchoolChange.Kind(change.kind.value).label),
        schools=_becoming(before, after, change, today),
        figures=_rule_of(change, before),
        concerned=concerned(change.schools, viewer, today),
        seen=revision_of(change.schools),
    )


def schools_page(viewer: User, today: date, text: str, number: int) -> SchoolsPage:
    """Answer schools that the viewer may see, by words of their present and former names and codes."""
    found = visible_schools(viewer, today).select_related("municipality", "main")
    for word in searched(text):
        found = found.filter(search_key__contains=word)
    paging = Paginator(_ordered(found), A_PAGE).get_page(number)
    return SchoolsPage(tuple(_school_row(school) for school in paging), text, paging)


def _ordered(found: QuerySet[School]) -> QuerySet[School]:
    return found.order_by("sort_key", "pk")


def _school_row(school: School) -> SchoolRow:
    return SchoolRow(
        str(school),
        address_of(school.pk),
        school.vpr_login or school.ris_code,
        school.municipality.name,
        school.former,
        school.closed_on,
        str(school.main) if school.main else "",
    )


def _addresses(viewer: User, today: date, school: School, rows: list[SchoolChange]) -> dict[int, str]:
    """Answer the pages of other schools that the viewer may open."""
    others = {other for row in rows if row.kind not in ("reform",) for other in row.schools} - {school.pk}
    if not others:
        return {}
    open_ones = visible_schools(viewer, today).filter(pk__in=others).values_list("pk", flat=True)
    return {pk: address_of(pk) for pk in open_ones}


def _happening(row: SchoolChange, school: int, addresses: dict[int, str], may: bool) -> Happening:
    told = told_of(row, school)
    order = _("Приказ № {number} от {date}").format(number=row.order_number, date=day(row.order_date))
    recorded = _("Записано: {who}, {when}").format(who=row.by.full_name, when=moment(row.at))
    undone = ""
    if row.taken_back_by is not None and row.taken_back_at is not None:
        undone = _("Отменено: {why} ({who}, {when})").format(
            why=row.taken_back_why, who=row.taken_back_by.full_name, when=moment(row.taken_back_at)
        )
    return Happening(
        on=row.on,
        title=told.title,
        ties=tuple((word, Crumb(_name(row, other), addresses.get(other))) for word, other in told.ties),
        notes=tuple(note for note in (told.figures, f"{order}. {recorded}") if note),
        undone=undone,
        deed=Crumb(_("Отменить…"), reverse("history:take_back", args=(school, row.pk)))
        if may and not undone
        else None,
    )


def _name(row: SchoolChange, school: int) -> str:
    return str(row.names.get(str(school), school))


def _closed(school: School, rows: list[SchoolChange]) -> str:
    if school.closed_on is None:
        return ""
    last = next((row for row in rows if row.on == school.closed_on and not row.is_taken_back), None)
    title = told_of(last, school.pk).title if last else _("Школа закрыта")
    return _("{what}: {day}.").format(what=title, day=day(school.closed_on))


def _heirs(school: School, rows: list[SchoolChange], addresses: dict[int, str]) -> tuple[Crumb, ...]:
    if school.closed_on is None:
        return ()
    ends = [row for row in rows if school.pk in row.ends and not row.is_taken_back]
    heirs = [(row, heir) for row in ends for heir in ([row.school_id] if row.school_id else row.begins)]
    return tuple(Crumb(_name(row, heir), addresses.get(heir)) for row, heir in heirs)


def _becoming(before: Chronicle, after: Chronicle, change: Change, today: date) -> tuple[Becoming, ...]:
    old, new = before.on(today), after.on(today)
    places: dict[int, str] = {}
    if change.kind in (Kind.MOVE, Kind.REFORM):
        known = Municipality.objects.filter(pk__in=[change.before, change.after])
        places = dict(known.values_list("pk", "name"))
    told = []
    for school in change.schools:
        was, will = old[school], new[school]
        rows: list[tuple[str, str, str]] = []
        if change.begins_with(school):
            rows.append((_("Существует"), _("с самого начала"), _("с {day}").format(day=day(change.on))))
        elif was.exists != will.exists:
            words = {True: _("да"), False: _("нет")}
            rows.append((_("Работает"), words[was.exists], words[will.exists]))
        if was.main != will.main:
            rows.append((_("Чей филиал"), _of(was.main, new), _of(will.main, new)))
        rows += [
            (str(label), _value(was.values[name], places), _value(will.values[name], places))
            for name, label in LABELS.items()
            if was.values[name] != will.values[name]
        ]
        told.append(Becoming(_value(was.values["name"], {}), tuple(rows)))
    return tuple(told)


def _of(main: int | None, standing: Any) -> str:
    return _("ничей") if main is None else _value(standing[main].values["name"], {})


def _value(value: Any, places: dict[int, str]) -> str:
    if isinstance(value, tuple):
        return str(value[1] or value[0])
    if value in places:
        return places[value]
    return str(value) if value else "—"


def _rule_of(change: Change, chronicle: Chronicle) -> str:
    """Answer the rule by which figures go on at a change. Empty: "" where they stay as they are."""
    told = rules()["rules"]
    if change.kind == Kind.MERGE:
        return _(told["merge"]["meaning"])
    if change.kind == Kind.SPLIT:
        heir = change.school is not None or bool(change.shares)
        return _(told["split" if heir else "split_without_heir"]["meaning"])
    if change.kind == Kind.CLOSE and change.school is not None:
        is_branch = chronicle.on(change.on)[change.school].main is not None
        return _(told["branch" if is_branch else "close"]["meaning"])
    return _(told["close"]["meaning"]) if change.kind == Kind.REOPEN else ""
