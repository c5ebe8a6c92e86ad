"""In which role of the database somebody acts, and that these roles are nothing by themselves."""

import pytest
from django.db import connection

from opora.registry.acting import acting_as
from opora.registry.actions import appoint
from opora.registry.models import School


def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_the_roles_own_nothing_and_bypass_nothing(db):
    found = asked(
        """SELECT rolsuper, rolbypassrls, rolcreaterole, rolcanlogin,
           EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)
           FROM pg_roles r WHERE rolname IN ('opora_app', 'opora_country', 'opora_gate')"""
    )
    assert found == [(False, False, False, False, False)] * 3


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("operator", "opora_country"),
        ("analyst", "opora_country"),
        ("coordinator", "opora_app"),
        ("director", "opora_app"),
        ("nobody", "opora_app"),
    ],
)
def test_only_who_sees_the_whole_country_acts_in_its_role(world, who, role):
    """Роль базы следует из назначений, и после каждого остаётся прежняя."""
    before = asked("SELECT current_user")
    somebody = getattr(world.people, who)
    with acting_as(somebody):
        assert asked("SELECT current_user") == [(role,)]
        with acting_as(None):
            assert asked("SELECT current_user") == [("opora_app",)]
            assert School.objects.count() == 0
        with acting_as(world.people.operator):
            assert asked("SELECT current_user") == [("opora_country",)]
        assert asked("SELECT current_user") == [(role,)]
    assert asked("SELECT current_user") == before


def test_who_acts_in_one_role_of_several_is_bound_by_it(world, person, today):
    """Аналитик страны, действующий как куратор, видит одну школу."""
    both = person("both", "analyst")
    appoint(both, "curator", school=world.places.listed, since=today)
    with acting_as(both, "curator"):
        assert asked("SELECT current_user") == [("opora_app",)]
        assert list(School.objects.values_list("pk", flat=True)) == [world.places.listed.pk]
    with acting_as(both, "analyst"):
        assert asked("SELECT current_user") == [("opora_country",)]
        assert School.objects.count() == 5
