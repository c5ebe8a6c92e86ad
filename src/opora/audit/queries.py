"""The data of a log page: events of an object or a territory, in words; its questions do not grow."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from opora.audit.changes import Told, told_of
from opora.audit.log import A_PAGE, MOST, Asked, LogPage, Option
from opora.audit.models import Change, Event
from opora.audit.naming import Names, names_of
from opora.audit.words import UnknownDeed, deed_name, page_of, role_in_words, said
from opora.language import _
from opora.ui.components import Crumb, LogEntry
from opora.ui.numbers import counted

NEWEST = ("-at", "-number")
IN_CHAIN = ("-number",)
NOBODY_S = ("", "")


def events_of(target: str, pk: Any, also: Q | None = None) -> QuerySet[Event]:
    """Answer the events of an object: done to it, or that changed it while done to something else."""
    taken = Change.objects.filter(target=target, target_id=str(pk), number__isnull=False)
    places = list(taken.order_by("-id").values_list("chain", "number")[:MOST])
    found = Q(target=target, target_id=str(pk))
    if places:
        found |= Q(pk__in=places)
    return Event.objects.filter(found if also is None else found | also)


def unrecorded_of(target: str, pk: Any) -> int:
    """Answer how many changes of an object no event tells of: somebody wrote past the program."""
    return Change.objects.filter(target=target, target_id=str(pk), number=None).count()


def log_page(  # noqa: PLR0913 (a log is told by all of it)
    events: QuerySet[Event],
    asked: Asked,
    *,
    title: str,
    lead: str = "",
    crumbs: Iterable[Crumb] = (),
    order: tuple[str, ...] = NEWEST,
    own: tuple[str, str] = NOBODY_S,
    acts: bool = False,
    unrecorded: int = 0,
) -> LogPage:
    """Answer one page of a log.

    order: NEWEST, or IN_CHAIN where all events are of one chain: then its key is the index.
    own: the object whose log it is, model and key: it need not be named in each line.
    acts: the object is a person, whose deeds changed other things.
    """
    newest = events.order_by(*order)
    seen = list(newest.values_list("by", "by__full_name", "deed")[:MOST])
    wanted = _narrowed(newest, asked)
    count = wanted.order_by()[: MOST + 1].count()
    paging = Paginator(range(min(count, MOST)), A_PAGE).get_page(asked.page)
    first = paging.start_index() - 1 if count else 0
    shown = list(wanted.select_related("by")[first : paging.end_index()])
    told, names = told_of(shown, NOBODY_S if acts else own), names_of(shown, own)
    return LogPage(
        title=title,
        lead=lead,
        crumbs=tuple(crumbs),
        entries=tuple(_entry(event, told, names) for event in shown),
        paging=paging,
        people=_people(seen, asked),
        deeds=_deeds(seen, asked),
        since=asked.since.isoformat() if asked.since else "",
        until=asked.until.isoformat() if asked.until else "",
        is_narrowed=asked.is_narrowed(),
        is_cut=count > MOST,
        unrecorded=unrecorded,
    )


def _narrowed(events: QuerySet[Event], asked: Asked) -> QuerySet[Event]:
    if asked.person:
        events = events.filter(by=asked.person)
    if asked.deed:
        events = events.filter(deed=asked.deed)
    if asked.since:
        events = events.filter(at__gte=_start(asked.since))
    if asked.until:
        events = events.filter(at__lt=_start(asked.until + timedelta(days=1)))
    return events


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _entry(event: Event, told: Told, names: Names) -> LogEntry:
    about, target, key = names.about(event)
    more = told.more(event)
    return LogEntry(
        at=event.at,
        who=event.by.full_name if event.by else _("программа"),
        role=_role(event, names),
        what=_sentence(event, names),
        about=about,
        href=_address(target, key),
        changes=told.changes(event),
        more=_("изменены и другие записи: {rows}").format(rows=counted(more, "запись,записи,записей"))
        if more
        else "",
    )


def _role(event: Event, names: Names) -> str:
    """Say in which role a deed was done, and for whom somebody stood in."""
    behalf = names.behalf_of(event)
    told = (role_in_words(event.role), _("за: {name}").format(name=behalf) if behalf else "")
    return ", ".join(part for part in told if part)


def _sentence(event: Event, names: Names) -> str:
    try:
        return said(event.deed, event.details, names.people_of(event))
    except UnknownDeed:  # of a room that is no longer there: its word is better than nothing
        return event.deed


def _address(target: str, pk: str) -> str:
    if not pk or not page_of(target):
        return ""
    try:
        return reverse(page_of(target), args=(pk,))
    except NoReverseMatch:
        return ""


def _people(seen: list[tuple[Any, ...]], asked: Asked) -> tuple[Option, ...]:
    known = {by: name for by, name, _deed in seen if by is not None}
    ordered = sorted(known.items(), key=lambda one: one[1])
    return tuple(Option(str(pk), name, pk == asked.person) for pk, name in ordered)


def _deeds(seen: list[tuple[Any, ...]], asked: Asked) -> tuple[Option, ...]:
    named = sorted((deed_name(deed), deed) for deed in {deed for _by, _name, deed in seen})
    return tuple(Option(deed, name, deed == asked.deed) for name, deed in named)
