"""The pages of paper sheets without a program of their own: nothing that was typed is lost."""

import re

import pytest

from opora.diagnostics.models import PaperPack, PaperSheet, SurveyLink, WaitingSheet
from opora.diagnostics.numbers import MOST_SHEETS
from opora.diagnostics.paper.actions import FIRST, SECOND, Entry, begin_pack, enter_sheet, finish_pack
from tests.diagnostics.conftest import DIRECTOR, PUPILS
from tests.diagnostics.paper.conftest import SAID
from tests.world import questions

pytestmark = pytest.mark.django_db
KEYS = {"clear": "3", "missed": "2", "help": "1"}


@pytest.fixture
def director(signed_in, people, client):
    return signed_in(people.director)


@pytest.fixture
def team(campaign, people):
    from django.test import Client

    browser = Client()
    browser.force_login(people.team)
    return browser


def at(pack, number, turn):
    return f"/surveys/packs/{pack.pk}/sheets/{number}/{turn}/"


def version(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def put(browser, address, keys, **more):
    """Open a page as a plain form and send it."""
    page = browser.get(address).content.decode()
    return browser.post(address, keys | {"version": version(page), "do": "keep"} | more)


def test_a_school_goes_the_whole_way_by_plain_forms(director, team, link, campaign, places):
    """Отложить коды → напечатать → пачка → ввод → второй ввод → расхождение → сдать."""
    school = director.get(f"/surveys/{campaign.pk}/schools/{places.listed.pk}/").content.decode()
    home = f"/surveys/links/{link.pk}/paper/"
    assert f'href="{home}"' in school
    assert "Пачек ещё нет" in director.get(home).content.decode()
    director.post(home, {"do": "aside", "count": "2"})
    page = director.get(home).content.decode()
    assert "Отложено для бумаги 2, сдано листов 0. Свободных кодов для телефона 8." in page
    paper = director.get(f"/surveys/links/{link.pk}/paper.pdf?lang=en")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    inside = director.post(home, {"do": "begin"})["Location"]
    pack = PaperPack.objects.get()
    assert inside == f"/surveys/packs/{pack.pk}/"
    assert "Листов ещё нет" in director.get(inside).content.decode()
    assert put(director, at(pack, 1, "first"), KEYS)["Location"] == at(pack, 2, "first")
    assert put(director, at(pack, 2, "first"), KEYS | {"missed": "-"})["Location"] == at(pack, 3, "first")
    second = team.get(at(pack, 1, "second")).content.decode()
    assert 'value="3"' not in second and "Что введено первый раз, здесь не видно" in second
    assert put(team, at(pack, 1, "second"), KEYS)["Location"] == at(pack, 2, "second")
    assert put(team, at(pack, 2, "second"), KEYS)["Location"] == at(pack, 2, "apart")
    apart = team.get(at(pack, 2, "apart")).content.decode()
    assert "Первый раз: <strong>не знаю</strong>. Второй раз: <strong>2</strong>." in apart
    assert apart.count("p-said") == 1 and "Сдать пачку" not in director.get(inside).content.decode()
    assert put(team, at(pack, 2, "apart"), {"missed": "*"})["Location"] == inside
    page = director.get(inside).content.decode()
    assert "Разошлось 16,7 %: 1 из 6" in page.replace("\u00a0", " ")
    assert "Сдать пачку" in page
    director.post(inside, {"do": "finish"})
    page = director.get(inside).content.decode()
    assert "какой лист чей ответ, не узнать" in page and "Пачка сдана" in page
    again = director.post(inside, {"do": "finish"}, follow=True).content.decode()
    assert "Эта пачка уже сдана" in again and WaitingSheet.objects.count() == 2
    assert director.get(at(pack, 1, "first"))["Location"] == inside
    assert "сдана" in director.get(home).content.decode()


def test_what_is_wrong_is_told_at_its_place_and_all_that_was_typed_stays(director, pack):
    answer = put(director, at(pack, 1, "first"), KEYS | {"missed": "45", "clear": "9", "noise_from": "улица"})
    page = answer.content.decode()
    assert answer.status_code == 422 and not PaperSheet.objects.exists()
    for value in ("45", "9", "1"):
        assert f'value="{value}"' in page
    assert ">улица</textarea>" in page
    assert "Вопрос 6: Здесь бывает целое число от 0 до 30." in page and 'href="#at-missed"' in page


def test_enter_in_a_plain_form_looks_and_keeps_nothing(director, pack):
    """Без программы Enter нажимает первую кнопку формы: она проверяет и ничего не сохраняет."""
    page = director.get(at(pack, 1, "first")).content.decode()
    first = re.search(r"<button[^>]*>", page[page.index('id="sheet"') :])[0]
    assert 'value="look"' in first
    answer = put(director, at(pack, 1, "first"), KEYS, do="look")
    assert answer.status_code == 200 and 'value="3"' in answer.content.decode()
    assert not PaperSheet.objects.exists()


def test_an_empty_sheet_is_refused_in_words(director, pack):
    answer = put(director, at(pack, 1, "first"), {})
    assert answer.status_code == 422 and "Пустой лист не вводят" in answer.content.decode()


def test_a_number_that_another_took_meanwhile_moves_the_sheet_on(director, team, pack):
    """Двое ввели «лист 1» разом: у второго всё на месте, и лист стал вторым."""
    page = team.get(at(pack, 1, "first")).content.decode()
    put(director, at(pack, 1, "first"), KEYS)
    sent = {"clear": "4", "missed": "7", "version": version(page), "do": "keep"}
    answer = team.post(at(pack, 1, "first"), sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Теперь это лист 2" in page and 'value="7"' in page
    assert f'action="{at(pack, 2, "first")}"' in page and PaperSheet.objects.get().first == SAID
    answer = team.post(at(pack, 2, "first"), sent | {"version": version(page)})
    assert answer.status_code == 302
    assert [sheet.first["clear"] for sheet in PaperSheet.objects.order_by("number")] == [3, 4]


def test_a_second_entry_that_is_stale_is_shown_again(director, team, pack):
    put(director, at(pack, 1, "first"), KEYS)
    stale = version(team.get(at(pack, 1, "second")).content.decode())
    put(director, at(pack, 1, "first"), KEYS | {"missed": "3"})
    answer = team.post(at(pack, 1, "second"), KEYS | {"missed": "9", "version": stale, "do": "keep"})
    page = answer.content.decode()
    assert answer.status_code == 409 and 'value="9"' in page and PaperSheet.objects.get().second is None
    assert team.post(
        at(pack, 1, "second"), KEYS | {"version": version(page), "do": "keep"}
    )["Location"] == at(pack, 1, "apart")  # fmt: skip


def test_a_sheet_that_was_taken_away_meanwhile_is_told(director, team, pack):
    put(director, at(pack, 1, "first"), KEYS)
    page = team.get(at(pack, 1, "second")).content.decode()
    director.post(f"/surveys/packs/{pack.pk}/", {"do": "remove", "number": "1"})
    sent = KEYS | {"version": version(page), "do": "keep"}
    answer = team.post(at(pack, 1, "second"), sent, follow=True)
    assert "Этого листа в пачке больше нет" in answer.content.decode()


def test_nobody_reads_what_another_typed(director, team, pack):
    """Первый ввод открывает тот, кто его сделал; чужой ввод — нет; правка своего видна целиком."""
    put(director, at(pack, 1, "first"), KEYS)
    assert 'value="3"' in director.get(at(pack, 1, "first")).content.decode()
    assert team.get(at(pack, 1, "first")).status_code == 404
    put(team, at(pack, 1, "second"), KEYS)
    assert director.get(at(pack, 1, "second")).status_code == 404
    assert director.get(at(pack, 1, "apart")).status_code == 404  # nothing differs
    assert director.get(at(pack, 9, "second")).status_code == 404
    assert director.get(at(pack, 1, "third")).status_code == 404


def test_who_types_both_times_is_told_that_another_would_be_better(director, pack):
    put(director, at(pack, 1, "first"), KEYS)
    assert "первый раз вводили вы" in director.get(at(pack, 1, "second")).content.decode()
    put(director, at(pack, 1, "second"), KEYS)
    page = director.get(f"/surveys/packs/{pack.pk}/").content.decode()
    assert "оба раза вводил один человек" in page


def test_every_difference_has_to_be_decided(director, team, pack):
    put(director, at(pack, 1, "first"), KEYS)
    put(team, at(pack, 1, "second"), KEYS | {"missed": "5", "clear": "1"})
    answer = put(team, at(pack, 1, "apart"), {"missed": "5"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Посмотрите на лист" in page and 'value="5"' in page
    put(team, at(pack, 1, "apart"), {"missed": "5", "clear": "1"})
    assert PaperSheet.objects.get().decided == SAID | {"missed": 5, "clear": 1}


def test_words_are_asked_once(director, team, pack):
    put(director, at(pack, 1, "first"), KEYS | {"clear": "1", "why": "2", "noise_from": "улица"})
    second = team.get(at(pack, 1, "second")).content.decode()
    assert "<textarea" not in second
    put(team, at(pack, 1, "second"), KEYS | {"clear": "1", "why": "2"})
    assert PaperSheet.objects.get().decided["noise_from"] == "улица"


def test_teachers_sheets_are_closed_to_their_school(director, teachers, people, client):
    """Директор видит, что пачка есть, и кому её вводить; внутрь не попадает."""
    pack = begin_pack(teachers, people.curator)
    enter_sheet(pack, Entry(1, FIRST, SAID, 0), people.curator)
    home = director.get(f"/surveys/links/{teachers.pk}/paper/").content.decode()
    assert "отдельных листов учителей не видят" in home and "Начать пачку" not in home
    assert "Пачка 1" in home and f"/surveys/packs/{pack.pk}/" not in home
    for address in (f"/surveys/packs/{pack.pk}/", at(pack, 1, "first"), at(pack, 1, "second")):
        assert director.get(address).status_code == 404
        assert director.post(address, {"do": "finish"}).status_code == 404
    assert director.post(f"/surveys/links/{teachers.pk}/paper/", {"do": "begin"}).status_code == 404
    client.force_login(people.curator)
    assert client.get(f"/surveys/packs/{pack.pk}/").status_code == 200


def test_a_foreign_school_is_not_there(director, campaign, places, people):
    foreign = SurveyLink.objects.get(campaign=campaign, school=places.quiet, form=PUPILS)
    pack = begin_pack(foreign, person_at(places.quiet))
    for address in (
        f"/surveys/links/{foreign.pk}/paper/", f"/surveys/links/{foreign.pk}/paper.pdf",
        f"/surveys/packs/{pack.pk}/", at(pack, 1, "first"),
    ):  # fmt: skip
        assert director.get(address).status_code == 404, address


def person_at(school):
    from opora.accounts.actions import add_person
    from opora.registry.actions import appoint

    made = add_person("neighbour@example.org", "Человек рядом", None)
    appoint(made, "director", school=school)
    return made


def test_a_director_types_ones_own_answers_into_the_questionnaire(director, campaign, places):
    office = SurveyLink.objects.get(campaign=campaign, school=places.listed, form=DIRECTOR)
    page = director.get(f"/surveys/links/{office.pk}/paper/").content.decode()
    assert "вводит свои ответы сам" in page and "Начать пачку" not in page and "Отложить" not in page


@pytest.mark.parametrize("count", ["", "-1", "много", "99999", "9" * 15, "11"])
def test_an_odd_number_of_codes_is_refused_in_words(director, link, count):
    answer = director.post(f"/surveys/links/{link.pk}/paper/", {"do": "aside", "count": count}, follow=True)
    assert answer.status_code == 200 and "o-message-error" in answer.content.decode()


def test_codes_that_are_set_aside_are_not_printed(director, link, codes):
    from tests.diagnostics.profiles.test_paper import words_of_pdf

    director.post(f"/surveys/links/{link.pk}/paper/", {"do": "aside", "count": "4"})
    said = words_of_pdf(director.get(f"/surveys/links/{link.pk}/codes.pdf").content)
    assert all(code in said for code in codes[:6]) and not any(code in said for code in codes[6:])
    director.post(f"/surveys/links/{link.pk}/paper/", {"do": "aside", "count": "10"})
    answer = director.get(f"/surveys/links/{link.pk}/codes.pdf", follow=True)
    assert "печатать нечего" in answer.content.decode()


def test_pages_ask_the_database_the_same_however_many_sheets(director, link, pack, people, typed):
    addresses = (f"/surveys/links/{link.pk}/paper/", f"/surveys/packs/{pack.pk}/", at(pack, 1, "apart"))
    typed(pack, {1: (SAID, SAID | {"clear": 1})})
    director.get(addresses[0])
    few = [questions(director, address) for address in addresses]
    typed(pack, {number: (SAID, SAID | {"clear": 1}) for number in range(2, 12)})
    begin_pack(link, people.director)
    many = [questions(director, address) for address in addresses]
    assert few == many and max(many) <= 14


def test_a_full_pack_offers_no_further_sheet(director, pack, people):
    enter_sheet(pack, Entry(MOST_SHEETS, FIRST, SAID, 0), people.director)
    page = director.get(f"/surveys/packs/{pack.pk}/").content.decode()
    assert "первый раз</a>" not in page
    assert director.get(at(pack, MOST_SHEETS + 1, "first")).status_code == 404
    answer = put(director, at(pack, MOST_SHEETS, "second"), KEYS)
    assert answer["Location"] == f"/surveys/packs/{pack.pk}/"


def test_a_sheet_that_is_typed_when_the_pack_is_handed_in_meanwhile_is_refused(
    director, team, pack, typed, people
):
    typed(pack, {1: SAID})
    page = team.get(at(pack, 2, "first")).content.decode()
    finish_pack(pack, people.director)
    answer = team.post(at(pack, 2, "first"), KEYS | {"version": version(page), "do": "keep"})
    assert answer.status_code == 422 and "сдана" in answer.content.decode()
    assert 'value="2"' in answer.content.decode() and SECOND == "second"
