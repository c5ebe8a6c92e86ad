"""Pages of visits: who reads what, plain forms, files, receipts, the protocol on paper."""

import base64
import html
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from opora.visits.kept import records_of
from opora.visits.models import Visit, VisitPhoto, VisitRecord
from opora.visits.planning import forms
from opora.visits.planning.actions import Plan, plan_visit
from opora.visits.protocol.canonical import digest
from opora.visits.taking.actions import keep_photo, take_records
from tests.diagnostics.profiles.test_paper import words_of_docx, words_of_pdf
from tests.visits.drawn import name
from tests.visits.pictures import digest_of, png
from tests.world import questions

pytestmark = pytest.mark.django_db
PHOTO = png(3, eXIf=b"gps")


@pytest.fixture
def at(visit):
    return lambda path="": f"/visits/{visit.pk}/{path}"


@pytest.fixture
def full(visit, people, told, mended):
    """A visit with a record of every kind, one mended, one withdrawn, and a photo."""
    sent = [
        told("m", "met", note="и завуч"),
        told("q", "answer", 1),
        told("o", "observation", 2),
        told("a", "agreement", 3),
        told("k", "agreement_kept", 4, agreement=name("a")),
        told("n", "note", 5, text="тихо <b>и</b> тепло"),
        told("p", "photo", 6, photo=digest_of(PHOTO), caption="кабинет"),
        mended("c", "m", 7, "met", note="и два учителя"),
        told("x", "note", 8, text="лишнее"),
        mended("w", "x", 9, ""),
    ]
    assert all(one.told == "received" for one in take_records(visit, sent, people.curator))
    keep_photo(visit, digest_of(PHOTO), PHOTO, people.curator)
    return visit


def words(answer):
    """Answer the words of a page, whatever its status."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def plain(kind, short="f", **fields):
    return {"kind": kind, "uuid": name(short), "told_at": "2026-11-28T10:00:00.000Z"} | fields


def test_a_curator_plans_a_visit_and_the_school_sees_it_at_once(client, people, places, today):
    client.force_login(people.curator)
    day = today + timedelta(days=3)
    told = {"school": places.listed.pk, "planned_on": day, "purpose": "посмотреть уроки"}
    answer = client.post("/visits/new/", told)
    assert answer.status_code == 302 and Visit.objects.get().by == people.curator
    client.force_login(people.director)
    page = words(client.get("/visits/"))
    assert "Школа села Ёлкино" in page and "посмотреть уроки" in page and "предстоит" in page
    assert "Запланировать" not in page


def test_what_is_wrong_with_a_plan_is_said_and_nothing_typed_is_lost(client, people, places, today):
    client.force_login(people.curator)
    told = {
        "school": places.listed.pk,
        "planned_on": today - timedelta(days=3),
        "purpose": "посмотреть уроки",
    }
    answer = client.post("/visits/new/", told)
    assert answer.status_code == 422 and "уже прошёл" in words(answer)
    assert "посмотреть уроки" in answer.content.decode()
    answer = client.post("/visits/new/", told | {"school": places.passed.pk, "planned_on": today})
    assert answer.status_code == 422 and not Visit.objects.exists()


def test_the_list_says_what_is_ahead_overdue_and_done(client, people, visit, told, today):
    Visit.objects.filter(pk=visit.pk).update(planned_on=today - timedelta(days=2))
    client.force_login(people.coordinator)
    assert "день прошёл, не отмечен" in words(client.get("/visits/"))
    assert "Таких визитов нет" in words(client.get("/visits/?only=done"))
    take_records(visit, [told("m", "met")], people.curator)
    client.post(f"/visits/{visit.pk}/", {"do": "hold"})
    assert "состоялся" in words(client.get("/visits/?only=done"))
    assert "Визиты: Школа села Ёлкино" in words(client.get(f"/visits/?school={visit.school_id}"))


def test_the_curator_reads_all_that_was_told(client, people, full, at):
    client.force_login(people.curator)
    answer = client.get(at())
    page = words(answer)
    for said in ("Директор: и два учителя", "виден отчасти", "уровень 3 из 4", "купить наборы", "выполнена"):
        assert said in page, said
    assert "тихо <b>и</b> тепло" in page and b"<b>" not in answer.content
    assert "Исправлено; прежде было" in page and "и завуч" in page
    assert "Отозванные записи (1)" in page and "лишнее" in page
    assert "10 записей, 1 устройство." in page
    assert digest_of(PHOTO) in answer.content.decode()


@pytest.mark.parametrize("who", ["director", "observer"])
def test_the_school_reads_who_was_met_and_what_was_agreed_on_alone(client, people, full, at, who):
    client.force_login(getattr(people, who))
    page = words(client.get(at()))
    assert "Директор: и два учителя" in page and "купить наборы для опытов" in page
    for hidden in ("виден отчасти", "уровень 3", "тихо", "кабинет", "Визит состоялся", "Отменить"):
        assert hidden not in page, hidden
    for path in ("pack/", "state/", "receipts/", f"photos/{digest_of(PHOTO)}/"):
        assert client.get(at(path)).status_code == 404, path
    assert client.post(at("records/"), plain("note", text="от школы")).status_code == 404
    assert client.post(at(), {"do": "hold"}).status_code == 404


def test_a_note_turned_into_a_meeting_does_not_show_the_school_its_former_words(
    client, people, visit, told, mended, at
):
    take_records(visit, [told("n", text="между нами"), mended("c", "n", 1, "met")], people.curator)
    client.force_login(people.director)
    assert "между нами" not in words(client.get(at()))
    client.force_login(people.curator)
    assert "между нами" in words(client.get(at()))


def test_where_schools_are_too_many_those_with_a_curator_are_offered(client, people, places, monkeypatch):
    monkeypatch.setattr(forms, "MOST", 3)
    client.force_login(people.coordinator)
    page = words(client.get("/visits/new/"))
    assert "Школа села Ёлкино" in page and "Гимназия № 1" not in page


def test_moves_are_made_on_the_page_and_refusals_lose_nothing(client, people, visit, at, today):
    client.force_login(people.curator)
    refused = client.post(at(), {"do": "hold"})
    assert refused.status_code == 422 and "с кем встретились" in words(refused)
    assert client.post(at(), {"do": "move", "day": "завтра"}).status_code == 422
    assert client.post(at(), {"do": "dance"}).status_code == 422
    day = today + timedelta(days=5)
    assert client.post(at(), {"do": "move", "day": day.isoformat()}).status_code == 302
    assert client.post(at(), {"do": "cancel", "reason": "метель"}).status_code == 302
    page = words(client.get(at()))
    assert "отменён" in page and "метель" in page and "Перенести" not in page


def test_a_plain_form_tells_a_record_once_however_often_it_is_sent(client, people, visit, at):
    client.force_login(people.curator)
    sent = plain("agreement", what="купить\r\nнаборы", who="директор", due="2026-12-20")
    for _time in range(2):
        assert client.post(at("records/"), sent).status_code == 302
    (record,) = records_of(visit)
    assert (record.payload["what"], record.device) == ("купить\nнаборы", "page")
    page = words(client.get(at("pack/")))
    assert "Сервер получил" in page and "купить" in page
    changed = client.post(at("records/"), sent | {"what": "другое"})
    assert changed.status_code == 422 and "другую запись" in words(changed) and "другое" in words(changed)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("met", {"who": "parents", "note": "пятеро"}),
        ("answer", {"question": "staff_gaps", "says": "not", "note": ""}),
        ("observation", {"sheet": "lesson", "about": "", "level_aim": "2", "level_climate": "4", "note": ""}),
        ("answer", {"question": "strengths", "note": "хор и лыжи"}),
        ("note", {"text": "тихо"}),
    ],
)
def test_a_plain_form_of_each_kind_is_taken(client, people, visit, at, kind, fields):
    client.force_login(people.curator)
    assert client.post(at("records/"), plain(kind, **fields)).status_code == 302
    (record,) = records_of(visit)
    assert record.kind == kind
    if kind == "observation":
        assert record.payload["levels"] == {"aim": 2, "climate": 4}


def test_what_a_plain_form_lacks_is_said_and_stays_typed(client, people, visit, at):
    client.force_login(people.curator)
    sent = plain("observation", sheet="lesson", about="математика, 6 класс", note="мало мест", level_aim="7")
    answer = client.post(at("records/"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "хотя бы в одной строке" in words(answer)
    assert 'value="математика, 6 класс"' in page and ">мало мест</textarea>" in page
    assert client.post(at("records/"), {}).status_code == 422
    assert not VisitRecord.objects.exists()


def test_a_plain_form_takes_a_photo_without_what_the_camera_added(client, people, visit, at):
    client.force_login(people.curator)
    fields = {"caption": "кабинет", "children": "on"}
    refused = client.post(at("records/"), plain("photo", **fields, file=SimpleUploadedFile("a.png", PHOTO)))
    assert refused.status_code == 422 and "согласие" in words(refused) and not VisitPhoto.objects.exists()
    text = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")
    assert client.post(at("records/"), plain("photo", file=text)).status_code == 422
    assert not VisitRecord.objects.exists()
    sent = plain("photo", **fields, consent="blurred", file=SimpleUploadedFile("a.png", PHOTO))
    assert client.post(at("records/"), sent).status_code == 302
    shown = client.get(at(f"photos/{digest_of(PHOTO)}/"))
    assert shown.getvalue() == png(3) and shown.headers["Content-Type"] == "image/png"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(at(f"photos/{'b' * 64}/")).status_code == 404


def test_the_pack_sends_records_and_is_told_of_each(client, people, visit, at, told):
    client.force_login(people.curator)
    state = client.get(at("state/")).json()
    assert (state["person"], state["records"], state["photos"]) == (people.curator.pk, {}, [])
    sent = [told("a"), told("b", text="")]
    answer = client.post(at("records/"), {"records": sent}, content_type="application/json")
    good, bad = answer.json()["answers"]
    assert (good["told"], good["digest"], bad["told"]) == ("received", digest(sent[0]), "refused")
    assert client.get(at("state/")).json()["records"][name("a")]["digest"] == digest(sent[0])


@pytest.mark.parametrize(
    "body", [" ", "[]", "{}", '{"records": 1}', "[" * 9000, json.dumps({"records": [1] * 201})]
)
def test_a_sending_that_is_none_is_refused_in_words(client, people, at, body):
    client.force_login(people.curator)
    answer = client.post(at("records/"), body, content_type="application/json")
    assert answer.status_code == 422 and "не так" in answer.json()["why"]


def test_a_photo_is_sent_by_itself_after_its_record(client, people, visit, at, told):
    client.force_login(people.curator)
    address = at(f"photos/{digest_of(PHOTO)}/")
    early = client.post(address, PHOTO, content_type="image/jpeg")
    assert early.status_code == 422 and "сначала" in early.json()["why"]
    take_records(visit, [told("p", "photo", photo=digest_of(PHOTO))], people.curator)
    assert client.post(address, PHOTO, content_type="image/jpeg").json()["told"] == "received"
    assert client.get(at("state/")).json()["photos"] == [digest_of(PHOTO)]
    large = client.post(address, b"\xff\xd8\xff" + b"0" * 3_000_000, content_type="image/jpeg")
    assert large.status_code == 200  # it is there already: nothing is read twice


def export(visit, records, photos=()):
    told = {"format": "opora-visit", "visit": visit, "school": "x", "records": records}
    told["photos"] = {digest_of(one): base64.b64encode(one).decode() for one in photos}
    return SimpleUploadedFile("визит.json", json.dumps(told).encode())


def test_a_file_is_taken_as_often_as_one_likes(client, people, visit, told):
    client.force_login(people.coordinator)
    records = [told("a"), told("p", "photo", photo=digest_of(PHOTO)), told("b", text="")]
    first = words(client.post("/visits/file/", {"file": export(visit.pk, records, [PHOTO])}))
    assert "новых записей — 2, были раньше — 0" in first and "Фотографий в визите — 1" in first
    assert "Напишите заметку" in first
    again = words(client.post("/visits/file/", {"file": export(visit.pk, records, [PHOTO])}))
    assert "новых записей — 0, были раньше — 2" in again
    assert VisitRecord.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"PK\x03\x04", b"[]", b'{"format": "opora-visit"}', b"[" * 90_000),
        json.dumps({"format": "opora-visit", "visit": 1, "records": [], "photos": {"a": "?"}}).encode(),
    ],
    ids=range(6),
)
def test_a_file_that_is_none_is_refused_in_words(client, people, content):
    client.force_login(people.curator)
    answer = client.post("/visits/file/", {"file": SimpleUploadedFile("x.json", content)})
    assert answer.status_code == 422 and "Файл не принят" in words(answer)


def test_a_file_of_a_visit_of_others_is_not_taken(client, people, places, today):
    foreign = plan_visit(Plan(places.foreign, today, "посмотреть"), people.stranger)
    client.force_login(people.curator)
    answers = [client.post("/visits/file/", {"file": export(pk, [])}) for pk in (foreign.pk, 10**9)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert words(answers[0]) == words(answers[1])  # whether there is one is not told


def test_receipts_are_listed_with_digests_and_both_clocks(client, people, full, at, told):
    client.force_login(people.coordinator)
    page = words(client.get(at("receipts/")))
    assert digest(told("q", "answer", 1)) in page and "28 ноября 2026, 13:01" in page
    assert "устройство dev-" in page


def test_the_pack_asks_what_the_profile_gives_reason_to(client, people, places, released, today):
    """В пакете — профиль коротко и вопросы по высоким факторам; без профиля — общие."""
    campaign = released(level=0.2)
    made = plan_visit(Plan(places.listed, today, "сверить", campaign), people.curator)
    client.force_login(people.curator)
    page = words(client.get(f"/visits/{made.pk}/pack/"))
    assert "Решили:" in page and "Есть ли в кабинетах то, чего, по анкетам, не хватает?" in page
    assert "Наблюдение урока" in page and "умолчание Опоры" in page
    assert (
        f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/verification/"
        in client.get(f"/visits/{made.pk}/").content.decode()
    )


def test_open_agreements_of_earlier_visits_are_in_the_pack(client, people, places, full, told, today):
    take_records(full, [told("a2", "agreement", 11, what="открытый урок в январе")], people.curator)
    second = plan_visit(Plan(places.listed, today, "второй"), people.curator)
    client.force_login(people.curator)
    page = words(client.get(f"/visits/{second.pk}/pack/"))
    assert "открытый урок в январе" in page and "купить наборы" not in page  # that one is kept


@pytest.mark.parametrize(("kind", "read"), [("pdf", words_of_pdf), ("docx", words_of_docx)])
def test_the_protocol_on_paper_is_marked_as_our_own_form(client, people, full, at, kind, read):
    client.force_login(people.curator)
    said = read(client.get(at(f"protocol.{kind}")).content)
    assert "Протокол визита: Школа села Ёлкино" in said and "умолчание Опоры" in said
    assert "купить наборы для опытов" in said and "и два учителя" in said and "уровень 3 из 4" in said
    client.force_login(people.director)
    short = read(client.get(at(f"protocol.{kind}")).content)
    assert "купить наборы для опытов" in short and "уровень 3" not in short and "открыто школе" in short
    assert client.get(at("protocol.odt")).status_code == 404


def test_pages_ask_few_questions_whatever_was_told(client, people, visit, at, told):
    client.force_login(people.curator)
    client.get(at())
    few = [questions(client, address) for address in ("/visits/", at(), at("pack/"), at("receipts/"))]
    take_records(visit, [told(f"n{place}") for place in range(30)], people.curator)
    plan_visit(Plan(visit.school, visit.planned_on, "второй"), people.curator)
    many = [questions(client, address) for address in ("/visits/", at(), at("pack/"), at("receipts/"))]
    assert few == many == [5, 9, 8, 6]


def test_the_office_of_a_curator_says_what_is_near_and_what_was_not_marked(client, people, visit, today):
    client.force_login(people.curator)
    assert "Открыть пакет визита, пока есть связь" in words(client.get("/office/"))
    Visit.objects.filter(pk=visit.pk).update(planned_on=today - timedelta(days=2))
    assert "Отметить визит или перенести: день прошёл" in words(client.get("/office/"))
    Visit.objects.filter(pk=visit.pk).update(planned_on=today + timedelta(days=30))
    assert "визит" not in words(client.get("/office/")).lower().replace("визиты", "")


def test_the_worker_keeps_packs_alone(client):
    answer = client.get("/visits/worker.js")
    assert answer.status_code == 200 and "opora-visits" in answer.content.decode()
    assert r"^/visits/\\d+/pack/$" in answer.content.decode()
