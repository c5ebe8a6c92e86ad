"""Appointments: who may appoint whom and where, one at a time, ended and never deleted; deputies."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.audit.models import Event
from opora.registry.access import (
    NotAllowed,
    has_deed,
    held_by,
    reach,
    roles_at,
    visible_people,
    visible_schools,
)
from opora.registry.actions import (
    AlreadyAppointed,
    AlreadyEnded,
    OutsideAppointment,
    appoint,
    end_appointment,
    end_deputyship,
    name_deputy,
)
from opora.registry.appointing import may_appoint, whose
from opora.registry.models import Appointment, Deputyship
from opora.registry.roles import APPOINTS, PLACES, PlaceKind, Role

PLACE_KINDS = {"country": None, "region": "primorye", "municipality": "lake", "school": "listed"}
ABROAD = {"region": "altai", "municipality": "far", "school": "foreign"}


def where(places, kind, names=PLACE_KINDS):
    return {} if kind == "country" else {kind: getattr(places, names[kind])}


@pytest.mark.parametrize("kind", PLACE_KINDS)
@pytest.mark.parametrize("role", Role)
def test_a_role_is_given_for_the_kinds_of_place_in_its_table_only(person, places, role, kind):
    """Роль даётся там, где ей место по таблице, и больше нигде: это держит и база."""
    somebody = person("somebody")
    if kind in PLACES[role]:
        assert appoint(somebody, role, **where(places, kind)).pk
    else:
        with (
            pytest.raises(IntegrityError, match="appointment_has_the_place_of_its_role"),
            transaction.atomic(),
        ):
            appoint(somebody, role, **where(places, kind))


def test_every_role_and_kind_of_place_stands_in_the_tables():
    assert set(PLACES) == set(Role)
    assert all(PLACES[role] <= set(PlaceKind) and PLACES[role] for role in Role)
    assert set(APPOINTS) <= set(Role)


BOSSES = {
    "operator": Role.FEDERAL_OPERATOR,
    "coordinator": Role.REGIONAL_COORDINATOR,
    "municipal": Role.MUNICIPAL_COORDINATOR,
    "director": Role.DIRECTOR,
}
KINDS = [(role, kind) for role in Role for kind in PlaceKind if kind in PLACES[role]]
INSIDE = {
    "operator": set(PlaceKind),
    "coordinator": {"region", "municipality", "school"},
    "municipal": {"municipality", "school"},
    "director": {"school"},
}


@pytest.mark.parametrize(("role", "kind"), KINDS)
@pytest.mark.parametrize("who", [*BOSSES, "curator", "analyst", "observer", "stranger", "nobody"])
def test_one_appoints_whom_the_table_lists_within_one_s_own_place(
    people, person, places, today, who, role, kind
):
    """Кто кого назначает: таблица ролей, и только на своей территории."""
    by, somebody = getattr(people, who), person("somebody")
    allowed = who in BOSSES and role in APPOINTS[BOSSES[who]] and kind in INSIDE[who]
    if allowed and role == Role.DIRECTOR:
        people.director.appointments.update(until=today - timedelta(days=1))
        allowed = who != "director"
    if allowed:
        made = appoint(somebody, role, **where(places, kind), by=by)
        event = Event.objects.filter(deed="registry.appoint").latest("at")
        assert (event.by, event.role, event.details["person"]) == (by, BOSSES[who], somebody.pk)
        assert made.person == somebody
    else:
        with pytest.raises(NotAllowed):
            appoint(somebody, role, **where(places, kind), by=by)
        assert not somebody.appointments.exists()


@pytest.mark.parametrize("kind", ABROAD)
@pytest.mark.parametrize("who", ["coordinator", "municipal", "director"])
def test_nobody_appoints_in_a_foreign_place(people, person, places, who, kind):
    role = next(role for role in Role if kind in PLACES[role] and role != Role.DIRECTOR)
    with pytest.raises(NotAllowed):
        appoint(person("somebody"), role, **where(places, kind, ABROAD), by=getattr(people, who))


def test_a_municipal_coordinator_appoints_in_no_other_municipality_of_the_region(people, person, places):
    with pytest.raises(NotAllowed):
        appoint(person("somebody"), Role.PSYCHOLOGIST, school=places.gymnasium, by=people.municipal)


def test_a_school_has_one_director_at_a_time(people, person, places, today):
    """Два директора сразу у школы не бывает; следующий приходит после прежнего."""
    other = person("other")
    with pytest.raises(AlreadyAppointed, match="директор"):
        appoint(other, Role.DIRECTOR, school=places.listed, by=people.coordinator)
    end_appointment(
        people.director.appointments.get(), today - timedelta(days=1), "Перевод", people.coordinator
    )
    assert appoint(other, Role.DIRECTOR, school=places.listed, by=people.coordinator).since == today


def test_a_methodist_may_have_two_subjects_in_one_place(person, places):
    somebody = person("somebody")
    for subject in ("maths", "russian"):
        appoint(somebody, Role.METHODIST, region=places.primorye, subject=subject)
    with pytest.raises(AlreadyAppointed):
        appoint(somebody, Role.METHODIST, region=places.primorye, subject="maths")


def test_only_a_methodist_has_a_subject(person, places):
    with pytest.raises(IntegrityError, match="only_a_methodist_has_a_subject"), transaction.atomic():
        appoint(person("somebody"), Role.CURATOR, school=places.listed, subject="maths")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 12))), min_size=2, max_size=6)
)
def test_appointments_of_a_person_never_share_a_day(person, places, periods):
    """Два назначения одного человека на одно место не делят ни дня: по случайным срокам."""
    first = date(2026, 1, 1)
    taken: list[tuple[date, date]] = []
    with transaction.atomic():
        somebody = person("often") if not hasattr(places, "often") else places.often
        places.often = somebody
        for begins, length in periods:
            since = first + timedelta(days=begins)
            until = None if length is None else since + timedelta(days=length)
            last = until or date.max
            clash = any(since <= end and start <= last for start, end in taken)
            try:
                appoint(somebody, Role.CURATOR, school=places.listed, since=since, until=until)
                assert not clash
                taken.append((since, last))
            except AlreadyAppointed:
                assert clash
        transaction.set_rollback(True)


def test_an_appointment_is_never_deleted(people, person, places, today):
    deputyship = name_deputy(people.curator.appointments.get(), people.director, today, today, people.curator)
    for row in (deputyship, people.operator.appointments.get()):
        with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
            row.delete()
    refused = pytest.raises(IntegrityError, match="row_is_ended_not_deleted")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_appointment")


@pytest.mark.parametrize("change", [{"role": "analyst"}, {"since": date(2019, 1, 1)}, {"person": "stranger"}])
def test_an_appointment_changes_only_its_end(people, change):
    told = {
        name: getattr(people, value, value) if name == "person" else value for name, value in change.items()
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(person=people.operator).update(**told)


def test_an_ended_appointment_stays_and_opens_nothing(people, places, today):
    yesterday = today - timedelta(days=1)
    held = people.curator.appointments.get()
    ended = end_appointment(held, yesterday, "Уход из проекта", people.coordinator)
    assert (ended.until, ended.end_reason, ended.ended_by) == (
        yesterday,
        "Уход из проекта",
        people.coordinator,
    )
    assert Appointment.objects.filter(pk=held.pk).exists()
    assert not visible_schools(again(people.curator), today).exists()
    with pytest.raises(AlreadyEnded):
        end_appointment(held, today, "Ещё раз", people.coordinator)


def test_an_appointment_that_has_not_begun_is_called_off(people, person, places, today):
    ahead = appoint(
        person("ahead"), Role.PSYCHOLOGIST, school=places.listed, since=today + timedelta(days=30)
    )
    ended = end_appointment(ahead, today, "Передумали", people.coordinator)
    assert ended.until == ended.since - timedelta(days=1)
    assert appoint(ahead.person, Role.PSYCHOLOGIST, school=places.listed, since=ahead.since).pk


@pytest.mark.parametrize("who", ["stranger", "observer", "municipal", "curator", "nobody"])
def test_who_may_not_appoint_may_not_end(people, today, who):
    with pytest.raises(NotAllowed):
        end_appointment(people.coordinator.appointments.get(), today, "Просто так", getattr(people, who))


def again(person):
    """The same person in a next request."""
    return type(person).objects.get(pk=person.pk)


def test_a_deputy_has_the_rights_of_the_appointment_within_its_days(people, person, places, today):
    """Заместитель видит и может то же, что замещаемый, и только в свои дни."""
    deputy = person("deputy")
    held = people.coordinator.appointments.get()
    name_deputy(held, deputy, today, today + timedelta(days=5), people.coordinator)
    assert visible_schools(again(deputy), today).count() == 4
    assert has_deed(again(deputy), "publish_list", today)
    assert roles_at(again(deputy), places.listed, today) == {Role.REGIONAL_COORDINATOR}
    for day in (today - timedelta(days=1), today + timedelta(days=6)):
        assert not reach(again(deputy), day)


def test_what_a_deputy_does_is_done_in_the_name_of_the_other(people, person, places, today):
    deputy = person("deputy")
    name_deputy(people.coordinator.appointments.get(), deputy, today, today, people.operator)
    appoint(person("new"), Role.CURATOR, school=places.listed, by=again(deputy))
    event = Event.objects.latest("pk")
    assert (event.by, event.role) == (deputy, Role.REGIONAL_COORDINATOR)
    assert event.details["behalf"] == people.coordinator.pk


def test_what_one_does_in_one_s_own_role_is_in_nobody_s_name(people, person, places, today):
    name_deputy(people.municipal.appointments.get(), people.coordinator, today, today, people.municipal)
    appoint(person("new"), Role.CURATOR, school=places.listed, by=again(people.coordinator))
    assert "behalf" not in Event.objects.latest("pk").details


def test_a_deputy_names_no_further_deputy(people, person, places, today):
    held = people.curator.appointments.get()
    deputy = person("deputy")
    name_deputy(held, deputy, today, today, people.curator)
    with pytest.raises(NotAllowed):
        name_deputy(
            held, person("third"), today + timedelta(days=1), today + timedelta(days=2), again(deputy)
        )


def test_a_deputy_of_a_coordinator_names_no_deputy_of_that_coordinator(people, person, today):
    held = people.operator.appointments.get()
    deputy = person("deputy")
    name_deputy(held, deputy, today, today, people.operator)
    with pytest.raises(NotAllowed):
        name_deputy(
            held, person("third"), today + timedelta(days=1), today + timedelta(days=2), again(deputy)
        )


def test_a_deputyship_ends_with_the_appointment(people, person, today):
    held = people.curator.appointments.get()
    deputy = person("deputy")
    made = name_deputy(held, deputy, today, today + timedelta(days=30), people.curator)
    end_appointment(held, today, "Уход", people.coordinator)
    made.refresh_from_db()
    assert made.until == today
    assert not reach(again(deputy), today + timedelta(days=1))


def test_a_deputyship_is_ended_early(people, person, today):
    deputy = person("deputy")
    made = name_deputy(
        people.curator.appointments.get(), deputy, today, today + timedelta(days=30), people.curator
    )
    end_deputyship(made, today - timedelta(days=1), people.curator)
    assert not reach(again(deputy), today)
    with pytest.raises(AlreadyEnded):
        end_deputyship(made, today, people.curator)


@pytest.mark.parametrize(
    ("begins", "ends"), [(-4000, 0), (1, 0)], ids=["before the appointment", "backwards"]
)
def test_a_deputy_acts_in_the_days_of_the_appointment_only(people, person, today, begins, ends):
    held = people.curator.appointments.get()
    days = (today + timedelta(days=begins), today + timedelta(days=ends))
    with pytest.raises(OutsideAppointment):
        name_deputy(held, person("deputy"), *days, people.curator)


def test_the_database_holds_a_deputy_to_the_appointment_too(people, person, today):
    held = people.curator.appointments.get()
    for wrong in ({"deputy": people.curator}, {"since": date(2019, 1, 1)}, {"school": None}):
        row = {
            "appointment": held,
            "deputy": people.director,
            "since": today,
            "until": today,
            "school": held.school,
        }
        with (
            pytest.raises(IntegrityError, match="deputyship_stands_in_its_appointment"),
            transaction.atomic(),
        ):
            Deputyship.objects.create(**{**row, **wrong})


def test_the_same_days_have_one_deputy(people, person, today):
    held = people.curator.appointments.get()
    name_deputy(held, person("first"), today, today + timedelta(days=9), people.curator)
    with pytest.raises(AlreadyAppointed):
        name_deputy(
            held, person("second"), today + timedelta(days=9), today + timedelta(days=12), people.curator
        )


@pytest.mark.parametrize("who", ["stranger", "director", "observer", "nobody"])
def test_nobody_else_names_a_deputy(people, person, today, who):
    with pytest.raises(NotAllowed):
        name_deputy(people.curator.appointments.get(), person("deputy"), today, today, getattr(people, who))


def test_one_role_is_acted_in_at_a_time_where_it_is_chosen(people, places, today):
    """Выбрана роль — права только её; не выбрана — все сразу."""
    somebody = people.director
    appoint(somebody, Role.MUNICIPAL_COORDINATOR, municipality=places.lake)
    assert has_deed(again(somebody), "see_lists", today)
    narrowed = again(somebody)
    narrowed.acting_role = Role.DIRECTOR
    assert not has_deed(narrowed, "see_lists", today)
    assert {held.role for held in held_by(narrowed, today)} == {Role.DIRECTOR}


def test_appointments_and_deputyships_are_read_in_one_query(
    people, person, places, today, django_assert_num_queries
):
    name_deputy(people.coordinator.appointments.get(), people.director, today, today, people.coordinator)
    somebody = again(people.director)
    with django_assert_num_queries(1):
        held = held_by(somebody, today)
        reach(somebody, today, "see_people")
    assert [one.behalf_name for one in held] == ["", people.coordinator.full_name]


@pytest.mark.parametrize("role", ["mentor_school", "student_intern"])
def test_helpers_of_a_school_see_nothing_of_its_support(person, places, today, role):
    helper = person("helper", role, school=places.listed)
    assert not visible_schools(helper, today).exists()


@pytest.mark.parametrize("role", ["psychologist", "school_team"])
def test_people_of_a_school_see_their_own_school(person, places, today, role):
    somebody = person("somebody", role, school=places.listed)
    assert list(visible_schools(somebody, today)) == [places.listed]


@pytest.mark.parametrize(
    ("who", "names"),
    [
        (
            "operator",
            {
                "operator",
                "analyst",
                "coordinator",
                "municipal",
                "curator",
                "director",
                "observer",
                "stranger",
            },
        ),
        ("coordinator", {"coordinator", "municipal", "curator", "director", "observer"}),
        ("municipal", {"municipal", "curator", "director"}),
        ("director", {"curator", "director"}),
        ("stranger", {"stranger"}),
        ("curator", set()),
        ("nobody", set()),
    ],
)
def test_one_sees_the_people_of_one_s_own_territory(people, today, who, names):
    seen = {person.email.partition("@")[0] for person in visible_people(getattr(people, who), today)}
    assert seen == names


def test_may_appoint_answers_for_a_place_with_those_that_contain_it(people, places, today):
    assert whose(None, None, places.listed) == ("25", places.lake.pk, places.listed.pk)
    assert whose("25", None, None) == ("25", None, None)
    assert whose(None, None, None) == (None, None, None)
    assert may_appoint(people.coordinator, Role.DIRECTOR, whose(None, None, places.listed), today)
    assert not may_appoint(people.coordinator, Role.ANALYST, whose(None, None, None), today)
