"""Which visits somebody sees, at which schools they hold them, and what of a visit is open to whom."""

from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.registry.access import reach
from opora.registry.models import School
from opora.visits.models import Visit
from opora.visits.protocol.records import AGREEMENT, KEPT, MET

# Open to the school itself and to observers: who was met and what was agreed on. What a curator noticed in
# lessons is for those who support the school: it is no report on teachers.
OPEN_KINDS = frozenset({MET, AGREEMENT, KEPT})


def visible_visits(person: User, today: date) -> QuerySet[Visit]:
    """Answer the visits to the schools where somebody may see them."""
    return Visit.objects.filter(reach(person, today, "see_visits").within(school="school"))


def held_visits(person: User, today: date) -> QuerySet[Visit]:
    """Answer the visits that somebody may plan and tell records of."""
    return Visit.objects.filter(reach(person, today, "hold_visits").within(school="school"))


def curators_visits(person: User, today: date) -> QuerySet[Visit]:
    """Answer the visits still planned to the schools whose curator somebody is, the nearest first."""
    own = reach(person, today, "verify_as_curator").within(school="school")
    return Visit.objects.filter(own, state=Visit.State.PLANNED).order_by("planned_on", "pk")


def schools_to_visit(person: User, today: date) -> QuerySet[School]:
    """Answer the schools where somebody may plan a visit: those that have not closed."""
    open_schools = Q(closed_on=None) | Q(closed_on__gte=today)
    return School.objects.filter(open_schools & reach(person, today, "hold_visits").within())


def sees_everything(person: User, school: School, today: date) -> bool:
    """Say whether somebody reads all records of visits to a school, not the open kinds alone."""
    return reach(person, today, "see_visit_records").holds(school)
