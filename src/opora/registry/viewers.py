"""«Кто это видит?»: the people to whom a school, a list, a file or an order is open, each with the reason."""

from dataclasses import dataclass, replace
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import F, Q

from opora.language import _
from opora.registry.access import MAY, MEANING, Role, in_force
from opora.registry.models import Appointment, Deputyship, School
from opora.ui.components import Crumb
from opora.ui.numbers import day, is_english

A_PAGE = 50
EVERYWHERE = Q(region=None, municipality=None, school=None)


@dataclass(frozen=True)
class Viewer:
    """One appointment that opens it: whose, in what role, for which place, why, and what the role may do."""

    name: str
    role: str
    place: str  # «вся страна», a region, a municipality, a school
    reason: str
    since: str
    deeds: tuple[str, ...]


@dataclass(frozen=True)
class ViewersPage:
    """The people to whom something is open, fifty of ``paging``."""

    subject: str
    note: str  # who sees it besides by an appointment; "" where nobody does
    crumbs: tuple[Crumb, ...]
    viewers: tuple[Viewer, ...]
    paging: Page


def of_school(school: School) -> Q:
    """Answer the condition on appointments that open a school: its own and those of the places around it."""
    around = Q(region=school.region_id) | Q(municipality=school.municipality_id)
    return EVERYWHERE | around | Q(school=school)


def of_appointment(held: Appointment) -> Q:
    """Answer the condition on appointments that reach the place of one, its own included."""
    if held.school:
        return of_school(held.school)
    if held.municipality:
        return EVERYWHERE | Q(region=held.municipality.region_id) | Q(municipality=held.municipality_id)
    return over_region(held.region_id)


def within_region(region: str | None) -> Q:
    """Answer the condition on appointments anywhere in a region, or over it; None is the country."""
    if region is None:
        return Q()
    inside = Q(municipality__region=region) | Q(school__region=region)
    return EVERYWHERE | Q(region=region) | inside


def over_region(region: str | None) -> Q:
    """Answer the condition on appointments that hold a whole region; None is the country."""
    return EVERYWHERE if region is None else EVERYWHERE | Q(region=region)


def viewers_page(  # noqa: PLR0913, PLR0917 (what it is of, to whom it is open, which page)
    today: date, subject: str, crumbs: tuple[Crumb, ...], where: Q, deed: str, number: int, note: str = ""
) -> ViewersPage:
    """Answer a page of the people who may do ``deed`` where ``where`` says, the widest places first."""
    found = (
        Appointment.objects.filter(in_force(today), where, role__in=MAY[deed], person__is_active=True)
        .select_related("person", "region", "municipality", "school")
        .order_by(
            F("school").asc(nulls_first=True),
            F("municipality__sort_key").asc(nulls_first=True),
            F("region__sort_key").asc(nulls_first=True),
            "role",
            "person__full_name",
            "pk",
        )
    )
    paging = Paginator(found, A_PAGE).get_page(number)
    stand = _deputies(list(paging), today)
    viewers = (each for one in paging for each in (_viewer(one), *stand.get(one.pk, ())))
    return ViewersPage(subject, note, crumbs, tuple(viewers), paging)


def _deputies(held: list[Appointment], today: date) -> dict[int, list[Viewer]]:
    """Answer who stands in for these people now, by the appointment: a deputy sees what they see."""
    found: dict[int, list[Viewer]] = {}
    appointed = {one.pk: one for one in held}
    named = Deputyship.objects.filter(
        in_force(today), appointment__in=appointed, deputy__is_active=True
    ).select_related("deputy")
    for one in named.order_by("pk"):
        of = _viewer(appointed[one.appointment_id])
        reason = _("заместитель; за кого: {name}").format(name=of.name)
        told = replace(of, name=one.deputy.full_name, reason=reason, since=day(one.since))
        found.setdefault(one.appointment_id, []).append(told)
    return found


def _viewer(held: Appointment) -> Viewer:
    place, reason = _place(held)
    return Viewer(
        name=held.person.full_name,
        role=str(held.get_role_display()),
        place=place,
        reason=reason,
        since=day(held.since),
        deeds=tuple(str(MEANING[deed]) for deed, roles in MAY.items() if Role(held.role) in roles),
    )


def _place(held: Appointment) -> tuple[str, str]:
    """Answer the place of an appointment, and why it opens what lies there."""
    if held.region:
        name = held.region.name_en if is_english() else held.region.name
        return name, _("назначение действует во всём регионе")
    if held.municipality:
        return held.municipality.name, _("назначение действует во всём муниципалитете")
    if held.school:
        return str(held.school), _("назначение в этой школе")
    return _("вся страна"), _("назначение действует во всей стране")
