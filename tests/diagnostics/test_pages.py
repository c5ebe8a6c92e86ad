"""The pages of campaigns and of a questionnaire, as a browser without a program asks for them."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.diagnostics.models import Receipt, Sheet, SurveyLink, WaitingSheet
from tests.diagnostics.conftest import DIRECTOR, PARENTS, PUPILS
from tests.world import questions


def post_json(client, link, **sent):
    return client.post(f"/a/{link.token}/", json.dumps(sent), content_type="application/json")


def test_a_coordinator_prepares_begins_and_ends_a_campaign(signed_in, people, places, today):
    """Координатор готовит опрос, начинает и завершает его на страницах."""
    browser = signed_in(people.coordinator)
    page = browser.get("/surveys/new/").content.decode()
    assert "Проба" in page and '<select name="place"' not in page  # the only territory is not asked
    asked = {
        "title": "Осенний опрос", "place": "region:25", "schools": "all",
        "forms_asked": [PUPILS, PARENTS], "opens_on": today.isoformat(), "closes_on": today.isoformat(),
        "profile": "opora-2026", "levels": "fixed",
    }  # fmt: skip
    answer = browser.post("/surveys/new/", asked)
    address = answer["Location"]
    page = browser.get(address).content.decode()
    assert "готовится" in page and "Школа села Ёлкино" in page and "Степновская" not in page
    browser.post(f"{address}open/")
    assert "идёт" in browser.get(address).content.decode()
    browser.post(f"{address}close/")
    assert "завершён" in browser.get(address).content.decode()


def test_what_is_wrong_with_a_campaign_is_told_at_its_place(signed_in, people, today):
    browser = signed_in(people.coordinator)
    answer = browser.post("/surveys/new/", {"title": "", "place": "region:22", "schools": "all"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Выберите хотя бы одну анкету" in page and 'name="title"' in page


def test_the_page_of_a_campaign_counts_who_answered_and_says_when_it_has_not_changed(
    signed_in, people, campaign, link, codes, client
):
    browser = signed_in(people.coordinator)
    page = browser.get(f"/surveys/{campaign.pk}/").content.decode()
    seen = re.search(r"seen=(\w+)", page)[1]
    again = browser.get(f"/surveys/{campaign.pk}/?seen={seen}", headers={"HX-Request": "true"})
    assert again.status_code == 204
    post_json(client, link, receipt="a" * 32, code=codes[0], answers={"clear": 3})
    fresh = browser.get(f"/surveys/{campaign.pk}/?seen={seen}", headers={"HX-Request": "true"})
    assert fresh.status_code == 200 and "1 из 10" in fresh.content.decode()
    assert "<html" not in fresh.content.decode()


def test_pages_ask_the_database_the_same_however_many_schools(signed_in, people, asked, places, campaign):
    from opora.diagnostics.campaigns.actions import open_campaign, prepare_campaign

    browser = signed_in(people.operator)
    browser.get("/surveys/")  # the session is written at its first page
    few = [questions(browser, f"/surveys/{campaign.pk}/"), questions(browser, "/surveys/")]
    every = [places.listed, places.passed, places.gymnasium, places.quiet]
    larger = open_campaign(prepare_campaign(asked(), every, people.coordinator), people.coordinator)
    many = [questions(browser, f"/surveys/{larger.pk}/"), questions(browser, "/surveys/")]
    assert few == many and max(many) <= 12


def test_a_director_makes_codes_and_prints_them(signed_in, people, campaign, places):
    """Директор делает коды своей школы и печатает приглашения; чужую школу не открыть."""
    browser = signed_in(people.director)
    address = f"/surveys/{campaign.pk}/schools/{places.listed.pk}/"
    links = {link.form: link for link in SurveyLink.objects.filter(campaign=campaign, school=places.listed)}
    assert "Кодов ещё нет" in browser.get(address).content.decode()
    browser.post(f"/surveys/links/{links[PUPILS].pk}/codes/", {"count": "25"})
    page = browser.get(address).content.decode()
    assert "Кодов сделано 25, не использовано 25" in page
    sheet = browser.get(f"/surveys/links/{links[PUPILS].pk}/codes.pdf")
    assert sheet["Content-Type"] == "application/pdf" and sheet.content.startswith(b"%PDF")
    assert browser.get(f"/surveys/links/{links[PARENTS].pk}/codes.pdf").content.startswith(b"%PDF")
    assert browser.get(f"/surveys/links/{links[DIRECTOR].pk}/codes.pdf").status_code == 302  # none made yet
    foreign = SurveyLink.objects.get(campaign=campaign, school=places.quiet, form=PUPILS)
    assert browser.get(f"/surveys/{campaign.pk}/schools/{places.quiet.pk}/").status_code == 404
    assert browser.get(f"/surveys/links/{foreign.pk}/codes.pdf").status_code == 404
    assert browser.post(f"/surveys/links/{foreign.pk}/codes/", {"count": "5"}).status_code == 404


@pytest.mark.parametrize("count", ["", "0", "много", "99999"])
def test_an_odd_number_of_codes_is_refused_in_words(signed_in, people, campaign, places, count):
    browser = signed_in(people.director)
    link = SurveyLink.objects.get(campaign=campaign, school=places.listed, form=PUPILS)
    answer = browser.post(f"/surveys/links/{link.pk}/codes/", {"count": count}, follow=True)
    assert answer.status_code == 200 and "o-message-error" in answer.content.decode()


def test_a_questionnaire_is_answered_without_an_account_and_without_a_program(client, link, codes):
    """Анкета открывается без входа, отправляется обычной формой и благодарит."""
    page = client.get(f"/a/{link.token}/")
    text = page.content.decode()
    assert page.status_code == 200 and "Понятно?" in text and "Школа села Ёлкино" in text
    assert not page.cookies  # nobody is marked
    receipt = re.search(r'name="receipt" value="(\w{32})"', text)[1]
    sent = {
        "receipt": receipt, "code": codes[0], "clear": "2", "why": "noise", "noise_from": "из коридора",
        "days.calm": "3", "help": ["home", "friend"], "missed": "7", "part": "40",
    }  # fmt: skip
    thanks = client.post(f"/a/{link.token}/", sent)
    assert "ответы приняты" in thanks.content.decode() and not thanks.cookies
    assert WaitingSheet.objects.get().answers == {
        "clear": 2, "why": "noise", "noise_from": "из коридора", "days.calm": 3, "help": ["home", "friend"],
        "missed": 7, "part": 40,
    }  # fmt: skip
    assert "Они уже были здесь" in client.post(f"/a/{link.token}/", sent).content.decode()
    assert WaitingSheet.objects.count() == 1 and Sheet.objects.count() == 0


def test_whatever_is_wrong_nothing_that_was_answered_is_lost(client, link, codes):
    """Ошибка в одном ответе и в коде: страница возвращается со всеми ответами и говорит, что поправить."""
    sent = {"receipt": "b" * 32, "code": "4K7A", "clear": "3", "days.calm": "2", "missed": "сорок"}
    answer = client.post(f"/a/{link.token}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "целое число от 0 до 30" in page and 'value="сорок"' in page and f'value="{"b" * 32}"' in page
    assert re.search(r'name="clear" value="3" checked', page)
    answer = client.post(f"/a/{link.token}/", sent | {"missed": "4"})
    assert answer.status_code == 422 and "сверьте его с приглашением" in answer.content.decode()
    client.post(f"/a/{link.token}/", sent | {"missed": "4", "code": codes[0]})
    used = client.post(f"/a/{link.token}/", sent | {"missed": "5", "code": codes[0], "receipt": "c" * 32})
    assert used.status_code == 409 and 'value="5"' in used.content.decode()


def test_dont_know_stands_beside_a_number(client, parents):
    client.post(
        f"/a/{parents.token}/", {"receipt": "d" * 32, "clear": "dont_know", "missed": ["", "dont_know"]}
    )
    assert WaitingSheet.objects.get().answers == {"clear": "dont_know", "missed": "dont_know"}


def test_the_pages_own_program_sends_json(client, link, codes):
    answer = post_json(client, link, receipt="e" * 32, code=codes[0], answers={"clear": 3, "missed": 99})
    assert answer.status_code == 422 and list(answer.json()["faults"]) == ["missed"]
    answer = post_json(client, link, receipt="e" * 32, code=codes[0], answers={"clear": 3})
    assert answer.json()["told"] == "taken"
    assert (
        post_json(client, link, receipt="e" * 32, code=codes[0], answers={"clear": 3}).json()["told"]
        == "again"
    )
    assert post_json(client, link, receipt="f" * 32, code=codes[0], answers={"clear": 3}).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b'{"receipt": 1, "answers": {}}', b"\xff", b"[" * 90_000,
        b'{"receipt": "short", "answers": {}}', b'{"receipt": "' + b"a" * 32 + b'", "answers": []}',
        b'{"receipt": "' + b"a" * 32 + b'", "answers": {"x": "' + b"y" * 70_000 + b'"}}',
        b'{"receipt": "' + b"a" * 32 + b'", "code": 5, "answers": {}}',
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_in_words(client, link, body):
    answer = client.post(f"/a/{link.token}/", body, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["said"]
    assert WaitingSheet.objects.count() == 0


def test_an_address_of_nothing_is_not_found(client, link):
    assert client.get("/a/nothing/").status_code == 404
    assert (
        post_json(client, type("link", (), {"token": "nothing"}), receipt="a" * 32, answers={}).status_code
        == 404
    )


def test_a_sheet_that_a_page_sends_costs_one_question_beyond_who_asks(client, link, codes):
    """Анкета ссылки не меняется: спрошена однажды; каждый лист — вход, ответ, выход."""
    post_json(client, link, receipt="a" * 32, code=codes[0], answers={"clear": 3})
    with CaptureQueriesContext(connection) as asked:
        post_json(client, link, receipt="b" * 32, code=codes[1], answers={"clear": 3})
    said = [query["sql"].split("(")[0] for query in asked]
    assert said == ["SELECT set_config", "SELECT opora_answer", "SELECT set_config"]


def test_a_link_that_was_dropped_since_takes_nothing(client, parents):
    post_json(client, parents, receipt="a" * 32, answers={"clear": 3})
    WaitingSheet.objects.all().delete()
    Receipt.objects.all().delete()
    parents.delete()
    assert post_json(client, parents, receipt="b" * 32, answers={"clear": 3}).status_code == 404
    assert WaitingSheet.objects.count() == 0


def test_a_questionnaire_speaks_another_language(client, link):
    page = client.get(f"/a/{link.token}/?lang=en").content.decode()
    assert "Clear?" in page and 'lang="en"' in page
    assert "Понятно?" in client.get(f"/a/{link.token}/?lang=xx").content.decode()


def test_the_first_load_is_small(client, link):
    """Первая загрузка — страница, стиль и программа — не больше 60 КБ после сжатия."""
    import gzip

    from django.contrib.staticfiles import finders

    from opora.diagnostics.answering.words import FILES

    page = client.get(f"/a/{link.token}/").content
    files = [open(finders.find(name), "rb").read() for name in FILES]  # noqa: SIM115, PTH123
    assert sum(len(gzip.compress(one)) for one in [page, *files]) <= 60 * 1024


@pytest.mark.django_db
def test_the_worker_names_what_it_keeps(client):
    answer = client.get("/a/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    for name in json.loads(re.search(r"FILES = (\[.*\])", answer.content.decode())[1]):
        assert client.get(name).status_code == 200, name
