"""A sheet is taken once, whatever the line and the person do, and nothing ties it to anybody."""

import json
import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from django.db import connection, connections

from opora.diagnostics.answering import mixing
from opora.diagnostics.answering.taking import Given, Told, mix_sheets, survey, take_sheet
from opora.diagnostics.campaigns.actions import close_campaign, make_codes, prepare_campaign
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.codes import code_of
from opora.diagnostics.models import AnswerCode, Campaign, Receipt, Sheet, SurveyLink, WaitingSheet
from opora.registry.acting import acting_as
from tests.diagnostics.conftest import PUPILS

GOOD = {"clear": 3, "missed": 2, "help": ["home"]}


def receipt(number=1):
    return f"{number:032x}"


def send(link, code="", number=1, answers=GOOD):
    return take_sheet(survey(link.token).form, Given(link.token, receipt(number), code, answers)).told


def kept():
    return WaitingSheet.objects.count() + Sheet.objects.count()


def test_a_sheet_is_taken_with_a_code_and_once(link, codes):
    """Код открывает анкету один раз: та же квитанция — тот же лист, другая — отказ."""
    assert send(link, codes[0], 1) == Told.TAKEN
    assert send(link, codes[0], 1) == Told.AGAIN
    assert send(link, codes[0], 2) == Told.USED
    assert send(link, codes[1], 2) == Told.TAKEN
    assert kept() == 2


@pytest.mark.parametrize("spelled", ["lower", "without dashes", "in Cyrillic", "with spaces"])
def test_a_code_is_known_however_it_is_typed(link, codes, spelled):
    typed = {
        "lower": codes[0].lower(),
        "without dashes": codes[0].replace("-", ""),
        "in Cyrillic": codes[0].translate(str.maketrans("ACEHKMPTX", "АСЕНКМРТХ")),
        "with spaces": f"  {codes[0].replace('-', ' ')} ",
    }[spelled]
    assert send(link, typed) == Told.TAKEN


def test_a_code_of_nobody_and_a_foreign_code_open_nothing(link, codes, campaign, places, people):
    """Придуманный код, код с опечаткой, код другой школы и пустой код не открывают ничего."""
    other = SurveyLink.objects.get(campaign=campaign, school=places.quiet, form=PUPILS)
    foreign = code_of(other.token, 1)
    wrong = ("A" if codes[0][0] != "A" else "C") + codes[0][1:]
    for code in (foreign, wrong, code_of(link.token, 11), "", "????", "x" * 40):
        assert send(link, code) == Told.NO_CODE, code
    assert kept() == 0


def test_an_open_link_takes_a_sheet_from_each_device_once(parents):
    assert [send(parents, number=number) for number in (1, 1, 2, 1, 2)] == [
        Told.TAKEN, Told.AGAIN, Told.TAKEN, Told.AGAIN, Told.AGAIN,
    ]  # fmt: skip
    assert kept() == 2


def test_a_faulty_sheet_is_told_and_neither_it_nor_its_code_is_used_up(link, codes):
    """Лист с ошибкой не сохранён, код не потрачен: поправленный принимается."""
    taking = take_sheet(
        survey(link.token).form, Given(link.token, receipt(), codes[0], GOOD | {"missed": 99})
    )
    assert taking.told == Told.FAULTY and [fault.field for fault in taking.faults] == ["missed"]
    assert kept() == 0
    assert send(link, codes[0]) == Told.TAKEN


def test_a_sheet_is_taken_only_in_its_days_and_some_after(link, codes, campaign, people, today):
    """До начала рано; после конца неделю принимается то, что заполнено без связи; потом — нет."""
    days = {-1: Told.EARLY, 0: Told.TAKEN, 14: Told.TAKEN, 21: Told.TAKEN, 22: Told.OVER}
    for number, (day, told) in enumerate(days.items()):
        Campaign.objects.filter(pk=campaign.pk).update(
            opens_on=today - timedelta(days=day), closes_on=today - timedelta(days=day - 14)
        )
        assert send(link, codes[number], number) == told, day
    Campaign.objects.filter(pk=campaign.pk).update(
        opens_on=today - timedelta(days=3), closes_on=today + timedelta(days=9)
    )
    close_campaign(campaign, people.coordinator)
    assert send(link, codes[5], 5) == Told.TAKEN
    assert survey(link.token).standing(today) == "over"


def test_a_sheet_that_was_taken_is_known_even_after_the_last_day(link, codes, campaign, today):
    """Кто не услышал «принято», услышит и после срока: лист здесь."""
    send(link, codes[0])
    long_ago = today - timedelta(days=90)
    Campaign.objects.filter(pk=campaign.pk).update(opens_on=long_ago, closes_on=long_ago)
    assert send(link, codes[0]) == Told.AGAIN


def test_a_campaign_that_has_not_begun_takes_nothing(asked, places, people):
    made = prepare_campaign(asked(), [places.listed], people.coordinator)
    link = SurveyLink.objects.get(campaign=made, form="family-2026")
    assert send(link) == Told.EARLY
    assert survey("nothing") is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_windows_that_send_at_once_leave_one_sheet(link, codes, parents):
    """Двенадцать отправок разом: один код — один лист, одна квитанция — один лист."""
    told = Counter()

    def race(target, code, number):
        try:
            told[code, send(target, code, number)] += 1
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=race, args=given)
        for given in [(link, codes[0], number) for number in range(6)] + [(parents, "", 77)] * 6
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told[codes[0], Told.TAKEN] == 1 and told[codes[0], Told.USED] == 5
    assert told["", Told.TAKEN] == 1 and told["", Told.AGAIN] == 5
    assert kept() == 2


def test_sheets_wait_until_enough_have_come_and_are_then_mixed(link, codes):
    """Меньше пяти листов ждут вместе; пять и больше уходят разом, и порядок их случаен."""
    for number in range(4):
        send(link, codes[number], number, GOOD | {"missed": number})
    assert mix_sheets() == 0 and Sheet.objects.count() == 0
    send(link, codes[4], 4, GOOD | {"missed": 4})
    assert mix_sheets() == 5 and WaitingSheet.objects.count() == 0
    assert sorted(sheet.answers["missed"] for sheet in Sheet.objects.all()) == [0, 1, 2, 3, 4]


def test_a_worker_mixes_in_nobody_s_name_and_goes_on_after_a_fault(link, codes):
    """Работник перемешивает листы, не действуя ни от чьего имени; сбой — не конец."""
    for number in range(5):
        send(link, codes[number], number)
    stop, faults = threading.Event(), []

    def fail_once():
        faults.append(1)
        if len(faults) == 1:
            raise RuntimeError("a fault")
        stop.set()
        return mix_sheets()

    with (
        patch.object(mixing, "mix_once", fail_once),
        patch.object(mixing, "PAUSE", 0.01),
        patch.object(connection, "close"),
    ):
        mixing.keep_mixing(stop)
    assert len(faults) == 2 and Sheet.objects.count() == 5
    assert mixing.mix_once() == 0


def test_few_sheets_are_moved_when_nothing_more_can_come(link, codes, campaign, today):
    send(link, codes[0])
    Campaign.objects.filter(pk=campaign.pk).update(
        opens_on=today - timedelta(days=30), closes_on=today - timedelta(days=8)
    )
    assert mix_sheets() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nothing_in_the_database_tells_which_code_gave_which_answers(link, codes, people):
    """Ни номер, ни место, ни транзакция листа не выдают кода: порядок листов от порядка кодов не зависит."""
    make_codes(link, 50, people.director)
    for number in range(60):
        send(
            link,
            code_of(link.token, number + 1),
            number,
            GOOD | {"missed": number % 30, "clear": 1 + number // 30},
        )
    mix_sheets()
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, xmin::text FROM diagnostics_sheet ORDER BY ctid")
        rows = cursor.fetchall()
    assert len({transaction for _answers, transaction in rows}) == 1
    sheets = [json.loads(answers) if isinstance(answers, str) else answers for answers, _xmin in rows]
    order = [(one["clear"] - 1) * 30 + one["missed"] for one in sheets]
    assert sorted(order) == list(range(60))
    in_place = sum(place == number for place, number in enumerate(order))
    rising = sum(later > earlier for earlier, later in pairwise(order))
    assert (
        in_place < 10 and 15 < rising < 45
    )  # one by chance, and half: a drawn order (5 in a billion outside)


def test_a_sheet_has_no_column_for_whoever_gave_it():
    """У листа нет ни лица, ни адреса, ни кода, ни квитанции, ни времени; у ожидающего — тоже.

    wave говорит лишь, вошёл ли лист в первый выпуск профилей или пришёл после него; on_paper — что код
    отложен для бумаги и никому не роздан.
    """
    assert {field.name for field in Sheet._meta.concrete_fields} == {"id", "link", "wave", "answers"}
    assert {field.name for field in WaitingSheet._meta.concrete_fields} == {"id", "link", "answers"}
    assert {field.name for field in Receipt._meta.concrete_fields} == {"id", "link", "digest"}
    assert {field.name for field in AnswerCode._meta.concrete_fields} == {
        "id", "link", "number", "digest", "receipt", "on_paper",
    }  # fmt: skip


def test_pages_cannot_read_sheets_codes_or_receipts_whoever_asks(link, codes, people):
    """Даже федеральный оператор со страницы не прочтёт ни листа, ни кода: прав на них у страниц нет."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, privilege_type FROM information_schema.role_table_grants
               WHERE grantee IN ('opora_app', 'opora_country', 'PUBLIC')
               AND table_name = ANY (%s)""",
            [[model._meta.db_table for model in (Sheet, WaitingSheet, Receipt, AnswerCode)]],
        )
        assert cursor.fetchall() == [("diagnostics_answercode", "INSERT")]
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.column_privileges
               WHERE grantee IN ('opora_app', 'opora_country') AND privilege_type = 'SELECT'
               AND table_name = ANY (%s)""",
            [[model._meta.db_table for model in (Sheet, WaitingSheet, Receipt, AnswerCode)]],
        )
        assert cursor.fetchall() == [("diagnostics_answercode", "id")]


def test_nobody_who_acts_counts_beyond_their_territory(link, codes, people):
    """Сколько ответили, узнаёт тот, чья это территория; чужой координатор не узнаёт ничего."""
    send(link, codes[0])
    with acting_as(people.director):
        assert answered([link.pk])[link.pk].answered == 1
    for stranger in (people.stranger, people.nobody):
        with acting_as(stranger):
            assert answered([link.pk]) == {}


def test_a_visitor_without_an_account_answers_through_the_wall(link, codes):
    """Отвечающий — никто: стена молчит обо всём, а лист принят."""
    with acting_as(None):
        assert survey(link.token).school == "Школа села Ёлкино"
        assert send(link, codes[0]) == Told.TAKEN
        assert SurveyLink.objects.count() == 0
