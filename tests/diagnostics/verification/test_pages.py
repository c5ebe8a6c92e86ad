"""The page of a verification: who writes what, what lacks and what is never lost."""

import re

import pytest

from opora.diagnostics.models import Verification
from opora.diagnostics.verification.actions import Part, Words, keep_words, sign
from opora.methodology.risk_profile.verification import Opinion
from tests.diagnostics.profiles.test_paper import words_of_docx, words_of_pdf
from tests.diagnostics.profiles.test_profile_pages import words
from tests.diagnostics.verification.conftest import AGREE, NAMES
from tests.world import questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(campaign, places):
    return f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/verification/"


def form(**other):
    """Give what the whole form of a school sends."""
    told = {f"says_{name}": "yes" for name in NAMES}
    told |= {f"take_{name}": "on" for name in NAMES[:2]} | {f"how_{name}": "курсы" for name in NAMES[:2]}
    return told | {"side": "school", "version": "0", "do": "keep"} | other


def test_a_director_writes_signs_and_takes_back(signed_in, people, address):
    browser = signed_in(people.director)
    page = browser.get(address)
    assert "Предлагается взять в работу" in words(page) and "Снять подпись" not in words(page)
    assert browser.post(address, form(do="sign")).status_code == 302
    said = words(browser.get(address))
    assert "школа подписано" in said and "Человек director" in said and "взят в работу курсы" in said
    assert "Сохранить и подписать" not in said
    browser.post(address, {"side": "school", "do": "take_back"})
    assert "Сохранить и подписать" in words(browser.get(address))


def test_what_lacks_is_said_at_its_place_and_the_rest_is_kept(signed_in, people, address):
    """Подписать нельзя: сказано, чего нет, и где; написанное осталось на странице и сохранено."""
    browser = signed_in(people.director)
    told = form(do="sign", **{f"says_{NAMES[3]}": "no", f"how_{NAMES[1]}": ""})
    del told[f"says_{NAMES[4]}"]
    answer = browser.post(address, told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{NAMES[4]}"' in page and "не сказано, согласны ли вы" in page
    assert "напишите, почему не согласны" in page and "напишите коротко, что сделаете" in page
    assert re.search(rf'id="how_{NAMES[0]}"[^>]*>курсы</textarea>', page)
    assert Verification.objects.get().measures == {NAMES[0]: "курсы"}


def test_fewer_risks_need_a_reason(signed_in, people, address):
    browser = signed_in(people.director)
    told = form(do="sign")
    del told[f"take_{NAMES[1]}"]
    refused = browser.post(address, told)
    assert refused.status_code == 422 and "меньше рисков, чем 2" in refused.content.decode()
    version = str(Verification.objects.get().version)
    assert (
        browser.post(address, told | {"few_reason": "остальное решено", "version": version}).status_code
        == 302
    )
    assert Verification.objects.get().signed_by == people.director


def test_the_second_of_two_windows_loses_nothing(signed_in, people, address):
    browser = signed_in(people.director)
    browser.post(address, form())
    answer = browser.post(address, form(few_reason="из второго окна"))
    page = answer.content.decode()
    assert answer.status_code == 409 and "изменил или подписал другой человек" in page
    assert ">из второго окна</textarea>" in page and 'name="version" value="1"' in page
    assert Verification.objects.get().few_reason == ""


def test_both_sides_read_each_other_and_what_to_talk_about(signed_in, people, address, campaign, places):
    part = Part(campaign, places.listed, "curator")
    kept = keep_words(
        part, Words(AGREE | {NAMES[0]: Opinion(False, "кабинет <b>новый</b>")}), 0, people.curator
    )
    browser = signed_in(people.director)
    browser.post(address, form())
    assert "кабинет" not in words(browser.get(address))  # a draft is its own side's until it is signed
    sign(part, kept.version, people.curator)
    said = browser.get(address)
    assert (
        "Куратор не подтверждает уровень. кабинет <b>новый</b>" in words(said) and b"<b>" not in said.content
    )
    assert "Школа и куратор видят по-разному: Низкий уровень оснащения школы." in words(said)


def test_what_was_typed_while_a_colleague_signed_is_not_lost(signed_in, people, address):
    browser = signed_in(people.director)
    browser.post(address, form(do="sign"))
    answer = browser.post(address, form(few_reason="дописано", version="1"))
    assert answer.status_code == 409 and ">дописано</textarea>" in answer.content.decode()
    assert Verification.objects.get().few_reason == "" and Verification.objects.get().signed_at


@pytest.mark.parametrize("who", ["coordinator", "municipal", "analyst"])
def test_others_read_and_have_nothing_to_send(signed_in, people, address, who):
    browser = signed_in(getattr(people, who))
    page = browser.get(address)
    assert page.status_code == 200 and b"<textarea" not in page.content
    assert browser.post(address, form()).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_writes_nothing_over(signed_in, people, address, version):
    browser = signed_in(people.director)
    browser.post(address, form(few_reason="первые"))
    assert browser.post(address, form(few_reason="вторые", version=version)).status_code == 409
    assert Verification.objects.get().few_reason == "первые"


def test_the_page_asks_few_questions(signed_in, people, address):
    browser = signed_in(people.director)
    browser.post(address, form())
    browser.get(address)
    assert questions(browser, address) == 10


@pytest.mark.parametrize(("kind", "read"), [("pdf", words_of_pdf), ("docx", words_of_docx)])
def test_the_self_diagnosis_form_is_filled_in_from_what_was_chosen(signed_in, people, address, kind, read):
    browser = signed_in(people.director)
    browser.post(address, form(do="sign", **{f"how_{NAMES[0]}": "закупить наборы для опытов"}))
    answer = browser.get(address.replace("verification/", f"self-diagnosis.{kind}"))
    said = read(answer.content)
    assert "Самодиагностика: Школа села Ёлкино" in said and "реконструкция" in said
    assert "закупить наборы для опытов" in said and "Низкий уровень оснащения школы" in said
    assert "Школа: подписано" in said and "Куратор: не подписано" in said
    assert "Высокая доля обучающихся с ОВЗ" not in said  # only what was chosen
    assert browser.get(address.replace("verification/", "self-diagnosis.odt")).status_code == 404
