"""Each side keeps and signs its own words; nobody writes over another's, nothing changes once signed."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from opora.audit.models import Event
from opora.diagnostics.models import Verification
from opora.diagnostics.verification.actions import LONGEST, Part, Words, keep_words, sides_of, sign, take_back
from opora.methodology.risk_profile.verification import Lack, Lacking, Opinion
from opora.registry.access import NotAllowed
from opora.registry.refusals import ChangedMeanwhile, NotWhole, Signed
from tests.diagnostics.verification.conftest import AGREE, NAMES, WHOLE

pytestmark = pytest.mark.django_db


def test_a_school_keeps_its_words_and_signs_them(school_side, people):
    own = keep_words(school_side, WHOLE, 0, people.director)
    signed = sign(school_side, own.version, people.director)
    assert (signed.signed_by, signed.chosen, signed.version) == (people.director, NAMES[:2], 1)
    assert signed.measures == dict.fromkeys(NAMES[:2], "курсы и наставник")
    deeds = Event.objects.filter(deed__contains="verif").values_list("deed", flat=True)
    assert sorted(deeds) == ["diagnostics.sign_verification", "diagnostics.verify_profile"]


def test_a_curator_speaks_for_the_curator_alone(curator_side, school_side, people):
    doubted = Words(AGREE | {NAMES[2]: Opinion(False, "в школе новые педагоги")}, tuple(NAMES), {}, "мало")
    own = keep_words(curator_side, doubted, 0, people.curator)
    assert (own.chosen, own.measures, own.few_reason) == ([], {}, "")  # the choice is the school's
    assert own.opinions[NAMES[2]] == [False, "в школе новые педагоги"]
    with pytest.raises(NotAllowed):
        keep_words(school_side, WHOLE, 0, people.curator)
    with pytest.raises(NotAllowed):
        keep_words(curator_side, WHOLE, 0, people.director)


@pytest.mark.parametrize(
    "who", ["operator", "analyst", "coordinator", "municipal", "observer", "stranger", "nobody"]
)
def test_nobody_else_speaks(school_side, people, who, places, today):
    assert sides_of(getattr(people, who), places.listed, today) == ()
    for side in ("school", "curator", "", "somebody"):
        with pytest.raises(NotAllowed):
            keep_words(Part(school_side.campaign, places.listed, side), WHOLE, 0, getattr(people, who))
    assert not Verification.objects.exists()


def test_a_school_without_a_profile_has_nothing_to_verify(survey, people, places):
    with pytest.raises(NotAllowed):
        keep_words(Part(survey(), places.listed, "school"), WHOLE, 0, people.director)


def test_what_lacks_stops_a_signature_and_stays_kept(school_side, people):
    said = Words({NAMES[0]: Opinion(False)}, tuple(NAMES[:1]))
    own = keep_words(school_side, said, 0, people.director)
    with pytest.raises(NotWhole) as refusal:
        sign(school_side, own.version, people.director)
    assert refusal.value.lacks == [
        *(Lack(Lacking.OPINION, name) for name in NAMES[1:]),
        Lack(Lacking.REASON, NAMES[0]),
        Lack(Lacking.CHOICE),
        Lack(Lacking.MEASURES, NAMES[0]),
    ]
    own.refresh_from_db()
    assert own.signed_at is None and own.opinions == {NAMES[0]: [False, ""]}


def test_what_is_signed_changes_only_after_the_signature_is_taken_back(school_side, people):
    own = keep_words(school_side, WHOLE, 0, people.director)
    sign(school_side, own.version, people.director)
    with pytest.raises(Signed):
        keep_words(school_side, Words(), own.version, people.director)
    with pytest.raises(Signed):
        sign(school_side, own.version, people.director)
    free = take_back(school_side, people.director)
    assert free.signed_at is None and free.chosen == NAMES[:2]
    assert keep_words(school_side, Words(AGREE), free.version, people.director).chosen == []


def test_the_second_of_two_people_is_told_and_writes_nothing_over(school_side, people):
    keep_words(school_side, WHOLE, 0, people.director)
    with pytest.raises(ChangedMeanwhile):
        keep_words(school_side, Words(AGREE, (), {}, "другое"), 0, people.director)
    with pytest.raises(ChangedMeanwhile):
        sign(school_side, 0, people.director)
    assert Verification.objects.get().few_reason == ""


def test_what_names_no_factor_is_left_out_and_long_words_are_cut(school_side, people):
    odd = Words(
        {"нет": Opinion(True), NAMES[0]: Opinion(False, "ю" * (LONGEST + 9))},
        ("нет", NAMES[1], NAMES[1]),
        {"нет": "x", NAMES[1]: " "},
    )
    own = keep_words(school_side, odd, 0, people.director)
    assert set(own.opinions) == {NAMES[0]} and len(own.opinions[NAMES[0]][1]) == LONGEST
    assert (own.chosen, own.measures) == ([NAMES[1]], {})


@pytest.mark.parametrize(
    "odd",
    [{"side": "curator", "chosen": ["equipment"]}, {"side": "school", "signed_at": "2026-11-01T00:00Z"}],
)
def test_the_database_refuses_what_cannot_be(campaign, places, people, odd):
    place = {"region": places.primorye, "municipality": places.lake, "school": places.listed}
    with pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.create(campaign=campaign, by=people.director, **place, **odd)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_windows_that_keep_at_once_are_one_and_a_refusal(school_side, people):
    """Двое сохраняют сразу: одни слова приняты, второму сказано."""
    start, told = threading.Barrier(2), []

    def keep(reason):
        start.wait()
        try:
            told.append(keep_words(school_side, Words(AGREE, (), {}, reason), 0, people.director).few_reason)
        except ChangedMeanwhile:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=(reason,)) for reason in ("а", "б")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("refused") == 1
    assert Verification.objects.get().few_reason in {"а", "б"} & set(told)
