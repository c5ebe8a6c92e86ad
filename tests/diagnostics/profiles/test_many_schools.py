"""A release of many schools: as the bench makes it, in parts that fit, with as many questions for more."""

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.diagnostics.models import SchoolProfile, Sheet
from opora.diagnostics.profiles import actions
from opora.diagnostics.profiles.kept import TABLES, by_school, in_parts, rows
from opora.registry.models import School
from tests.bench.release import ASKED, campaign

SCHOOLS = ["3", "1", "2", "5", "4"]


def tables():
    """Draw tables in which some schools have no rows, and one has none at all."""
    one = pl.DataFrame({"school": ["3", "3", "1", "5"], "points": [1.0, 2.0, 3.0, 4.00004]})
    return dict.fromkeys(TABLES, one) | {TABLES[-1]: one.clear()}


@pytest.mark.parametrize("many", [1, 2, 3, 500])
def test_schools_in_parts_are_kept_as_all_at_once(many):
    """По сколько школ ни писать — у каждой то же самое, по одному разу и в том же порядке."""
    places = pl.DataFrame({"school": SCHOOLS, "region": ["25"] * 5})
    found = [*in_parts(places, tables(), many)]
    assert [school for own, _kept in found for school in own["school"]] == SCHOOLS
    together = {school: told for _own, kept in found for school, told in kept.items()}
    assert together == by_school(tables())
    assert all(len(own) <= many and set(kept) <= set(own["school"]) for own, kept in found)


@pytest.mark.django_db
def test_a_release_asks_no_more_questions_for_more_schools(people, places):
    """Запросов столько же, сколько бы школ ни было в части; профиль есть у каждой."""
    asked = []
    for more in (0, 4):
        some = School.objects.get(pk=places.listed.pk)
        for number in range(more):
            some.pk, some.name = None, f"Школа {number}"
            some.vpr_login, some.ris_code, some.inn = "", "", ""
            some.save(force_insert=True)
        made = campaign(people.coordinator)
        schools = School.objects.count()
        assert Sheet.objects.filter(link__campaign=made).count() == schools * sum(ASKED.values())
        with CaptureQueriesContext(connection) as queries:
            released = actions.release(made, timezone.localdate())
        asked.append(len(queries))
        assert released.schools == schools == SchoolProfile.objects.filter(release=released).count()
        told = SchoolProfile.objects.filter(release=released).first().told
        assert {row["answered"] for row in rows(told, "responses")} == {1, 12, 20}  # pupils of two grades
    assert asked[0] == asked[1]
