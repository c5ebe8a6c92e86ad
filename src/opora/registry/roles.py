"""The thirteen roles: where each may be given, who may give it. Constraints, forms and tests read it."""

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as lazy


class Role(TextChoices):
    """What a person is in the project; those who answer for more stand first."""

    FEDERAL_OPERATOR = "federal_operator", lazy("федеральный оператор")
    REGIONAL_COORDINATOR = "regional_coordinator", lazy("региональный координатор")
    MUNICIPAL_COORDINATOR = "municipal_coordinator", lazy("муниципальный координатор")
    CURATOR = "curator", lazy("куратор")
    DIRECTOR = "director", lazy("директор школы")
    ANALYST = "analyst", lazy("аналитик")
    METHODIST = "methodist", lazy("методист")
    SCHOOL_TEAM = "school_team", lazy("член школьной команды")
    PSYCHOLOGIST = "psychologist", lazy("психолог")
    MENTOR_SCHOOL = "mentor_school", lazy("представитель школы-наставника")
    PARTNER = "partner", lazy("партнёр")
    STUDENT_INTERN = "student_intern", lazy("студент-практикант")
    OBSERVER = "observer", lazy("наблюдатель")


class PlaceKind(TextChoices):
    """What a role is given for: an appointment names exactly one place, or none for the whole country."""

    COUNTRY = "country", lazy("вся страна")
    REGION = "region", lazy("регион")
    MUNICIPALITY = "municipality", lazy("муниципалитет")
    SCHOOL = "school", lazy("школа")


COUNTRY, REGION, MUNICIPALITY, SCHOOL = PlaceKind
ANYWHERE = frozenset(PlaceKind)

# Role → kinds of place that it may be given for.
PLACES: dict[str, frozenset[str]] = {
    Role.FEDERAL_OPERATOR: frozenset({COUNTRY}),
    Role.REGIONAL_COORDINATOR: frozenset({REGION}),
    Role.MUNICIPAL_COORDINATOR: frozenset({MUNICIPALITY}),
    Role.CURATOR: frozenset({SCHOOL}),
    Role.DIRECTOR: frozenset({SCHOOL}),
    Role.ANALYST: ANYWHERE,
    Role.METHODIST: frozenset({REGION, MUNICIPALITY}),
    Role.SCHOOL_TEAM: frozenset({SCHOOL}),
    Role.PSYCHOLOGIST: frozenset({SCHOOL}),
    Role.MENTOR_SCHOOL: frozenset({SCHOOL}),
    Role.PARTNER: frozenset({REGION, MUNICIPALITY}),
    Role.STUDENT_INTERN: frozenset({SCHOOL}),
    Role.OBSERVER: ANYWHERE,
}

AT_SCHOOL = frozenset({Role.SCHOOL_TEAM, Role.PSYCHOLOGIST, Role.STUDENT_INTERN})
IN_MUNICIPALITY = AT_SCHOOL | {Role.DIRECTOR, Role.METHODIST, Role.MENTOR_SCHOOL, Role.PARTNER}
IN_REGION = IN_MUNICIPALITY | {Role.MUNICIPAL_COORDINATOR, Role.CURATOR, Role.ANALYST, Role.OBSERVER}

# Role → roles that it may appoint, end and find deputies for, within its own place.
APPOINTS: dict[str, frozenset[str]] = {
    Role.FEDERAL_OPERATOR: frozenset(Role),
    Role.REGIONAL_COORDINATOR: IN_REGION,
    Role.MUNICIPAL_COORDINATOR: IN_MUNICIPALITY,
    Role.DIRECTOR: AT_SCHOOL,
}


def has_the_place_of_its_role() -> Q:
    """Say ``PLACES`` as a condition on rows with role, region, municipality and school."""
    said = Q()
    for kind in PlaceKind:
        roles = [role for role in Role if kind in PLACES[role]]
        filled = {name: kind == name for name in (REGION, MUNICIPALITY, SCHOOL)}
        said |= Q(role__in=roles, **{f"{name}__isnull": not is_filled for name, is_filled in filled.items()})
    return said
