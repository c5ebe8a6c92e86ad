"""Who sees and does what, where: every page and every deed asks here (appointment × territory × period)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.registry.models import Appointment, Municipality, Region, School

Role = Appointment.Role

# Deed → roles that may do it in their territory: pages draw buttons from it, actions refuse what it lacks.
# «Кто это видит?» says the same table to people, in the words of ``MEANING``.
MAY = {
    "see_school": set(Role),
    "see_lists": {
        Role.FEDERAL_OPERATOR,
        Role.ANALYST,
        Role.REGIONAL_COORDINATOR,
        Role.MUNICIPAL_COORDINATOR,
        Role.CURATOR,
        Role.OBSERVER,
    },
    "see_drafts": {Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR},
    "import_results": {Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR, Role.MUNICIPAL_COORDINATOR},
    "import_schools": {Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR},
    "start_run": {Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR},
    "record_changes": {Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR},
    "publish_list": {Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR},
    "see_viewers": {
        Role.FEDERAL_OPERATOR,
        Role.REGIONAL_COORDINATOR,
        Role.MUNICIPAL_COORDINATOR,
        Role.DIRECTOR,
    },
    "see_log": {Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR, Role.MUNICIPAL_COORDINATOR},
}
MEANING = {
    "see_school": lazy("видит страницу школы с основаниями"),
    "see_lists": lazy("видит перечни"),
    "see_drafts": lazy("видит черновики перечней"),
    "import_results": lazy("загружает результаты"),
    "import_schools": lazy("загружает школы"),
    "start_run": lazy("составляет перечень"),
    "publish_list": lazy("утверждает перечень"),
    "see_viewers": lazy("видит, кому это открыто"),
    "see_log": lazy("читает журнал территории"),
    "record_changes": lazy("записывает изменения школ"),
}

# Who must have a second factor before anything opens: they see many schools, or change what others see.
STAFF = frozenset(
    {Role.FEDERAL_OPERATOR, Role.ANALYST, Role.REGIONAL_COORDINATOR, Role.MUNICIPAL_COORDINATOR}
)

HELD = (
    "role", "region", "municipality", "school",
    "region__name", "region__name_en", "municipality__name", "school__short_name", "school__name",
)  # fmt: skip


class NotAllowed(Exception):
    """The person has no appointment for this deed here."""


@dataclass(frozen=True)
class Reach:
    """How far somebody's appointments reach: the whole country, or these regions, municipalities, schools."""

    country: bool = False
    regions: frozenset[str] = frozenset()
    municipalities: frozenset[int] = frozenset()
    schools: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.country or bool(self.regions or self.municipalities or self.schools)

    def within(self, *, school: str | None = "pk") -> Q:
        """Answer the condition on a table with region, municipality and, where it has one, ``school``."""
        if self.country:
            return Q()
        places = Q(region__in=self.regions) | Q(municipality__in=self.municipalities)
        return places | Q(**{f"{school}__in": self.schools}) if school else places

    def holds(self, school: School) -> bool:
        """Say whether a school lies within."""
        return (
            self.country
            or school.region_id in self.regions
            or school.municipality_id in self.municipalities
            or school.pk in self.schools
        )

    def holds_region(self, code: str | None) -> bool:
        """Say whether a whole region lies within; None is the whole country."""
        return self.country or (code is not None and code in self.regions)


def appointments(person: User, today: date) -> QuerySet[Appointment]:
    """Answer the appointments that are in force."""
    return Appointment.objects.filter(in_force(today), person=person, person__is_active=True)


def in_force(today: date) -> Q:
    """Answer the condition under which an appointment holds on a day."""
    return Q(since__lte=today) & (Q(until=None) | Q(until__gte=today))


def reach(person: User, today: date, deed: str | None = None) -> Reach:
    """Answer how far somebody may see, or may do a deed of ``MAY``."""
    roles = MAY[deed] if deed else set(Role)
    held = [place for place in _held(person, today) if place[0] in roles]
    return Reach(
        country=any(place[1:] == (None, None, None) for place in held),
        regions=frozenset(region for _role, region, _m, _s in held if region),
        municipalities=frozenset(municipality for _role, _r, municipality, _s in held if municipality),
        schools=frozenset(school for _role, _r, _m, school in held if school),
    )


def visible_schools(person: User, today: date) -> QuerySet[School]:
    """Answer the schools that somebody may see."""
    return School.objects.filter(reach(person, today).within())


def visible_municipalities(person: User, today: date) -> QuerySet[Municipality]:
    """Answer the municipalities whose lists somebody may see."""
    far = reach(person, today, "see_lists")
    if far.country:
        return Municipality.objects.all()
    return Municipality.objects.filter(Q(region__in=far.regions) | Q(pk__in=far.municipalities))


def visible_regions(person: User, today: date) -> QuerySet[Region]:
    """Answer the regions whose lists somebody may see, whole or in part."""
    far = reach(person, today, "see_lists")
    if far.country:
        return Region.objects.all()
    return Region.objects.filter(
        Q(pk__in=far.regions)
        | Q(pk__in=Municipality.objects.filter(pk__in=far.municipalities).values("region"))
        | Q(pk__in=School.objects.filter(pk__in=far.schools).values("region"))
    )


def visible_people(person: User, today: date) -> QuerySet[User]:
    """Answer the people whose log somebody may read: those who act, or acted, in one's own territory."""
    far = reach(person, today, "see_log")
    here = (
        Q()
        if far.country
        else (
            Q(region__in=far.regions)
            | Q(municipality__in=far.municipalities)
            | Q(municipality__region__in=far.regions)
            | Q(school__region__in=far.regions)
            | Q(school__municipality__in=far.municipalities)
        )
    )
    return User.objects.filter(pk__in=Appointment.objects.filter(here).values("person"))


def roles_at(person: User, school: School, today: date) -> set[str]:
    """Answer the roles in which somebody acts for a school, directly or by its territory."""
    return {
        role
        for role, region, municipality, own in _held(person, today)
        if (region, municipality, own) == (None, None, None)
        or region == school.region_id
        or municipality == school.municipality_id
        or own == school.pk
    }


def has_deed(person: User, deed: str, today: date) -> bool:
    """Say whether somebody may do a deed anywhere."""
    return bool(reach(person, today, deed))


def role_for(person: User, deed: str, today: date, region: str | None = None) -> str:
    """Answer the role in which somebody does a deed in a region, the nearest one. Empty: "" where none."""
    held = [place for place in _held(person, today) if place[0] in MAY[deed]]
    near = [role for role, own, _m, _s in held if region is not None and own == region]
    return (near or [role for role, *_place in held] or [""])[0]


def is_staff(person: User, today: date) -> bool:
    """Say whether somebody holds a role of the staff anywhere."""
    return any(role in STAFF for role, *_place in _held(person, today))


def held_places(person: User, today: date) -> list[tuple[str, str, str | None]]:
    """Answer somebody's roles with their places: the name ("" is the country), a region's English name."""
    _held(person, today)
    return list(person.__dict__["_held_places"][today])


def _held(person: User, today: date) -> list[tuple[str, str | None, int | None, int | None]]:
    """Answer what somebody holds: role and place; of the role alone in which they act, where they chose one.

    Appointments are read once in the life of the person's object, which is one request; the names of the
    places come with them: the header says them on every page.
    """
    known = person.__dict__.setdefault("_held_appointments", {})
    if today not in known:
        remember(person, today, appointments(person, today).order_by("pk").values_list(*HELD))
    acting = getattr(person, "acting_role", None)
    return [held for held in known[today] if acting in (None, held[0])]


def remember(person: User, today: date, rows: Iterable[Sequence[Any]]) -> None:
    """Keep somebody's appointments in force, in the columns of ``HELD``, with the person's object."""
    held, named = [], []
    for role, *place, region, english, municipality, short, school in rows:
        held.append((role, *place))
        named.append((role, region or municipality or short or school or "", english))
    person.__dict__.setdefault("_held_places", {})[today] = named
    person.__dict__.setdefault("_held_appointments", {})[today] = held
