"""Pages of people: only one's own territory, forms that say what is wrong, orders never shown inline."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from opora.accounts.models import User
from opora.audit.models import Event
from opora.people import urls
from opora.people.actions import ask_to_be_forgotten, invite
from opora.registry.actions import name_deputy
from opora.registry.models import Appointment, Order
from opora.registry.orders import LARGEST

PDF = b"%PDF-1.7 order"


@pytest.fixture(autouse=True)
def orders_folder(settings, tmp_path):
    settings.ORDERS = tmp_path / "orders"


def told(**changed):
    return {
        "full_name": "Иванова Анна Петровна", "email": "ivanova@example.org", "role": "psychologist",
        "school": "sch250001", "since": "2026-01-10", **changed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "seen"), [("coordinator", 5), ("municipal", 3), ("director", 2), ("stranger", 1), ("operator", 8)]
)
def test_the_list_holds_the_people_of_one_s_territory(people, signed_in, who, seen):
    page = signed_in(getattr(people, who)).get("/people/").context["page"]
    assert page.paging.paginator.count == len(page.rows) == seen


@pytest.mark.parametrize("who", ["curator", "analyst", "observer", "nobody"])
def test_who_answers_for_nobody_finds_no_pages_of_people(people, signed_in, who):
    browser = signed_in(getattr(people, who))
    held = people.director.appointments.get()
    for address in ("/people/", "/people/new/", "/people/import/", f"/people/{people.director.pk}/"):
        assert browser.get(address).status_code == 404, address
    assert browser.get(f"/appointments/{held.pk}/end/").status_code == 404
    assert browser.post(f"/appointments/{held.pk}/invite/", {"way": "code"}).status_code == 404


def test_a_foreign_person_and_a_missing_one_answer_alike(people, signed_in):
    browser = signed_in(people.stranger)
    held = people.curator.appointments.get()
    made = name_deputy(held, people.director, date.today(), date.today(), people.curator)
    invited = invite(held, "letter", people.coordinator).invitation
    order = Order.objects.create(number="1", day=date(2026, 1, 1), digest="a" * 64, file_name="o.pdf")
    pages = {
        f"/people/{people.curator.pk}/": "/people/999999/",
        f"/appointments/{held.pk}/end/": "/appointments/999999/end/",
        f"/appointments/{held.pk}/deputy/": "/appointments/999999/deputy/",
        f"/orders/{order.pk}/": "/orders/999999/",
        f"/orders/{order.pk}/viewers/": "/orders/999999/viewers/",
    }
    for foreign, missing in pages.items():
        assert browser.get(foreign).status_code == browser.get(missing).status_code == 404, foreign
    for foreign in (
        f"/appointments/{held.pk}/invite/", f"/invitations/{invited.pk}/withdraw/",
        f"/deputyships/{made.pk}/end/", f"/people/{people.curator.pk}/forget/",
    ):  # fmt: skip
        assert browser.post(foreign, {"way": "code"}).status_code == 404, foreign
    invited.refresh_from_db()
    assert invited.withdrawn_at is None


def test_every_address_of_people_stands_in_these_tests():
    names = {pattern.name for pattern in urls.urlpatterns}
    assert names == {
        *("list", "new", "import", "load", "invite_many", "person", "forget", "end", "deputy", "invite"),
        *("end_deputy", "withdraw", "order", "order_viewers", "code", "join"),
    }
    assert get_resolver().namespace_dict["people"]


def test_somebody_is_appointed_by_an_order_with_its_file(people, places, signed_in):
    given = told(
        order_number="12-к", order_day="2026-01-09", order_file=SimpleUploadedFile("приказ.pdf", PDF)
    )
    answer = signed_in(people.coordinator).post("/people/new/", given)
    made = Appointment.objects.get(person__email="ivanova@example.org")
    assert answer.headers["Location"] == f"/people/{made.person_id}/"
    assert (made.role, made.school, made.since) == ("psychologist", places.listed, date(2026, 1, 10))
    assert (made.order.number, made.order.region) == ("12-к", places.primorye)
    assert not made.person.has_usable_password()


def test_one_order_appoints_many_and_is_kept_once(people, signed_in):
    browser = signed_in(people.coordinator)
    for number in range(3):
        given = told(email=f"p{number}@example.org", order_number="12-к", order_day="2026-01-09")
        assert browser.post("/people/new/", given).status_code == 302
    assert Order.objects.get().appointments.count() == 3


def test_an_order_of_another_authority_with_the_same_number_is_another_order(people, places, signed_in):
    """Номера приказов у района и региона свои: чужой файл так не открыть."""
    given = {"order_number": "5", "order_day": "2026-01-09"}
    first = {**given, "order_file": SimpleUploadedFile("приказ.pdf", PDF)}
    signed_in(people.coordinator).post("/people/new/", told(**first))
    signed_in(people.municipal).post("/people/new/", told(email="other@example.org", **given))
    assert Order.objects.filter(number="5").count() == 2
    assert Appointment.objects.get(person__email="other@example.org").order.digest == ""


def test_the_file_of_an_order_leaves_as_an_attachment_only(people, signed_in):
    browser = signed_in(people.coordinator)
    given = told(order_number="12", order_day="2026-01-09", order_file=SimpleUploadedFile("приказ.pdf", PDF))
    browser.post("/people/new/", given)
    answer = browser.get(f"/orders/{Order.objects.get().pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert signed_in(people.stranger).get(f"/orders/{Order.objects.get().pk}/").status_code == 404


def archive(name):
    out = BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "is_taken"),
    [
        ("order.pdf", PDF, True),
        ("order.docx", archive("word/document.xml"), True),
        ("order.pdf", b"<script>alert(1)</script>", False),
        ("order.html", b"<html>", False),
        ("order.docx", archive("evil.exe"), False),
        ("order.docx", b"PK\x03\x04broken", False),
        ("order.pdf", PDF + b" " * LARGEST, False),
    ],
)
def test_only_what_may_be_an_order_is_kept(people, signed_in, name, content, is_taken):
    given = told(order_number="1", order_day="2026-01-09", order_file=SimpleUploadedFile(name, content))
    answer = signed_in(people.coordinator).post("/people/new/", given)
    assert answer.status_code == (302 if is_taken else 422)
    assert Order.objects.count() == int(is_taken)


def test_a_name_of_a_file_leads_out_of_no_folder(people, signed_in, settings):
    file = SimpleUploadedFile("x.pdf", PDF)
    file.name = "приказ.pdf"
    given = told(order_number="1", order_day="2026-01-09", order_file=file)
    signed_in(people.coordinator).post("/people/new/", given)
    kept = [path for path in settings.ORDERS.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [Order.objects.get().digest]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"school": "sch220001"}, "Школа не найдена"),
        ({"school": ""}, "Место не подходит роли"),
        ({"school": "", "municipality": "Ёлкинский район"}, "Школа не названа"),
        ({"role": "methodist", "school": "", "municipality": "Степной район"}, "Муниципалитет не найден"),
        ({"until": "2025-01-01"}, "Последний день не раньше первого"),
        ({"subject": "maths"}, "Предмет бывает только у методиста"),
        ({"order_number": "5"}, "Назовите дату приказа"),
        ({"role": "federal_operator"}, "Выберите корректный вариант"),
        ({"email": "нет"}, "адрес"),
        ({"role": "director"}, "уже есть директор"),
    ],
)
def test_a_bad_form_says_what_is_wrong_and_changes_nothing(people, signed_in, changed, sentence):
    before = Appointment.objects.count()
    answer = signed_in(people.coordinator).post("/people/new/", told(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (Appointment.objects.count(), User.objects.filter(email="ivanova@example.org").count()) == (
        before,
        0,
    )


@pytest.mark.parametrize(
    "school",
    ["sch250001", "edu250001", "111001", "Школа села Елкино", "школа села ёлкино", "sch250001 Школа"],
)
def test_a_school_is_found_by_any_of_its_names_and_codes(people, places, signed_in, school):
    assert signed_in(people.coordinator).post("/people/new/", told(school=school)).status_code == 302
    assert Appointment.objects.get(person__email="ivanova@example.org").school == places.listed


def test_an_existing_account_is_found_and_not_doubled(people, signed_in):
    signed_in(people.coordinator).post("/people/new/", told(email="CURATOR@example.org"))
    assert people.curator.appointments.count() == 2
    assert User.objects.filter(full_name="Иванова Анна Петровна").count() == 0


def test_an_appointment_is_ended_on_its_page(people, signed_in, today):
    held = people.curator.appointments.get()
    browser = signed_in(people.coordinator)
    assert browser.post(f"/appointments/{held.pk}/end/", {"day": today}).status_code == 422
    given = {"day": today, "reason": "Уход из проекта", "order_number": "7", "order_day": today}
    assert browser.post(f"/appointments/{held.pk}/end/", given).status_code == 302
    held.refresh_from_db()
    assert (held.until, held.end_reason, held.end_order.number) == (today, "Уход из проекта", "7")
    assert "Уход из проекта, приказ № 7" in browser.get(f"/people/{people.curator.pk}/").content.decode()


def test_one_names_a_deputy_of_one_s_own_appointment(people, signed_in, today):
    held = people.curator.appointments.get()
    given = {
        "full_name": "Замещающий Олег", "email": "deputy@example.org", "since": today, "until": today,
    }  # fmt: skip
    assert signed_in(people.curator).post(f"/appointments/{held.pk}/deputy/", given).status_code == 302
    made = held.deputyships.get()
    assert made.deputy.email == "deputy@example.org"
    assert signed_in(made.deputy).get("/list/").status_code == 200
    assert signed_in(people.curator).post(f"/deputyships/{made.pk}/end/").status_code == 302


def test_a_deputy_who_is_refused_leaves_no_account(people, signed_in, today):
    held = people.curator.appointments.get()
    given = {"full_name": "Некто", "email": "deputy@example.org", "since": "2001-01-01", "until": today}
    answer = signed_in(people.curator).post(f"/appointments/{held.pk}/deputy/", given)
    assert answer.status_code == 422
    assert "только в дни самого назначения" in answer.content.decode()
    assert not User.objects.filter(email="deputy@example.org").exists()


def test_codes_for_everybody_who_has_not_come_are_printed_at_once(people, signed_in):
    answer = signed_in(people.municipal).post("/people/invite/", {"way": "code"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert text.count("<svg") >= 1
    assert people.director.email in text
    assert people.curator.email not in text  # a municipal coordinator does not appoint curators
    assert people.stranger.email not in text


def test_filters_narrow_the_list(people, signed_in, today):
    browser = signed_in(people.coordinator)
    assert [row.email for row in browser.get("/people/?role=curator").context["page"].rows] == [
        people.curator.email
    ]
    assert browser.get("/people/?search=director").context["page"].paging.paginator.count == 1
    assert browser.get("/people/?only=ended").context["page"].paging.paginator.count == 0
    Appointment.objects.filter(person=people.curator).update(until=today + timedelta(days=3))
    soon = browser.get("/people/?only=soon").context["page"]
    assert [row.state.word for row in soon.rows] == ["скоро кончается"]
    for nonsense in ("page=x&only=y", "page=-1", "role=z", "page=99999"):
        assert browser.get(f"/people/?{nonsense}").status_code == 200


@pytest.mark.parametrize("who", ["operator", "coordinator", "municipal"])
def test_questions_do_not_grow_with_the_number_of_people(people, places, signed_in, who):
    browser = signed_in(getattr(people, who))

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    addresses = ("/people/", f"/people/{people.director.pk}/")
    few = [asked(address) for address in addresses]
    made = User.objects.bulk_create(User(email=f"a{n}@example.org", full_name=f"А {n}") for n in range(60))
    Appointment.objects.bulk_create(
        Appointment(person=one, role="psychologist", school=places.listed, since=date(2026, 1, 1))
        for one in made
    )
    many = [asked(address) for address in addresses]
    assert many[0] <= few[0] + 1  # the way to a second page
    assert many[1] <= few[1]
    assert max(many) <= 11


def test_who_asks_to_be_forgotten_is_a_number_afterwards(people, signed_in, today):
    """Имя и адрес заменяет номер; назначения и журнал остаются."""
    ask_to_be_forgotten(people.curator)
    browser = signed_in(people.coordinator)
    browser.post(f"/people/{people.curator.pk}/forget/")
    people.curator.refresh_from_db()
    assert people.curator.full_name == "Человек curator"  # an appointment is in force
    Appointment.objects.filter(person=people.curator).update(until=today - timedelta(days=1))
    browser.post(f"/people/{people.curator.pk}/forget/")
    people.curator.refresh_from_db()
    assert people.curator.full_name == f"№ {people.curator.pk}"
    assert not people.curator.is_active
    assert "curator@" not in people.curator.email
    assert people.curator.appointments.count() == 1
    assert Event.objects.filter(deed="people.forget_person", details__person=people.curator.pk).exists()


def test_nobody_is_forgotten_who_did_not_ask(people, signed_in, today):
    Appointment.objects.filter(person=people.curator).update(until=today - timedelta(days=1))
    signed_in(people.coordinator).post(f"/people/{people.curator.pk}/forget/")
    people.curator.refresh_from_db()
    assert people.curator.is_active
