"""Sheets are typed twice by whoever may, codes are set aside for them, and nobody writes over another."""

import threading

import pytest
from django.db import connections

from opora.audit.models import Event
from opora.diagnostics.answering.taking import Told
from opora.diagnostics.campaigns.actions import prepare_campaign
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import AnswerCode, PaperPack, PaperSheet, SurveyLink
from opora.diagnostics.numbers import MOST_SHEETS
from opora.diagnostics.on_paper import OnPaper, on_paper
from opora.diagnostics.paper.actions import (
    FIRST,
    SECOND,
    Entry,
    begin_pack,
    decide_sheet,
    drop_pack,
    enter_sheet,
    finish_pack,
    remove_sheet,
    set_codes_aside,
)
from opora.registry.access import NotAllowed
from opora.registry.acting import acting_as
from opora.registry.refusals import CannotDo, ChangedMeanwhile
from tests.diagnostics.conftest import DIRECTOR, PUPILS
from tests.diagnostics.paper.conftest import SAID
from tests.diagnostics.test_taking import send

pytestmark = pytest.mark.django_db
INSIDE = {"director", "team", "psychologist", "municipal"}
OUTSIDE = {"curator", "municipal", "coordinator"}
EVERYBODY = (
    "operator", "analyst", "coordinator", "municipal", "curator", "director", "team", "psychologist",
    "methodist", "observer", "stranger", "nobody",
)  # fmt: skip


def test_codes_are_set_aside_by_their_count(link, codes, people):
    """Отложены последние коды: телефону они не служат, бумаге оставлены; вернуть можно, пока не сданы."""
    set_codes_aside(link, 4, people.director)
    assert on_paper([link.pk]) == {link.pk: OnPaper(4, 0, (7, 8, 9, 10))}
    assert send(link, codes[9]) == Told.USED
    assert send(link, codes[0]) == Told.TAKEN
    set_codes_aside(link, 2, people.director)
    assert on_paper([link.pk])[link.pk].numbers == (9, 10)
    assert send(link, codes[7], 2) == Told.TAKEN
    assert answered([link.pk])[link.pk].answered == 2
    told = Event.objects.filter(deed="diagnostics.set_codes_aside").values_list("details__count", flat=True)
    assert sorted(told) == [2, 4]


def test_no_more_codes_are_set_aside_than_are_free(link, codes, people):
    for number in range(3):
        send(link, codes[number], number)
    with pytest.raises(CannotDo, match="Столько свободных кодов нет"):
        set_codes_aside(link, 8, people.director)
    set_codes_aside(link, 7, people.director)


def test_what_sheets_have_used_up_is_not_given_back(pack, link, typed, people):
    typed(pack, {1: SAID, 2: SAID})
    finish_pack(pack, people.director)
    with pytest.raises(CannotDo, match="На бумаге уже ответили больше"):
        set_codes_aside(link, 1, people.director)
    set_codes_aside(link, 2, people.director)
    assert on_paper([link.pk])[link.pk].left == 0


def test_codes_are_set_aside_at_ones_own_school_where_there_are_codes(link, parents, people):
    for who in ("curator", "observer", "stranger", "nobody", "analyst"):
        with pytest.raises(NotAllowed):
            set_codes_aside(link, 1, getattr(people, who))
    with pytest.raises(CannotDo, match="открытой ссылке"):
        set_codes_aside(parents, 1, people.director)
    with acting_as(people.stranger):
        assert on_paper([link.pk]) == {}


def may_begin(link, somebody):
    try:
        begin_pack(link, somebody)
    except NotAllowed:
        return False
    return True


def test_pupils_and_parents_sheets_are_typed_by_the_school(link, parents, people):
    for one in (link, parents):
        assert {who for who in EVERYBODY if may_begin(one, getattr(people, who))} == INSIDE


def test_teachers_sheets_are_typed_outside_of_their_school(teachers, people):
    """Директор и команда не видят отдельных листов учителей: их вводят координатор или куратор."""
    assert {who for who in EVERYBODY if may_begin(teachers, getattr(people, who))} == OUTSIDE
    with pytest.raises(NotAllowed, match="вводят не в их школе"):
        begin_pack(teachers, people.director)


def test_a_curator_who_works_at_the_school_does_not_type_its_teachers_sheets(teachers, person, places):
    from opora.registry.actions import appoint

    both = person("both", "curator", school=places.listed)
    enter_sheet(begin_pack(teachers, both), Entry(1, FIRST, SAID, 0), both)
    with acting_as(both):
        assert PaperSheet.objects.exists()
    appoint(both, "school_team", school=places.listed)
    both.__dict__.pop("_held_appointments")
    assert not may_begin(teachers, both)
    with acting_as(both):
        assert not PaperSheet.objects.exists()


def test_the_director_s_own_questionnaire_has_no_packs(campaign, places, people):
    office = SurveyLink.objects.get(campaign=campaign, school=places.listed, form=DIRECTOR)
    assert not any(may_begin(office, getattr(people, who)) for who in EVERYBODY)


def test_nothing_is_typed_of_a_survey_that_has_not_begun(asked, places, people):
    made = prepare_campaign(asked(forms=(PUPILS,)), [places.listed], people.coordinator)
    with pytest.raises(CannotDo, match="ещё не начался"):
        begin_pack(made.links.get(), people.director)


@pytest.mark.parametrize("whose", ["pupils", "teachers"])
def test_the_second_wall_shows_single_sheets_to_those_alone_who_type_them(link, teachers, people, whose):
    """Вторая стена повторяет первую: лист видит тот, кто вводит; оператору открыта вся страна."""
    own, by = (link, people.director) if whose == "pupils" else (teachers, people.curator)
    pack = begin_pack(own, by)
    enter_sheet(pack, Entry(1, FIRST, SAID, 0), by)
    seen = set()
    for who in EVERYBODY:
        with acting_as(getattr(people, who)):
            if PaperSheet.objects.exists():
                seen.add(who)
    assert seen == (INSIDE if whose == "pupils" else OUTSIDE) | {"operator", "analyst"}


def test_a_sheet_is_typed_twice_and_ready_when_both_agree(pack, typed):
    typed(pack, {1: SAID})
    sheet = pack.entries.get()
    assert (sheet.decided, sheet.entered, sheet.differing) == (SAID, 3, 0)


def test_where_the_two_differ_a_look_at_the_sheet_decides(pack, typed, people):
    typed(pack, {1: (SAID, SAID | {"missed": 12, "clear": 4})})
    sheet = pack.entries.get()
    assert (sheet.decided, sheet.differing) == (None, 2)
    sheet = decide_sheet(pack, Entry(1, "apart", {"missed": 12}, sheet.version), people.team)
    assert sheet.decided is None
    sheet = decide_sheet(pack, Entry(1, "apart", {"missed": 12, "clear": "*"}, sheet.version), people.team)
    assert sheet.decided == {"help": ["home"], "missed": 12} and sheet.differing == 2


def test_an_entry_that_is_mended_is_compared_anew(pack, typed, people):
    typed(pack, {1: (SAID, SAID | {"missed": 12})})
    version = pack.entries.get().version
    sheet = enter_sheet(pack, Entry(1, FIRST, SAID | {"missed": 12}, version), people.director)
    assert sheet.decided == SAID | {"missed": 12} and sheet.differing == 0


def test_nobody_writes_over_what_another_has_typed(pack, typed, people):
    """Номер занят, версия устарела, чужой ввод: отказ, и ничего не переписано."""
    typed(pack, {1: SAID})
    version = pack.entries.get().version
    other = SAID | {"clear": 1}
    for turn, number, told, by in (
        (FIRST, 1, 0, people.team),
        (FIRST, 1, version, people.team),
        (SECOND, 1, version, people.director),
        (SECOND, 1, version - 1, people.team),
        (SECOND, 7, 1, people.team),
    ):
        with pytest.raises(ChangedMeanwhile):
            enter_sheet(pack, Entry(number, turn, other, told), by)
    with pytest.raises(ChangedMeanwhile):
        decide_sheet(pack, Entry(1, "apart", other, version - 1), people.team)
    sheet = pack.entries.get()
    assert (sheet.first, sheet.second, sheet.version) == (SAID, SAID, version)


def test_an_empty_sheet_and_one_too_many_are_refused_in_words(pack, people):
    with pytest.raises(CannotDo, match="Пустой лист"):
        enter_sheet(pack, Entry(1, FIRST, {}, 0), people.director)
    for number in (0, MOST_SHEETS + 1):
        with pytest.raises(CannotDo, match="В пачке до"):
            enter_sheet(pack, Entry(number, FIRST, SAID, 0), people.director)


@pytest.mark.parametrize("who", ["curator", "coordinator", "operator", "observer", "stranger", "nobody"])
def test_nobody_else_types_ends_or_drops_a_pack(pack, typed, people, who):
    typed(pack, {1: SAID})
    somebody = getattr(people, who)
    for deed in (
        lambda: enter_sheet(pack, Entry(2, FIRST, SAID, 0), somebody),
        lambda: decide_sheet(pack, Entry(1, "apart", SAID, 2), somebody),
        lambda: remove_sheet(pack, 1, somebody),
        lambda: drop_pack(pack, somebody),
        lambda: finish_pack(pack, somebody),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert pack.entries.count() == 1


def test_a_sheet_and_a_pack_are_taken_away_with_a_trace_that_tells_no_number(pack, typed, people):
    typed(pack, {1: SAID, 2: SAID, 3: SAID})
    remove_sheet(pack, 2, people.team)
    remove_sheet(pack, 2, people.team)
    assert [one.number for one in pack.entries.all()] == [1, 3]
    drop_pack(pack, people.director)
    assert not PaperSheet.objects.exists() and not PaperPack.objects.exists()
    told = {event.deed: event.details for event in Event.objects.filter(deed__contains="paper")}
    assert told["diagnostics.drop_paper_pack"]["sheets"] == 2
    assert "number" not in told["diagnostics.remove_paper_sheet"]


def test_typing_leaves_no_trace(pack, typed):
    """Кто какой лист вводил, не записано нигде, кроме самой открытой пачки."""
    before = Event.objects.count()
    typed(pack, {1: SAID, 2: SAID})
    assert Event.objects.count() == before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_type_at_once_do_not_lose_a_sheet(pack, people):
    """Двое вводят лист с одним номером разом: один сохранён, другой услышал отказ."""
    told = []

    def enter(by, clear):
        try:
            enter_sheet(pack, Entry(1, FIRST, {"clear": clear}, 0), by)
            told.append("kept")
        except ChangedMeanwhile:
            told.append("changed")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter, args=one) for one in ((people.director, 1), (people.team, 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["changed", "kept"] and pack.entries.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_code_serves_a_phone_or_paper_never_both(link, codes, people):
    """Школа откладывает коды, пока люди отвечают: занятых телефоном бумага не получает."""
    told = []

    def answer():
        for number, code in enumerate(codes):
            told.append(send(link, code, number))
        connections.close_all()

    thread = threading.Thread(target=answer)
    thread.start()
    for wanted in range(1, 8):
        try:
            set_codes_aside(link, wanted, people.director)
        except CannotDo:
            break
    thread.join()
    aside = on_paper([link.pk])[link.pk].aside
    taken = AnswerCode.objects.exclude(receipt="")
    assert not taken.filter(on_paper=True).exists()
    assert told.count(Told.TAKEN) == taken.count() <= 10 - aside
    assert code_of(link.token, 1) == codes[0]
