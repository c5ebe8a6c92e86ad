"""Schools come from a table: all errors at once, or all schools; the database keeps the rules."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from opora.registry.access import NotAllowed, roles_at, visible_schools
from opora.registry.actions import (
    AlreadyAppointed,
    RowsRefused,
    appoint,
    import_municipalities,
    import_schools,
)
from opora.registry.models import Appointment, Municipality, School
from opora.registry.queries import schools_by_code

ROW = {
    "Муниципалитет": "Лесной округ",
    "Полное наименование": "Школа посёлка Кедровый",
    "Логин ВПР": "edu250100",
    "Код ОО": 112100,
    "ИНН": "7707083893",
    "Вид": "Гимназия",
    "Тип населённого пункта": "село",
    "Уровни": "1–11",
    "Число обучающихся": "1 204",
    "Дата открытия": "01.09.1975",
}


def test_a_row_becomes_a_school_with_its_municipality(people, places):
    done = import_schools([(2, ROW)], people.operator, places.primorye)
    assert (done.municipalities, done.added, done.changed) == (1, 1, 0)
    made = School.objects.get(vpr_login="sch250100")
    assert (made.municipality.name, made.region_id, made.kind, made.ris_code) == (
        "Лесной округ",
        "25",
        "gymnasium",
        "112100",
    )
    assert (made.levels, made.pupils, made.opened_on, made.is_rural) == ("1-11", 1204, date(1975, 9, 1), True)
    assert made.sort_key == "школа поселка кедровый"


def test_the_same_table_twice_changes_nothing(people, places):
    import_schools([(2, ROW)], people.operator, places.primorye)
    again = import_schools([(2, ROW)], people.operator, places.primorye)
    assert (again.municipalities, again.added, again.changed, again.unchanged) == (0, 0, 0, 1)


def test_what_a_table_does_not_tell_stays_as_it_was(people, places):
    import_schools([(2, ROW)], people.operator, places.primorye)
    short = {key: ROW[key] for key in ("Муниципалитет", "Полное наименование", "Логин ВПР")}
    import_schools([(2, {**short, "Полное наименование": "Новое имя"})], people.operator, places.primorye)
    made = School.objects.get(vpr_login="sch250100")
    assert (made.name, made.pupils, made.inn) == ("Новое имя", 1204, "7707083893")


def test_every_error_is_told_in_one_pass_and_nothing_changes(people, places):
    rows = [
        (2, {**ROW, "ИНН": "7707083890"}),
        (3, {**ROW, "Логин ВПР": "sch25", "Код ОО": "x", "Полное наименование": "Другая"}),
        (4, {**ROW, "Муниципалитет": "", "Логин ВПР": "sch250104", "Код ОО": 112104}),
        (5, {**ROW, "Логин ВПР": "sch250105", "Код ОО": 112105, "Дата закрытия": "01.09.1970"}),
    ]
    before = School.objects.count()
    with pytest.raises(RowsRefused) as refused:
        import_schools(rows, people.operator, places.primorye)
    told = {(problem.row, problem.column) for problem in refused.value.problems}
    assert {(2, "ИНН"), (3, "Логин ВПР"), (3, "Код ОО"), (4, "Муниципалитет"), (5, "дата закрытия")} <= told
    assert School.objects.count() == before
    assert not Municipality.objects.filter(name="Лесной округ").exists()


def test_a_school_twice_in_a_table_is_told_with_the_other_row(people, places):
    with pytest.raises(RowsRefused) as refused:
        import_schools([(2, ROW), (9, ROW)], people.operator, places.primorye)
    assert [(one.row, "строке 2" in one.what) for one in refused.value.problems] == [(9, True)]


def test_a_coordinator_brings_schools_of_the_own_region_only(people, places):
    assert import_schools([(2, ROW)], people.coordinator, places.primorye).added == 1
    with pytest.raises(RowsRefused, match="ошибки"):
        import_schools([(2, {**ROW, "Регион": "22"})], people.coordinator)
    for who in (people.municipal, people.director, people.analyst, people.nobody):
        with pytest.raises(NotAllowed):
            import_schools([(2, ROW)], who, places.primorye)


def test_a_table_of_municipalities_calls_things_by_shorter_words(people, places):
    rows = [(2, {"Наименование": "Приречный", "Вид": "городской округ", "Код МСУ": "7", "ОКТМО": "05701000"})]
    assert import_municipalities(rows, people.operator, places.primorye).municipalities == 1
    made = Municipality.objects.get(name="Приречный")
    assert (made.kind, made.msu_code, made.oktmo) == ("city_okrug", "007", "05701000")


def test_a_code_that_belongs_to_another_is_a_sentence_and_not_a_crash(people, places):
    Municipality.objects.create(region=places.primorye, name="Занятый", msu_code="007")
    rows = [(2, {"Наименование": "Приречный", "Код МСУ": "7"})]
    with pytest.raises(RowsRefused):
        import_municipalities(rows, people.operator, places.primorye)


def test_codes_of_files_find_schools_within_one_s_reach(people, places, today):
    wanted = ["edu250001", "sch220001", "111001", "нет"]
    assert schools_by_code(wanted, people.operator, today, "25") == {
        "edu250001": places.listed.pk,
        "sch220001": places.foreign.pk,
        "111001": places.listed.pk,
    }
    assert set(schools_by_code(wanted, people.stranger, today)) == {"sch220001", "111001"}
    assert schools_by_code(["111001"], people.operator, today) == {}  # two regions have it
    assert schools_by_code(wanted, people.director, today) == {}


def test_roles_at_a_school_follow_place_and_time(people, places, today):
    assert roles_at(people.director, places.listed, today) == {"director"}
    assert roles_at(people.municipal, places.listed, today) == {"municipal_coordinator"}
    assert roles_at(people.operator, places.foreign, today) == {"federal_operator"}
    assert roles_at(people.stranger, places.listed, today) == set()
    assert roles_at(people.director, places.listed, date(2019, 1, 1)) == set()


def test_nobody_sees_no_school(people, today):
    assert not visible_schools(people.nobody, today).exists()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"vpr_login": "sch1"}, "vpr_login_has_its_form"),
        ({"vpr_login": "sch250002"}, "vpr_login_belongs_to_one_school"),
        ({"ris_code": "111002"}, "ris_code_once_in_a_region"),
        ({"ris_code": "12"}, "ris_code_is_six_digits"),
        ({"inn": "12"}, "inn_is_ten_digits"),
        ({"ogrn": "12"}, "ogrn_is_thirteen_digits"),
        ({"oktmo": "123456789"}, "school_oktmo_is_8_or_11_digits"),
        ({"opened_on": date(2020, 1, 2), "closed_on": date(2020, 1, 1)}, "school_closes_after_it_opens"),
    ],
)
def test_the_database_refuses_an_impossible_school(places, change, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        School.objects.filter(pk=places.listed.pk).update(**change)


def test_a_school_lies_in_the_region_of_its_municipality(places):
    with (
        pytest.raises(IntegrityError, match="school_lies_in_its_municipality_s_region"),
        transaction.atomic(),
    ):
        School.objects.filter(pk=places.listed.pk).update(region=places.altai, ris_code="")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("director", {}),
        ("director", {"region": "primorye"}),
        ("curator", {"municipality": "lake"}),
        ("federal_operator", {"region": "primorye"}),
        ("regional_coordinator", {}),
        ("regional_coordinator", {"region": "primorye", "school": "listed"}),
        ("municipal_coordinator", {"region": "primorye"}),
        ("observer", {"region": "primorye", "municipality": "lake"}),
        ("minister", {}),
    ],
)
def test_a_role_without_its_place_is_refused(person, places, role, place):
    somebody = person("somebody")
    where = {key: getattr(places, name) for key, name in place.items()}
    with pytest.raises(IntegrityError, match="appointment_has_the_place_of_its_role"), transaction.atomic():
        appoint(somebody, role, **where)


def test_an_appointment_is_given_once_and_ends_after_it_begins(people, places):
    with pytest.raises(AlreadyAppointed):
        appoint(people.operator, "federal_operator", since=date(2020, 1, 1))
    with pytest.raises(IntegrityError, match="appointment_ends_after_it_begins"), transaction.atomic():
        Appointment.objects.filter(person=people.operator).update(until=date(2019, 1, 1))
