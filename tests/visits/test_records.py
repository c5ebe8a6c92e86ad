"""What a record of each kind must hold, and what is refused with which words."""

import pytest

from opora.visits.protocol.records import KINDS, RecordRefused, check, read_record
from tests.visits.drawn import PAYLOADS, correction, name, record


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_of_each_kind_is_read_as_it_was_told(kind):
    changed = {"agreement": name("a")} if kind == "agreement_kept" else {}
    drawn = record("r", kind, **changed)
    assert read_record(drawn.told()) == drawn


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        ("met", {"who": "pupil"}, "с кем встретились"),
        ("met", {"who": "other", "note": " "}, "должность"),
        ("met", {"who": "other", "note": "ю" * 301}, "слишком длинное"),
        ("answer", {"says": "yes"}, "что вы увидели"),
        ("answer", {"says": "", "note": " "}, "что вы увидели"),
        ("answer", {"question": "Где?"}, "поле question"),
        ("answer", {"note": "ю" * 4001}, "до 4000"),
        ("observation", {"levels": {}}, "хотя бы в одной строке"),
        ("observation", {"levels": {"aim": 5}}, "хотя бы в одной строке"),
        ("observation", {"levels": {"aim": True}}, "хотя бы в одной строке"),
        ("agreement", {"what": "  "}, "о чём договорились"),
        ("agreement", {"who": ""}, "кто сделает"),
        ("agreement", {"due": "2026-02-30"}, "день"),
        ("agreement", {"due": "20261201"}, "день"),
        ("agreement_kept", {"agreement": "та самая"}, "Выберите договорённость"),
        ("note", {"text": "\n"}, "Напишите заметку"),
        ("photo", {"photo": "кабинет.jpg"}, "Выберите фотографию"),
        ("photo", {"children": True}, "дети"),
        ("photo", {"children": "нет"}, "поле children"),
    ],
)
def test_what_lacks_is_said_to_the_person(kind, changed, said):
    with pytest.raises(RecordRefused, match=said):
        check(kind, PAYLOADS[kind] | changed)


@pytest.mark.parametrize("consent", ["paper", "blurred"])
def test_a_photo_with_children_needs_consent_or_hidden_faces(consent):
    check("photo", PAYLOADS["photo"] | {"children": True, "consent": consent})


@pytest.mark.parametrize(
    "changed",
    [
        {"uuid": "1"},
        {"uuid": name("r").upper()},
        {"visit": "7"},
        {"visit": True},
        {"device": "телефон"},
        {"told_at": "вчера"},
        {"told_at": "2026-11-31T10:00:00.000Z"},
        {"told_at": "0999-01-01T00:00:00.000Z"},
        {"kind": "verdict"},
        {"kind": ["note"]},
        {"payload": None},
        {"payload": {"text": 1.5}},
        {"payload": {"text": "а", "Фамилия": "б"}},
        {"more": "x"},
    ],
)
def test_what_is_no_record_is_refused(changed):
    with pytest.raises(RecordRefused):
        read_record(record("r").told() | changed)


@pytest.mark.parametrize("sent", [None, 1, "x", [], {}, {"uuid": name("r")}])
def test_nonsense_is_refused(sent):
    with pytest.raises(RecordRefused):
        read_record(sent)


def test_a_correction_holds_what_its_kind_must_hold():
    read_record(correction("c", "r", kind="agreement").told())
    read_record(correction("c", "r", kind="").told())
    with pytest.raises(RecordRefused, match="о чём договорились"):
        read_record(correction("c", "r", kind="agreement", what="").told())
    with pytest.raises(RecordRefused, match="какую запись"):
        read_record(correction("c", "c").told())
