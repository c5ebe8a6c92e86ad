"""The second wall alone: plain SQL in the application's role sees, writes and moves nothing foreign."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from opora.accounts.models import User
from opora.audit.actions import record
from opora.audit.models import Chain, Event
from opora.identification.models import Evidence, PlaceCount, Run, Verdict
from opora.people.queries import place_name
from opora.registry.access import HELPERS, held_by, reach
from opora.registry.acting import acting_as
from opora.registry.actions import end_deputyship, name_deputy
from opora.registry.models import Appointment, Municipality, School
from opora.results.models import DeskFile, ImportBatch, ImportedFile
from tests.trust.plain_sql import ids
from tests.trust.world import MODELS

REGIONAL = ("coordinator", "observer")
LOCAL = ("municipal", "curator", "director")
EVERYBODY = ("operator", "analyst", *REGIONAL, *LOCAL, "stranger", "nobody")


# Who → the schools that plain SQL finds, by their names in the world.
SCHOOLS = {
    "operator": {"listed", "passed", "gymnasium", "quiet", "foreign"},
    "analyst": {"listed", "passed", "gymnasium", "quiet", "foreign"},
    "coordinator": {"listed", "passed", "gymnasium", "quiet"},
    "observer": {"listed", "passed", "gymnasium", "quiet"},
    "municipal": {"listed", "passed"},
    "curator": {"listed"},
    "director": {"listed"},
    "stranger": {"foreign"},
    "nobody": set(),
}


@pytest.mark.parametrize("who", EVERYBODY)
def test_plain_sql_finds_one_s_own_rows_only(world, who):
    """Каждая таблица отдаёт строки своей территории и ни одной чужой, какой бы запрос ни был."""
    own = {getattr(world.places, name).pk for name in SCHOOLS[who]}
    with acting_as(getattr(world.people, who)):
        assert ids("registry_school") == own
        assert ids("identification_verdict", "school_id") == own
        assert ids("identification_evidence", "school_id") == own
        for table in ("identification_verdict", "identification_placecount"):
            seen = ids(table, "region_id")
            assert seen <= {"25", "22"} and (seen == {"25", "22"}) <= (who in ("operator", "analyst"))


@pytest.mark.parametrize(
    ("who", "files", "lists"),
    [
        (
            "operator",
            {"results.csv", "свой.csv", "дальний.csv"},
            {"country", "own", "own_draft", "own_review", "far", "far_draft", "far_review"},
        ),
        ("coordinator", {"свой.csv"}, {"country", "own", "own_draft", "own_review"}),
        ("municipal", set(), {"country", "own", "own_review"}),
        ("director", set(), {"country", "own", "own_review"}),
        ("stranger", {"дальний.csv"}, {"country", "far", "far_draft", "far_review"}),
        ("nobody", set(), set()),
    ],
)  # fmt: skip
def test_imports_and_lists_are_those_of_one_s_territory(world, who, files, lists):
    with acting_as(getattr(world.people, who)):
        assert ids("results_importedfile", "name") == files
        assert ids("identification_run") == {getattr(world, name).pk for name in lists}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("coordinator", {"coordinator", "municipal", "neighbour", "curator", "director", "observer"}),
        ("municipal", {"coordinator", "observer", "municipal", "curator", "director"}),
        ("director", {"coordinator", "observer", "municipal", "curator", "director"}),
        ("stranger", {"stranger", "far_director"}),
        ("nobody", set()),
    ],
)
def test_one_knows_who_acts_for_one_s_places_and_nobody_else(world, who, seen):
    """Назначения видны вверх и вниз по своей территории: кто координирует мою школу, я знать могу."""
    above = {"operator", "analyst"} if who != "nobody" else set()
    with acting_as(getattr(world.people, who)):
        found = ids("registry_appointment", "person_id")
    assert found == {getattr(world.people, name).pk for name in seen | above}


@pytest.mark.parametrize(
    ("who", "chains", "events"),
    [
        ("operator", {"", "25", "22"}, 4),
        ("coordinator", {"", "25"}, 2),
        ("municipal", {"", "25"}, 0),
        ("director", {"", "25"}, 1),
        ("stranger", {"", "22"}, 1),
        ("nobody", {""}, 0),
    ],
)
def test_the_trace_is_read_by_territory(world, who, chains, events):
    with acting_as(getattr(world.people, who)):
        assert ids("audit_chain", "territory") == chains
        assert Event.objects.filter(deed="trust.look_around").count() == events


def test_nobody_acting_sees_nothing(world):
    """Вторая стена закрыта, пока никто не назвался."""
    with acting_as(None):
        assert {model.__name__: model.objects.count() for model in MODELS} == {m.__name__: 0 for m in MODELS}
        assert not Event.objects.exists()


FOREIGN_WRITES = {
    "rename a school": lambda w: School.objects.filter(pk=w.places.foreign.pk).update(name="x"),
    "move a school here": lambda w: School.objects.filter(pk=w.places.foreign.pk).update(
        municipality=w.places.lake, region=w.places.primorye, ris_code=""
    ),
    "rename a municipality": lambda w: Municipality.objects.filter(pk=w.places.far.pk).update(name="x"),
    "end an appointment": lambda w: Appointment.objects.filter(person=w.people.stranger).update(
        until=date(2021, 1, 1)
    ),
    "withdraw a file": lambda w: ImportedFile.objects.filter(pk=w.far_file.pk).update(name="x"),
    "take over a batch": lambda w: ImportBatch.objects.filter(pk=w.far_file.batch_id).update(region=None),
    "retitle a list": lambda w: Run.objects.filter(pk=w.far.pk).update(title="x"),
    "retitle the country's list": lambda w: Run.objects.filter(pk=w.country.pk).update(title="x"),
    "turn a verdict": lambda w: Verdict.objects.filter(school=w.places.foreign).update(listed=False),
    "delete a verdict": lambda w: Verdict.objects.filter(school=w.places.foreign)._raw_delete("default"),
    "rewrite evidence": lambda w: Evidence.objects.filter(school=w.places.foreign).update(rows=[]),
    "rewrite counts": lambda w: PlaceCount.objects.filter(region="22").update(schools=99),
}


@pytest.mark.parametrize("who", [*REGIONAL, *LOCAL, "nobody"])
def test_foreign_rows_are_neither_changed_nor_deleted(world, who):
    """Ни одна запись чужой территории не меняется и не исчезает, каким бы запросом ни пробовали."""
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    with acting_as(getattr(world.people, who)):
        reached = [deed for deed, attempt in FOREIGN_WRITES.items() if attempt(world) != 0]
    assert reached == []
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


def test_the_attempts_above_would_reach_their_rows(world):
    """Проверка проверки: владелец таблиц, которого стена не держит, меняет строки каждой из этих попыток."""
    for deed, attempt in FOREIGN_WRITES.items():
        with transaction.atomic():
            assert attempt(world) > 0, deed
            transaction.set_rollback(True)


PUT_ELSEWHERE = {
    "a school": lambda w: School.objects.create(region=w.places.altai, municipality=w.places.far, name="x"),
    "my school moved away": lambda w: School.objects.filter(pk=w.places.listed.pk).update(
        region=w.places.altai, municipality=w.places.far
    ),
    "a municipality": lambda w: Municipality.objects.create(region=w.places.altai, name="x"),
    "an appointment there": lambda w: Appointment.objects.create(
        person=w.people.coordinator, role="observer", region=w.places.altai, since=date(2020, 1, 1)
    ),
    "an appointment over the country": lambda w: Appointment.objects.create(
        person=w.people.coordinator, role="federal_operator", since=date(2020, 1, 1)
    ),
    "an appointment at a foreign school": lambda w: Appointment.objects.create(
        person=w.people.coordinator, role="director", school=w.places.foreign, since=date(2020, 1, 1)
    ),
    "my appointment widened": lambda w: Appointment.objects.filter(person=w.people.coordinator).update(
        region=w.places.altai
    ),
    "an import there": lambda w: ImportBatch.objects.create(by=w.people.coordinator, region=w.places.altai),
    "an import in another's name": lambda w: ImportBatch.objects.create(by=w.people.stranger),
    "a list of the country": lambda w: Run.objects.create(
        title="x", edition="x", edition_title="x", edition_text="x", edition_digest="x", edition_status="x",
        years=[], content="x", unstable_below=0.5, by=w.people.coordinator,
    ),
    "my list given away": lambda w: Run.objects.filter(pk=w.own.pk).update(territory=w.places.altai),
    "counts": lambda w: PlaceCount.objects.create(
        run=w.own, list="x", region=w.places.altai, municipality=w.places.far, schools=1, listed=0, unstable=0
    ),
    "a deed of another person": lambda w: record("trust.look_around", w.people.operator, region="25"),
    "a deed in a foreign chain": lambda w: record("trust.look_around", w.people.coordinator, region="22"),
}  # fmt: skip


# An appointment is not widened at all: the table itself refuses before its policies are asked.
REFUSALS = "row-level security|appointment_changes_only_its_end"


def test_nothing_is_put_beyond_one_s_territory(world):
    """Своё нельзя ни создать в чужом месте, ни передвинуть туда, ни подписать чужим именем."""
    with acting_as(world.people.coordinator):
        for deed, attempt in PUT_ELSEWHERE.items():
            with pytest.raises(DatabaseError, match=REFUSALS), transaction.atomic():
                attempt(world)
                pytest.fail(deed)


def test_what_is_one_s_own_is_written(world):
    """Стена не мешает своей работе: школа, назначение, событие, загрузка."""
    with acting_as(world.people.coordinator), transaction.atomic():
        assert School.objects.filter(pk=world.places.listed.pk).update(name="Новое имя") == 1
        made = Appointment.objects.create(
            person=world.people.nobody, role="director", school=world.places.quiet, since=date(2020, 1, 1)
        )
        assert Appointment.objects.filter(pk=made.pk).update(until=date(2030, 1, 1)) == 1
        record("trust.look_around", world.people.coordinator, world.places.quiet, region="25")
        ImportBatch.objects.create(by=world.people.coordinator, region=world.places.primorye)


@pytest.mark.parametrize("who", ["municipal", "director"])
def test_a_deed_within_a_region_is_recorded_in_the_region_s_chain(world, who):
    somebody = getattr(world.people, who)
    before = Chain.objects.get(territory="25").number
    with acting_as(somebody), transaction.atomic():
        event = record("trust.look_around", somebody, region="25", school=world.places.listed.pk)
    assert event.number == before + 1


def test_a_sign_in_is_recorded_while_nobody_acts_yet(world):
    with acting_as(None), transaction.atomic():
        record("trust.look_around", world.people.director)
        record("trust.look_around", None)
        assert not Event.objects.filter(by=world.people.director).exists()


FORBIDDEN = (
    "UPDATE audit_event SET deed = 'x'",
    "DELETE FROM audit_event",
    "DELETE FROM audit_chain",
    "TRUNCATE registry_school CASCADE",
    "ALTER TABLE registry_school DISABLE ROW LEVEL SECURITY",
    "DROP POLICY seen ON registry_school",
    "UPDATE registry_region SET name = 'x'",
    "SELECT * FROM django_migrations",
    "CREATE TABLE public.mine (one int)",
)


def test_the_application_may_not_touch_the_trace_nor_the_wall(world):
    with acting_as(world.people.operator), connection.cursor() as cursor:
        for statement in FORBIDDEN:
            refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
            with refused, transaction.atomic():
                cursor.execute(statement)
                pytest.fail(statement)


HELPING = {
    "mentor_school": "school",
    "student_intern": "school",
    "partner": "region",
}


def test_every_helper_is_tried():
    assert set(HELPING) == HELPERS


@pytest.mark.parametrize(("role", "kind"), HELPING.items())
def test_a_helper_sees_nothing_of_the_school_they_help(world, person, today, role, kind):
    """Школа-наставник, партнёр и студент не видят данных школы — ни в Python, ни в базе."""
    place = {"school": world.places.listed, "region": world.places.primorye}[kind]
    helper = person("helper", role, **{kind: place})
    assert not reach(helper, today)
    with acting_as(helper):
        assert not reach(helper, today)
        assert [model.__name__ for model in MODELS if model.objects.exists()] == ["Appointment"]
        assert ids("registry_appointment", "person_id") == {helper.pk}
        assert place_name(helper.appointments.get()).startswith(str(place))  # one's own place has a name


def test_a_deputy_sees_what_the_appointment_opens_in_its_days(world, today):
    """Заместитель видит то же, что замещаемый, и только в дни замещения."""
    deputy, day = world.people.nobody, timedelta(days=1)
    named = name_deputy(
        world.people.municipal.appointments.get(), deputy, today, today + day, world.people.coordinator
    )
    own = {getattr(world.places, name).pk for name in SCHOOLS["municipal"]}
    with acting_as(deputy):
        assert ids("registry_school") == own == ids("identification_verdict", "school_id")
        (held,) = held_by(deputy, today)
        assert (held.role, held.behalf) == ("municipal_coordinator", world.people.municipal.pk)
    end_deputyship(named, today - day, world.people.coordinator)
    with acting_as(deputy):
        assert ids("registry_school") == set()
        assert held_by(deputy, today) == []


KEPT = {
    "registry_order": "far_order",
    "registry_deputyship": "far_deputyship",
    "people_invitation": "far_invited",
}


@pytest.mark.parametrize("table", KEPT)
def test_orders_deputies_and_invitations_are_those_of_one_s_territory(world, table):
    """Приказы, заместители и приглашения чужой территории не видны и не меняются."""
    kept = getattr(world, KEPT[table])
    far = getattr(kept, "invitation", kept).pk
    for who, sees in {"operator": 1, "stranger": 1, "coordinator": 0, "director": 0, "curator": 0}.items():
        with acting_as(getattr(world.people, who)), connection.cursor() as cursor:
            assert (far in ids(table)) == bool(sees), who
            cursor.execute(f"UPDATE {table} SET id = id WHERE id = %s", [far])
            assert cursor.rowcount == sees, who


def test_one_acts_in_one_of_one_s_roles(world):
    """Кто выбрал роль, видит только её территорию — и в Python, и в базе."""
    person = world.people.director
    Appointment.objects.create(
        person=person, role="regional_coordinator", region=world.places.altai, since=date(2020, 1, 1)
    )
    with acting_as(person):
        assert ids("registry_school") == {world.places.listed.pk, world.places.foreign.pk}
    with acting_as(person, "director"):
        assert ids("registry_school") == {world.places.listed.pk}
    with acting_as(person, "observer"):
        assert ids("registry_school") == set()


@pytest.mark.parametrize(
    ("since", "until", "active", "sees"),
    [
        (-1, None, True, True),
        (0, 0, True, True),
        (1, None, True, False),
        (-9, -1, True, False),
        (-1, None, False, False),
    ],
)
def test_both_walls_agree_on_what_is_in_force(world, person, today, since, until, active, sees):
    """Действует ли назначение сегодня, Python и база решают одинаково."""
    days = {"since": today + timedelta(since), "until": None if until is None else today + timedelta(until)}
    pk = person("somebody").pk
    Appointment.objects.create(person_id=pk, role="curator", school=world.places.listed, **days)
    User.objects.filter(pk=pk).update(is_active=active)
    somebody = User.objects.get(pk=pk)
    assert bool(reach(somebody, today)) is sees
    somebody = User.objects.get(pk=pk)
    with acting_as(somebody):
        assert bool(ids("registry_school")) is sees
        assert bool(reach(somebody, today)) is sees


def test_a_desk_is_seen_written_and_cleared_by_its_person_alone(world):
    """Стол — только свой: соседний координатор, наблюдатель и директор не видят на нём ничего."""
    own, far = world.own_desk.pk, world.far_desk.pk
    for who in ("observer", "municipal", "director", "nobody"):
        with acting_as(getattr(world.people, who)):
            assert ids("results_deskfile") == set()
    with acting_as(world.people.coordinator):
        assert ids("results_deskfile") == {own}
        with connection.cursor() as cursor:
            cursor.execute("UPDATE results_deskfile SET received = 1 WHERE id = %s", [far])
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM results_deskfile WHERE id = %s", [far])
            assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            DeskFile.objects.create(by=world.people.stranger, key="1" * 32, name="x", size=1, modified=1)
