"""Which recorded deeds a person may read of: those in the places whose schools they see."""

from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.audit.models import Event
from opora.registry.access import Reach, reach

ON_PEOPLE = (
    *("registry.appoint", "registry.end_appointment", "registry.name_deputy"),
    *("registry.end_deputyship", "registry.keep_order"),
)


def visible_events(person: User, today: date) -> QuerySet[Event]:
    """Answer the events of one's territory, and those that one is the target or the author of.

    Deeds on people are read by those who answer for people.
    """
    own = Q(by=person) | Q(target="accounts.user", target_id=str(person.pk))
    deeds, people = reach(person, today), reach(person, today, "see_people")
    about_people = Q(deed__startswith="people.") | Q(deed__in=ON_PEOPLE)
    return Event.objects.filter(own | (_within(deeds) & ~about_people) | (_within(people) & about_people))


def _within(far: Reach) -> Q:
    """Answer the condition that an event lies in a reach; a region's own events are its chain's."""
    if far.country:
        return Q()
    return Q(chain__in=far.regions) | Q(municipality__in=far.municipalities) | Q(school__in=far.schools)
