"""Behind the wall the list still reads its indexes: policies stand beside the search, not before it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.identification.models import Verdict
from opora.registry.acting import acting_as
from opora.registry.models import School


def add_many(published, places, count):
    """Fill both regions, so that a region is a part and an index pays."""
    name = published.lists[0]
    schools = School.objects.bulk_create(
        School(
            region=place.region, municipality=place, name=f"Школа № {number}", settlement_kind="rural",
        )
        for number in range(10_000, 10_000 + count) for place in (places.city, places.far, places.lake)
    )  # fmt: skip
    Verdict.objects.bulk_create(
        Verdict(
            run=published, list=name, school=school, region=school.region, municipality=school.municipality,
            sort_key=school.name.lower(), rural=True, by_rule=place // 3 % 9 == 0,
            listed=place // 3 % 9 == 0, failed=2, counted=2, stability=0.5, unstable=False,
        )
        for place, school in enumerate(schools)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE identification_verdict; ANALYZE registry_school; ANALYZE registry_municipality"
        )


def scans(plan):
    """List the ways in which a plan reads tables: the node and the index, of it and of all within."""
    if "Relation Name" in plan:
        yield plan["Relation Name"], plan["Node Type"], plan.get("Index Name", "")
    for inner in plan.get("Plans", ()):
        yield from scans(inner)


@pytest.fixture
def filled(published, people, places):
    add_many(published, places, 1_500)
    return people


@pytest.mark.parametrize("who", ["operator", "coordinator", "municipal"])
@pytest.mark.parametrize("address", ["/list/", "/list/?only=all", "/list/?only=all&sort=-failed"])
def test_the_list_s_rows_are_read_by_an_index(filled, signed_in, who, address):
    """Пятьдесят строк берутся по указателю; кому открыта вся страна, у того и условий на строку нет."""
    person = getattr(filled, who)
    browser = signed_in(person)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    told = [one["sql"] for one in queries if "LIMIT 50" in one["sql"]]
    rows = [sql for sql in told if "identification_verdict" in sql]
    assert len(rows) == 1
    with acting_as(person), connection.cursor() as cursor:
        # what is asked is whether a policy keeps the planner from an index, not what this table's sample says
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {rows[0]}")
        told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    read = [(node, index) for table, node, index in scans(plan) if table == "identification_verdict"]
    assert [index for _node, index in read if index], read
    is_bound = who != "operator"
    is_bound = who != "operator"
    assert not is_bound or "Seq Scan" not in dict(read), read
    assert ("CASE WHEN" in json.dumps(plan)) is is_bound  # the policies are in this plan


def test_the_scope_is_asked_once_a_statement_not_once_a_row(filled):
    """Область видимости стоит в плане как InitPlan: вычисляется один раз на запрос."""
    with acting_as(filled.coordinator), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT TEXT, VERBOSE) SELECT count(*) FROM identification_verdict")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    filters = [line for line in plan.splitlines() if "Filter:" in line]
    assert "InitPlan" in plan and filters
    assert not [line for line in filters if "opora_" in line], filters
