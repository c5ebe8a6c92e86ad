"""A list is shown, objected to, agreed, made valid by an order; a decision changes it and says why."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.identification.actions import (
    AlreadyPublished,
    CannotAmend,
    CannotObject,
    CannotPublish,
    Grounds,
    agree_list,
    decide_objection,
    exit_school,
    object_to_list,
    publish_list,
    replace_school,
    send_for_agreement,
    start_run,
)
from opora.identification.models import Amendment, Objection, PlaceCount, Run, Verdict
from opora.identification.on_list import OnList
from opora.identification.states import NEXT, State, may_follow
from opora.registry.access import NotAllowed
from opora.registry.orders import OrderFile, where

DAY = date(2020, 3, 2)
BECAUSE = Grounds("Школа закрыта на ремонт")


@pytest.fixture
def regional(bring, people, places):
    """A draft of the coordinator's region."""
    bring(people.operator)
    return start_run("seed-2020", None, places.primorye, people.coordinator)


@pytest.fixture
def shown(regional, people, today):
    """The same list, shown for objections for two weeks."""
    return send_for_agreement(regional, today + timedelta(days=14), people.coordinator)


@pytest.fixture
def on_list(shown, places):
    return OnList(shown, shown.lists[0], places.listed)


def listed(run):
    return set(Verdict.objects.filter(run=run, listed=True).values_list("school__vpr_login", flat=True))


def counted(run):
    """Answer the counts that are kept, by municipality, and hold them against the verdicts."""
    for name in [*run.lists, ""]:
        mine = Verdict.objects.filter(run=run, **({"list": name} if name else {}))
        for row in PlaceCount.objects.filter(run=run, list=name):
            here = mine.filter(municipality=row.municipality, listed=True).values("school").distinct()
            assert row.listed == here.count(), (name, row)
    return {
        row.municipality.name: row.listed
        for row in PlaceCount.objects.filter(run=run, list="").select_related("municipality")
    }


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        ("draft", "review", True),
        ("draft", "agreed", True),
        ("draft", "published", False),
        ("review", "agreed", True),
        ("review", "published", False),
        ("review", "draft", False),
        ("agreed", "published", True),
        ("agreed", "review", False),
        ("published", "draft", False),
    ],
)
def test_a_list_goes_one_way(now, then, may):
    assert may_follow(now, State(then)) is may
    assert set(NEXT) == set(State)


def test_a_list_is_shown_agreed_and_published_for_a_term(regional, people, today, settings, tmp_path):
    settings.ORDERS = tmp_path / "orders"
    send_for_agreement(regional, today, people.coordinator)
    agree_list(regional, people.coordinator)
    file = OrderFile("приказ.pdf", b"%PDF-1.7 order")
    run = publish_list(regional, " 12-а ", DAY, people.coordinator, valid_until=date(2021, 8, 31), file=file)
    assert (run.state, run.order_number, run.valid_until) == ("published", "12-а", date(2021, 8, 31))
    assert where(run.order_digest).read_bytes() == file.content
    deeds = (
        Event.objects.filter(target="identification.run").order_by("number").values_list("deed", flat=True)
    )
    assert [deed.split(".")[1] for deed in deeds] == [
        "start_run", "send_for_agreement", "agree_list", "publish_list",
    ]  # fmt: skip


def test_steps_out_of_order_are_refused_and_change_nothing(regional, people, today):
    with pytest.raises(CannotPublish, match="не следующий"):
        publish_list(regional, "1", DAY, people.coordinator)
    with pytest.raises(CannotPublish, match="уже прошёл"):
        send_for_agreement(regional, today - timedelta(days=1), people.coordinator)
    send_for_agreement(regional, today, people.coordinator)
    with pytest.raises(CannotPublish, match="не следующий"):
        send_for_agreement(regional, today, people.coordinator)
    agree_list(regional, people.coordinator)
    with pytest.raises(CannotPublish, match="раньше дня приказа"):
        publish_list(regional, "1", DAY, people.coordinator, valid_until=date(2020, 1, 1))
    publish_list(regional, "1", DAY, people.coordinator)
    for step in (
        lambda: agree_list(regional, people.coordinator),
        lambda: send_for_agreement(regional, today, people.coordinator),
        lambda: publish_list(regional, "2", DAY, people.coordinator),
    ):
        with pytest.raises(AlreadyPublished):
            step()
    assert Run.objects.get().order_number == "1"


@pytest.mark.parametrize("who", ["analyst", "municipal", "curator", "director", "observer", "stranger"])
def test_others_take_no_step_and_change_no_list(on_list, people, places, today, who):
    other, run = getattr(people, who), on_list.run
    for deed in (
        lambda: agree_list(run, other),
        lambda: exit_school(on_list, BECAUSE, other),
        lambda: replace_school(on_list, places.passed, BECAUSE, other),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert Run.objects.get().state == "review"
    assert not Amendment.objects.exists()


def test_an_accepted_objection_takes_the_school_off_and_keeps_what_the_rule_said(on_list, people, places):
    made = object_to_list(on_list, "  Чужие работы в файле ", people.director)
    assert (made.reasons, made.state, made.municipality) == ("Чужие работы в файле", "waiting", places.lake)
    decide_objection(made, True, Grounds("Проверили: файл соседней школы"), people.coordinator)
    verdict = Verdict.objects.get(run=on_list.run, school=places.listed)
    assert (verdict.by_rule, verdict.listed) == (True, False)
    amendment = Amendment.objects.get()
    assert (amendment.kind, amendment.joins, amendment.objection) == ("objection", False, made)
    assert counted(on_list.run) == {"Ёлкинский район": 0, "город Мысовой": 1}
    made.refresh_from_db()
    assert (made.state, made.answer) == ("accepted", "Проверили: файл соседней школы")


def test_a_declined_objection_changes_nothing_but_is_answered(on_list, people):
    made = object_to_list(on_list, "Не согласны", people.municipal)
    with pytest.raises(CannotAmend, match="причину"):
        decide_objection(made, False, Grounds("  "), people.coordinator)
    decide_objection(made, False, Grounds("Работы ваши, сверили по кодам"), people.coordinator)
    assert "sch250001" in listed(on_list.run)
    with pytest.raises(CannotAmend, match="уже решено"):
        decide_objection(made, True, BECAUSE, people.coordinator)
    object_to_list(on_list, "Возражаем снова: вот другие причины", people.director)


def test_a_list_is_agreed_when_every_objection_is_decided(on_list, people):
    made = object_to_list(on_list, "Не согласны", people.director)
    with pytest.raises(CannotPublish, match="ждут решения: 1"):
        agree_list(on_list.run, people.coordinator)
    decide_objection(made, False, Grounds("Сверили"), people.coordinator)
    assert agree_list(on_list.run, people.coordinator).state == "agreed"
    with pytest.raises(CannotObject, match="пока перечень на согласовании"):
        object_to_list(on_list, "Опоздали", people.director)


def test_objections_that_make_no_sense_are_refused(on_list, people, places, today):
    with pytest.raises(CannotObject, match="почему"):
        object_to_list(on_list, " \n", people.director)
    with pytest.raises(NotAllowed):
        object_to_list(on_list, "За соседа", people.stranger)
    passed = OnList(on_list.run, on_list.list, places.passed)
    with pytest.raises(CannotObject, match="нет"):
        object_to_list(passed, "Не согласны", people.municipal)
    object_to_list(on_list, "Не согласны", people.director)
    with pytest.raises(CannotObject, match="уже ждёт"):
        object_to_list(on_list, "И ещё", people.municipal)
    assert Objection.objects.count() == 1


def test_objections_are_taken_up_to_the_named_day(on_list, people, today):
    Run.objects.update(objections_until=today - timedelta(days=1))
    with pytest.raises(CannotObject, match="принимали до"):
        object_to_list(on_list, "Поздно", people.director)
    Run.objects.update(objections_until=today)
    object_to_list(on_list, "В последний день", people.director)


def test_a_replacement_takes_one_off_and_puts_one_on(on_list, people, places):
    left, joined = replace_school(on_list, places.passed, BECAUSE, people.coordinator)
    assert (left.joins, left.other, joined.joins, joined.other) == (
        False, places.passed, True, places.listed,
    )  # fmt: skip
    assert listed(on_list.run) == {"sch250002", "sch250003"}
    assert counted(on_list.run) == {"Ёлкинский район": 1, "город Мысовой": 1}
    joined_verdict = Verdict.objects.get(run=on_list.run, school=places.passed)
    assert (joined_verdict.by_rule, joined_verdict.listed) == (False, True)


def test_a_school_that_joined_may_leave_again(on_list, people, places):
    replace_school(on_list, places.passed, BECAUSE, people.coordinator)
    exit_school(OnList(on_list.run, on_list.list, places.passed), BECAUSE, people.coordinator)
    assert listed(on_list.run) == {"sch250003"}
    assert counted(on_list.run) == {"Ёлкинский район": 0, "город Мысовой": 1}
    assert Amendment.objects.count() == 3


@pytest.mark.parametrize(
    ("who", "message"),
    [("gymnasium", "уже в перечне"), ("foreign", "того же региона"), ("empty", "нет результатов")],
)
def test_impossible_replacements_are_refused_whole(on_list, people, places, who, message):
    from tests.world import add_school

    other = add_school(places.city, 77, "Новая школа") if who == "empty" else getattr(places, who)
    with pytest.raises(CannotAmend, match=message):
        replace_school(on_list, other, BECAUSE, people.operator)
    assert not Amendment.objects.exists()
    assert listed(on_list.run) == {"sch250001", "sch250003"}


def test_a_school_that_the_rule_does_not_look_at_is_not_put_on(on_list, people, places):
    Verdict.objects.filter(school=places.passed).update(excluded="closed")
    with pytest.raises(CannotAmend, match="не рассматривает"):
        replace_school(on_list, places.passed, BECAUSE, people.coordinator)


def test_after_the_order_a_change_needs_its_own_order(on_list, people):
    agree_list(on_list.run, people.coordinator)
    publish_list(on_list.run, "12", DAY, people.coordinator)
    with pytest.raises(CannotAmend, match="приказа об изменении"):
        exit_school(on_list, BECAUSE, people.coordinator)
    with pytest.raises(CannotAmend, match="и номер, и дата"):
        exit_school(on_list, Grounds("Закрыта", "13"), people.coordinator)
    exit_school(on_list, Grounds("Закрыта", " 13 ", date(2020, 9, 1)), people.coordinator)
    assert Amendment.objects.get().order_number == "13"


def test_a_school_objects_to_a_published_list_and_the_decision_has_an_order(on_list, people):
    agree_list(on_list.run, people.coordinator)
    publish_list(on_list.run, "12", DAY, people.coordinator)
    made = object_to_list(on_list, "Дважды сосчитаны участники", people.director)
    with pytest.raises(CannotAmend, match="приказа об изменении"):
        decide_objection(made, True, BECAUSE, people.coordinator)
    assert Objection.objects.get().state == "waiting"
    decide_objection(made, True, Grounds("Верно", "14", date(2020, 10, 1)), people.coordinator)
    assert listed(on_list.run) == {"sch250003"}


def test_a_draft_is_made_again_rather_than_changed(regional, people, places):
    with pytest.raises(CannotAmend, match="Черновик"):
        exit_school(OnList(regional, regional.lists[0], places.listed), BECAUSE, people.coordinator)


def test_a_region_changes_its_own_schools_on_the_list_of_the_country(published, people, places):
    order = Grounds("Закрыта", "13", date(2020, 9, 1))
    exit_school(OnList(published, published.lists[0], places.listed), order, people.coordinator)
    with pytest.raises(NotAllowed):
        exit_school(OnList(published, published.lists[0], places.foreign), order, people.coordinator)
    assert listed(published) == {"sch250003", "sch220001"}


def test_a_school_on_two_lists_is_counted_until_it_has_left_both(bring, people, places, today):
    bring(people.operator)
    run = start_run("three-lists", None, places.primorye, people.coordinator)
    Verdict.objects.filter(run=run, school=places.listed).update(listed=True, by_rule=True, excluded="")
    counts_from_verdicts(run)
    run = send_for_agreement(run, today, people.coordinator)
    before = counted(run)["Ёлкинский район"]
    names = Verdict.objects.filter(run=run, school=places.listed).values_list("list", flat=True)
    assert len(names) > 1
    for left, name in enumerate(names, 1):
        exit_school(OnList(run, name, places.listed), BECAUSE, people.coordinator)
        assert counted(run)["Ёлкинский район"] == before - (left == len(names))


def counts_from_verdicts(run):
    for row in PlaceCount.objects.filter(run=run):
        mine = Verdict.objects.filter(run=run, municipality=row.municipality, listed=True)
        mine = mine.filter(list=row.list) if row.list else mine
        listed = mine.values("school").distinct().count()
        PlaceCount.objects.filter(run=run, list=row.list, municipality=row.municipality).update(listed=listed)


@pytest.mark.parametrize(
    ("model", "change", "rule"),
    [
        (Run, {"state": "review"}, "list_is_shown_and_agreed_in_order"),
        (Run, {"state": "agreed"}, "list_is_shown_and_agreed_in_order"),
        (Run, {"valid_until": DAY}, "published_list_has_its_order"),
        (Amendment, {"reason": ""}, "amendment_has_a_reason"),
        (Amendment, {"kind": "replacement"}, "amendment_names_what_it_is_of"),
        (Amendment, {"order_number": "5"}, "amendment_order_has_number_and_date"),
        (Objection, {"state": "accepted"}, "objection_is_decided_with_an_answer"),
    ],
)
def test_the_database_refuses_what_cannot_be(on_list, regional, people, places, today, model, change, rule):
    gymnasium = OnList(on_list.run, on_list.list, places.gymnasium)
    exit_school(on_list, BECAUSE, people.coordinator)
    Objection.objects.create(
        run=gymnasium.run, list=gymnasium.list, school=places.gymnasium, region=places.primorye,
        municipality=places.city, reasons="Нет", by=people.coordinator,
    )  # fmt: skip
    Run.objects.filter(pk=regional.pk).update(state="draft", objections_until=None)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        model.objects.update(**change)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_objection_at_the_moment_of_agreement_is_decided_or_refused(on_list, people):
    """Два человека сразу: либо возражение ждёт решения, либо перечень согласован — но не то и другое."""
    ready, outcome = threading.Barrier(2), []

    def attempt(deed):
        try:
            ready.wait()
            deed()
            outcome.append("done")
        except (CannotObject, CannotPublish) as refusal:
            outcome.append(str(refusal))
        finally:
            connection.close()

    deeds = (
        lambda: object_to_list(on_list, "В последнюю минуту", people.director),
        lambda: agree_list(on_list.run, people.coordinator),
    )
    threads = [threading.Thread(target=attempt, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waiting = Objection.objects.filter(state="waiting").count()
    assert (Run.objects.get().state, waiting) in {("agreed", 0), ("review", 1)}
    assert outcome.count("done") == 1
