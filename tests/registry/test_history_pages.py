"""Pages of school history: told, looked at, confirmed, taken back; seen by those who may."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opora.registry.change_model import SchoolChange
from opora.registry.history.actions import record_change
from opora.registry.history.ways import WAYS
from opora.registry.models import School
from tests.registry.test_recording_changes import draft, merge, renaming

ORDER = {"on": "2019-09-01", "order_number": "17-п", "order_date": "2019-06-03"}


def record_at(school, way=""):
    address = reverse("history:record", args=(school.pk,))
    return f"{address}?way={way}" if way else address


def told(answer):
    """Answer what a person reads on a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def hidden(answer):
    """Answer the fields that the preview's form sends again."""
    form = answer.content.decode().split('<form method="post">')[-1]
    found = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in found if name not in ("edit", "csrfmiddlewaretoken")}


def test_a_change_is_looked_at_before_it_is_recorded(people, places, signed_in):
    """Сначала видно, что изменится; записывается только подтверждённое."""
    browser = signed_in(people.coordinator)
    looked = browser.post(record_at(places.listed, "joined"), {**ORDER, "schools": "sch250002"})
    assert looked.status_code == 200
    assert "Школа посёлка Береговой Работает да нет" in told(looked)
    assert "складываются с результатами школы, в которую они вошли" in told(looked)
    assert not SchoolChange.objects.exists()
    done = browser.post(record_at(places.listed, "joined"), {**hidden(looked), "confirm": "1"}, follow=True)
    assert "Изменение записано" in told(done)
    row = SchoolChange.objects.get()
    assert (row.kind, row.school_id, row.ends) == ("merge", places.listed.pk, [places.passed.pk])


def test_links_go_both_ways_between_predecessor_and_successor(people, places, signed_in):
    record_change(merge(places), people.coordinator)
    browser = signed_in(people.coordinator)
    for one, other in ((places.listed, places.passed), (places.passed, places.listed)):
        html = browser.get(reverse("history:school", args=(one.pk,))).content.decode()
        assert f'href="/schools/{other.pk}/"' in html


def test_a_closed_school_says_so_and_names_its_heir(people, places, signed_in):
    record_change(merge(places), people.coordinator)
    browser = signed_in(people.coordinator)
    page = told(browser.get(f"/schools/{places.passed.pk}/"))
    assert "Школы больше нет" in page
    assert "Преемник: Школа села Ёлкино" in page


def test_a_tie_to_a_school_of_others_is_a_name_without_a_link(people, places, signed_in):
    """Директор читает, кто присоединился, но чужую страницу не откроет."""
    record_change(merge(places), people.coordinator)
    html = signed_in(people.director).get(f"/schools/{places.listed.pk}/history/").content.decode()
    assert "«Школа посёлка Береговой»" in html
    assert f"/schools/{places.passed.pk}/" not in html


def test_every_error_stands_at_its_field(people, places, signed_in, today):
    browser = signed_in(people.coordinator)
    wrong = {
        "schools": "нет такой",
        "on": f"{today.year + 1}-01-01",
        "order_number": "",
        "order_date": "вчера",
    }
    answer = browser.post(record_at(places.listed, "joined"), wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"schools", "on", "order_number", "order_date"}
    assert "Школы «нет такой» в реестре региона нет" in told(answer)


def test_an_impossible_change_is_a_sentence_on_the_page(people, places, signed_in):
    record_change(merge(places), people.coordinator)
    answer = signed_in(people.coordinator).post(
        record_at(places.passed, "close"), {**ORDER, "on": "2020-01-01"}
    )
    assert answer.status_code == 422
    assert "она вошла в другую школу 01.09.2019" in told(answer)


def test_who_confirms_what_another_has_changed_gets_409_and_sees_what(people, places, signed_in):
    browser = signed_in(people.coordinator)
    looked = browser.post(record_at(places.listed, "joined"), {**ORDER, "schools": "sch250002"})
    record_change(renaming(places.listed, "Ёлкинский лицей"), people.operator)
    late = browser.post(record_at(places.listed, "joined"), {**hidden(looked), "confirm": "1"})
    assert late.status_code == 409
    assert "Пока вы заполняли форму" in told(late)
    assert "Переименована: «Школа села Ёлкино» → «Ёлкинский лицей»" in told(late)
    assert SchoolChange.objects.count() == 1


def test_a_change_is_taken_back_with_a_reason_and_stays_to_be_read(people, places, signed_in):
    row = record_change(merge(places), people.coordinator)
    browser = signed_in(people.coordinator)
    address = reverse("history:take_back", args=(places.listed.pk, row.pk))
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"why": ""}).status_code == 422
    page = told(browser.post(address, {"why": "не та школа"}, follow=True))
    assert "отменено" in page
    assert "Отменено: не та школа (Человек coordinator" in page
    assert browser.get(address).status_code == 404
    assert School.objects.get(pk=places.passed.pk).closed_on is None


def test_what_must_be_taken_back_first_is_said(people, places, signed_in):
    first = record_change(renaming(places.listed, "Лицей"), people.coordinator)
    record_change(renaming(places.listed, "Гимназия", date(2020, 9, 1)), people.coordinator)
    address = reverse("history:take_back", args=(places.listed.pk, first.pk))
    answer = signed_in(people.coordinator).post(address, {"why": "ошибка"})
    assert answer.status_code == 422
    assert "Сначала отмените изменение «переименование с 01.09.2020»" in told(answer)


FORMS = {
    "joined": {"schools": "sch250002"},
    "became_part": {"other": "Гимназия № 1"},
    "union": {"schools": "111002", "new_school": "sch250004"},
    "split_off": {"new_school": "sch250004", "shares": "sch250001: 40\nsch250004: 20"},
    "divided": {"new_schools": "sch250003\nsch250004"},
    "branch": {"other": "sch250003"},
    "branch_opened": {"new_school": "sch250004"},
    "rename": {"name": "Ёлкинский лицей"},
    "founder": {"founder": "Администрация округа"},
    "move": {"municipality": "city"},
    "reform": {"municipality": "city"},
    "open": {},
    "close": {},
    "vpr_login": {"code": "edu250099"},
    "ris_code": {"code": ""},
    "inn": {"code": "7707083893"},
}


@pytest.mark.parametrize("way", FORMS)
def test_every_way_goes_from_its_form_to_the_history(people, places, signed_in, way):
    """Каждый вид изменения проходит путь целиком: форма, проверка, запись, страница."""
    browser = signed_in(people.coordinator)
    given = {name: str(places.city.pk) if value == "city" else value for name, value in FORMS[way].items()}
    assert browser.get(record_at(places.listed, way)).status_code == 200
    looked = browser.post(record_at(places.listed, way), {**ORDER, **given})
    assert looked.status_code == 200, told(looked)
    confirmed = {**ORDER, **given, "seen": looked.context["preview"].seen, "confirm": "1"}
    done = browser.post(record_at(places.listed, way), confirmed)
    assert done.status_code == 302, told(done)
    assert SchoolChange.objects.get().kind == WAYS[way].kind
    page = browser.get(reverse("history:school", args=(places.listed.pk,)))
    assert "Приказ № 17-п от 3" in told(page)


def test_every_way_is_walked_by_a_test():
    assert set(WAYS) - set(FORMS) == {"independent", "reopen"}  # these follow others, see below


def test_a_closed_school_opens_again_and_a_branch_becomes_independent(people, places, signed_in):
    record_change(draft("close", date(2018, 9, 1), school=places.quiet), people.coordinator)
    record_change(
        draft("branch", date(2018, 9, 1), school=places.passed, main=places.listed), people.coordinator
    )
    browser = signed_in(people.coordinator)
    for school, way in ((places.quiet, "reopen"), (places.passed, "independent")):
        looked = browser.post(record_at(school, way), ORDER)
        browser.post(record_at(school, way), {**hidden(looked), "confirm": "1"})
    assert School.objects.get(pk=places.quiet.pk).closed_on is None
    assert School.objects.get(pk=places.passed.pk).main is None


@pytest.mark.parametrize("who", ["municipal", "director", "observer", "analyst", "curator"])
def test_those_who_only_see_a_school_read_its_history_and_record_nothing(people, places, signed_in, who):
    row = record_change(merge(places), people.coordinator)
    browser = signed_in(getattr(people, who))
    page = browser.get(reverse("history:school", args=(places.listed.pk,)))
    assert page.status_code == 200
    assert "Записать изменение" not in told(page)
    assert browser.get(record_at(places.listed)).status_code == 404
    assert browser.get(reverse("history:take_back", args=(places.listed.pk, row.pk))).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_a_stranger_finds_no_history(people, places, signed_in, who):
    browser = signed_in(getattr(people, who))
    assert browser.get(reverse("history:school", args=(places.listed.pk,))).status_code == 404
    assert browser.get(record_at(places.listed, "close")).status_code == 404


def test_schools_are_found_by_former_names_and_codes_closed_ones_too(people, places, signed_in):
    record_change(renaming(places.listed, "Ёлкинский лицей"), people.coordinator)
    record_change(draft("vpr_login", school=places.quiet, after="sch259999"), people.coordinator)
    record_change(draft("close", school=places.passed), people.coordinator)
    browser = signed_in(people.coordinator)
    for text, name in (
        ("села елкино", "Ёлкинский лицей"),
        ("sch250004", "Школа № 12"),
        ("берегов", "закрыта"),
    ):
        page = browser.get("/schools/", {"search": text})
        assert len(page.context["page"].rows) == 1, text
        assert name in told(page)
    assert {row.name for row in signed_in(people.director).get("/schools/").context["page"].rows} == {
        "Ёлкинский лицей"
    }


def test_the_list_finds_a_school_by_the_name_that_it_got_later(published, people, places, signed_in):
    """Перечень помнит имя своего дня; ищут его и по новому."""
    record_change(renaming(places.listed, "Ёлкинский лицей"), people.coordinator)
    record_change(draft("close", date(2020, 9, 1), school=places.gymnasium), people.coordinator)
    browser = signed_in(people.coordinator)
    for text in ("лицей", "села елкино"):
        rows = browser.get("/list/", {"search": text}).context["page"].rows
        assert [row.school for row in rows] == [places.listed.pk], text
    assert "закрыта 1 сентября 2020" in told(browser.get("/list/")).replace("\u00a0", " ")


def test_questions_of_a_history_do_not_grow(people, places, signed_in):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    browser = signed_in(people.coordinator)
    record_change(merge(places, date(2010, 9, 1)), people.coordinator)
    record_change(renaming(places.listed, "Имя", date(2010, 9, 2)), people.coordinator)
    history, schools = reverse("history:school", args=(places.listed.pk,)), "/schools/"
    few = asked(history), asked(schools)
    for year in range(2011, 2024):
        record_change(renaming(places.listed, f"Имя {year}", date(year, 9, 1)), people.coordinator)
    School.objects.bulk_create(
        School(region=places.primorye, municipality=places.city, name=f"Школа {one}") for one in range(120)
    )
    many = asked(history), asked(schools)
    assert many <= few
    assert few <= (11, 6)  # one more than the page asks: whoever acts enters the second wall
