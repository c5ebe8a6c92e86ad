"""The data of the pages of people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from opora.accounts.models import User
from opora.language import _
from opora.people.models import ForgetRequest, Invitation
from opora.people.pages import (
    AppointmentRow,
    Choice,
    DeputyRow,
    InvitationShown,
    PeoplePage,
    PersonPage,
    StandsIn,
    StateShown,
)
from opora.registry.access import has_deed, in_force, is_appointed, reach, visible_appointments
from opora.registry.appointing import hidden_place, may_appoint, may_name_deputy, place_of
from opora.registry.models import Appointment, Deputyship, Order
from opora.registry.roles import Role
from opora.registry.viewers import ViewersPage, of_appointment, viewers_page
from opora.results.words import subject_name
from opora.ui.components import Crumb
from opora.ui.numbers import day, is_english

A_PAGE = 50
SOON = 30  # days before its end in which an appointment asks for attention
NAMES = ("person", "region", "municipality", "school", "school__municipality", "order", "end_order")
NOT_JOINED = Q(person__password__startswith="!", person__is_active=True)  # noqa: S106 (a mark, no password)


@dataclass(frozen=True)
class Filters:
    """What the address asks of the list."""

    search: str = ""
    role: str = ""
    only: str = ""
    page: int = 1


def state_filters(today: date) -> dict[str, tuple[str, Q]]:
    """Answer the chips of the list: key → its name and its condition."""
    from datetime import timedelta

    now = in_force(today)
    return {
        "": (_("Действуют"), now),
        "unjoined": (_("Ещё не вошли"), now & NOT_JOINED),
        "soon": (_("Скоро кончаются"), now & Q(until__lte=today + timedelta(days=SOON))),
        "ahead": (_("Ещё не начались"), Q(since__gt=today)),
        "ended": (_("Завершены"), Q(until__lt=today)),
    }


def found_appointments(viewer: User, today: date, filters: Filters) -> QuerySet[Appointment]:
    """Answer the appointments of one's territory that the filters ask for."""
    found = _narrowed(visible_appointments(viewer, today), filters)
    chips = state_filters(today)
    return found.filter(chips.get(filters.only, chips[""])[1])


def _narrowed(found: QuerySet[Appointment], filters: Filters) -> QuerySet[Appointment]:
    if filters.role in Role.values:
        found = found.filter(role=filters.role)
    for word in filters.search.split():
        found = found.filter(
            Q(person__full_name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(school__name__icontains=word)
            | Q(municipality__name__icontains=word)
        )
    return found


def people_page(viewer: User, today: date, filters: Filters) -> PeoplePage:
    """Answer the list of people: fifty appointments, and how many there are of each state."""
    chips = state_filters(today)
    narrowed = _narrowed(visible_appointments(viewer, today), filters)
    counts = narrowed.aggregate(
        **{f"n_{key}": Count("pk", filter=condition) for key, (_name, condition) in chips.items()}
    )
    ordered = found_appointments(viewer, today, filters).order_by(Lower("person__full_name"), "pk")
    paging = Paginator(ordered.select_related(*NAMES), A_PAGE)
    paging.count = counts[f"n_{filters.only if filters.only in chips else ''}"]  # known already
    shown = paging.get_page(filters.page)
    return PeoplePage(
        rows=appointment_rows(list(shown), viewer, today),
        paging=shown,
        search=filters.search,
        roles=tuple(Choice(role, str(role.label), role == filters.role) for role in Role),
        chips=tuple(
            Choice(key, name, key == filters.only, counts[f"n_{key}"]) for key, (name, _q) in chips.items()
        ),
        is_narrowed=bool(filters.search or filters.role or filters.only),
        not_joined=counts["n_unjoined"],
        may_import=has_deed(viewer, "import_people", today),
    )


def person_page(viewer: User, today: date, person: User) -> PersonPage:
    """Answer one person with their appointments in one's territory, the present ones first."""
    found = visible_appointments(viewer, today).filter(person=person).select_related(*NAMES)
    rows = appointment_rows(
        sorted(found, key=lambda one: _order_of(one, today)), viewer, today, deputies=True
    )
    stands = Deputyship.objects.filter(deputy=person, appointment__in=visible_appointments(viewer, today))
    stands = stands.select_related(*(f"appointment__{name}" for name in NAMES), "deputy").order_by("-since")
    asked = ForgetRequest.objects.filter(person=person, done_at=None).first()
    in_work = is_appointed(person, today)
    return PersonPage(
        id=person.pk,
        name=person.full_name,
        email=person.email,
        has_joined=person.has_usable_password(),
        last_seen=person.last_login,
        rows=rows,
        stands_in=tuple(_stands_in(one, viewer, today) for one in stands),
        asked_to_be_forgotten=timezone.localdate(asked.at) if asked else None,
        may_forget=bool(asked) and not in_work and has_deed(viewer, "forget_people", today),
        why_not_yet=_("Сначала завершите действующие назначения и замещения этого человека")
        if in_work
        else "",
    )


def _order_of(one: Appointment, today: date) -> tuple[int, int]:
    return ((1 if one.until and one.until < today else 0), -one.since.toordinal())


def appointment_rows(
    found: list[Appointment], viewer: User, today: date, *, deputies: bool = False
) -> tuple[AppointmentRow, ...]:
    """Say appointments as rows; invitations and deputies of all of them are read at once."""
    last: dict[int, Invitation] = {}
    for one in Invitation.objects.filter(person__in={each.person_id for each in found}).order_by("pk"):
        last[one.person_id] = one
    stands: dict[int, list[Deputyship]] = {}
    if deputies:
        named = Deputyship.objects.filter(appointment__in=found).select_related("deputy").order_by("-since")
        for each in named:
            stands.setdefault(each.appointment_id, []).append(each)
    return tuple(_row(one, viewer, today, last.get(one.person_id), stands.get(one.pk, ())) for one in found)


def _row(
    one: Appointment, viewer: User, today: date, last: Invitation | None, stands: Iterable[Deputyship]
) -> AppointmentRow:
    is_over = one.until is not None and one.until < today
    may = may_appoint(viewer, one.role, place_of(one), today) and not is_over
    may_deputy = may_name_deputy(viewer, one, today) and not is_over
    has_joined = one.person.has_usable_password() or not one.person.is_active
    return AppointmentRow(
        id=one.pk,
        person=one.person_id,
        name=one.person.full_name,
        email=one.person.email,
        role=str(Role(one.role).label),
        subject=subject_name(one.subject) if one.subject else "",
        place=place_name(one),
        period=period(one.since, one.until),
        state=state_of(one, today),
        order=order_name(one.order),
        order_id=one.order_id if one.order and one.order.digest else None,
        may_see_viewers=may and bool(reach(viewer, today, "see_viewers")),
        end=", ".join(part for part in (one.end_reason, order_name(one.end_order)) if part),
        has_joined=has_joined,
        invitation=None if has_joined or last is None else invitation_shown(last),
        may_manage=may,
        may_name_deputy=may_deputy,
        may_invite=may and not has_joined,
        deputies=tuple(_deputy(each, may_deputy, today) for each in stands),
    )


def _deputy(one: Deputyship, may: bool, today: date) -> DeputyRow:
    is_over = one.until < today
    words = (
        StateShown("none", _("завершено"))
        if is_over
        else StateShown("ok", _("замещает"))
        if one.since <= today
        else StateShown("neutral", _("ещё не началось"))
    )
    return DeputyRow(one.pk, one.deputy.full_name, period(one.since, one.until), words, may and not is_over)


def _stands_in(one: Deputyship, viewer: User, today: date) -> StandsIn:
    held = one.appointment
    may = may_name_deputy(viewer, held, today)
    return StandsIn(
        person=held.person_id,
        name=held.person.full_name,
        role=str(Role(held.role).label),
        place=place_name(held),
        deputyship=_deputy(one, may, today),
    )


def invitation_shown(one: Invitation) -> InvitationShown:
    """Say what became of an invitation."""
    until = timezone.localdate(one.expires_at)
    if one.withdrawn_at:
        return InvitationShown(one.pk, _("приглашение отозвано"), is_open=False)
    if one.accepted_at:
        return InvitationShown(one.pk, _("приглашение принято"), is_open=False)
    if one.expires_at <= timezone.now():
        return InvitationShown(
            one.pk, _("приглашение просрочено {day}").format(day=day(until)), is_open=False
        )
    sentence = _("приглашён(а) до {day}").format(day=day(until))
    return InvitationShown(one.pk, sentence, is_open=True)


def state_of(one: Appointment, today: date) -> StateShown:
    """Say the state of an appointment on a day."""
    if one.until is not None and one.until < today:
        return StateShown("none", _("завершено"))
    if one.since > today:
        return StateShown("neutral", _("ещё не началось"))
    if one.until is not None and (one.until - today).days <= SOON:
        return StateShown("attention", _("скоро кончается"))
    return StateShown("ok", _("действует"))


def place_name(one: Appointment) -> str:
    """Say where an appointment is; a school is said with its municipality."""
    if hidden := hidden_place(one):
        return hidden.name
    if one.school:
        return f"{one.school}, {one.school.municipality}"
    if one.municipality:
        return str(one.municipality)
    if one.region:
        return one.region.name_en if is_english() else one.region.name
    return _("вся страна")


def period(since: date, until: date | None) -> str:
    """Say a period: «с 1 сентября 2026», «с 1 по 30 сентября»."""
    if until is not None and until < since:
        return _("отменено до начала ({day})").format(day=day(since))
    begins = _("с {day}").format(day=day(since))
    return begins if until is None else f"{begins} {_('по {day}').format(day=day(until))}"


def order_name(order: Order | None) -> str:
    """Say an order. Empty: ""."""
    if order is None:
        return ""
    return _("приказ № {number} от {day}").format(number=order.number, day=day(order.day))


def _ruled_by(order: int) -> Q:
    """Answer the condition on the appointments that an order makes or ends."""
    return Q(order=order) | Q(end_order=order)


def viewers_of_order(viewer: User, today: date, pk: int, number: int) -> ViewersPage | None:
    """Answer who sees the file of an order. Empty: None, where one may not see it or ask this."""
    order = visible_order(viewer, today, pk)
    seen = visible_appointments(viewer, today, "see_viewers").filter(_ruled_by(pk))
    ruled = list(seen.select_related(*NAMES).order_by("person__full_name", "pk"))
    if order is None or not ruled:
        return None
    where = reduce(or_, {str(one): one for one in map(of_appointment, ruled)}.values())
    names = ", ".join(dict.fromkeys(one.person.full_name for one in ruled))
    note = _("И те, кого приказ назначил или освободил: {names}.").format(names=names)
    crumbs = (Crumb(_("Люди"), reverse("people:list")), Crumb(_("Кто это видит?")))
    return viewers_page(today, order_name(order), crumbs, where, "see_people", number, note)


def visible_order(viewer: User, today: date, pk: int) -> Order | None:
    """Answer an order that appointed or dismissed somebody whom one may see, or oneself."""
    of_people = visible_appointments(viewer, today).filter(_ruled_by(pk))
    own = Appointment.objects.filter(_ruled_by(pk), person=viewer)
    if not (own.exists() or of_people.exists()):
        return None
    return Order.objects.filter(pk=pk).exclude(digest="").first()
