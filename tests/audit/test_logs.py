"""Logs: who, when, in which role, what; who may read which; how many questions a page asks."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.audit.actions import record
from opora.audit.log import A_PAGE, MOST
from opora.audit.models import Event
from opora.audit.words import tell_deeds
from opora.identification.actions import agree_list, publish_list, start_run
from opora.registry.actions import appoint, import_schools
from opora.registry.models import School
from opora.results.actions import withdraw_import

MOST_QUESTIONS = 18


@pytest.fixture(autouse=True)
def deeds():
    tell_deeds("tests", {"rename_school": "школа переименована", "move_list": "перенесён «{title}»"})


@pytest.fixture
def rename(people):
    """Change a school's row and record it."""

    @transaction.atomic
    def make(school, by=None, **fields):
        School.objects.filter(pk=school.pk).update(**fields)
        return record(
            "tests.rename_school", by or people.coordinator, school, region=school.region_id,
            municipality=school.municipality_id, school=school.pk, role="regional_coordinator",
        )  # fmt: skip

    return make


def text(answer):
    """Answer a page's words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_school_s_log_says_who_when_in_which_role_and_what_changed(rename, people, places, signed_in):
    rename(places.listed, short_name="Ёлкинская школа", pupils=70, settlement_kind="urban")
    answer = signed_in(people.director).get(f"/schools/{places.listed.pk}/log/")
    entry = answer.context["page"].entries[0]
    assert (entry.who, entry.role) == (people.coordinator.full_name, "региональный координатор")
    assert entry.what == "школа переименована" and entry.about == ""
    told = {(one.name, one.before, one.after) for one in entry.changes}
    assert told == {
        ("краткое название", "", "Ёлкинская школа"),
        ("учеников", "61", "70"),
        ("тип населённого пункта", "село", "город"),
    }
    assert "Учеников: 61" in text(answer) or "учеников: 61" in text(answer)


def test_a_field_that_points_elsewhere_is_told_by_name(rename, people, places, signed_in):
    rename(places.listed, municipality=places.city)
    page = signed_in(people.coordinator).get(f"/schools/{places.listed.pk}/log/").context["page"]
    (change,) = page.entries[0].changes
    assert (change.name, change.before, change.after) == (
        "муниципалитет",
        "Ёлкинский район",
        "город Мысовой",
    )


def test_a_table_of_schools_shows_in_the_log_of_each_school_that_it_changed(people, places, signed_in):
    """Загрузка таблицы записана один раз, а видна в журнале каждой изменённой школы — с её полями."""
    rows = [
        (2, {"Муниципалитет": "Ёлкинский район", "Полное наименование": places.listed.name,
             "Логин ВПР": places.listed.vpr_login, "Число обучающихся": 99}),
    ]  # fmt: skip
    import_schools(rows, people.coordinator, places.primorye)
    browser = signed_in(people.coordinator)
    asked_for = "log/?deed=registry.import_schools"
    changed = browser.get(f"/schools/{places.listed.pk}/{asked_for}").context["page"].entries
    assert [(one.what.split(":")[0], one.changes[0].after) for one in changed] == [
        ("загружена таблица школ", "99")
    ]
    assert not browser.get(f"/schools/{places.passed.pk}/{asked_for}").context["page"].entries


def test_a_change_past_the_program_is_shown_as_such(people, places, signed_in):
    School.objects.filter(pk=places.listed.pk).update(pupils=1)
    answer = signed_in(people.coordinator).get(f"/schools/{places.listed.pk}/log/")
    assert "Есть изменения без записи в журнале" in answer.content.decode()
    quiet = signed_in(people.coordinator).get(f"/schools/{places.quiet.pk}/log/").content.decode()
    assert "Есть изменения без записи в журнале" not in quiet


def test_the_log_of_a_run_and_of_a_file(bring, people, places, signed_in):
    file = bring(people.operator).file
    run = start_run("seed-2020", None, None, people.operator)
    publish_list(agree_list(run, people.operator), "12-а", date(2020, 3, 2), people.operator)
    withdraw_import(file, people.operator)
    browser = signed_in(people.operator)
    of_run = browser.get(f"/runs/{run.pk}/log/").context["page"].entries
    assert [one.what.split(" ")[0] for one in of_run] == ["утверждён", "согласован", "составлен"]
    assert ("состояние", "согласован", "утверждён") in {
        (one.name, one.before, one.after) for one in of_run[0].changes
    }
    of_file = browser.get(f"/results/{file.pk}/log/").context["page"].entries
    assert [one.what for one in of_file] == [
        "отозван файл результатов",
        "загружены файлы результатов: принято 1 из 1",
    ]


def test_a_person_s_log_holds_what_they_did_and_what_was_done_about_them(rename, people, places, signed_in):
    appoint(people.nobody, "curator", school=places.listed, by=people.coordinator)
    rename(places.listed, by=people.nobody, pupils=5)
    rename(places.quiet, by=people.coordinator, pupils=5)
    page = signed_in(people.coordinator).get(f"/people/{people.nobody.pk}/log/").context["page"]
    assert [one.what.split(" ")[0] for one in page.entries] == ["школа", "дана"]
    assert people.nobody.full_name in page.entries[1].what
    assert page.entries[0].about == str(places.listed)
    assert (page.entries[1].about, page.entries[1].href) == (
        str(places.listed),
        f"/schools/{places.listed.pk}/",
    )
    assert page.entries[0].changes[0].name == f"{places.listed}, учеников"
    page = signed_in(people.operator).get(f"/people/{people.nobody.pk}/log/").context["page"]
    assert [one.what.split(" ")[0] for one in page.entries] == ["школа", "дана", "заведена"]


def test_a_coordinator_reads_of_a_person_only_what_is_of_the_own_territory(rename, people, places, signed_in):
    rename(places.foreign, by=people.director, pupils=5)
    rename(places.listed, by=people.director, pupils=5)
    address = f"/people/{people.director.pk}/log/"
    for who, expected in (("coordinator", {str(places.listed)}), ("municipal", {str(places.listed)})):
        page = signed_in(getattr(people, who)).get(address).context["page"]
        assert {one.about for one in page.entries if "переименована" in one.what} == expected
    appoint(people.director, "director", school=places.foreign, by=people.operator)
    for who, count in (("coordinator", 1), ("operator", 2)):
        page = signed_in(getattr(people, who)).get(address + "?deed=registry.appoint").context["page"]
        assert len(page.entries) == count
    everywhere = signed_in(people.operator).get(address).context["page"]
    assert {one.about for one in everywhere.entries if "переименована" in one.what} == {
        str(places.listed),
        str(places.foreign),
    }


# Address → who may open it; everybody else finds nothing there.
OPENS = {
    "/log/": {"operator": 200, "coordinator": 302, "municipal": 302, "stranger": 302},
    "/territory/25/log/": {"operator": 200, "coordinator": 200},
    "/territory/22/log/": {"operator": 200, "stranger": 200},
    "/municipalities/{lake}/log/": {"operator": 200, "coordinator": 200, "municipal": 200},
    "/municipalities/{city}/log/": {"operator": 200, "coordinator": 200},
    "/schools/{listed}/log/": {
        **dict.fromkeys(("operator", "analyst", "coordinator", "municipal", "curator"), 200),
        **dict.fromkeys(("director", "observer"), 200),
    },
    "/schools/{foreign}/log/": {"operator": 200, "analyst": 200, "stranger": 200},
    "/people/{director}/log/": {"operator": 200, "coordinator": 200, "municipal": 200},
    "/people/{stranger}/log/": {"operator": 200, "stranger": 200},
    "/people/{nobody}/log/": {},  # never appointed anywhere: nobody answers for them yet
}


@pytest.mark.parametrize("address", OPENS)
def test_who_may_read_which_log(address, people, places, signed_in):
    numbers = {name: one.pk for name, one in vars(places).items()}
    numbers |= {name: one.pk for name, one in vars(people).items()}
    found = {
        name: signed_in(one).get(address.format(**numbers)).status_code for name, one in vars(people).items()
    }
    assert {name: code for name, code in found.items() if code != 404} == OPENS[address]


def test_a_log_is_narrowed_by_person_deed_and_period(rename, people, places, signed_in):
    rename(places.listed, pupils=1)
    rename(places.quiet, by=people.operator, pupils=2)
    with transaction.atomic():
        record("tests.move_list", people.operator, region="25", title="x")
    browser = signed_in(people.coordinator)

    def lines(query):
        return len(browser.get("/territory/25/log/" + query).context["page"].entries)

    everything = lines("")
    assert lines(f"?person={people.operator.pk}") == 2
    assert lines("?deed=tests.rename_school") == 2
    assert lines(f"?person={people.operator.pk}&deed=tests.rename_school") == 1
    today = timezone.localdate()
    assert lines(f"?since={today}&until={today}") == everything
    assert lines(f"?since={today + timedelta(days=1)}") == lines(f"?until={today - timedelta(days=1)}") == 0
    assert lines("?person=x&deed=&since=31.12.2026&until=0000-00-00&page=x") == everything


def add_events(places, people, count):
    for number in range(count):
        record(
            "tests.rename_school", people.coordinator, places.listed, region="25",
            municipality=places.lake.pk, school=places.listed.pk, title=str(number),
        )  # fmt: skip


def test_a_page_holds_fifty_lines_and_the_oldest_are_reached_by_period(
    people, places, signed_in, monkeypatch
):
    add_events(places, people, A_PAGE + 1)
    address = f"/schools/{places.listed.pk}/log/?deed=tests.rename_school"
    browser = signed_in(people.director)
    assert len(browser.get(address).context["page"].entries) == A_PAGE
    assert len(browser.get(address + "&page=2").context["page"].entries) == 1
    monkeypatch.setattr("opora.audit.queries.MOST", 20)
    page = browser.get(address).context["page"]
    assert (len(page.entries), page.is_cut) == (20, True)
    assert MOST >= 1000


@pytest.mark.parametrize(
    "address", ["/territory/25/log/", "/schools/{listed}/log/", "/municipalities/{lake}/log/", "/log/"]
)
def test_questions_do_not_grow(rename, people, places, signed_in, address):
    browser = signed_in(people.operator)
    address = address.format(listed=places.listed.pk, lake=places.lake.pk)
    rename(places.listed, pupils=0, municipality=places.lake)
    appoint(people.nobody, "curator", school=places.listed, by=people.coordinator)
    few = asked(browser, address)
    for number in range(1, 30):
        rename(places.listed, pupils=number)
        day = date(2020, 1, number)
        appoint(people.nobody, "curator", school=places.passed, since=day, until=day, by=people.coordinator)
    assert asked(browser, address) <= few <= MOST_QUESTIONS


def asked(browser, address):
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


INDEXES = {
    "a region": ("chain_id = '25' ORDER BY number DESC", "audit_event_pkey"),
    "a school": ("school = 77 ORDER BY at DESC", "event_of_a_school"),
    "a municipality": ("municipality = 77 ORDER BY at DESC", "event_of_a_municipality"),
    "a person": ("by_id = 77 ORDER BY at DESC", "event_by_a_person"),
    "an object": ("target = 'a.b' AND target_id = '77' ORDER BY at DESC", "event_of_an_object"),
}


@pytest.fixture
def long_log(people):
    """Twenty thousand events, written past their rules: only their plan is looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("INSERT INTO audit_chain VALUES ('25', 0, '') ON CONFLICT DO NOTHING")
        cursor.execute(
            "INSERT INTO audit_event (chain_id, number, at, by_id, role, deed, target, target_id, "
            "municipality, school, details, previous, hash) SELECT '25', 100 + n, "
            "now() + n * interval '1 second', %s, '', "
            "'tests.move_list', 'a.b', (n %% 4000)::text, n %% 300, n %% 4000, '{}', '', '' "
            "FROM generate_series(1, 20000) n",
            [people.operator.pk],
        )
        cursor.execute("ANALYZE audit_event")


def test_the_questions_of_a_log_use_its_indexes(long_log):
    """План запроса каждой страницы журнала идёт по индексу, а не по всей таблице."""
    for what, (rule, index) in INDEXES.items():
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN SELECT * FROM audit_event WHERE {rule} LIMIT 50")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert index in plan and "Seq Scan" not in plan, (what, plan)


def test_the_log_of_an_object_asks_through_indexes_though_it_asks_for_two_things(
    long_log, rename, people, places
):
    from django.db.models import Q

    from opora.audit.queries import events_of

    rename(places.listed, pupils=3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_event")
    found = events_of("registry.school", places.listed.pk, Q(school=places.listed.pk))
    plan = found.order_by("-at", "-number")[:50].explain()
    assert "Seq Scan on audit_event" not in plan, plan


def test_a_log_reads_in_english_too(rename, people, places, signed_in):
    rename(places.listed, pupils=3)
    browser = signed_in(people.coordinator)
    browser.cookies["django_language"] = "en"
    told = text(browser.get(f"/schools/{places.listed.pk}/log/"))
    assert "Log of the school" in told and "pupils: 61" in told and "regional coordinator" in told
    assert Event.objects.exists()
