"""A thousand random tamperings of the trace: each is found and pointed at; in an untouched log, nothing.

What a chain cannot find is said in ``opora.audit.checking``: newest events taken away, or everything written
anew, since the last anchor whose copy lies where the one who tampers cannot reach it.
"""

import random

import pytest
from django.db import IntegrityError, connection, transaction

from opora.accounts.actions import add_person
from opora.audit.anchor_file import append_new
from opora.audit.fault_words import sentence
from opora.audit.models import Anchor, Chain, Event
from opora.audit.verifying import verify
from tests.trust.logs import TERRITORIES, run, tell, write_log
from tests.trust.tamperings import WAYS

pytestmark = pytest.mark.django_db
LOGS, TAMPERINGS = 10, 100  # a thousand
TABLES = ("audit_event", "audit_chain", "audit_anchor")


@pytest.fixture(autouse=True)
def deeds():
    tell()


@pytest.fixture
def people():
    return [add_person(f"{name}@example.org", f"Человек {name}", None) for name in ("a", "b", "c")]


@pytest.fixture
def log(people):
    """Make a log from a seed, and its triggers ineffective as only the owner of the tables can."""

    def make(seed):
        rng = random.Random(seed)
        write_log(rng, people)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("SET CONSTRAINTS ALL DEFERRED")
        for table in TABLES:
            run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        run("ALTER TABLE audit_event DROP CONSTRAINT events_are_numbered_from_one")
        return rng

    return make


def points_at(fault, touched):
    """Say whether a fault names what was touched."""
    place, first, last = touched
    if place == "anchor":
        return fault.other == first or (fault.kind == "anchors_missing" and fault.other <= first)
    return fault.territory == place and fault.first <= last and fault.last >= first


class Undo(Exception):
    """Ends a tampering."""


@pytest.mark.parametrize("seed", range(LOGS))
def test_every_tampering_is_found_and_pointed_at(log, seed, tmp_path):
    """Сто случайных порч каждого из десяти журналов: найдена каждая, и сказано, где она."""
    rng, file = log(seed), tmp_path / "anchors.jsonl"
    append_new(file)
    assert verify(None, file).is_sound()
    missed = []
    for number in range(TAMPERINGS):
        way = rng.choice(WAYS)
        try:
            with transaction.atomic():
                touched = way(rng)
                faults = verify(None, file).faults
                told = [sentence(fault) for fault in faults]
                if not any(points_at(fault, touched) for fault in faults):
                    missed.append((number, way.__name__, touched, told))
                raise Undo
        except Undo:
            continue
    assert not missed
    assert verify(None, file).is_sound()


@pytest.mark.parametrize("seed", range(100, 110))
def test_an_untouched_log_is_sound(people, seed, tmp_path):
    rng = random.Random(seed)
    for _time in range(3):
        write_log(rng, people, rng.randint(1, 4), rng.randint(3, 6))
        append_new(tmp_path / "anchors.jsonl")
        found = verify(None, tmp_path / "anchors.jsonl")
        assert found.faults == []
        assert (found.events, found.lines) == (Event.objects.count(), Anchor.objects.count())


def test_one_changed_cell_is_one_fault(log):
    """Одна исправленная ячейка — одна фраза, а не лавина до конца цепочки."""
    log(1)
    for column, value in {"role": "'director2'", "hash": "reverse(hash)", "previous": "'x'"}.items():
        with pytest.raises(Undo), transaction.atomic():
            run(f"UPDATE audit_event SET {column} = {value} WHERE chain_id = '25' AND number = 4")
            (fault,) = verify().faults
            assert (fault.kind, fault.territory, fault.first) == ("changed", "25", 4)
            assert sentence(fault).startswith("цепочка 25, событие 4: изменено")
            raise Undo


def test_removed_and_swapped_events_are_called_so(log):
    log(2)
    with pytest.raises(Undo), transaction.atomic():
        run("DELETE FROM audit_event WHERE chain_id = '22' AND number IN (3, 4)")
        (fault,) = verify().faults
        assert sentence(fault) == "цепочка 22, события 3–4: удалены"
        raise Undo
    with pytest.raises(Undo), transaction.atomic():
        for old, new in ((3, 0), (6, 3), (0, 6)):
            run("UPDATE audit_event SET number = %s WHERE chain_id = '22' AND number = %s", [new, old])
        told = {(fault.kind, fault.first, fault.other) for fault in verify().faults}
        assert told >= {("moved", 3, 6), ("moved", 6, 3)}
        raise Undo


def test_only_the_wanted_chain_is_walked(log):
    log(3)
    run("UPDATE audit_event SET role = 'x' WHERE chain_id = '22' AND number = 2")
    assert verify("25").is_sound()
    assert verify("25").events == Chain.objects.get(pk="25").number
    assert not verify("22").is_sound()


def test_a_changed_copy_is_told_from_a_changed_database(log, tmp_path):
    log(4)
    file = tmp_path / "anchors.jsonl"
    append_new(file)
    lines = file.read_text().splitlines(keepends=True)
    for damaged in (
        lines[2].replace('"event":', '"event":1'),
        "{}\n",
        "[" * 5000 + "\n",
    ):
        file.write_text("".join([*lines[:2], damaged, *lines[3:]]))
        kinds = [(fault.kind, fault.other) for fault in verify(None, file).faults]
        assert kinds == [("line_changed", 3)]
    file.write_text("".join(lines)[:-20])  # the machine stopped while it was written
    assert verify(None, file).is_sound()
    append_new(file)
    assert file.read_text().splitlines(keepends=True) == lines


def test_the_walk_does_not_keep_the_log_in_memory(log):
    """Память при проверке не зависит от длины цепочки."""
    import tracemalloc

    log(5)
    few = peak(tracemalloc, 1_000, 12_000)
    assert peak(tracemalloc, 13_000, 12_000) < few + 2**20


def peak(tracemalloc, first, count):
    run(
        "INSERT INTO audit_event (chain_id, number, at, by_id, role, deed, target, target_id, details, "
        "previous, hash) SELECT '25', n, now(), NULL, '', 'trust.sign_in', '', '', '{}', '', '' "
        "FROM generate_series(%s::int, %s) n",
        [first, first + count - 1],
    )
    tracemalloc.start()
    found = verify("25")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.events
    return most


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET role = 'x' WHERE number = 1",
        "DELETE FROM audit_event WHERE number = 1",
        "UPDATE audit_chain SET number = number + 1 WHERE territory = '25'",
        "UPDATE audit_chain SET number = number - 1 WHERE territory = '25'",
        "UPDATE audit_chain SET hash = 'x' WHERE territory = '25'",
        "UPDATE audit_chain SET territory = '26' WHERE territory = '25'",
        "DELETE FROM audit_chain WHERE territory = '25'",
        "INSERT INTO audit_chain (territory, number, hash) VALUES ('77', 5, 'x')",
        "UPDATE audit_anchor SET day = day + 1",
        "DELETE FROM audit_anchor",
    ],
)
def test_the_database_refuses_to_change_the_trace(people, statement):
    """Без отключения правил владельцем таблиц журнал изменить нельзя."""
    write_log(random.Random(6), people, 2)
    with pytest.raises(IntegrityError, match=r"only added to|one event forward"), transaction.atomic():
        run(statement)
    assert verify().is_sound()


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_empty_the_trace(people, table):
    """Очистить журнал нельзя; тестам это разрешено только между собой, здесь правило включено снова."""
    from tests.conftest import EMPTIED

    write_log(random.Random(7), people, 2)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Undo), transaction.atomic():
        run(f"ALTER TABLE {table} ENABLE TRIGGER {EMPTIED[table]}")
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            run(f"TRUNCATE {table} CASCADE" if table == "audit_event" else f"TRUNCATE {', '.join(TABLES)}")
        raise Undo


def test_an_event_goes_only_to_the_end_of_its_chain(people):
    """Вставить событие не на своё место не даёт сама база, даже с верным отпечатком."""
    write_log(random.Random(8), people, 2)
    last = Event.objects.filter(chain="25").order_by("-number")[0]
    for number, previous in ((last.number + 2, last.hash), (last.number + 1, "x" * 64), (1, "")):
        last.number, last.previous = number, previous
        with pytest.raises(IntegrityError), transaction.atomic():
            last.save(force_insert=True)
    assert verify().is_sound()


def test_anchors_are_made_for_every_chain_with_news_and_for_no_other(people):
    write_log(random.Random(9), people, 1)
    first = Anchor.objects.filter(event=1)  # a chain is anchored at its first event
    assert {one.chain_id for one in first} == set(TERRITORIES)
    from opora.audit.actions import make_anchors

    write_log(random.Random(10), people, 1)
    assert make_anchors() == len(TERRITORIES)
    assert make_anchors() == 0
    heads = {chain.pk: (chain.number, chain.hash) for chain in Chain.objects.all()}
    newest = {one.chain_id: (one.event, one.event_hash) for one in Anchor.objects.order_by("number")}
    assert newest == heads


def test_the_first_event_of_a_day_anchors_what_came_before(people):
    """Первое событие нового дня закрепляет вчерашнее во всех цепочках, где оно есть."""
    from datetime import timedelta

    from django.utils import timezone

    write_log(random.Random(11), people, 1)
    write_log(random.Random(12), people, 1)
    before = {chain.pk: chain.number for chain in Chain.objects.all()}
    count = Anchor.objects.count()
    tomorrow = timezone.localdate() + timedelta(days=1)
    for expected in (True, False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT anchored FROM audit_next('25', %s)", [tomorrow])
            assert cursor.fetchone() == (expected,)
    made = Anchor.objects.filter(number__gt=count)
    assert {one.chain_id: one.event for one in made} == before
    assert {one.day for one in made} == {tomorrow}
