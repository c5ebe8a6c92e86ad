"""Pages of checks: who opens what, what is never lost, what is said of whom, and how much they ask."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils.html import strip_tags
from pypdf import PdfReader

from opora.quality.checks.actions import begin_check
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.quality.repairs.actions import Planned, agree_repair, plan_repair
from opora.quality.sheets.actions import check_section, conclude, fill_section
from opora.registry.models import School
from tests.quality.conftest import FIRST, NAMES, SECOND, SECTIONS, answers, findings
from tests.world import add_school, questions

pytestmark = pytest.mark.django_db


def words(answer):
    """Answer what a page says, without its markup."""
    body = answer.content.decode()
    body = body[body.index("<main") :] if "<main" in body else body
    return re.sub(r"\s+", " ", strip_tags(body)).replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def at(check, places):
    """Answer addresses of the check."""
    base = f"/quality/{check.pk}/"
    sheet = f"{base}schools/{places.listed.pk}/"
    found = {"check": base, "sheet": sheet, "plan": f"{sheet}plan/", "new": f"{sheet}plan/regulation/"}
    found |= {one.name: f"{sheet}{one.name}/" for one in SECTIONS}
    return found


def form(section, side="school", **other):
    """Give what the whole form of a section sends."""
    told = {"version": "0", "do": "keep"}
    for one in section.criteria:
        told |= {f"level_{one.name}": "yes"} | ({f"words_{one.name}": "протокол"} if side == "school" else {})
    return told | other


def test_a_coordinator_begins_a_check_on_its_page(signed_in, people, places, outcomes_folder, today):
    browser = signed_in(people.municipal)
    page = browser.get("/quality/new/")
    assert "У учителей ничего не запрашивают" in words(page) and "умолчание Опоры" in words(page)
    sent = {
        "title": "Осень", "place": f"municipality:{places.lake.pk}", "schools": "all",
        "checklist": "opora-2026",
        "year": page.context["form"].fields["year"].choices[0][0], "fill_until": today.isoformat(),
        "check_until": (today + timedelta(days=9)).isoformat(), "order_number": "263-а",
        "order_date": "2020-06-01",
    }  # fmt: skip
    wrong = browser.post("/quality/new/", sent | {"check_until": "2020-01-01"})
    assert wrong.status_code == 422 and "Раньше, чем школы заполнят листы" in wrong.content.decode()
    assert 'value="Осень"' in wrong.content.decode()
    made = browser.post("/quality/new/", sent)
    assert made.status_code == 302 and QualityCheck.objects.get().sheets.count() == 2
    said = words(browser.get(made.headers["Location"]))
    assert "Основание: приказ от 1 июня 2020 № 263-а" in said and "В проверке 2 школы" in said


def test_a_director_fills_a_section_in_goes_on_and_signs(signed_in, people, at):
    browser = signed_in(people.director)
    said = words(browser.get(at["sheet"]))
    assert "Заполните лист до" in said and "не начат" in said
    answer = browser.post(at["rules"], form(FIRST, do="next"))
    assert answer.headers["Location"] == at["criteria"]
    for section in SECTIONS[1:]:
        answer = browser.post(at[section.name], form(section, do="next"))
    assert answer.headers["Location"] == at["sheet"]
    version = SheetPart.objects.get().version
    browser.post(at["sheet"], {"do": "sign", "version": version})
    said = words(browser.get(at["sheet"]))
    assert "Лист подписан" in said and "Снять подпись" in said and "Человек director" in said
    browser.post(at["sheet"], {"do": "take_back"})
    assert "Подписать лист" in words(browser.get(at["sheet"]))


def test_what_lacks_is_said_with_the_way_to_its_criterion(signed_in, people, at):
    browser = signed_in(people.director)
    sent = form(FIRST, words_regulation="")
    browser.post(at["rules"], sent)
    answer = browser.post(at["sheet"], {"do": "sign", "version": "1"})
    assert answer.status_code == 422
    assert f'href="{at["rules"]}#regulation"' in answer.content.decode()
    assert "Напишите, чем это подтверждается" in words(answer) and "Выберите уровень" in words(answer)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("link_regulation", "http://x.ru", "начинается с https://"),
        ("link_regulation", "javascript:alert(1)", "начинается с https://"),
        ("link_regulation", "https://[", "начинается с https://"),
        ("dated_regulation", "вчера", "день, месяц и год"),
        ("dated_regulation", "2999-01-01", "ещё не наступила"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(signed_in, people, at, field, value, told):
    browser = signed_in(people.director)
    answer = browser.post(at["rules"], form(FIRST, **{field: value, "words_schedule": "график на сайте"}))
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and f'href="#{field}"' in page
    assert ">график на сайте</textarea>" in page and f'value="{value}"' in page
    assert not SheetPart.objects.exists()


def test_the_second_of_two_windows_loses_nothing(signed_in, people, at):
    browser = signed_in(people.director)
    browser.post(at["rules"], form(FIRST))
    answer = browser.post(at["rules"], form(FIRST, words_regulation="из второго окна"))
    page = answer.content.decode()
    assert answer.status_code == 409 and "изменил или подписал другой человек" in page
    assert ">из второго окна</textarea>" in page and 'name="version" value="1"' in page
    assert SheetPart.objects.get().answers["regulation"]["words"] == "протокол"
    assert browser.post(at["criteria"], form(SECOND)).status_code == 302  # another section is not stale


def test_what_was_typed_while_a_colleague_signed_is_not_lost(signed_in, people, at, filled):
    filled()
    browser = signed_in(people.director)
    answer = browser.post(at["rules"], form(FIRST, version="1", words_regulation="дописано"))
    assert answer.status_code == 409 and ">дописано</textarea>" in answer.content.decode()


def test_what_was_typed_while_the_municipality_signed_is_not_lost(signed_in, people, at, checked):
    checked()
    browser = signed_in(people.director)
    answer = browser.post(at["rules"], form(FIRST, version="1", words_regulation="дописано"))
    page = answer.content.decode()
    assert (
        answer.status_code == 409
        and ">дописано</textarea>" in page
        and "муниципалитет сначала снимет" in page
    )


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_writes_nothing_over(signed_in, people, at, version):
    browser = signed_in(people.director)
    browser.post(at["rules"], form(FIRST))
    assert browser.post(at["rules"], form(FIRST, version=version)).status_code == 409
    assert browser.post(at["sheet"], {"do": "sign", "version": version}).status_code == 409


def test_a_draft_of_either_side_is_read_by_nobody_else(signed_in, people, at, sheet):
    fill_section(sheet, FIRST, answers(FIRST), 0, people.director)
    for who in ("municipal", "coordinator", "analyst", "curator"):
        said = words(signed_in(getattr(people, who)).get(at["rules"]))
        assert "протокол № 3" not in said and "её ответ не виден" in said, who


def test_the_municipality_sees_the_school_differs_and_both_read_what_to_talk_about(
    signed_in, people, at, filled
):
    sheet = filled()
    browser = signed_in(people.municipal)
    page = browser.get(at["rules"])
    assert "протокол № 3" in words(page) and b'name="words_regulation"' not in page.content
    sent = form(FIRST, "municipality", level_regulation="partly", reason_regulation="нет <b>сроков</b>")
    assert browser.post(at["rules"], sent).status_code == 302
    assert "О чём поговорить" in words(browser.get(at["sheet"]))
    said = words(signed_in(people.director).get(at["rules"]))
    assert "сроков" not in said  # a draft of the municipality
    for section in SECTIONS[1:]:
        check_section(sheet, section, findings(section), 0, people.municipal)
    version = sheet.parts.get(side="municipality").version
    browser = signed_in(people.municipal)
    answer = browser.post(at["sheet"], {"do": "sign", "version": version, "conclusion": "Дописать сроки"})
    assert answer.status_code == 302
    page = signed_in(people.director).get(at["rules"])
    assert "Муниципалитет: частично Есть, но часть предметов" in words(page)
    assert "нет &lt;b&gt;сроков&lt;/b&gt;" in words(page)
    said = words(signed_in(people.director).get(at["sheet"]))
    assert "Дописать сроки" in said and "Критериев выполнено" in said and "96 %, 23 из 24" in said


def test_a_conclusion_typed_beside_somebody_else_s_is_not_lost(signed_in, people, at, filled):
    sheet = filled()
    check_section(sheet, FIRST, findings(FIRST), 0, people.municipal)
    conclude(sheet, "первые выводы", 1, people.coordinator)
    answer = signed_in(people.municipal).post(
        at["sheet"], {"do": "keep", "version": "1", "conclusion": "мои выводы"}
    )
    assert answer.status_code == 409 and ">мои выводы</textarea>" in answer.content.decode()
    assert SheetPart.objects.get(side="municipality").conclusion == "первые выводы"


@pytest.mark.parametrize("who", ["analyst", "curator", "operator"])
def test_others_read_and_have_nothing_to_send(signed_in, people, at, filled, who):
    filled()
    browser = signed_in(getattr(people, who))
    for name in ("sheet", "rules", "plan"):
        page = browser.get(at[name])
        main = page.content.decode().partition("<main")[2]
        assert page.status_code == 200 and "<textarea" not in main and 'method="post"' not in main, name
    assert browser.post(at["rules"], form(FIRST)).status_code == 404
    assert browser.post(at["sheet"], {"do": "sign", "version": "0"}).status_code == 404
    assert browser.get(at["new"]).status_code == 404


@pytest.mark.parametrize("who", ["observer", "stranger", "nobody"])
def test_whoever_sees_no_school_of_it_finds_no_page(signed_in, people, at, filled, who):
    filled()
    browser = signed_in(getattr(people, who))
    for address in at.values():
        assert browser.get(address).status_code == 404
    assert browser.get("/quality/").status_code == (200 if who == "stranger" else 404)


def test_a_school_plans_the_municipality_agrees_and_the_school_reports(signed_in, people, at, checked, today):
    checked(regulation="no")
    browser = signed_in(people.director)
    page = browser.get(at["new"])
    assert "Дополнить положение: предметы, виды работ" in page.content.decode()  # the standard measure
    sent = {
        "what": "Новое положение",
        "who": "завуч",
        "due_on": (today + timedelta(days=9)).isoformat(),
        "why_not": "",
    }
    wrong = browser.post(at["new"], sent | {"who": ""})
    assert wrong.status_code == 422 and "должность" in wrong.content.decode()
    assert ">\nНовое положение</textarea>" in wrong.content.decode()
    assert browser.post(at["new"], sent).status_code == 302
    row = Repair.objects.get()
    address = f"/quality/repairs/{row.pk}/"
    browser = signed_in(people.municipal)
    assert "Согласовать или вернуть" in words(browser.get(at["plan"]))
    assert browser.post(address, {"do": "return", "version": row.version, "words": ""}).status_code == 422
    assert browser.post(address, {"do": "agree", "version": row.version}).status_code == 302
    browser = signed_in(people.director)
    stale = browser.post(address, {"do": "report", "version": row.version, "proof": "опубликовано"})
    assert stale.status_code == 409 and ">\nопубликовано</textarea>" in stale.content.decode()
    sent = {"do": "report", "version": "2", "proof": "опубликовано", "proof_link": "https://school.ru/p"}
    assert browser.post(address, sent).status_code == 302
    said = words(browser.get(at["plan"]))
    assert "выполнено опубликовано" not in said and "Выполнено" in said and "опубликовано" in said
    assert browser.post(address, {"do": "dance"}).status_code == 404


def test_an_overdue_measure_is_shown_where_one_looks(signed_in, people, at, checked, today, check):
    sheet = checked(regulation="no", schedule="partly")
    for name in ("regulation", "schedule"):
        row = plan_repair(sheet, name, Planned("Сделать", "завуч", today), people.director)
        agree_repair(row, row.version, people.municipal)
    Repair.objects.filter(criterion="regulation").update(due_on=today - timedelta(days=3))
    browser = signed_in(people.municipal)
    assert "срок прошёл" in words(browser.get(at["plan"]))
    said = words(browser.get(f"{at['check']}?only=overdue"))
    assert "2 меры, выполнено 0" in said and "Школа посёлка" not in said


def test_the_schools_of_a_check_are_filtered_searched_and_never_ranked(signed_in, people, at, filled):
    filled()
    browser = signed_in(people.municipal)
    everyone = words(browser.get(at["check"]))
    assert everyone.index("Школа посёлка Береговой") < everyone.index("Школа села Ёлкино")  # by name
    waiting = words(browser.get(f"{at['check']}?only=school"))
    assert "Береговой" in waiting and "Ёлкино" not in waiting
    assert "Ёлкино" in words(browser.get(f"{at['check']}?search=ёлк")) and "%" not in everyone
    assert "Таких школ нет" in words(browser.get(f"{at['check']}?search=нетакой"))
    assert browser.get(f"{at['check']}?only=nonsense&page=x&search=%00").status_code == 200


def test_the_page_of_a_check_asks_again_only_what_has_changed(signed_in, people, at, sheet):
    browser = signed_in(people.municipal)
    page = browser.get(at["check"])
    address = f"{at['check']}?seen={page.context['page'].version}"
    assert browser.get(address, headers={"HX-Request": "true"}).status_code == 204
    fill_section(sheet, FIRST, answers(FIRST), 0, people.director)
    again = browser.get(address, headers={"HX-Request": "true"})
    assert again.status_code == 200 and "4 из 24" in words(again) and b"<html" not in again.content


def test_pages_ask_few_questions_and_no_more_for_many_schools(signed_in, people, at, check, places, filled):
    """Запросы не растут с числом школ и мер."""
    filled(regulation="no")
    browser = signed_in(people.municipal)
    browser.get(at["rules"])
    few = {name: questions(browser, at[name]) for name in ("check", "sheet", "rules", "plan")}
    listed = questions(browser, "/quality/")
    for number in range(60):
        school = add_school(places.lake, 100 + number, f"Школа {number}")
        CheckSheet.objects.create(
            quality_check=check, region=places.primorye, municipality=places.lake, school=school
        )
    sheet = CheckSheet.objects.get(quality_check=check, school=places.listed)
    measure = Planned("Сделать", "завуч", check.check_until)
    for _row in range(30):
        plan_repair(sheet, "regulation", measure, people.director)
    assert {name: questions(browser, at[name]) for name in few} == few
    assert questions(browser, "/quality/") == listed
    assert max(few.values()) <= 14, few


def test_a_check_of_many_schools_turns_its_pages(signed_in, people, places, asked, outcomes_folder):
    schools = [add_school(places.lake, 100 + number, f"Школа {number:03}") for number in range(60)]
    made = begin_check(asked, schools, people.municipal)
    browser = signed_in(people.municipal)
    first, second = (words(browser.get(f"/quality/{made.pk}/?page={page}")) for page in (1, 2))
    assert "1–50 из 60" in first and "Школа 049" in first and "Школа 050" not in first
    assert "51–60 из 60" in second and "Школа 050" in second


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_notes_are_printed_from_what_is_kept(signed_in, people, at, checked, today, kind):
    sheet = checked(regulation="no")
    row = plan_repair(sheet, "regulation", Planned("Новое положение", "завуч", today), people.director)
    agree_repair(row, row.version, people.municipal)
    plain = read(signed_in(people.director).get(f"{at['sheet']}sheet.{kind}").content, kind)
    for part in ("Школа села Ёлкино", "протокол № 3", "Новое положение", "завуч", "96 %, 23 из 24",
                 "Школа: подписано", "Муниципалитет: подписано", "умолчание Опоры", "приказ от"):  # fmt: skip
        assert part in plain, part
    summary = read(signed_in(people.municipal).get(f"{at['check']}summary.{kind}").content, kind)
    for part in ("Проверка ВСОКО: итоги. Ёлкинский район", "Проверено: 1", "не рейтинг", "умолчание Опоры"):
        assert part in summary, part
    assert signed_in(people.municipal).get(f"{at['check']}summary.odt").status_code == 404
    assert signed_in(people.director).get(f"{at['sheet']}sheet.odt").status_code == 404


def test_an_empty_sheet_is_printed_too(signed_in, people, at):
    plain = read(signed_in(people.director).get(f"{at['sheet']}sheet.pdf").content, "pdf")
    assert "не отвечено" in plain and "Школа: не подписано" in plain


def read(content, kind):
    """Read the words of a document."""
    if kind == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    else:
        from docx import Document

        document = Document(BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = " ".join([*(one.text for one in document.paragraphs), *cells])
    return re.sub(r"\s+", " ", text).replace("\xa0", " ").replace("\u202f", " ")


def test_english_pages_have_no_russian_words_of_ours(signed_in, people, at, checked):
    """Страницы по-английски: русскими остаются только названия школ, людей и написанное ими."""
    checked(regulation="no")
    browser = signed_in(people.municipal)
    browser.cookies["django_language"] = "en"
    own = "Ёлкинский район Школа села Ёлкино посёлка Береговой Человек Проверка ВСОКО протокол видели сами а"
    for name in ("check", "sheet", "rules", "plan"):
        said = re.findall(r"[а-яё]+", words(browser.get(at[name])), re.IGNORECASE)
        assert {one for one in said if one not in set(own.split())} == set(), name


def test_every_criterion_of_every_section_stands_on_its_page(signed_in, people, at):
    browser = signed_in(people.director)
    shown = {
        name
        for one in SECTIONS
        for name in NAMES
        if f'id="{name}"'.encode() in browser.get(at[one.name]).content
    }
    assert shown == set(NAMES)
    assert browser.get(at["sheet"] + "nonsense/").status_code == 404


def test_a_sheet_of_a_school_that_has_closed_stays(signed_in, people, at, filled, places, today):
    filled()
    School.objects.filter(pk=places.listed.pk).update(closed_on=today - timedelta(days=1))
    assert signed_in(people.municipal).get(at["sheet"]).status_code == 200


def test_a_signed_sheet_is_closed_to_its_form(signed_in, people, at, filled):
    sheet = filled()
    page = signed_in(people.director).get(at["rules"])
    assert "снимите подпись" in words(page) and b"<textarea" not in page.content
    sign_again = signed_in(people.director).post(
        at["sheet"], {"do": "sign", "version": sheet.parts.get().version}
    )
    assert sign_again.status_code == 409


def test_the_municipality_s_signature_says_what_lacks(signed_in, people, at, filled):
    sheet = filled()
    check_section(sheet, FIRST, findings(FIRST), 0, people.municipal)
    answer = signed_in(people.municipal).post(
        at["sheet"], {"do": "sign", "version": "1", "conclusion": "Так"}
    )
    assert answer.status_code == 422 and "Выберите уровень" in words(answer)
    assert ">Так</textarea>" in answer.content.decode()
    assert SheetPart.objects.get(side="municipality").signed_at is None
