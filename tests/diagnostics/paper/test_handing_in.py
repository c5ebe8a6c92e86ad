"""A pack is handed in exactly once, whatever happens, and then nothing tells which sheet was which."""

import json
import os
import signal
import threading
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection, connections

from opora.audit.models import Event
from opora.diagnostics.answering.mixing import mix_once
from opora.diagnostics.answering.taking import mix_sheets
from opora.diagnostics.campaigns.actions import close_campaign, make_codes
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.models import (
    AnswerCode,
    Campaign,
    PaperPack,
    PaperSheet,
    Receipt,
    Sheet,
    WaitingSheet,
)
from opora.diagnostics.on_paper import Handed, hand_in, on_paper
from opora.diagnostics.paper import actions
from opora.diagnostics.paper.actions import (
    FIRST,
    Entry,
    begin_pack,
    enter_sheet,
    finish_pack,
    set_codes_aside,
)
from opora.registry.acting import acting_as
from opora.registry.refusals import CannotDo
from tests.diagnostics.paper.conftest import SAID
from tests.diagnostics.test_taking import kept, send

pytestmark = pytest.mark.django_db
TWO_AT_ONCE = pytest.mark.django_db(transaction=True, serialized_rollback=True)
THREE = {1: SAID, 2: SAID | {"clear": 1}, 3: SAID | {"missed": 9}}


def as_paper(sheets):
    return sorted(json.dumps(one, sort_keys=True) for one in sheets)


def waiting():
    return as_paper(sheet.answers for sheet in WaitingSheet.objects.all())


def test_a_pack_goes_where_all_sheets_go_and_its_entries_are_gone(pack, link, typed, people):
    """Сдано три листа: три ответа ждут среди прочих, три кода потрачены, введённое стёрто."""
    typed(pack, THREE)
    assert finish_pack(pack, people.director) == Handed.TAKEN
    assert waiting() == as_paper(THREE.values())
    assert not PaperSheet.objects.exists()
    assert answered([link.pk])[link.pk].answered == 3 and on_paper([link.pk])[link.pk].left == 2
    pack.refresh_from_db()
    assert (pack.sheets, pack.entered, pack.differing) == (3, 9, 0) and pack.finished_on
    told = Event.objects.get(deed="diagnostics.finish_paper_pack").details
    assert (told["sheets"], told["same"], told["differing"], told["entered"]) == (3, 0, 0, 9)


def test_the_trace_tells_how_many_sheets_one_person_typed_twice(pack, typed, people):
    typed(pack, {1: SAID}, second=people.director)
    typed(pack, {2: SAID})
    finish_pack(pack, people.team)
    assert Event.objects.get(deed="diagnostics.finish_paper_pack").details["same"] == 1


def test_parents_sheets_count_among_those_of_the_open_link(parents, typed, people):
    pack = begin_pack(parents, people.director)
    send(parents, number=1)
    typed(pack, THREE)
    finish_pack(pack, people.director)
    assert answered([parents.pk])[parents.pk].answered == 4 == Receipt.objects.count()
    assert kept() == 4


def test_paper_and_phone_together_are_no_more_than_were_invited(pack, link, codes, typed, people):
    """Десять кодов, пять отложены: по телефону отвечают пятеро, на бумаге пятеро, и больше никто."""
    told = [send(link, code, number) for number, code in enumerate(codes)]
    assert [str(one) for one in told] == ["taken"] * 5 + ["used"] * 5
    typed(pack, dict.fromkeys(range(1, 7), SAID))
    with pytest.raises(CannotDo, match="отложено меньше кодов"):
        finish_pack(pack, people.director)
    assert kept() == 5 and pack.entries.count() == 6
    actions.remove_sheet(pack, 6, people.director)
    finish_pack(pack, people.director)
    assert answered([link.pk])[link.pk].answered == 10 == kept()


def test_a_pack_that_is_not_whole_stays_as_it_is(pack, typed, people):
    with pytest.raises(CannotDo, match="нет ни одного листа"):
        finish_pack(pack, people.director)
    typed(pack, {1: SAID, 2: (SAID, SAID | {"clear": 1})})
    with pytest.raises(CannotDo, match="вводят дважды"):
        finish_pack(pack, people.director)
    actions.remove_sheet(pack, 2, people.director)
    enter_sheet(pack, Entry(2, FIRST, SAID, 0), people.director)
    with pytest.raises(CannotDo, match="вводят дважды"):
        finish_pack(pack, people.director)
    assert kept() == 0 and pack.entries.count() == 2 and not Event.objects.filter(deed__contains="finish")


def test_a_pack_that_was_handed_in_is_known_and_takes_nothing_more(pack, typed, people):
    typed(pack, THREE)
    finish_pack(pack, people.director)
    assert finish_pack(pack, people.director) == Handed.AGAIN
    with pytest.raises(CannotDo, match="сдана"):
        enter_sheet(pack, Entry(4, FIRST, SAID, 0), people.director)
    with pytest.raises(CannotDo, match="сдана"):
        actions.drop_pack(pack, people.director)
    assert kept() == 3 and Event.objects.filter(deed="diagnostics.finish_paper_pack").count() == 1


@pytest.mark.parametrize(
    ("day", "said"), [(-1, "ещё не начался"), (14, ""), (21, ""), (22, "срок для бумажных анкет прошёл")]
)
def test_a_pack_is_taken_in_the_days_of_its_survey_and_some_after(pack, typed, people, today, day, said):
    """Сроки те же, что у листа с телефона: до начала рано, неделю после конца можно, потом нет."""
    typed(pack, THREE)
    Campaign.objects.update(opens_on=today - timedelta(days=day), closes_on=today - timedelta(days=day - 14))
    if said:
        with pytest.raises(CannotDo, match=said):
            finish_pack(pack, people.director)
        assert kept() == 0 and pack.entries.count() == 3
    else:
        finish_pack(pack, people.director)
        assert kept() == 3


def test_what_was_not_handed_in_while_it_could_be_is_forgotten(pack, parents, typed, people, today):
    typed(pack, THREE)
    done = begin_pack(parents, people.director)
    typed(done, {1: SAID})
    finish_pack(done, people.director)
    Campaign.objects.update(opens_on=today - timedelta(days=30), closes_on=today - timedelta(days=7))
    mix_once()
    assert PaperSheet.objects.count() == 3
    Campaign.objects.update(closes_on=today - timedelta(days=8))
    mix_once()
    assert not PaperSheet.objects.exists() and [one.pk for one in PaperPack.objects.all()] == [done.pk]


def test_a_survey_that_was_closed_early_still_takes_packs(pack, campaign, typed, people):
    typed(pack, THREE)
    close_campaign(campaign, people.coordinator)
    assert finish_pack(pack, people.director) == Handed.TAKEN


def test_pages_hand_in_through_the_wall_and_strangers_do_not(pack, typed, people):
    typed(pack, THREE)
    for who in ("stranger", "nobody", "curator", "operator"):
        with acting_as(getattr(people, who)):
            assert hand_in(pack.pk) == Handed.UNKNOWN
    assert kept() == 0
    with acting_as(people.director):
        assert finish_pack(pack, people.director) == Handed.TAKEN
    assert kept() == 3


@TWO_AT_ONCE
def test_two_who_hand_a_pack_in_at_once_hand_it_in_once(pack, link, typed, people):
    typed(pack, THREE)
    told = []

    def press(by):
        with acting_as(by):
            told.append(finish_pack(PaperPack.objects.get(pk=pack.pk), by))
        connections.close_all()

    threads = [threading.Thread(target=press, args=(by,)) for by in (people.director, people.team) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["again"] * 5 + ["taken"]
    assert waiting() == as_paper(THREE.values()) and answered([link.pk])[link.pk].answered == 3


@TWO_AT_ONCE
def test_two_packs_of_a_link_at_once_do_not_use_a_code_twice(pack, link, typed, people):
    """Пять кодов на две пачки по три листа: одна сдана, другой кодов не хватило."""
    other = begin_pack(link, people.director)
    for one in (pack, other):
        typed(one, THREE)
    told = []

    def press(one):
        try:
            told.append(str(finish_pack(one, people.director)))
        except CannotDo:
            told.append("refused")
        connections.close_all()

    threads = [threading.Thread(target=press, args=(one,)) for one in (pack, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "taken"] and kept() == 3
    assert AnswerCode.objects.filter(on_paper=True).exclude(receipt="").count() == 3


@TWO_AT_ONCE
def test_a_process_that_is_killed_amid_it_has_done_nothing(pack, link, typed, people):
    """kill -9 после переноса листов и до конца транзакции: пачка цела и сдаётся снова, один раз."""
    typed(pack, THREE)
    connections.close_all()
    child = os.fork()
    if child == 0:
        with patch.object(actions, "record", lambda *_told, **_more: os.kill(os.getpid(), signal.SIGKILL)):
            finish_pack(pack, people.director)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert kept() == 0 and pack.entries.count() == 3 and answered([link.pk])[link.pk].answered == 0
    assert finish_pack(pack, people.director) == Handed.TAKEN
    assert waiting() == as_paper(THREE.values()) and answered([link.pk])[link.pk].answered == 3


@TWO_AT_ONCE
def test_nothing_in_the_database_tells_which_sheet_of_the_pack_is_which_answer(pack, link, typed, people):
    """После сдачи порядок ответов случаен — и по номерам строк, и по месту, и по транзакции."""
    make_codes(link, 60, people.director)
    set_codes_aside(link, 60, people.director)
    typed(pack, {number: {"missed": number % 30, "clear": 1 + number // 30} for number in range(1, 61)})
    finish_pack(pack, people.director)
    for table, key in (("diagnostics_waitingsheet", "id"), ("diagnostics_waitingsheet", "ctid")):
        expect_by_chance(table, key)
    mix_sheets()
    for key in ("id", "ctid"):
        expect_by_chance("diagnostics_sheet", key)


def expect_by_chance(table, key):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT answers, xmin::text FROM {table} ORDER BY {key}")
        rows = cursor.fetchall()
    sheets = [json.loads(answers) if isinstance(answers, str) else answers for answers, _xmin in rows]
    order = [(one["clear"] - 1) * 30 + one["missed"] for one in sheets]
    assert sorted(order) == list(range(1, 61)) and len({xmin for _answers, xmin in rows}) == 1
    in_place = sum(place == number for place, number in enumerate(order, 1))
    rising = sum(later > earlier for earlier, later in pairwise(order))
    assert in_place < 10 and 15 < rising < 45  # one by chance, and half


@TWO_AT_ONCE
def test_no_row_of_any_table_remembers_who_typed_or_a_number(pack, typed, people):
    """Что остаётся после сдачи: ни введённого, ни номера листа, ни того, кто вводил — ни в одной таблице."""
    mark = "слово-которое-ввели-на-листе"
    noisy = SAID | {"clear": 1, "why": "noise"}
    told = {number: noisy | {"noise_from": f"{mark}-{number}"} for number in (37, 41)}
    typed(pack, told, second=people.psychologist)
    before = everything()
    assert sum(mark in row for row in before["diagnostics_papersheet"]) == 2
    finish_pack(pack, people.team)
    after = everything()
    holding = {table for table, rows in after.items() if any(mark in row for row in rows)}
    assert holding == {"diagnostics_waitingsheet"} and after["diagnostics_papersheet"] == []
    assert {field.name for field in WaitingSheet._meta.concrete_fields} == {"id", "link", "answers"}
    new = [
        row for table, rows in after.items() if table != "diagnostics_waitingsheet"
        for row in rows if row not in before[table]
    ]  # fmt: skip
    typists = {f'"{one}": {people.psychologist.pk}' for one in ("by_id", "first_by_id", "second_by_id")}
    assert not [row for row in new if any(typist in row for typist in typists)]
    assert not [row for row in new if '"number": 37' in row or '"number": 41' in row]
    mix_sheets()
    assert Sheet.objects.count() == 0  # two wait for others, as any sheets do


def everything():
    """Read every row of every table of the program as text."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found
