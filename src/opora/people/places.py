"""Finds the place that a person writes: a region, a municipality or a school, by its name or code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.language import _
from opora.registry import codes
from opora.registry.access import Reach, reach
from opora.registry.appointing import Place, whose
from opora.registry.codes import WrongCode
from opora.registry.models import Municipality, Region, School, without_yo
from opora.registry.roles import COUNTRY, MUNICIPALITY, PLACES, REGION, SCHOOL, PlaceKind

MOST_NAMED = 3
CODES = (("vpr_login", codes.vpr_login), ("ris_code", codes.ris_code), ("inn", codes.inn))


@dataclass(frozen=True)
class FoundPlace:
    """A place of an appointment: one of the three, or none for the country."""

    region: Region | None = None
    municipality: Municipality | None = None
    school: School | None = None

    @property
    def whose(self) -> Place:
        """Answer the place with those that contain it."""
        return whose(self.region.pk if self.region else None, self.municipality, self.school)


class WrongPlace(Exception):
    """A place that is not found, or is more than one: which column, what is wrong, what is allowed."""

    def __init__(self, column: str, what: str, allowed: str) -> None:
        self.column, self.what, self.allowed = column, what, allowed
        super().__init__(f"{what}. {allowed}")


class Places:
    """The places where somebody may appoint, as far as the wanted texts name them: read in two queries."""

    def __init__(self, municipalities: Iterable[str], schools: Iterable[str], by: User, today: date) -> None:
        self._far = reach(by, today, "see_people")
        named = {spelled(text) for text in municipalities if text.strip()}
        self._municipalities: dict[str, list[Municipality]] = {}
        for one in _municipalities_in(self._far).filter(
            Q(sort_key__in=named) | Q(msu_code__in=named - {""}) | Q(oktmo__in=named - {""})
        ):
            for key in {one.sort_key, one.msu_code, one.oktmo} - {""}:
                self._municipalities.setdefault(key, []).append(one)
        self._schools: dict[str, list[School]] = {}
        for school in self._schools_named({text for text in schools if text.strip()}):
            for key in {school.sort_key, school.short_key, *codes_of(school)}:  # type: ignore[attr-defined]
                self._schools.setdefault(key, []).append(school)
        self._regions = {one.pk: one for one in Region.objects.filter(_region_condition(self._far))}

    def _schools_named(self, texts: set[str]) -> QuerySet[School]:
        """Read the schools that any text may mean, by code, name or short name."""
        found = School.objects.filter(self._far.within()).annotate(short_key=without_yo("short_name"))
        named = {spelled(text) for text in texts}
        wanted = Q(sort_key__in=named) | Q(short_key__in=named)
        for kind, _read in CODES:
            wanted |= Q(**{f"{kind}__in": {code for text in texts if (code := _code(text, kind))}})
        return found.filter(wanted).select_related("municipality") if texts else found.none()

    def find(self, role: str, region: str, municipality: str, school: str) -> FoundPlace:
        """Answer the place that a role is given for, by what is written.

        Raises: WrongPlace.
        """
        kind = self._kind(role, municipality, school)
        place = self._municipality(municipality) if municipality.strip() and kind != REGION else None
        if kind == SCHOOL:
            return FoundPlace(school=self._school(school, place))
        if kind == MUNICIPALITY:
            return FoundPlace(municipality=place)
        return FoundPlace(region=self._region(region)) if kind == REGION else FoundPlace()

    def _kind(self, role: str, municipality: str, school: str) -> PlaceKind:
        """Answer what kind of place is told, the smallest first; refuse what the role is not given for."""
        told = SCHOOL if school.strip() else MUNICIPALITY if municipality.strip() else None
        allowed = PLACES[role]
        if told is not None and (told in allowed or (told == MUNICIPALITY and allowed == {SCHOOL})):
            if told in allowed:
                return PlaceKind(told)
            raise WrongPlace(
                "school", _("Школа не названа"), _("Эту роль дают в школе: нужен её код или название")
            )
        if told is None:
            if REGION in allowed and (COUNTRY not in allowed or not self._far.country):
                return PlaceKind(REGION)
            if COUNTRY in allowed:
                return PlaceKind(COUNTRY)
        needed = _("Эту роль дают здесь: {kinds}").format(
            kinds=", ".join(str(one.label) for one in PlaceKind if one in allowed)
        )
        column = "school" if SCHOOL in allowed or told == SCHOOL else "municipality"
        raise WrongPlace(column, _("Место не подходит роли"), needed)

    def _region(self, text: str) -> Region:
        if not text.strip() and len(self._regions) == 1:
            return next(iter(self._regions.values()))
        for one in self._regions.values():
            if text.strip().zfill(2) in (one.code, *one.also) or spelled(text) == one.sort_key:
                return one
        allowed = _("Код или название региона, где вы вправе назначать")
        raise WrongPlace("region", _("Регион не назван или не найден"), allowed)

    def _municipality(self, text: str) -> Municipality:
        found = self._municipalities.get(spelled(text), [])
        if len(found) == 1:
            return found[0]
        what = _("Таких муниципалитетов несколько") if found else _("Муниципалитет не найден")
        raise WrongPlace(
            "municipality", what, _("Название как в регистре или код МСУ, среди тех, где вы вправе назначать")
        )

    def _school(self, text: str, municipality: Municipality | None) -> School:
        keys = {spelled(text), *(_code(text, kind) for kind, _read in CODES)} - {""}
        found = {one.pk: one for key in keys for one in self._schools.get(key, [])}.values()
        inside = [one for one in found if municipality is None or one.municipality_id == municipality.pk]
        if len(inside) == 1:
            return inside[0]
        if inside:
            names = "; ".join(
                f"{one.vpr_login or one.ris_code} — {one.municipality}" for one in inside[:MOST_NAMED]
            )
            raise WrongPlace(
                "school",
                _("Таких школ несколько"),
                _("Назовите муниципалитет или код: {names}").format(names=names),
            )
        allowed = _("Логин ВПР, код РИС, ИНН или название как в регистре, среди тех, где вы вправе назначать")
        raise WrongPlace("school", _("Школа не найдена"), allowed)


def suggestions(by: User, today: date, most: int = 400) -> tuple[list[str], list[str]]:
    """Answer names of municipalities and schools to choose from, where there are not too many."""
    far = reach(by, today, "see_people")
    municipalities = _municipalities_in(far).order_by("sort_key").values_list("name", flat=True)
    schools = School.objects.filter(far.within()).order_by("sort_key").values_list("name", "vpr_login")
    told = [f"{code} {name}".strip() for name, code in schools[: most + 1]]
    return list(municipalities[:most]), told if len(told) <= most else []


def spelled(text: str) -> str:
    """Answer a name as ``sort_key`` spells it."""
    plain = " ".join(text.lower().replace("ё", "е").split())
    for mark in ("«", "»", "№ ", "№"):
        plain = plain.replace(mark, "")
    return plain


def codes_of(school: School) -> set[str]:
    """Answer a school's codes."""
    return {school.vpr_login, school.ris_code, school.inn} - {""}


def _code(text: str, kind: str) -> str:
    """Answer a text as a code of a kind; a code may stand before a name: «sch250001 Школа». Empty: ""."""
    for part in (text.strip(), text.strip().partition(" ")[0]):
        try:
            return dict(CODES)[kind](part)
        except WrongCode:
            continue
    return ""


def _municipalities_in(far: Reach) -> QuerySet[Municipality]:
    if far.country:
        return Municipality.objects.all()
    return Municipality.objects.filter(Q(region__in=far.regions) | Q(pk__in=far.municipalities))


def _region_condition(far: Reach) -> Q:
    return Q() if far.country else Q(pk__in=far.regions)
