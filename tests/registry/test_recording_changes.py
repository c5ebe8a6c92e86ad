"""Recording a change and taking it back: rows of schools follow, the trace tells it."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.registry.access import NotAllowed
from opora.registry.actions import import_schools
from opora.registry.change_model import SchoolChange
from opora.registry.history.actions import TakenBackAlready, record_change, take_back_change
from opora.registry.history.changes import Kind
from opora.registry.history.chronicle import DependsOn
from opora.registry.history.drafts import Draft, NotYet
from opora.registry.history.revision import revision_of
from opora.registry.history.states import Impossible
from opora.registry.models import School
from opora.registry.refusals import ChangedMeanwhile

ON = date(2019, 9, 1)
ORDER = {"order_number": "17-п", "order_date": date(2019, 6, 3)}


def draft(kind, on=ON, **told):
    return Draft(Kind(kind), on, **ORDER, **told)


def merge(places, on=ON):
    return draft("merge", on, school=places.listed, ends=(places.passed,))


def renaming(school, name, on=ON, **told):
    return draft("rename", on, school=school, after=name, **told)


def told_changes():
    return Event.objects.filter(chain="25", target="registry.schoolchange").order_by("number")


def fresh(school):
    return School.objects.get(pk=school.pk)


def test_a_merge_closes_the_school_that_became_part_of_another(people, places):
    row = record_change(merge(places), people.coordinator)
    assert (fresh(places.passed).closed_on, fresh(places.listed).closed_on) == (ON, None)
    assert (row.region_id, row.schools, row.municipalities) == (
        "25",
        [places.listed.pk, places.passed.pk],
        [places.lake.pk],
    )
    assert row.names[str(places.passed.pk)] == "Школа посёлка Береговой"


def test_every_deed_is_told_in_the_chain_of_its_region(people, places):
    row = record_change(merge(places), people.coordinator)
    take_back_change(row, "приказ отменён", people.coordinator)
    told = list(told_changes().values_list("deed", "target_id", "school", "by"))
    me = people.coordinator.pk
    assert told == [
        ("registry.record_merge", str(row.pk), places.listed.pk, me),
        ("registry.take_back_change", str(row.pk), places.listed.pk, me),
    ]


def test_a_renamed_school_is_found_by_its_former_name(people, places):
    record_change(renaming(places.listed, "Ёлкинский лицей"), people.coordinator)
    school = fresh(places.listed)
    assert (str(school), school.former) == ("Ёлкинский лицей", "Школа села Ёлкино")
    assert "школа села елкино" in school.search_key


def test_a_renaming_before_a_recorded_one_tells_what_was_before(people, places):
    """Задним числом: прежнее имя известно только человеку."""
    record_change(renaming(places.listed, "Лицей", date(2021, 9, 1)), people.coordinator)
    earlier = renaming(places.listed, "Школа села Ёлкино", before="Школа колхоза «Заря»")
    record_change(earlier, people.coordinator)
    school = fresh(places.listed)
    assert str(school) == "Лицей"
    assert "Школа колхоза «Заря»" in school.former
    assert "Школа села Ёлкино" in school.former


def test_a_union_opens_the_new_school(people, places):
    record_change(
        draft("merge", ends=(places.listed, places.passed), begins=(places.quiet,)), people.coordinator
    )
    assert fresh(places.quiet).opened_on == ON
    assert {fresh(places.listed).closed_on, fresh(places.passed).closed_on} == {ON}


def test_a_branch_names_its_main_school_and_goes_over_with_it(people, places):
    record_change(draft("branch", school=places.passed, main=places.listed), people.coordinator)
    assert fresh(places.passed).main == places.listed
    into = draft("merge", date(2020, 9, 1), school=places.gymnasium, ends=(places.listed,))
    record_change(into, people.coordinator)
    assert fresh(places.passed).main == places.gymnasium


def test_a_reform_moves_all_schools_of_the_municipality(people, places):
    told = draft("reform", municipality_before=places.lake, municipality_after=places.city)
    row = record_change(told, people.coordinator)
    assert {fresh(places.listed).municipality, fresh(places.passed).municipality} == {places.city}
    assert set(row.moved) == {places.listed.pk, places.passed.pk}
    assert set(row.municipalities) == {places.lake.pk, places.city.pk}
    take_back_change(row, "ошибка", people.coordinator)
    assert fresh(places.listed).municipality == places.lake


def test_a_code_moves_to_another_school_once_it_is_given_up(people, places):
    taken = draft("ris_code", date(2020, 9, 1), school=places.quiet, after="111001")
    with pytest.raises(Impossible, match="Такой код уже есть у другой школы"):
        record_change(taken, people.coordinator)
    record_change(draft("ris_code", school=places.listed, after="111999"), people.coordinator)
    record_change(taken, people.coordinator)
    assert (fresh(places.quiet).ris_code, fresh(places.listed).ris_code) == ("111001", "111999")


def test_taking_back_leaves_the_row_and_puts_schools_back(people, places):
    row = take_back_change(record_change(merge(places), people.coordinator), "не та школа", people.operator)
    assert fresh(places.passed).closed_on is None
    assert (row.taken_back_by, row.taken_back_why) == (people.operator, "не та школа")
    assert SchoolChange.objects.count() == 1
    with pytest.raises(TakenBackAlready):
        take_back_change(row, "ещё раз", people.operator)
    record_change(merge(places), people.coordinator)  # the same day is free again


def test_what_a_later_change_rests_on_is_not_taken_back(people, places):
    first = record_change(renaming(places.listed, "Лицей"), people.coordinator)
    record_change(renaming(places.listed, "Гимназия", date(2020, 9, 1)), people.coordinator)
    with pytest.raises(DependsOn, match="Сначала отмените изменение «переименование"):
        take_back_change(first, "ошибка", people.coordinator)
    assert str(fresh(places.listed)) == "Гимназия"
    assert SchoolChange.objects.filter(taken_back_at=None).count() == 2


def test_an_impossible_change_leaves_nothing_behind(people, places):
    record_change(merge(places), people.coordinator)
    with pytest.raises(Impossible, match=r"она вошла в другую школу 01\.09\.2019"):
        record_change(draft("close", date(2020, 1, 1), school=places.passed), people.coordinator)
    assert SchoolChange.objects.count() == 1
    assert told_changes().count() == 1


def test_a_day_that_has_not_come_is_not_recorded(people, places, today):
    with pytest.raises(NotYet):
        record_change(merge(places, today + timedelta(days=1)), people.coordinator)


@pytest.mark.parametrize(
    "who", ["municipal", "director", "curator", "analyst", "observer", "stranger", "nobody"]
)
def test_only_coordinators_of_the_region_and_the_operator_record(people, places, who):
    with pytest.raises(NotAllowed):
        record_change(merge(places), getattr(people, who))
    row = record_change(merge(places), people.operator)
    with pytest.raises(NotAllowed):
        take_back_change(row, "нет", getattr(people, who))


def test_schools_of_two_regions_are_not_one_change(people, places):
    """Через границу региона это не одно изменение: чужая школа реестру региона неизвестна."""
    across = draft("merge", school=places.listed, ends=(places.foreign,))
    with pytest.raises(Impossible, match="неизвестна реестру"):
        record_change(across, people.operator)


def test_who_looked_before_another_s_change_is_told(people, places):
    seen = revision_of([places.listed.pk, places.passed.pk])
    record_change(renaming(places.passed, "Новая"), people.coordinator)
    with pytest.raises(ChangedMeanwhile):
        record_change(merge(places), people.operator, seen)
    again = revision_of([places.listed.pk, places.passed.pk])
    record_change(merge(places), people.operator, again)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_people_at_once_one_wins_and_the_other_is_told(people, places):
    seen, start, told = revision_of([places.listed.pk, places.passed.pk]), threading.Barrier(2), []

    def deed(who, change):
        try:
            start.wait()
            record_change(change, who, seen)
            told.append("won")
        except (ChangedMeanwhile, Impossible) as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    both = [
        (people.coordinator, merge(places)),
        (people.operator, draft("merge", school=places.passed, ends=(places.listed,))),
    ]
    threads = [threading.Thread(target=deed, args=one) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["ChangedMeanwhile", "won"]
    assert SchoolChange.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"kind": "vanish"}, "change_is_of_a_known_kind|never_rewritten"),
        ({"on": date(2018, 1, 1)}, "school_change_is_never_rewritten"),
        ({"order_number": ""}, "school_change_is_never_rewritten"),
        ({"taken_back_why": "без человека"}, "taking_back_names_its_person_and_reason"),
    ],
)
def test_a_recorded_change_is_never_rewritten(people, places, change, rule):
    row = record_change(merge(places), people.coordinator)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        SchoolChange.objects.filter(pk=row.pk).update(**change)


def test_a_recorded_change_is_never_deleted(people, places):
    row = record_change(merge(places), people.coordinator)
    with pytest.raises(IntegrityError, match="school_change_is_never_deleted"), transaction.atomic():
        SchoolChange.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, "school_changes_once_a_day_in_a_kind"),
        ({"kind": "vanish"}, "change_is_of_a_known_kind"),
        ({"kind": "close", "schools": []}, "change_names_its_schools"),
        ({"kind": "close", "order_number": ""}, "change_has_its_order"),
        ({"kind": "move"}, "move_names_both_municipalities"),
    ],
)
def test_the_database_refuses_a_row_that_breaks_a_rule(people, places, change, rule):
    row = record_change(merge(places), people.coordinator)
    row.pk = None
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        row.save(force_insert=True)


def test_an_old_table_does_not_undo_the_history_of_a_school(people, places):
    """Прежняя таблица загружена снова: школа найдена по прежнему имени, новое имя и закрытие остались."""
    record_change(renaming(places.listed, "Ёлкинский лицей"), people.coordinator)
    record_change(draft("close", school=places.passed), people.coordinator)
    rows = [
        (2, {"Муниципалитет": "Ёлкинский район", "Наименование": "Школа села Ёлкино", "Учеников": 77}),
        (3, {"МСУ": "Ёлкинский район", "Наименование": "Школа посёлка Береговой", "Закрыта": "01.01.2022"}),
    ]  # fmt: skip
    done = import_schools(rows, people.coordinator, places.primorye)
    assert (done.added, done.changed, done.unchanged) == (0, 1, 1)
    assert (str(fresh(places.listed)), fresh(places.listed).pupils) == ("Ёлкинский лицей", 77)
    assert fresh(places.passed).closed_on == ON
