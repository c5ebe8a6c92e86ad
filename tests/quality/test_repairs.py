"""A plan of repairs follows its regulation: every move, state and side is walked; proofs and terms hold."""

import itertools
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.quality.models import Repair, SheetPart
from opora.quality.repairs.actions import (
    Planned,
    Proof,
    agree_repair,
    change_repair,
    drop_repair,
    plan_repair,
    report_repair,
    return_repair,
)
from opora.quality.repairs.regulation import MOVES, moves_of
from opora.registry.access import NotAllowed
from opora.registry.refusals import CannotDo, ChangedMeanwhile

pytestmark = pytest.mark.django_db
State, Side = Repair.State, SheetPart.Side
WHY_NOT = Planned(why_not="в этом году закрываем корпус")


@pytest.fixture
def measure(today):
    return Planned("обновить положение", "заместитель директора", today + timedelta(days=30))


@pytest.fixture
def unfulfilled(checked):
    """A sheet whose check is signed, with one criterion that is not fulfilled."""
    return checked(regulation="no")


@pytest.fixture
def row(unfulfilled, people, measure):
    return plan_repair(unfulfilled, "regulation", measure, people.director)


@pytest.fixture
def make(people, measure, today):
    """Make each move as somebody."""
    moves = {
        "change": lambda row, by: change_repair(row, measure, row.version, by),
        "drop": lambda row, by: drop_repair(row, row.version, by),
        "agree": lambda row, by: agree_repair(row, row.version, by),
        "return": lambda row, by: return_repair(row, "назовите срок", row.version, by),
        "report": lambda row, by: report_repair(row, Proof("приказ № 5"), row.version, by),
    }
    return lambda move, row, by: moves[move](row, by)


def test_the_regulation_is_as_it_is_drawn():
    """Кто что может сделать с мерой; причина, почему меры не будет, выполненной не бывает."""
    drawn = {
        ("school", "proposed"): {"change", "drop"},
        ("school", "returned"): {"change", "drop"},
        ("school", "agreed"): {"change", "report"},
        ("school", "done"): set(),
        ("municipality", "proposed"): {"agree", "return"},
        ("municipality", "returned"): set(),
        ("municipality", "agreed"): {"return"},
        ("municipality", "done"): {"return"},
    }
    assert {place: set(moves_of(*place, is_deed=True)) for place in drawn} == drawn
    assert "report" not in moves_of("school", "agreed", is_deed=False)


@pytest.mark.parametrize(("move", "state", "side"), list(itertools.product(MOVES, State, Side)))
def test_each_move_is_made_from_the_states_and_by_the_side_of_the_regulation(
    move, state, side, row, make, people, today
):
    """Ход × состояние × сторона: разрешённое меняет состояние по таблице, остальное не меняет ничего."""
    done_on = today if state == State.DONE else None
    Repair.objects.filter(pk=row.pk).update(state=state, done_on=done_on)
    row.refresh_from_db()
    by = people.director if side == Side.SCHOOL else people.municipal
    if move in moves_of(side, state, True):
        make(move, row, by)
        kept = Repair.objects.filter(pk=row.pk).first()
        assert (kept.state if kept else "") == MOVES[move].steps[state]
        assert kept is None or (kept.done_on is not None) == (kept.state == State.DONE)
    else:
        refusal = CannotDo if MOVES[move].side == side else NotAllowed
        with pytest.raises(refusal):
            make(move, row, by)
        assert Repair.objects.get(pk=row.pk).state == state


@pytest.mark.parametrize("who", ["analyst", "curator", "observer", "stranger", "nobody", "operator"])
@pytest.mark.parametrize("move", MOVES)
def test_nobody_else_moves_a_row(row, make, people, who, move):
    with pytest.raises(NotAllowed):
        make(move, row, getattr(people, who))


def test_a_plan_is_made_for_what_is_not_fulfilled_once_something_is_signed(
    sheet, unfulfilled, people, measure
):
    with pytest.raises(CannotDo, match="исправлять нечего"):
        plan_repair(unfulfilled, "schedule", measure, people.director)
    with pytest.raises(CannotDo, match="исправлять нечего"):
        plan_repair(unfulfilled, "unknown", measure, people.director)
    with pytest.raises(NotAllowed):
        plan_repair(unfulfilled, "regulation", measure, people.municipal)
    made = plan_repair(unfulfilled, "regulation", measure, people.director)
    assert (made.state, made.who) == (State.PROPOSED, "заместитель директора")
    assert Event.objects.get(deed="quality.plan_repair").details["what"] == "обновить положение"


def test_an_unsigned_sheet_has_no_plan_yet(filled, people, measure):
    with pytest.raises(CannotDo, match="Сначала подпишите"):
        plan_repair(filled(signed=False, regulation="no"), "regulation", measure, people.director)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"what": " "}, "что сделаете"),
        ({"who": ""}, "должность"),
        ({"due": None}, "срок"),
        ({"due": -1}, "сегодня или позже"),
        ({"due": 2000}, "трёх лет"),
        ({"why_not": "не нужно"}, "либо меру, либо"),
    ],
)
def test_a_measure_has_a_deed_a_post_and_a_term_or_a_reason_why_not(
    unfulfilled, people, measure, today, odd, told
):
    given = {"what": measure.what, "who": measure.who, "due_on": measure.due_on}
    for name, value in odd.items():
        given["due_on" if name == "due" else name] = (
            today + timedelta(days=value) if name == "due" and value is not None else value
        )
    with pytest.raises(CannotDo, match=told):
        plan_repair(unfulfilled, "regulation", Planned(**given), people.director)
    assert not Repair.objects.exists()


def test_a_reason_why_there_is_no_measure_is_agreed_and_never_reported_done(unfulfilled, people):
    row = plan_repair(unfulfilled, "regulation", WHY_NOT, people.director)
    agreed = agree_repair(row, row.version, people.municipal)
    assert (agreed.due_on, agreed.state) == (None, State.AGREED)
    with pytest.raises(CannotDo):
        report_repair(agreed, Proof("так"), agreed.version, people.director)


def test_a_row_comes_back_with_words_that_go_when_it_is_written_again(row, people, measure):
    with pytest.raises(CannotDo, match="что изменить"):
        return_repair(row, "  ", row.version, people.municipal)
    back = return_repair(row, "Назовите, кто проверит", row.version, people.municipal)
    assert (back.state, back.remark) == (State.RETURNED, "Назовите, кто проверит")
    again = change_repair(back, measure, back.version, people.director)
    assert (again.state, again.remark) == (State.PROPOSED, "")


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        (Proof(), "чем подтверждается"),
        (Proof(link="http://x.ru"), "https://"),
        (Proof(link="javascript:alert(1)"), "https://"),
    ],
)
def test_a_repair_is_done_with_a_proof(row, people, proof, told):
    agreed = agree_repair(row, row.version, people.municipal)
    with pytest.raises(CannotDo, match=told):
        report_repair(agreed, proof, agreed.version, people.director)
    assert Repair.objects.get().state == State.AGREED


def test_a_proof_that_is_not_enough_opens_the_repair_again(row, people, today):
    agreed = agree_repair(row, row.version, people.municipal)
    done = report_repair(
        agreed, Proof("приказ", "Приказ № 5", "https://school.ru/5"), agreed.version, people.director
    )
    assert (done.done_on, done.proof_title) == (today, "Приказ № 5")
    back = return_repair(done, "ссылка не открывается", done.version, people.municipal)
    assert (back.state, back.done_on, back.proof) == (State.AGREED, None, "приказ")


def test_a_plan_goes_on_after_the_check_has_ended(row, check, people):
    from opora.quality.checks.actions import end_check

    end_check(check, people.municipal)
    agreed = agree_repair(row, row.version, people.municipal)
    assert report_repair(agreed, Proof("готово"), agreed.version, people.director).state == State.DONE


def test_the_second_of_two_people_is_told(row, people, measure):
    agree_repair(row, row.version, people.municipal)
    for deed in (
        lambda: change_repair(row, measure, row.version, people.director),
        lambda: drop_repair(row, row.version, people.director),
        lambda: return_repair(row, "x", row.version, people.municipal),
    ):
        with pytest.raises(ChangedMeanwhile):
            deed()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_agreed_and_changed_at_once_is_one_of_the_two(row, people, measure):
    """Муниципалитет согласует, школа меняет в тот же миг: одно принято, второму сказано."""
    start, told = threading.Barrier(2), []

    def move(deed):
        start.wait()
        try:
            deed()
            told.append("done")
        except (ChangedMeanwhile, CannotDo) as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    deeds = [
        lambda: agree_repair(row, row.version, people.municipal),
        lambda: change_repair(row, measure, row.version, people.director),
    ]
    threads = [threading.Thread(target=move, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["ChangedMeanwhile", "done"] and Repair.objects.get().version == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"what": ""},
        {"due_on": None},
        {"why_not": "x"},
        {"who": ""},
        {"state": "done"},
        {"done_on": "2026-01-01"},
    ],
)
def test_the_database_refuses_what_cannot_be(row, odd):
    with pytest.raises(IntegrityError), transaction.atomic():
        Repair.objects.filter(pk=row.pk).update(**odd)
