"""A visit is planned, moved, cancelled, marked: by whom, from which state, with what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from opora.audit.models import Event
from opora.registry.access import NotAllowed
from opora.registry.refusals import CannotDo
from opora.visits.access import sees_everything, visible_visits
from opora.visits.models import Visit
from opora.visits.planning.actions import Plan, cancel_visit, hold_visit, move_visit, plan_visit
from opora.visits.regulation import MOVES, moves_of
from opora.visits.taking.actions import take_records

pytestmark = pytest.mark.django_db
EVERYBODY = ("operator", "analyst", "coordinator", "municipal", "curator", "director", "observer", "stranger")
HOLDERS = {"operator", "coordinator", "municipal", "curator"}


def deeds(today):
    return {
        "hold": hold_visit,
        "move": lambda visit, by: move_visit(visit, today + timedelta(days=9), by),
        "cancel": lambda visit, by: cancel_visit(visit, "метель", by),
    }


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", Visit.State.values)
def test_every_move_from_every_state_by_everybody(visit, people, told, today, move, state, who):
    """Таблица регламента: ход × состояние × роль."""
    take_records(visit, [told("m", "met")], people.curator)
    if state == "done":
        hold_visit(visit, people.curator)
    elif state == "cancelled":
        cancel_visit(visit, "карантин", people.curator)
    by, deed = getattr(people, who), deeds(today)[move]
    if who not in HOLDERS:
        with pytest.raises(NotAllowed):
            deed(visit, by)
    elif move not in moves_of(state):
        with pytest.raises(CannotDo, match="обновите"):
            deed(visit, by)
    else:
        assert deed(visit, by).state == MOVES[move].after


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_plan(people, places, today, who):
    plan = Plan(places.listed, today, "сверить профиль")
    if who in HOLDERS:
        made = plan_visit(plan, getattr(people, who))
        assert (made.state, made.region, made.municipality) == ("planned", places.primorye, places.lake)
        assert Event.objects.get(deed="visits.plan_visit").school == places.listed.pk
    else:
        with pytest.raises(NotAllowed):
            plan_visit(plan, getattr(people, who))


def test_a_curator_plans_at_own_schools_only(people, places, today):
    with pytest.raises(NotAllowed):
        plan_visit(Plan(places.passed, today, "посмотреть"), people.curator)


def test_a_day_that_has_passed_and_no_purpose_are_refused(people, places, today):
    with pytest.raises(CannotDo, match="уже прошёл"):
        plan_visit(Plan(places.listed, today - timedelta(days=1), "зачем-то"), people.curator)
    with pytest.raises(CannotDo, match="зачем"):
        plan_visit(Plan(places.listed, today, "  "), people.curator)


def test_without_who_was_met_a_visit_is_not_done(visit, people, told, mended):
    with pytest.raises(CannotDo, match="с кем встретились"):
        hold_visit(visit, people.curator)
    take_records(visit, [told("m", "met"), told("n"), mended("w", "m", 1, "")], people.curator)
    with pytest.raises(CannotDo, match="с кем встретились"):
        hold_visit(visit, people.curator)
    take_records(visit, [told("m2", "met", who="parents")], people.curator)
    assert hold_visit(visit, people.curator).ended_at is not None


def test_a_reason_is_needed_to_cancel(visit, people):
    with pytest.raises(CannotDo, match="почему"):
        cancel_visit(visit, " ", people.curator)
    assert cancel_visit(visit, " метель ", people.curator).reason == "метель"


def test_moving_to_the_same_day_is_no_deed(visit, people, today):
    move_visit(visit, visit.planned_on, people.curator)
    assert not Event.objects.filter(deed="visits.move_visit").exists()
    with pytest.raises(CannotDo, match="уже прошёл"):
        move_visit(visit, today - timedelta(days=1), people.curator)


@pytest.mark.parametrize(
    "odd",
    [{"state": "cancelled"}, {"reason": "метель"}, {"state": "done"}, {"ended_at": "2026-11-01T00:00Z"}],
)
def test_the_database_refuses_what_cannot_be(visit, odd):
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(**odd)


@pytest.mark.parametrize(
    ("who", "sees", "everything"),
    [
        ("operator", True, True),
        ("coordinator", True, True),
        ("municipal", True, True),
        ("curator", True, True),
        ("director", True, False),
        ("observer", True, False),
        ("analyst", False, False),
        ("stranger", False, False),
        ("nobody", False, False),
    ],
)
def test_who_sees_a_visit_and_who_all_of_it(visit, people, places, today, who, sees, everything):
    person = getattr(people, who)
    assert visible_visits(person, today).exists() == sees
    assert sees_everything(person, places.listed, today) == everything
