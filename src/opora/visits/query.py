"""The data of the pages of visits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from opora.accounts.models import User
from opora.diagnostics.access import visible_profiles
from opora.diagnostics.models import SchoolProfile
from opora.language import _
from opora.registry.access import has_deed
from opora.ui.components import Crumb
from opora.ui.numbers import day
from opora.visits.access import OPEN_KINDS, held_visits, sees_everything, visible_visits
from opora.visits.kept import as_told
from opora.visits.models import Visit, VisitPhoto, VisitRecord
from opora.visits.pages import AgreementLine, Receipt, ReceiptsPage, VisitHead, VisitPage, VisitsPage
from opora.visits.protocol.merging import Thing, agreements, things
from opora.visits.regulation import moves_of
from opora.visits.telling import Told, agreement_line, agreement_names, card, grouped, receipt

A_PAGE = 50
AHEAD, TODAY, OVERDUE = "ahead", "today", "overdue"
State = Visit.State
PILLS = {AHEAD: "neutral", TODAY: "attention", OVERDUE: "trouble", State.DONE: "ok", State.CANCELLED: "none"}


def standing_of(visit: Visit, today: date) -> str:
    """Say where a visit stands on a day."""
    if visit.state != State.PLANNED:
        return str(visit.state)
    if visit.planned_on == today:
        return TODAY
    return AHEAD if visit.planned_on > today else OVERDUE


def visit_head(visit: Visit, today: date) -> VisitHead:
    """Answer how a visit is named; its school, municipality, campaign and planner are read."""
    standing = standing_of(visit, today)
    word = {
        AHEAD: _("предстоит"),
        TODAY: _("сегодня"),
        OVERDUE: _("день прошёл, не отмечен"),
        State.DONE: _("состоялся"),
        State.CANCELLED: _("отменён"),
    }[standing]
    return VisitHead(
        id=visit.pk,
        school=visit.school_id,
        name=str(visit.school),
        place=visit.municipality.name,
        planned_on=visit.planned_on,
        purpose=visit.purpose,
        by=visit.by.full_name,
        state=visit.state,
        standing=standing,
        pill=PILLS[standing],
        word=word,
        campaign=visit.campaign.title if visit.campaign else "",
        reason=visit.reason,
        ended_at=visit.ended_at,
    )


def with_names(found: QuerySet[Visit]) -> QuerySet[Visit]:
    """Read visits together with all that their heads name."""
    return found.select_related("school", "municipality", "campaign", "by")


def visits_page(viewer: User, today: date, only: str, school: int | None, number: int) -> VisitsPage:
    """Answer the visits that somebody sees: what is ahead first, the nearest on top; then what was."""
    found = visible_visits(viewer, today)
    if school:
        found = found.filter(school=school)
    heads = [visit_head(visit, today) for visit in with_names(found)]
    counts = {name: sum(head.standing == name for head in heads) for name in PILLS}
    chosen = [head for head in heads if not only or head.standing == only]
    ahead = [head for head in chosen if head.state == State.PLANNED]
    past = sorted(
        (head for head in chosen if head.state != State.PLANNED),
        key=lambda head: -head.planned_on.toordinal(),
    )
    paging = Paginator([*ahead, *past], A_PAGE).get_page(number)
    return VisitsPage(
        rows=tuple(paging.object_list),
        paging=paging,
        counts=counts,
        only=only,
        school=next((head.name for head in heads if school), ""),
        may_plan=has_deed(viewer, "hold_visits", today),
    )


@dataclass(frozen=True)
class SchoolTold:
    """All that was told at visits to one school: rows by name, what stands, days of visits, photos."""

    rows: dict[str, VisitRecord]
    things: tuple[Thing, ...]
    days: dict[int, date]
    told: Told


def told_at_school(visit: Visit) -> SchoolTold:
    """Read what was told at all visits to the school of a visit: agreements go on from one to the next."""
    days = dict(Visit.objects.filter(school=visit.school_id).values_list("pk", "planned_on"))
    found = VisitRecord.objects.filter(visit__in=days).select_related("by")
    rows = {str(row.uuid): row for row in found}
    every = things(map(as_told, rows.values()))
    photos = VisitPhoto.objects.filter(visit=visit).values_list("visit_id", "digest")
    return SchoolTold(rows, every, days, Told(rows, frozenset(photos), agreement_names(every)))


def lines_of_agreements(school: SchoolTold, today: date) -> tuple[AgreementLine, ...]:
    """Answer the agreements with a school: those that wait first."""
    made = [agreement_line(one, school.days) for one in agreements(school.things, today)]
    return tuple(sorted(made, key=lambda line: line.is_kept))


def visit_page(viewer: User, today: date, visit: Visit) -> VisitPage:
    """Answer one visit that somebody sees, read ``with_names``."""
    school, everything = told_at_school(visit), sees_everything(viewer, visit.school, today)
    holds = held_visits(viewer, today).filter(pk=visit.pk).exists()
    open_things = [one for one in own_things(school.things, visit) if everything or is_open(one)]
    cards = [card(one, school.told) for one in open_things]
    own = [row for row in school.rows.values() if row.visit_id == visit.pk]
    profile = profile_of(viewer, today, visit)
    place = (visit.campaign_id, visit.school_id)
    return VisitPage(
        head=visit_head(visit, today),
        crumbs=crumbs(visit),
        moves=moves_of(visit.state) if holds else (),
        holds=holds,
        sees_everything=everything,
        groups=grouped(cards),
        withdrawn=tuple(one for one in cards if one.is_withdrawn),
        agreements=lines_of_agreements(school, today),
        devices=tuple(sorted({row.device for row in own})),
        received=len(own),
        last_at=max((row.received_at for row in own), default=None),
        profile=reverse("diagnostics:profile", args=place) if profile else "",
        verification=reverse("diagnostics:verification", args=place) if profile else "",
    )


def is_open(thing: Thing) -> bool:
    """Say whether all that was ever said of a thing is open to the school itself."""
    kinds = {thing.kind, *(one.content[0] for one in thing.earlier)}
    return bool(thing.kind) and kinds <= OPEN_KINDS | {""}


def own_things(every: Iterable[Thing], visit: Visit) -> list[Thing]:
    """Answer what was told at one visit."""
    return [one for one in every if one.root.visit == visit.pk]


def profile_of(viewer: User, today: date, visit: Visit) -> SchoolProfile | None:
    """Answer the latest risk profile that a visit checks. Empty: None, where there is none to be seen."""
    if visit.campaign is None:
        return None
    seen = visible_profiles(viewer, today).filter(
        release=visit.campaign.releases.first(), school=visit.school_id
    )
    return seen.select_related("release__campaign", "school", "municipality").first()


def crumbs(visit: Visit, *last: Crumb) -> tuple[Crumb, ...]:
    """Answer the way to a visit, and further."""
    here = reverse("visits:visit", args=(visit.pk,)) if last else None
    school = Crumb(str(visit.school), f"{reverse('visits:visits')}?school={visit.school_id}")
    named = _("Визит {on}").format(on=day(visit.planned_on))
    return (Crumb(_("Визиты"), reverse("visits:visits")), school, Crumb(named, here), *last)


def receipts_page(today: date, visit: Visit) -> ReceiptsPage:
    """Answer what the server has of a visit, the newest first."""
    found = VisitRecord.objects.filter(visit=visit).select_related("by").order_by("-received_at", "-told_at")
    made: list[Receipt] = [receipt(row) for row in found]
    return ReceiptsPage(visit_head(visit, today), crumbs(visit, Crumb(_("Сервер получил"))), tuple(made))
