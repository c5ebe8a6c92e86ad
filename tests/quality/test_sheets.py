"""Each side fills in and signs its own part; nobody writes over another's, nothing changes once signed."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.methodology.quality.judging import Answer, Finding, Lack, Lacking
from opora.quality.access import side_of
from opora.quality.checks.actions import end_check
from opora.quality.models import LONGEST, QualityCheck, SheetPart
from opora.quality.sheets.actions import check_section, conclude, fill_section, sign, take_back
from opora.quality.sheets.said import said_on
from opora.registry.access import NotAllowed
from opora.registry.refusals import CannotDo, ChangedMeanwhile, NotWhole, Signed
from tests.quality.conftest import FIRST, NAMES, SECOND, SECTIONS, answers, findings

pytestmark = pytest.mark.django_db


def test_a_school_fills_its_sheet_in_by_sections_and_signs_it(filled, people):
    sheet = filled()
    part = sheet.parts.get()
    assert part.signed_by == people.director and set(part.answers) == set(NAMES)
    assert part.versions == {one.name: 1 for one in SECTIONS}
    deeds = list(Event.objects.filter(deed__startswith="quality.").values_list("deed", flat=True))
    assert deeds.count("quality.fill_section") == len(SECTIONS) and "quality.sign_sheet" in deeds


def test_the_municipality_confirms_differs_with_a_reason_concludes_and_signs(filled, people):
    sheet = filled()
    for section in SECTIONS[1:]:
        check_section(sheet, section, findings(section), 0, people.municipal)
    own = check_section(sheet, FIRST, findings(FIRST, regulation="partly"), 0, people.municipal)
    own = conclude(sheet, " Обновить положение. ", own.version, people.municipal)
    own = sign(sheet, "municipality", own.version, people.municipal)
    assert (own.signed_by, own.conclusion) == (people.municipal, "Обновить положение.")
    assert said_on(sheet, "").levels["regulation"] == "partly"  # the signed check stands


@pytest.mark.parametrize("who", ["analyst", "curator", "observer", "stranger", "nobody", "operator"])
def test_nobody_else_writes_on_a_sheet(sheet, people, who, today):
    by = getattr(people, who)
    assert side_of(by, sheet.school, today) == ""
    for deed in (
        lambda: fill_section(sheet, FIRST, answers(FIRST), 0, by),
        lambda: check_section(sheet, FIRST, findings(FIRST), 0, by),
        lambda: sign(sheet, "school", 0, by),
        lambda: sign(sheet, "", 0, by),
        lambda: take_back(sheet, "municipality", by),
        lambda: conclude(sheet, "так", 0, by),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert not SheetPart.objects.exists()


def test_neither_side_writes_for_the_other(sheet, filled, people):
    with pytest.raises(NotAllowed):
        fill_section(sheet, FIRST, answers(FIRST), 0, people.municipal)
    filled()
    with pytest.raises(NotAllowed):
        check_section(sheet, FIRST, findings(FIRST), 0, people.director)


def test_the_municipality_waits_for_the_school_or_for_its_term(sheet, people, check, today):
    """До подписи школы проверять нечего; срок вышел — можно и без неё, с причиной у каждого критерия."""
    with pytest.raises(CannotDo, match="не подписала лист"):
        check_section(sheet, FIRST, findings(FIRST), 0, people.municipal)
    QualityCheck.objects.filter(pk=check.pk).update(fill_until=today - timedelta(days=1))
    own = check_section(sheet, FIRST, findings(FIRST), 0, people.municipal)
    with pytest.raises(NotWhole) as refusal:
        sign(sheet, "municipality", own.version, people.municipal)
    assert Lack(Lacking.REASON, FIRST.criteria[0].name) in refusal.value.lacks


def test_what_lacks_stops_a_signature_and_stays_kept(filled, sheet, people):
    filled(signed=False)
    own = fill_section(
        sheet, FIRST, {"regulation": Answer("yes"), "schedule": Answer("no")}, 1, people.director
    )
    with pytest.raises(NotWhole) as refusal:
        sign(sheet, "school", own.version, people.director)
    assert refusal.value.lacks == [
        Lack(Lacking.PROOF, "regulation"),
        Lack(Lacking.LEVEL, "in_charge"),
        Lack(Lacking.LEVEL, "yearly_review"),
    ]
    own.refresh_from_db()
    assert own.signed_at is None and own.answers["schedule"]["level"] == "no"


def test_what_is_signed_changes_only_after_the_signature_is_taken_back(filled, people):
    sheet = filled()
    own = sheet.parts.get()
    with pytest.raises(Signed):
        fill_section(sheet, FIRST, answers(FIRST), 1, people.director)
    with pytest.raises(Signed):
        sign(sheet, "school", own.version, people.director)
    free = take_back(sheet, "school", people.director)
    assert free.signed_at is None and set(free.answers) == set(NAMES)
    fill_section(sheet, FIRST, answers(FIRST, "no"), 1, people.director)


def test_a_school_changes_nothing_under_a_signed_check(checked, people):
    """Пока подпись муниципалитета стоит, школа свою не снимает; сняли — снимает."""
    sheet = checked()
    with pytest.raises(CannotDo, match="муниципалитет сначала снимет"):
        take_back(sheet, "school", people.director)
    take_back(sheet, "municipality", people.municipal)
    assert take_back(sheet, "school", people.director).signed_at is None


def test_a_level_that_the_school_changed_afterwards_needs_a_reason_again(filled, people):
    sheet = filled()
    check_section(sheet, FIRST, findings(FIRST), 0, people.municipal)
    take_back(sheet, "school", people.director)
    own = fill_section(sheet, FIRST, answers(FIRST, regulation="no"), 1, people.director)
    sign(sheet, "school", own.version, people.director)
    version = sheet.parts.get(side="municipality").version
    with pytest.raises(NotWhole) as refusal:
        sign(sheet, "municipality", version, people.municipal)
    assert Lack(Lacking.REASON, "regulation") in refusal.value.lacks


def test_an_ended_check_changes_no_sheet(filled, check, people):
    sheet = filled()
    end_check(check, people.municipal)
    for deed in (
        lambda: take_back(sheet, "school", people.director),
        lambda: check_section(sheet, FIRST, findings(FIRST), 0, people.municipal),
    ):
        with pytest.raises(CannotDo, match="завершена"):
            deed()


def test_the_second_of_two_people_in_one_section_is_told_and_writes_nothing_over(sheet, people):
    fill_section(sheet, FIRST, answers(FIRST), 0, people.director)
    with pytest.raises(ChangedMeanwhile):
        fill_section(sheet, FIRST, answers(FIRST, "no"), 0, people.director)
    fill_section(sheet, SECOND, answers(SECOND), 0, people.director)  # another section is nobody's hindrance
    with pytest.raises(ChangedMeanwhile):
        sign(sheet, "school", 1, people.director)
    assert sheet.parts.get().answers["regulation"]["level"] == "yes"


def test_what_names_no_criterion_is_left_out_and_long_words_are_cut(sheet, people):
    odd = {
        "нет": Answer("yes", "x"),
        SECOND.criteria[0].name: Answer("yes", "x"),
        "regulation": Answer(
            "not_applicable", "ю" * (LONGEST + 9), "т" * 400, "", "https://x.ru/" + "a" * 600
        ),
        "schedule": Answer(),
    }
    own = fill_section(sheet, FIRST, odd, 0, people.director)
    kept = own.answers.pop("regulation")
    assert own.answers == {} and kept["level"] == ""  # this criterion concerns every school
    assert (len(kept["words"]), len(kept["title"]), len(kept["link"])) == (LONGEST, 300, 500)


def test_a_draft_is_read_by_its_own_side_alone(sheet, people, today):
    fill_section(sheet, FIRST, answers(FIRST), 0, people.director)
    assert said_on(sheet, "school").answers and not said_on(sheet, "municipality").answers
    assert not said_on(sheet, "").levels


@pytest.mark.parametrize(
    "odd", [{"side": "school", "conclusion": "x"}, {"side": "school", "signed_at": "2026-11-01T00:00Z"}]
)
def test_the_database_refuses_what_cannot_be(sheet, people, places, odd):
    place = {"region": places.primorye, "municipality": places.lake, "school": places.listed}
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetPart.objects.create(sheet=sheet, by=people.director, **place, **odd)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_windows_that_keep_at_once_are_one_and_a_refusal(sheet, people):
    """Двое сохраняют один раздел сразу: одни слова приняты, второму сказано; разные разделы — оба приняты."""
    start, told = threading.Barrier(3), []

    def keep(section, words):
        start.wait()
        try:
            given = {one.name: Answer("yes", words) for one in section.criteria}
            fill_section(sheet, section, given, 0, people.director)
            told.append(words)
        except ChangedMeanwhile:
            told.append("refused")
        finally:
            connection.close()

    windows = [(FIRST, "а"), (FIRST, "б"), (SECOND, "в")]
    threads = [threading.Thread(target=keep, args=one) for one in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("refused") == 1 and "в" in told
    kept = sheet.parts.get().answers
    assert kept["regulation"]["words"] in {"а", "б"} & set(told)
    assert kept[SECOND.criteria[0].name]["words"] == "в"


def test_a_finding_is_kept_as_it_was_told(filled, people):
    sheet = filled()
    own = check_section(sheet, FIRST, {"regulation": Finding("no", " не нашли ")}, 0, people.municipal)
    assert own.answers == {"regulation": {"level": "no", "reason": "не нашли"}}
