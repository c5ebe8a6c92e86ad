"""The data of the personal office, and the file of what is kept about a person."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from opora.accounts.models import User
from opora.accounts.queries import second_factor
from opora.audit.models import Event
from opora.audit.naming import names_of
from opora.audit.queries import NOBODY_S
from opora.audit.words import said
from opora.identification.access import visible_runs
from opora.identification.models import Run
from opora.language import _
from opora.office.access import visible_events
from opora.office.pages import News, OfficePage, OwnSchool
from opora.people.models import ForgetRequest, Invitation
from opora.people.queries import (
    NAMES,
    NOT_JOINED,
    SOON,
    appointment_rows,
    order_name,
    place_name,
)
from opora.registry.access import (
    has_deed,
    held_by,
    in_force,
    visible_appointments,
    visible_people,
    visible_schools,
)
from opora.registry.header import said_of
from opora.registry.models import Appointment, Deputyship
from opora.registry.roles import Role
from opora.results.access import visible_imports
from opora.results.models import ImportedFile
from opora.ui.components import Task
from opora.ui.numbers import counted

FEW_CODES = 3  # recovery codes that are left
MOST_NEWS, MOST_SCHOOLS = 20, 12
LATELY = 14  # days of news at the first visit


def office_page(person: User, today: date, before: datetime | None) -> OfficePage:
    """Answer what waits for a person, what changed since their last visit, their schools and appointments."""
    own = Appointment.objects.filter(person=person).select_related(*NAMES).order_by("-since")
    schools = visible_schools(person, today).select_related("municipality")
    shown = list(schools.order_by("sort_key")[: MOST_SCHOOLS + 1])
    total = len(shown) if len(shown) <= MOST_SCHOOLS else schools.count()
    return OfficePage(
        name=person.full_name,
        tasks=tuple(tasks(person, today)),
        news=tuple(news(person, today, before)),
        since=before,
        schools=tuple(OwnSchool(one.pk, str(one), one.municipality.name) for one in shown[:MOST_SCHOOLS]),
        all_schools=total,
        appointments=appointment_rows(list(own), person, today, deputies=True),
        stands_in=tuple(said_of(held) for held in held_by(person, today) if held.behalf),
        is_first_visit=before is None,
    )


def tasks(person: User, today: date) -> Iterator[Task]:
    """Answer what waits for a person, what hurries most first."""
    if has_deed(person, "import_results", today):
        month = timezone.now() - timedelta(days=SOON)
        refused = visible_imports(person, today).filter(
            state=ImportedFile.State.REFUSED, batch__by=person, batch__at__gte=month
        )
        if count := refused.count():
            word = counted(count, "файл,файла,файлов")
            yield Task(_("Исправить файлы с ошибками"), reverse("results:files"), "trouble", word)
    if has_deed(person, "see_drafts", today):
        drafts = visible_runs(person, today).filter(state=Run.State.DRAFT)
        if count := drafts.count():
            word = counted(count, "проект,проекта,проектов")
            yield Task(
                _("Утвердить проекты перечней или оставить"),
                reverse("identification:runs"),
                "attention",
                word,
            )
    if has_deed(person, "see_people", today):
        yield from _tasks_of_people(person, today)
    yield from _own_ends(person, today)
    if held_by(person, today, any_role=True):
        yield from _own_safety(person)


def _tasks_of_people(person: User, today: date) -> Iterator[Task]:
    people = reverse("people:list")
    seen = visible_appointments(person, today)
    current = seen.filter(in_force(today))
    invited = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
    waiting = current.filter(NOT_JOINED).exclude(person__in=invited.values("person"))
    if count := waiting.values("person").distinct().count():
        word = counted(count, "человек,человека,человек")
        yield Task(_("Пригласить тех, кто ещё не вошёл"), f"{people}?only=unjoined", "attention", word)
    ending = current.filter(until__lte=today + timedelta(days=SOON)).exclude(person=person)
    if count := ending.count():
        word = counted(count, "назначение,назначения,назначений")
        yield Task(_("Продлить или заменить: назначения кончаются"), f"{people}?only=soon", "attention", word)
    if has_deed(person, "forget_people", today):
        asked = ForgetRequest.objects.filter(
            done_at=None, person__in=visible_people(person, today, "forget_people")
        )
        for request in asked.select_related("person")[:5]:
            href = reverse("people:person", args=(request.person_id,))
            yield Task(
                _("Ответить на просьбу забыть данные"), href, "attention", _("просьба"), str(request.person)
            )


def _own_ends(person: User, today: date) -> Iterator[Task]:
    soon = Appointment.objects.filter(
        in_force(today), person=person, until__lte=today + timedelta(days=SOON)
    ).select_related("region", "municipality", "school", "school__municipality")
    for one in soon:
        left = counted((one.until - today).days, "день,дня,дней") if one.until else ""
        note = f"{Role(one.role).label}, {place_name(one)}"
        yield Task(_("Ваше назначение кончается"), None, "attention", left, note)


def _own_safety(person: User) -> Iterator[Task]:
    """Say what would keep a person from signing in, or let somebody else in with a stolen password."""
    has, page = second_factor(person), reverse("accounts:security")
    if not has.is_set_up:
        word = _("рекомендуем")
        yield Task(_("Защитить вход вторым фактором"), page, "neutral", word)
    elif (left := has.recovery_codes_left or 0) < FEW_CODES:
        word = counted(left, "код,кода,кодов")
        yield Task(_("Сделать новые запасные коды: старые кончаются"), page, "attention", word)


def news(person: User, today: date, before: datetime | None) -> Iterator[News]:
    """Answer the newest deeds of others that a person may read of, since a moment."""
    since = before or timezone.now() - timedelta(days=LATELY)
    found = visible_events(person, today).filter(at__gt=since).exclude(by=person).select_related("by")
    newest = list(found.order_by("-at", "-pk")[:MOST_NEWS])
    names = names_of(newest, NOBODY_S)
    for event in newest:
        yield News(
            who=event.by.full_name if event.by else _("Опора"),
            said=said(event.deed, event.details, names.people_of(event)),
            at=event.at,
            role=str(Role(event.role).label) if event.role in Role.values else "",
            behalf=names.behalf_of(event),
        )


def kept_about(person: User, today: date) -> dict[str, Any]:
    """Answer all that is kept about a person and why, ready to be written as a file."""
    own = Appointment.objects.filter(person=person).select_related(*NAMES).order_by("since")
    stands = Deputyship.objects.filter(deputy=person).order_by("since")
    invited = Invitation.objects.filter(person=person).order_by("at")
    deeds = Event.objects.filter(by=person).order_by("at").values("at", "deed", "role", "details")
    return {
        "on": today,
        "account": {
            "number": person.pk,
            "name": person.full_name,
            "email": person.email,
            "since": person.created_at,
            "last_sign_in": person.last_login,
            "why": _("чтобы вы могли войти и коллеги знали, с кем работают"),
        },
        "appointments": {
            "why": _("приказ о назначении; хранится как документ проекта"),
            "rows": [_kept_appointment(one) for one in own],
        },
        "deputyships": [
            {"appointment": one.appointment_id, "since": one.since, "until": one.until} for one in stands
        ],
        "invitations": [
            {"way": one.way, "at": one.at, "expires": one.expires_at, "accepted": one.accepted_at}
            for one in invited
        ],
        "deeds": {"why": _("журнал действий: по номеру, без имени"), "rows": list(deeds)},
    }


def _kept_appointment(one: Appointment) -> dict[str, Any]:
    return {
        "number": one.pk,
        "role": one.role,
        "place": place_name(one),
        "subject": one.subject,
        "since": one.since,
        "until": one.until,
        "order": order_name(one.order),
        "end": one.end_reason,
    }
