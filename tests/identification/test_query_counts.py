"""Pages ask the database a number of questions that does not grow with the number of schools."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.identification.models import Evidence, Verdict
from opora.registry.models import School
from tests.world import questions

MOST = 8
MOST_OF_SCHOOL = 12  # and its evidence, the files behind it, its history, objections and decisions


def add_schools(published, places, count):
    """Add schools with verdicts and evidence like that of the listed one."""
    name = published.lists[0]
    schools = School.objects.bulk_create(
        School(
            region=places.primorye, municipality=places.city, name=f"Школа № {number}",
            settlement_kind="rural",
            vpr_login=f"sch25{number}",
        )
        for number in range(10_000, 10_000 + count)
    )  # fmt: skip
    Verdict.objects.bulk_create(
        Verdict(
            run=published, list=name, school=school, region=places.primorye, municipality=places.city,
            sort_key=school.name.lower(), rural=True, by_rule=True, listed=True, failed=2, counted=2,
            stability=0.5, unstable=True,
        )
        for school in schools
    )  # fmt: skip
    rows = Evidence.objects.get(run=published, school=places.listed).rows
    Evidence.objects.bulk_create(Evidence(run=published, list=name, school=s, rows=rows) for s in schools)


@pytest.mark.parametrize("who", ["operator", "coordinator", "municipal"])
@pytest.mark.parametrize(
    "address",
    [
        "/list/",
        "/list/?region=25&only=all",
        "/list/?search=школа&sort=-stability",
        "/territory/25/",
        "/runs/",
        "school",
    ],
)
def test_questions_do_not_grow(published, people, places, signed_in, who, address):
    browser = signed_in(getattr(people, who))
    address = f"/schools/{places.listed.pk}/" if address == "school" else address
    few = questions(browser, address)
    add_schools(published, places, 120)
    many = questions(browser, address)
    assert many <= few
    assert many <= (MOST_OF_SCHOOL if address.startswith("/schools") else MOST), address


def test_a_list_page_reads_no_evidence(published, people, signed_in):
    browser = signed_in(people.operator)
    with CaptureQueriesContext(connection) as queries:
        browser.get("/list/")
    assert not [query for query in queries if "identification_evidence" in query["sql"]]
