"""The history of rows: noted by the database for every way of writing, taken by the event, never changed."""

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.actions import record
from opora.audit.models import Change
from opora.audit.words import tell_deeds
from opora.registry.models import Appointment, Municipality, School

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def deeds():
    tell_deeds("tests", {"move_list": "перенесён перечень"})


def of(row, kind=None):
    found = Change.objects.filter(target=row._meta.label_lower, target_id=str(row.pk)).order_by("pk")
    return list(found.filter(kind=kind) if kind else found)


def test_every_way_of_writing_is_noted_with_the_changed_columns_alone(places):
    school = places.listed
    school.pupils = 70
    school.save()
    School.objects.filter(pk=school.pk).update(short_name="Ёлка")
    School.objects.bulk_update([school], ["pupils", "name"])  # nothing differs
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_school SET pupils = NULL WHERE id = %s", [school.pk])
    assert [(one.before, one.after) for one in of(school, "changed")] == [
        ({"pupils": 61}, {"pupils": 70}),
        ({"short_name": ""}, {"short_name": "Ёлка"}),
        ({"pupils": 70}, {"pupils": None}),
    ]


def test_a_row_s_beginning_and_end_are_noted_and_whose_it_was(places):
    place = Municipality.objects.create(region=places.primorye, name="Новый район")
    key = place.pk
    place.delete()
    place.pk = key
    added, removed = of(place)
    assert (added.kind, added.after, removed.kind, removed.before["name"]) == (
        "added",
        {},
        "removed",
        "Новый район",
    )
    assert (removed.region, removed.municipality, removed.school) == ("25", key, None)
    note = of(places.foreign)[0]
    assert (note.region, note.municipality, note.school) == ("22", places.far.pk, places.foreign.pk)


def test_an_appointment_is_followed_too(people):
    given = Appointment.objects.get(person=people.director)
    Appointment.objects.filter(pk=given.pk).update(until="2026-01-01")
    (change,) = of(given, "changed")
    assert (change.after, change.school) == ({"until": "2026-01-01"}, given.school_id)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_event_takes_the_changes_made_before_it_in_its_transaction(places):
    School.objects.filter(pk=places.quiet.pk).update(pupils=1)  # past the program
    with transaction.atomic():
        School.objects.filter(pk__in=[places.listed.pk, places.foreign.pk]).update(pupils=5)
        here = record("tests.move_list", None, region="25")
        there = record("tests.move_list", None, region="22")
    (mine,), (foreign,), (past,) = (
        of(one, "changed") for one in (places.listed, places.foreign, places.quiet)
    )
    assert (mine.chain, mine.number) == ("25", here.number)
    assert (foreign.chain, foreign.number) == ("22", there.number)
    assert (past.chain, past.number) == (None, None)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_change SET after = '{}'",
        "UPDATE audit_change SET number = NULL, chain = NULL",
        "UPDATE audit_change SET number = 1, chain = '25' WHERE number IS NULL",
        "DELETE FROM audit_change",
    ],
)
def test_the_history_itself_is_only_added_to(places, statement):
    School.objects.filter(pk=places.quiet.pk).update(pupils=1)
    with pytest.raises(IntegrityError, match="only added to"), connection.cursor() as cursor:
        cursor.execute(statement)
