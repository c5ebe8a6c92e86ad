"""Recording a deed: in its own transaction, one after the other, in a chain for each territory."""

import threading

import pytest
from django.db import connection, transaction

from opora.audit import words
from opora.audit.actions import NotInTransaction, content, record
from opora.audit.links import linked
from opora.audit.models import Chain, Event


@pytest.fixture(autouse=True)
def deeds():
    """A room of this test tells its deeds."""
    words.tell_deeds("tests", {"move_list": "перенесён перечень «{title}»"})
    yield
    words._sentences.pop("tests.move_list")


@pytest.mark.django_db
def test_each_event_holds_the_hash_of_the_one_before():
    first = record("tests.move_list", None, region="25", title="Перечень 2020")
    second = record("tests.move_list", None, region="25", title="Перечень 2021")
    assert (first.number, second.number) == (1, 2)
    assert first.previous == "" and second.previous == first.hash
    assert Chain.objects.get(pk="25").hash == second.hash


@pytest.mark.django_db
def test_territories_have_chains_of_their_own():
    record("tests.move_list", None, region="25", title="здесь")
    assert record("tests.move_list", None, region="22", title="там").number == 1
    assert record("tests.move_list", None, title="в стране").chain_id == ""


@pytest.mark.django_db
def test_an_event_comes_back_from_the_database_with_the_same_hash():
    """Всё, что вошло в отпечаток, возвращается из базы знак в знак."""
    record(
        "tests.move_list",
        None,
        school=7,
        title="«Ёж» \\ \U0001f33f",
        n=10**15,
        yes=True,
        rows=[1, {"б": None}],
    )
    event = Event.objects.get()
    assert linked(event.previous, content(event)) == event.hash


@pytest.mark.django_db
@pytest.mark.parametrize("detail", [0.1, {1: "x"}, "a\x00b", object()])
def test_what_a_database_would_not_give_back_exactly_is_refused(detail):
    with pytest.raises(TypeError):
        record("tests.move_list", None, title=detail)


@pytest.mark.django_db
def test_a_deed_that_nobody_told_is_refused():
    with pytest.raises(words.UnknownDeed):
        record("tests.unheard_of", None)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_deed_is_recorded_in_its_transaction_or_not_at_all():
    with pytest.raises(NotInTransaction):
        record("tests.move_list", None, title="отдельно")
    with pytest.raises(RuntimeError), transaction.atomic():
        record("tests.move_list", None, title="не вышло")
        raise RuntimeError
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_deeds_of_several_people_at_once_stand_in_one_chain_without_gaps():
    def deed():
        try:
            for _time in range(10):
                with transaction.atomic():
                    record("tests.move_list", None, region="25", title="разом")
        finally:
            connection.close()

    threads = [threading.Thread(target=deed) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = list(Event.objects.order_by("number"))
    assert [event.number for event in events] == list(range(1, 41))
    assert [event.previous for event in events] == ["", *[event.hash for event in events[:-1]]]


def test_a_sentence_says_its_details_and_bears_an_old_event_without_one():
    assert words.said("tests.move_list", {"title": "2020"}) == "перенесён перечень «2020»"
    assert words.said("tests.move_list", {}) == "перенесён перечень «…»"
