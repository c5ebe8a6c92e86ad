"""Which checks, sheets and repairs somebody sees, and for which side of a sheet they speak."""

from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.registry.access import Reach, reach
from opora.registry.models import School

Side = SheetPart.Side
SPEAKS = {Side.SCHOOL: "fill_quality_sheet", Side.MUNICIPALITY: "check_quality"}  # side → deed of ``MAY``


def visible_checks(person: User, today: date) -> QuerySet[QualityCheck]:
    """Answer one's own checks and those that hold a school that one sees."""
    own = _own(reach(person, today, "run_quality_checks"))
    return QualityCheck.objects.filter(own | Q(pk__in=visible_sheets(person, today).values("quality_check")))


def own_checks(person: User, today: date) -> QuerySet[QualityCheck]:
    """Answer the checks that somebody may end and drop."""
    return QualityCheck.objects.filter(_own(reach(person, today, "run_quality_checks")))


def _own(far: Reach) -> Q:
    if far.country:
        return Q(pk__isnull=False)  # an empty condition would be left out of «or»
    return Q(region__in=far.regions) | Q(municipality__in=far.municipalities)


def visible_sheets(person: User, today: date, deed: str = "see_quality") -> QuerySet[CheckSheet]:
    """Answer the sheets of the schools where somebody may do a deed."""
    return CheckSheet.objects.filter(reach(person, today, deed).within(school="school"))


def visible_repairs(person: User, today: date) -> QuerySet[Repair]:
    """Answer the repairs of the schools that somebody sees."""
    return Repair.objects.filter(reach(person, today, "see_quality").within(school="school"))


def side_of(person: User, school: School, today: date) -> str:
    """Answer for which side somebody speaks at a school. Empty: "" for none; the school comes first."""
    return next((side for side, deed in SPEAKS.items() if reach(person, today, deed).holds(school)), "")


def schools_to_check(person: User, today: date) -> QuerySet[School]:
    """Answer the schools that somebody may put into a check: those that have not closed."""
    open_schools = Q(closed_on=None) | Q(closed_on__gte=today)
    return School.objects.filter(open_schools & reach(person, today, "run_quality_checks").within())
