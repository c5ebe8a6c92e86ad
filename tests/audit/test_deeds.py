"""Each deed of the rooms leaves its event: in the chain of its territory, by the person, in their role."""

from datetime import date

import pytest

from opora.accounts.actions import add_person
from opora.audit.actions import content
from opora.audit.links import linked
from opora.audit.models import Event
from opora.audit.verifying import verify
from opora.audit.words import said
from opora.identification.actions import AlreadyPublished, agree_list, publish_list, start_run
from opora.registry.actions import RowsRefused, appoint, import_schools
from opora.results.actions import withdraw_import

SCHOOLS = [
    (2, {"Регион": "Приморский край", "Муниципалитет": "Новый район", "Полное наименование": "Школа А"}),
    (3, {"Регион": "Алтайский край", "Муниципалитет": "Степной район", "Полное наименование": "Школа Б"}),
]


def last(deed):
    return Event.objects.filter(deed=deed).order_by("-at").first()


def test_an_account_is_recorded_in_the_country_s_chain_without_its_name(people):
    person = add_person("new@example.org", "Новый Человек", None, people.operator)
    event = last("accounts.add_person")
    assert (event.chain_id, event.by, event.target_id) == ("", people.operator, str(person.pk))
    assert "Новый" not in str(content(event)) and "example" not in str(content(event))


@pytest.mark.parametrize(
    ("role", "place", "chain"),
    [
        ("federal_operator", {}, ""),
        ("regional_coordinator", {"region": "primorye"}, "25"),
        ("municipal_coordinator", {"municipality": "lake"}, "25"),
        ("director", {"school": "foreign"}, "22"),
    ],
)
def test_an_appointment_is_recorded_where_its_place_is(people, places, role, place, chain):
    given = {kind: getattr(places, name) for kind, name in place.items()}
    appoint(people.nobody, role, by=people.operator, **given)
    event = last("registry.appoint")
    assert (event.chain_id, event.by) == (chain, people.operator)
    assert event.details["person"] == people.nobody.pk and event.details["as_role"] == role
    school, municipality = given.get("school"), given.get("municipality")
    assert event.school == (school.pk if school else None)
    assert event.municipality == (
        school.municipality_id if school else municipality.pk if municipality else None
    )


def test_a_table_of_schools_is_recorded_in_each_region_that_it_touched(people, places):
    import_schools(SCHOOLS, people.operator)
    told = {event.chain_id: event for event in Event.objects.filter(deed="registry.import_schools")}
    assert set(told) == {"25", "22"}
    assert told["25"].details == {"municipalities": 1, "added": 1, "changed": 0}
    assert told["22"].details == {"municipalities": 0, "added": 1, "changed": 0}
    assert {event.role for event in told.values()} == {"federal_operator"}


def test_a_refused_table_leaves_no_event(people, places):
    with pytest.raises(RowsRefused):
        import_schools([(2, {"Муниципалитет": "Новый район"})], people.operator)
    assert last("registry.import_schools") is None


def test_an_import_is_recorded_where_its_schools_are(bring, people, places):
    text = "школа;год;процедура;предмет;класс;участников;низких\nsch250001;2018;впр;математика;5;20;8\n"
    bring(people.municipal, text)
    event = last("results.accept_files")
    assert (event.chain_id, event.municipality, event.by) == ("25", places.lake.pk, people.municipal)
    assert event.role == "municipal_coordinator"
    assert event.details["accepted"] == event.details["files"] == len(event.details["digests"]) == 1


def test_an_import_of_several_regions_is_recorded_in_the_country_s_chain(bring, people, places):
    bring(people.operator)
    assert (last("results.accept_files").chain_id, last("results.accept_files").municipality) == ("", None)


def test_a_refused_file_is_recorded_too(bring, people, places):
    bring(people.coordinator, "не таблица", region=places.primorye)
    event = last("results.accept_files")
    assert (event.chain_id, event.details["accepted"], event.details["files"]) == ("25", 0, 1)


def test_taking_a_file_back_is_recorded_beside_its_import_and_once(bring, people, places):
    text = "школа;год;процедура;предмет;класс;участников;низких\nsch250003;2018;впр;математика;5;20;8\n"
    file = bring(people.coordinator, text).file
    withdraw_import(file, people.coordinator)
    withdraw_import(file, people.coordinator)
    event = Event.objects.get(deed="results.withdraw_import")
    assert (event.chain_id, event.municipality) == ("25", places.city.pk)
    assert (event.target, event.target_id) == ("results.importedfile", str(file.pk))
    assert event.role == "regional_coordinator"


def test_a_list_is_recorded_with_what_it_can_be_made_again_from(bring, people, places):
    bring(people.operator)
    run = start_run("seed-2020", None, places.primorye, people.coordinator)
    made = last("identification.start_run")
    assert (made.chain_id, made.role) == ("25", "regional_coordinator")
    assert (made.details["digest"], made.details["content"]) == (run.edition_digest, run.content)
    publish_list(agree_list(run, people.coordinator), "12-а", date(2020, 3, 2), people.coordinator)
    with pytest.raises(AlreadyPublished):
        publish_list(run, "13", date(2020, 3, 2), people.coordinator)
    event = Event.objects.get(deed="identification.publish_list")
    assert said(event.deed, event.details) == (
        f"утверждён перечень «{run.title}» приказом № 12-а от 2\u00a0марта 2020"
    )


def test_what_the_rooms_recorded_is_sound(bring, people, places):
    bring(people.operator)
    publish_list(
        agree_list(start_run("seed-2020", None, None, people.operator), people.operator),
        "1",
        date(2020, 3, 2),
        people.operator,
    )
    assert verify().is_sound()
    for event in Event.objects.all():
        assert linked(event.previous, content(event)) == event.hash
