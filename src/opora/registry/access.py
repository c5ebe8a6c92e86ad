"""Who sees and does what, where: every page and every deed asks here (appointment × territory × period)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import BigIntegerField, CharField
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.registry.models import Appointment, Deputyship, Municipality, Region, School
from opora.registry.roles import APPOINTS, Role

COORDINATORS = frozenset({Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR, Role.MUNICIPAL_COORDINATOR})
OF_REGIONS = frozenset({Role.FEDERAL_OPERATOR, Role.REGIONAL_COORDINATOR})
# They hand invitations to answer out at a school; teachers are never among those who must (order 779).
IN_SCHOOL_SURVEYS = frozenset({Role.DIRECTOR, Role.SCHOOL_TEAM, Role.PSYCHOLOGIST})
# They help a school and are not shown what is known of it: its results and why it is on a list. The scope of
# the second wall leaves their places out, too (``opora_enter``).
HELPERS = frozenset({Role.MENTOR_SCHOOL, Role.PARTNER, Role.STUDENT_INTERN})

# Deed → roles that may do it in their territory: pages draw buttons from it, actions refuse what it lacks.
# «Кто это видит?» says the same table to people, in the words of ``MEANING``.
MAY: dict[str, frozenset[str]] = {
    "see_school": frozenset(Role) - HELPERS,
    "see_lists": COORDINATORS | {Role.ANALYST, Role.CURATOR, Role.METHODIST, Role.OBSERVER},
    "see_drafts": OF_REGIONS,
    "import_results": COORDINATORS,
    "import_schools": OF_REGIONS,
    "start_run": OF_REGIONS,
    "try_lists": OF_REGIONS | {Role.ANALYST},
    "see_signs": COORDINATORS | {Role.ANALYST},
    "see_context": COORDINATORS | {Role.ANALYST},
    "publish_list": OF_REGIONS,
    "amend_list": OF_REGIONS,
    "see_review": COORDINATORS | {Role.DIRECTOR},
    "object_to_list": frozenset({Role.MUNICIPAL_COORDINATOR, Role.DIRECTOR}),
    "run_surveys": COORDINATORS,
    "see_surveys": COORDINATORS | IN_SCHOOL_SURVEYS | {Role.CURATOR, Role.ANALYST, Role.METHODIST},
    "hand_out_codes": COORDINATORS | IN_SCHOOL_SURVEYS,
    # Whoever types filled paper sees single sheets: pupils' and parents' the school, teachers' somebody from
    # outside of it (docs/adr/0028); ``opora_enters_paper`` says the same in the database.
    "enter_paper": IN_SCHOOL_SURVEYS | {Role.MUNICIPAL_COORDINATOR},
    "enter_teachers_paper": frozenset({Role.CURATOR, Role.MUNICIPAL_COORDINATOR, Role.REGIONAL_COORDINATOR}),
    "see_profiles": COORDINATORS | IN_SCHOOL_SURVEYS | {Role.CURATOR, Role.ANALYST, Role.METHODIST},
    "verify_for_school": frozenset({Role.DIRECTOR, Role.SCHOOL_TEAM}),
    "verify_as_curator": frozenset({Role.CURATOR}),
    "run_quality_checks": COORDINATORS,
    "see_quality": COORDINATORS
    | {Role.DIRECTOR, Role.SCHOOL_TEAM, Role.CURATOR, Role.ANALYST, Role.METHODIST},
    "fill_quality_sheet": frozenset({Role.DIRECTOR, Role.SCHOOL_TEAM}),
    "check_quality": frozenset({Role.REGIONAL_COORDINATOR, Role.MUNICIPAL_COORDINATOR}),
    # The school itself and observers see that a visit was and what was agreed on; all of it, who supports it.
    "see_visits": COORDINATORS
    | {Role.CURATOR, Role.METHODIST, Role.DIRECTOR, Role.SCHOOL_TEAM, Role.OBSERVER},
    "see_visit_records": COORDINATORS | {Role.CURATOR, Role.METHODIST},
    "hold_visits": COORDINATORS | {Role.CURATOR},
    "record_changes": OF_REGIONS,
    "see_viewers": COORDINATORS | {Role.DIRECTOR},
    "see_log": COORDINATORS,
    "see_people": frozenset(APPOINTS),
    "import_people": OF_REGIONS,
    "forget_people": OF_REGIONS,
}
MEANING = {
    "see_school": lazy("видит страницу школы с основаниями"),
    "see_lists": lazy("видит перечни"),
    "see_drafts": lazy("видит черновики перечней"),
    "import_results": lazy("загружает результаты"),
    "import_schools": lazy("загружает школы"),
    "start_run": lazy("составляет перечень"),
    "try_lists": lazy("пробует другие числа правила"),
    "see_signs": lazy("видит признаки необъективности всех школ"),
    "see_context": lazy("видит карту контекста и результатов"),
    "publish_list": lazy("утверждает перечень"),
    "amend_list": lazy("решает по возражениям и изменяет перечень"),
    "see_review": lazy("видит перечень, пока он на согласовании"),
    "object_to_list": lazy("возражает за школу"),
    "run_surveys": lazy("проводит опросы"),
    "see_surveys": lazy("видит, сколько человек ответили на анкеты"),
    "hand_out_codes": lazy("печатает приглашения к анкетам"),
    "enter_paper": lazy("вводит бумажные анкеты учеников и родителей"),
    "enter_teachers_paper": lazy("вводит бумажные анкеты учителей"),
    "see_profiles": lazy("видит рисковый профиль школы"),
    "verify_for_school": lazy("говорит о рисковом профиле за школу"),
    "verify_as_curator": lazy("говорит о рисковом профиле как куратор"),
    "run_quality_checks": lazy("проводит проверки ВСОКО"),
    "see_quality": lazy("видит листы проверки ВСОКО и планы исправлений"),
    "fill_quality_sheet": lazy("заполняет лист проверки ВСОКО за школу"),
    "check_quality": lazy("проверяет листы ВСОКО и согласует планы исправлений"),
    "see_visits": lazy("видит визиты в школу и договорённости"),
    "see_visit_records": lazy("видит записи и фотографии визитов"),
    "hold_visits": lazy("планирует визиты и ведёт их записи"),
    "record_changes": lazy("записывает изменения школ"),
    "see_viewers": lazy("видит, кому это открыто"),
    "see_log": lazy("читает журнал территории"),
    "see_people": lazy("видит людей и назначает их"),
    "import_people": lazy("загружает людей таблицей"),
    "forget_people": lazy("заменяет имя ушедшего номером"),
}

# Who must have a second factor before anything opens: they see many schools, or change what others see.
STAFF = COORDINATORS | {Role.ANALYST}

WHERE = ("region", "municipality", "school")
NAMES = ("region__name", "region__name_en", "municipality__name", "school__short_name", "school__name")


class NotAllowed(Exception):
    """The person has no appointment for this deed here."""


@dataclass(frozen=True)
class Held:
    """One appointment in which somebody acts, their own or that of a person they stand in for."""

    role: str
    region: str | None
    municipality: int | None
    school: int | None
    place: str  # "" is the country
    place_en: str | None  # only a region has one
    appointment: int
    behalf: int | None = None  # the person stood in for
    behalf_name: str = ""

    @property
    def is_everywhere(self) -> bool:
        """Say whether it is for the whole country."""
        return (self.region, self.municipality, self.school) == (None, None, None)

    def covers(self, region: str | None, municipality: int | None, school: int | None) -> bool:
        """Say whether a place lies within; a smaller place is given with those that contain it."""
        return self.is_everywhere or bool(
            (self.region and self.region == region)
            or (self.municipality and self.municipality == municipality)
            or (self.school and self.school == school)
        )


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


def in_force(today: date, prefix: str = "") -> Q:
    """Answer the condition that a period has begun and has not ended."""
    open_ended, not_ended = Q(**{f"{prefix}until": None}), Q(**{f"{prefix}until__gte": today})
    return Q(**{f"{prefix}since__lte": today}) & (open_ended | not_ended)


def reach(person: User, today: date, deed: str = "see_school") -> Reach:
    """Answer how far somebody may see, or may do a deed of ``MAY``."""
    return reach_of(held for held in held_by(person, today) if held.role in MAY[deed])


def reach_of(held: Iterable[Held]) -> Reach:
    """Answer how far appointments reach together."""
    found = list(held)
    return Reach(
        country=any(one.is_everywhere for one in found),
        regions=frozenset(one.region for one in found if one.region),
        municipalities=frozenset(one.municipality for one in found if one.municipality),
        schools=frozenset(one.school for one in found if one.school),
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


def visible_appointments(person: User, today: date, deed: str = "see_people") -> QuerySet[Appointment]:
    """Answer the appointments, of any time, in the territories where somebody answers for people."""
    far = reach(person, today, deed)
    if far.country:
        return Appointment.objects.all()
    return Appointment.objects.filter(_lies_in(far))


def visible_people(person: User, today: date, deed: str = "see_people") -> QuerySet[User]:
    """Answer those who are or were appointed, or stood in, where somebody answers for people."""
    seen = visible_appointments(person, today, deed)
    stood_in = Deputyship.objects.filter(appointment__in=seen.values("pk"))
    return User.objects.filter(Q(pk__in=seen.values("person")) | Q(pk__in=stood_in.values("deputy")))


def visible_in_logs(person: User, today: date) -> QuerySet[User]:
    """Answer the people whose log somebody may read: those who act, or acted, in one's own territory."""
    far = reach(person, today, "see_log")
    here = Q() if far.country else _lies_in(far)
    return User.objects.filter(pk__in=Appointment.objects.filter(here).values("person"))


def _lies_in(far: Reach) -> Q:
    """Answer the condition that an appointment's one place lies within."""
    districts = Municipality.objects.filter(Q(region__in=far.regions) | Q(pk__in=far.municipalities))
    schools = School.objects.filter(far.within())
    return (
        Q(region__in=far.regions)
        | Q(municipality__in=districts.values("pk"))
        | Q(school__in=schools.values("pk"))
    )


def is_appointed(person: User, today: date) -> bool:
    """Say whether somebody is appointed or stands in, now or later, be it where the viewer may not see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_is_appointed(%s, %s)", [person.pk, today])
        return bool(cursor.fetchone()[0])


def roles_at(person: User, school: School, today: date) -> set[str]:
    """Answer the roles in which somebody acts for a school, directly or by its territory."""
    place = (school.region_id, school.municipality_id, school.pk)
    return {held.role for held in held_by(person, today) if held.covers(*place)}


def acting_at(person: User, today: date, place: tuple[str | None, int | None, int | None]) -> Held | None:
    """Answer in which appointment somebody acts at a place: that of the widest role, one's own first."""
    order = list(Role)
    found = [held for held in held_by(person, today) if held.covers(*place)]
    return min(found, key=lambda held: (order.index(Role(held.role)), held.behalf is not None), default=None)


def has_deed(person: User, deed: str, today: date) -> bool:
    """Say whether somebody may do a deed anywhere."""
    return bool(reach(person, today, deed))


def role_for(person: User, deed: str, today: date, region: str | None = None) -> str:
    """Answer the role in which somebody does a deed in a region, the nearest one. Empty: "" where none."""
    held = [one for one in held_by(person, today) if one.role in MAY[deed]]
    near = [one.role for one in held if region is not None and one.region == region]
    return (near or [one.role for one in held] or [""])[0]


def is_staff(person: User, today: date) -> bool:
    """Say whether somebody holds a role of the staff anywhere, whichever they act in now."""
    return any(held.role in STAFF for held in held_by(person, today, any_role=True))


def held_by(person: User, today: date, *, any_role: bool = False) -> list[Held]:
    """Answer the appointments in which somebody acts now: all, or those of the role chosen in the header."""
    every = _held(person, today)
    chosen = "" if any_role else getattr(person, "acting_role", None)
    return [held for held in every if held.role == chosen] if chosen else every


def _held(person: User, today: date) -> list[Held]:
    """Answer somebody's appointments, read once in the life of the person's object, which is one request.

    One's own and those that one stands in for come together, with the names that the header says. While the
    person acts, the database itself has told them (``acting.py``).
    """
    known: dict[date, list[Held]] = person.__dict__.setdefault("_held_appointments", {})
    if today not in known:
        own = _told(Appointment.objects.filter(in_force(today), person=person, person__is_active=True))
        stands = Deputyship.objects.filter(in_force(today), deputy=person.pk, deputy__is_active=True)
        others = Appointment.objects.filter(in_force(today), pk__in=stands.values("appointment"))
        remember(person, today, own.union(_told(others, F("person_id"), F("person__full_name")), all=True))
    return known[today]


def remember(person: User, today: date, rows: Iterable[Sequence[Any]]) -> None:
    """Keep with the person's object what they hold today: rows as ``opora_enter`` answers them."""
    held = sorted((_row(row) for row in rows), key=lambda one: (bool(one.behalf), one.appointment))
    person.__dict__.setdefault("_held_appointments", {})[today] = held


def _told(found: QuerySet[Appointment], behalf: Any = None, name: Any = None) -> QuerySet[Any, Any]:
    return found.annotate(
        behalf=Value(None, BigIntegerField()) if behalf is None else behalf,
        behalf_name=Value("", CharField()) if name is None else name,
    ).values_list("pk", "role", *WHERE, *NAMES, "behalf", "behalf_name")


def _row(row: Sequence[Any]) -> Held:
    pk, role, in_region, in_municipality, at_school, region, english, municipality, short, school, *behalf = (
        row
    )
    place = region or municipality or short or school or ""
    return Held(role, in_region, in_municipality, at_school, place, english, pk, behalf[0], behalf[1])
