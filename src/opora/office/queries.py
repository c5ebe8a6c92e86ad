"""The data of the personal office, and the file of what is kept about a person."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from opora.accounts.models import User
from opora.audit.models import Event
from opora.audit.naming import names_of
from opora.audit.queries import NOBODY_S
from opora.audit.words import said
from opora.language import _
from opora.office.access import visible_events
from opora.office.pages import News, OfficePage, OwnSchool
from opora.office.tasks import tasks
from opora.people.models import Invitation
from opora.people.queries import (
    NAMES,
    appointment_rows,
    order_name,
    place_name,
)
from opora.registry.access import (
    held_by,
    visible_schools,
)
from opora.registry.header import said_of
from opora.registry.models import Appointment, Deputyship
from opora.registry.roles import Role

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
