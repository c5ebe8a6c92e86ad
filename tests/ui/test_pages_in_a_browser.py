"""Every page of the main job is whole in a real browser: at a desk, on a phone, in both languages."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpResponse

from opora.diagnostics.campaigns.actions import (
    Asked,
    close_campaign,
    make_codes,
    open_campaign,
    prepare_campaign,
)
from opora.diagnostics.models import Campaign, SurveyLink
from opora.diagnostics.own_forms.actions import bring_form
from opora.diagnostics.own_forms.reading import Mended, brought
from opora.diagnostics.paper.actions import FIRST, SECOND, Entry, begin_pack, enter_sheet
from opora.diagnostics.profiles.actions import release
from opora.identification.actions import (
    Grounds,
    choose_participants,
    exit_school,
    object_to_list,
    send_for_agreement,
    start_run,
)
from opora.identification.on_list import OnList
from opora.methodology.quality.judging import Answer, Finding
from opora.methodology.quality.reading import load_checklist
from opora.people.actions import invite
from opora.quality.checks.actions import Asked as AskedCheck
from opora.quality.checks.actions import begin_check
from opora.quality.models import CheckSheet
from opora.quality.repairs.actions import Planned, agree_repair, plan_repair
from opora.quality.sheets.actions import check_section, fill_section
from opora.quality.sheets.actions import sign as sign_sheet
from opora.questionnaires.editions import load, shipped
from opora.questionnaires.xlsform.writing import to_xlsform
from opora.visits.planning.actions import Plan, plan_visit
from opora.visits.taking.actions import take_records
from tests.diagnostics.answered import answer as people_answer
from tests.identification.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.ui.conftest import answer
from tests.visits.drawn import correction, record
from tests.world import *  # noqa: F403 (fixtures are found by their names)

DESK, PHONE = (1280, 900), (390, 844)
RAW = re.compile(r"{%|%}|{{|}}|<c-[a-z]|&lt;(?:p|a|span|div)\b|<style|\sstyle=|\son[a-z]+=")
PAGES = {
    "sign-in": ("", "/sign-in/"),
    "country": ("operator", "/"),
    "region": ("coordinator", "/territory/25/"),
    "list": ("coordinator", "/list/"),
    "list of all": ("operator", "/list/?only=all&sort=-failed"),
    "nothing found": ("operator", "/list/?search=нетакой"),
    "school on the list": ("director", "/schools/{listed}/"),
    "school not on the list": ("coordinator", "/schools/{passed}/"),
    "files": ("operator", "/results/"),
    "what has arrived": ("coordinator", "/results/arrived/"),
    "import": ("operator", "/results/import/"),
    "import of schools": ("operator", "/registry/import/"),
    "lists": ("operator", "/runs/"),
    "run": ("operator", "/runs/{run}/"),
    "new run": ("operator", "/runs/new/"),
    "draft": ("coordinator", "/runs/{draft}/"),
    "list being agreed": ("coordinator", "/runs/{shown}/"),
    "school amid it": ("director", "/schools/{listed}/?run={shown}"),
    "school taken off": ("coordinator", "/schools/{gymnasium}/?run={shown}"),
    "to object": ("municipal", "/runs/{shown}/schools/{listed}/object/"),
    "objection": ("director", "/objections/{objection}/"),
    "decision": ("coordinator", "/objections/{objection}/"),
    "change of a list": ("coordinator", "/runs/{shown}/schools/{listed}/amend/"),
    "lists compared": ("coordinator", "/runs/{shown}/compare/?with={run}"),
    "what if": ("coordinator", "/runs/{shown}/what-if/?low_share=5"),
    "what if of nonsense": ("coordinator", "/runs/{shown}/what-if/?low_share=x"),
    "which number decides": ("coordinator", "/runs/{shown}/what-if/numbers/"),
    "stabilised list": ("coordinator", "/runs/{shown}/what-if/stabilised/"),
    "context": ("coordinator", "/runs/{shown}/context/?only=all"),
    "signs of bias": ("coordinator", "/runs/{shown}/signs/?only=all"),
    "signs of a school": ("director", "/schools/{listed}/signs/?run={run}"),
    "choices of participants": ("coordinator", "/runs/{shown}/choices/"),
    "choice of participants": ("coordinator", "/choices/{choice}/"),
    "export": ("coordinator", "/runs/{shown}/export/"),
    "log of the country": ("operator", "/log/"),
    "log of a region": ("coordinator", "/territory/25/log/"),
    "log of a school": ("director", "/schools/{listed}/log/"),
    "log of a run": ("operator", "/runs/{run}/log/?deed=x"),
    "schools": ("coordinator", "/schools/"),
    "history": ("coordinator", "/schools/{listed}/history/"),
    "ways of a change": ("coordinator", "/schools/{listed}/history/record/"),
    "a change": ("coordinator", "/schools/{listed}/history/record/?way=split_off"),
    "figures": ("director", "/schools/{listed}/figures/"),
    "safety of signing in": ("coordinator", "/security/"),
    "one-time codes": ("director", "/security/one-time-codes/"),
    "new passkey": ("director", "/security/passkeys/add/"),
    "first password": ("director", "/security/password/first/"),
    "forgotten password": ("", "/password/forgotten/"),
    "letter on its way": ("", "/password/sent/"),
    "link that does not work": ("", "/password/new/1/abc-def/"),
    "no appointment": ("nobody", "/office/"),
    "office": ("coordinator", "/office/"),
    "office of a director": ("director", "/office/"),
    "to be forgotten": ("director", "/office/forget/"),
    "people": ("coordinator", "/people/"),
    "no people found": ("coordinator", "/people/?search=нетакого"),
    "a person": ("coordinator", "/people/{director}/"),
    "appoint": ("coordinator", "/people/new/"),
    "end an appointment": ("coordinator", "/appointments/{appointment}/end/"),
    "name a deputy": ("director", "/appointments/{appointment}/deputy/"),
    "table of people": ("coordinator", "/people/import/"),
    "code": ("", "/join/"),
    "invited": ("", "/join/{secret}/"),
    "bad invitation": ("", "/join/unknown/"),
    "surveys": ("coordinator", "/surveys/"),
    "questionnaires": ("coordinator", "/questionnaires/"),
    "own questionnaire to be brought": ("coordinator", "/questionnaires/new/"),
    "questionnaire of Opora": ("director", "/questionnaires/pupil-6-2026/"),
    "own draft with hindrances": ("coordinator", "/questionnaires/{own_form}/"),
    "new survey": ("coordinator", "/surveys/new/"),
    "survey": ("coordinator", "/surveys/{survey}/"),
    "profiles not made": ("coordinator", "/surveys/{survey}/profiles/"),
    "survey that has ended": ("coordinator", "/surveys/{ended}/"),
    "profiles": ("coordinator", "/surveys/{ended}/profiles/"),
    "profile of a school": ("director", "/surveys/{ended}/profiles/{listed}/"),
    "verification": ("director", "/surveys/{ended}/profiles/{listed}/verification/"),
    "visits": ("coordinator", "/visits/"),
    "no such visits": ("coordinator", "/visits/?only=done"),
    "new visit": ("curator", "/visits/new/"),
    "visit": ("curator", "/visits/{visit}/"),
    "visit as the school sees it": ("director", "/visits/{visit}/"),
    "visit to come": ("curator", "/visits/{planned}/"),
    "pack of a visit": ("curator", "/visits/{visit}/pack/"),
    "receipts of a visit": ("coordinator", "/visits/{visit}/receipts/"),
    "file of a visit": ("coordinator", "/visits/file/"),
    "survey not begun": ("coordinator", "/surveys/{prepared}/"),
    "survey of a school": ("director", "/surveys/{survey}/schools/{listed}/"),
    "on paper": ("director", "/surveys/links/{parents}/paper/"),
    "on paper, of teachers": ("director", "/surveys/links/{teachers}/paper/"),
    "on paper, with codes": ("director", "/surveys/links/{pupils}/paper/"),
    "on paper, of a director": ("director", "/surveys/links/{office}/paper/"),
    "pack": ("director", "/surveys/packs/{pack}/"),
    "sheet": ("director", "/surveys/packs/{pack}/sheets/3/first/"),
    "sheet typed again": ("director", "/surveys/packs/{pack}/sheets/2/second/"),
    "where entries differ": ("director", "/surveys/packs/{pack}/sheets/1/apart/"),
    "checks": ("coordinator", "/quality/"),
    "new check": ("coordinator", "/quality/new/"),
    "check": ("coordinator", "/quality/{check}/"),
    "nothing found in a check": ("coordinator", "/quality/{check}/?search=нетакой"),
    "checked sheet": ("director", "/quality/{check}/schools/{listed}/"),
    "sheet to check": ("municipal", "/quality/{filled}/schools/{listed}/"),
    "sheet to fill in": ("director", "/quality/{begun}/schools/{listed}/"),
    "section to fill in": ("director", "/quality/{begun}/schools/{listed}/criteria/"),
    "section to check": ("municipal", "/quality/{filled}/schools/{listed}/criteria/"),
    "section to read": ("curator", "/quality/{check}/schools/{listed}/criteria/"),
    "plan of repairs": ("director", "/quality/{check}/schools/{listed}/plan/"),
    "no plan yet": ("director", "/quality/{begun}/schools/{listed}/plan/"),
    "new repair": ("director", "/quality/{check}/schools/{listed}/plan/regulation/"),
    "repair to agree": ("municipal", "/quality/repairs/{repair}/"),
    "repair to report": ("director", "/quality/repairs/{agreed}/"),
    "no marks of the journal": ("director", "/quality/schools/{listed}/marks/"),
    "questionnaire": ("", "/a/{token}/"),
    "questionnaire to come": ("", "/a/{early}/"),
}


@pytest.fixture(autouse=True)
def no_connection_of_others():
    """These pages ask the database."""


@pytest.fixture
def quick_passwords(settings):
    """Hash passwords in no time: nobody attacks this test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def agreeing(published, people, places, today):
    """A draft, and a list being agreed to which one school objects and which another has left."""
    draft, shown = (start_run("seed-2020", None, places.primorye, people.coordinator) for _run in range(2))
    shown = send_for_agreement(shown, today, people.coordinator)
    where = OnList(shown, shown.lists[0], places.listed)
    objection = object_to_list(where, "Чужие работы", people.director)
    exit_school(replace(where, school=places.gymnasium), Grounds("Ремонт"), people.coordinator)
    choice = choose_participants(draft, draft.lists[0], 1, {}, people.coordinator)
    return {
        "draft": draft.pk,
        "shown": shown.pk,
        "objection": objection.pk,
        "gymnasium": places.gymnasium.pk,
        "choice": choice.pk,
    }


@pytest.fixture
def surveyed(people, places, today):
    """A survey that runs, with codes at one school, and one that has not begun."""
    asked = Asked("Осень", 2026, shipped(), today, today, places.primorye)
    schools = [places.listed, places.quiet]
    prepared = prepare_campaign(asked, schools, people.coordinator)
    survey = open_campaign(prepare_campaign(asked, schools, people.coordinator), people.coordinator)
    ended = open_campaign(prepare_campaign(asked, schools, people.coordinator), people.coordinator)
    people_answer(ended, places.listed, {"director-2026": 1, "teacher-2026": 6, "pupil-9-2026": 7})
    release(close_campaign(ended, people.coordinator), today)
    links = SurveyLink.objects.filter(school=places.listed)
    now = {link.form: link for link in links.filter(campaign=survey)}
    pack = begin_pack(now["parent-2026"], people.director)
    for number in (1, 2):
        sheet = enter_sheet(pack, Entry(number, FIRST, {"safe": 3}, 0), people.director)
        if number == 1:
            enter_sheet(pack, Entry(number, SECOND, {"safe": 2}, sheet.version), people.director)
    make_codes(links.get(campaign=survey, form="pupil-6-2026"), 20, people.director)
    hindered = replace(load("teacher-2026"), voluntary=False)
    book = brought(to_xlsform(hindered), "own.xlsx", Mended("", 2026))
    return {
        "own_form": bring_form(book, places.primorye, people.coordinator).name,
        "survey": survey.pk,
        "ended": ended.pk,
        "prepared": prepared.pk,
        "pack": pack.pk,
        "parents": now["parent-2026"].pk,
        "teachers": now["teacher-2026"].pk,
        "pupils": now["pupil-6-2026"].pk,
        "office": now["director-2026"].pk,
        "token": links.get(campaign=survey, form="teacher-2026").token,
        "early": links.get(campaign=prepared, form="teacher-2026").token,
    }


@pytest.fixture
def quality(people, places, today):
    """Three checks: one that the school begins, one to be checked, one checked with a plan."""
    made = {}
    for name in ("begun", "filled", "check"):
        asked = AskedCheck("Проверка", 2026, "opora-2026", today, today, places.primorye, places.lake)
        check = begin_check(asked, [places.listed, places.passed], people.municipal)
        made[name] = check.pk
        sheet = CheckSheet.objects.get(quality_check=check, school=places.listed)
        if name != "begun":
            _walk_through(sheet, "school", fill_section, Answer("no", "протокол"), people.director)
    _walk_through(sheet, "municipality", check_section, Finding("no"), people.municipal)
    planned = Planned("Новое положение", "завуч", today)
    row, agreed = (plan_repair(sheet, "regulation", planned, people.director) for _row in range(2))
    agree_repair(agreed, 1, people.municipal)
    return made | {"repair": row.pk, "agreed": agreed.pk}


def _walk_through(sheet, side, keep, said, by):
    """Say the same of every criterion and sign it."""
    for section in load_checklist("opora-2026").sections:
        version = keep(sheet, section, {one.name: said for one in section.criteria}, 0, by).version
    sign_sheet(sheet, side, version, by)


@pytest.fixture
def called_on(people, places, today, surveyed, settings, tmp_path):
    """A visit with records of several kinds, one mended, and one to come."""
    settings.VISIT_PHOTOS = tmp_path / "visits"
    campaign = Campaign.objects.get(pk=surveyed["ended"])
    visit, planned = (
        plan_visit(Plan(places.listed, today, "сверить", campaign), people.curator) for _ in "ab"
    )
    kinds = ("met", "answer", "observation", "agreement", "note", "photo")
    told = [record(kind, kind, place, visit=visit.pk) for place, kind in enumerate(kinds)]
    told += [correction("mended", "note", 9, visit=visit.pk, text="и светло")]
    take_records(visit, [one.told() for one in told], people.curator)
    return {"visit": visit.pk, "planned": planned.pk}


@pytest.fixture
def visited(quick_passwords, client, people, places, published, agreeing, surveyed, quality, called_on):
    """Open a page of the program as somebody and answer what the server said."""

    def visit(name, language="ru"):
        who, address = PAGES[name]
        client.logout()
        if who:
            client.force_login(getattr(people, who))
        client.cookies["django_language"] = language
        known = {"listed": places.listed.pk, "passed": places.passed.pk, "run": published.pk}
        known |= agreeing | surveyed | quality | called_on
        held = people.director.appointments.get()
        known |= {"director": people.director.pk, "appointment": held.pk}
        if "{secret}" in address:
            known["secret"] = invite(held, "code", people.coordinator).secret
        response = client.get(address.format(**known))
        assert response.status_code == (404 if name == "bad invitation" else 200), name
        return response

    return visit


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_template_tag_and_nothing_inline_reaches_the_browser(language, visited):
    for name in PAGES:
        html = visited(name, language).content.decode()
        assert not RAW.findall(html), name
        assert html.count("<h1>") == 1, name


def test_every_page_is_whole_and_open_to_everybody(visited, new_page):
    """Ничего не вылезает за край, и проверка доступности не находит нарушений: на телефоне и за столом."""
    page = new_page(PHONE)
    responses = {f"/{place}/": visited(name) for place, name in enumerate(PAGES)}
    unchanged = HttpResponse(status=204)  # what a page that stays open asks by itself
    site = SimpleNamespace(get=lambda address: responses.get(address.partition("?")[0], unchanged))
    page.route("**/*", lambda route: answer(site, route))
    for address, name in zip(responses, PAGES, strict=True):
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.goto(f"http://localhost{address}")
        page.evaluate("document.fonts.ready")
        for width, height in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.scrollingElement.scrollWidth") == width, name
            report = Axe().run(page, options={"resultTypes": ["violations"]})
            assert report.violations_count == 0, f"{name}: {report.generate_report()}"
