"""Files become results or are refused whole; the same file counts once; an import can be taken back."""

import threading

import pytest
from django.db import connection

from opora.registry.access import NotAllowed
from opora.results.actions import accept_files, store, withdraw_import
from opora.results.models import ImportedFile
from opora.results.reading import Context
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import RESULTS, upload

OTHER = """школа;год;процедура;предмет;класс;участников;низких
sch250004;2019;впр;русский язык;6;30;29
"""
UNKNOWN = OTHER.replace("sch250004", "sch259999")
COLLIDING = """школа;год;процедура;предмет;класс;участников;низких
sch250001;2018;впр;математика;5;20;1
"""


def rows_in_store():
    return store().outcomes().counts.height


def test_a_file_becomes_results_and_only_counts_remain(bring, people, places):
    brought = bring(people.operator)
    assert brought.problems == []
    assert (brought.file.state, brought.file.schools, brought.file.outcomes) == ("accepted", 5, 9)
    assert rows_in_store() == 9
    assert str(places.listed.pk) in set(store().schools()["code"])


def test_the_same_file_twice_is_told_and_not_doubled(bring, people):
    bring(people.operator)
    again = bring(people.operator, name="copy.csv")
    assert again.file.state == "repeated"
    assert rows_in_store() == 9


def test_the_same_file_twice_in_one_go_counts_once(outcomes_folder, people, today):
    brought = accept_files(
        [upload(RESULTS, "a.csv"), upload(RESULTS, "b.csv")], Context(name=""), people.operator, today
    )
    assert [one.file.state for one in brought] == ["accepted", "repeated"]
    assert rows_in_store() == 9


def test_an_unknown_school_refuses_the_file_and_nothing_changes(bring, people):
    brought = bring(people.operator, UNKNOWN)
    assert brought.file.state == "refused"
    assert "sch259999" in brought.problems[0].what
    assert store().current() is None


def test_a_bad_file_does_not_hold_up_the_good_ones(outcomes_folder, people, today):
    given = [
        upload(UNKNOWN, "bad.csv"),
        upload(OTHER, "good.csv"),
        upload(b"", "empty.csv"),
        upload(b"\x00\x01", "x.bin"),
    ]
    brought = accept_files(given, Context(name=""), people.operator, today)
    assert [one.file.state for one in brought] == ["refused", "accepted", "refused", "refused"]
    assert all(one.problems for one in brought if one.file.state == "refused")
    assert rows_in_store() == 1


def test_another_file_about_the_same_outcomes_is_refused_with_the_first_one_s_name(bring, people):
    bring(people.operator, name="first.csv")
    brought = bring(people.operator, COLLIDING)
    assert brought.file.state == "refused"
    assert "first.csv" in brought.problems[0].what
    assert rows_in_store() == 9


def test_a_withdrawn_import_is_as_if_it_had_never_come(bring, people):
    first = bring(people.operator).file
    bring(people.operator, OTHER)
    withdrawn = withdraw_import(first, people.operator)
    assert (withdrawn.state, withdrawn.withdrawn_by) == ("withdrawn", people.operator)
    assert rows_in_store() == 1
    assert withdraw_import(first, people.coordinator).withdrawn_by == people.operator
    assert bring(people.operator).file.state == "accepted"
    assert rows_in_store() == 10


def test_results_that_a_dead_process_left_in_the_store_are_not_counted_twice(bring, people):
    bring(people.operator)
    ImportedFile.objects.all().delete()  # the process died before the database knew
    assert bring(people.operator).file.state == "accepted"
    assert rows_in_store() == 9


def test_if_the_database_fails_the_store_forgets_too(bring, people, monkeypatch):
    def fail(*_arguments, **_named):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(ImportedFile.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError, match="disk"):
        bring(people.operator)
    assert not list(store().sources()["source"])


def test_one_brings_results_of_one_s_own_schools_only(bring, people, places):
    assert bring(people.coordinator).file.state == "refused"  # holds a school of another region
    own = bring(people.municipal, OTHER.replace("sch250004", "sch250002"))
    assert own.file.state == "accepted"
    assert bring(people.municipal, OTHER).file.state == "refused"
    for who in (people.director, people.analyst, people.observer, people.nobody):
        with pytest.raises(NotAllowed):
            bring(who)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_who_bring_the_same_file_at_once_count_it_once(outcomes_folder, people, today):
    start, states = threading.Barrier(2), []

    def bring_at_once(by):
        start.wait()
        try:
            states.append(accept_files([upload(RESULTS)], Context(name=""), by, today)[0].file.state)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring_at_once, args=(people.operator,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["accepted", "repeated"]
    assert rows_in_store() == 9
