"""The main job, in a browser: files of results go in, an explained list of schools comes out.

A coordinator of a region that holds nothing yet brings the register and the results of twelve schools, mends
nothing but learns what is wrong with a file, makes the list, publishes it and reads why a school is on it.
"""

import re

from playwright.sync_api import expect

from opora.demo.broken_files import HALF, WRONG_MARKS
from tests.journeys.steps import SLOW, bring, bring_schools, report, sign_in, truly_listed


def make_list(page, live) -> None:
    """Apply the 2020 rule and publish the list by an order."""
    page.goto(live.at("runs/new/"))
    page.locator("select[name=edition]").select_option("seed-2020")
    page.get_by_role("button", name="Составить проект").click()
    expect(page.get_by_role("button", name="Отправить на согласование")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Согласовать, не показывая").click()
    page.locator("input[name=number]").fill("17-ДЕМО")
    page.locator("input[name=day]").fill("2020-03-02")
    page.get_by_role("button", name="Утвердить перечень").click()
    expect(page.get_by_text("17-ДЕМО").first).to_be_visible()


def shown(page) -> set[str]:
    """Answer the logins of the schools on a page of a list."""
    return (
        set(re.findall(r"sch99\d{4}", page.locator("tbody").inner_text()))
        if page.locator("tbody").count()
        else set()
    )


def test_files_go_in_and_an_explained_list_comes_out(page, live, coordinator, files):
    """Файлы — внутрь, объяснённый перечень — наружу: весь путь координатора в браузере."""
    broken = [path for path in files.broken if path.name in (WRONG_MARKS, HALF)]
    sign_in(page, live)
    bring_schools(page, live, files)
    bring(page, live, [*files.results, *broken])
    expect(page.get_by_text("принят", exact=True).first).to_be_visible()
    for cell in ("F3", "E4", "C5", "B6", "F7"):
        expect(report(page, WRONG_MARKS)).to_contain_text(cell)
    expect(report(page, HALF)).to_contain_text("не полностью")
    make_list(page, live)

    page.goto(live.at("list/"))
    listed = truly_listed(files)
    assert shown(page) == listed
    assert listed

    login = sorted(listed)[0]
    page.goto(live.at("list/?only=all"))
    assert len(shown(page)) > len(listed)
    page.locator("input[name=search]").fill(login)
    page.locator("input[name=search]").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody th a").click()
    school = next(one for one in files.region.schools if one.login == login)
    expect(page.get_by_role("heading", level=1)).to_have_text(school.name)
    expect(page.locator("main")).to_contain_text(school.full_name)
    expect(page.locator("main svg").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("30")
    expect(page.locator("main")).to_contain_text("17-ДЕМО")


def test_a_broken_file_changes_nothing(page, live, coordinator, files):
    """Один файл с ошибками: отчёт есть, а результатов в системе не появилось."""
    broken = [path for path in files.broken if path.name == WRONG_MARKS]
    sign_in(page, live)
    bring_schools(page, live, files)
    bring(page, live, broken)
    expect(report(page, WRONG_MARKS)).to_contain_text("ничего не изменилось")
    page.goto(live.at("runs/new/"))
    page.locator("select[name=edition]").select_option("seed-2020")
    page.get_by_role("button", name="Составить проект").click()
    expect(page.get_by_text(re.compile("Результаты ещё не загружены"))).to_be_visible(timeout=SLOW)


def test_the_main_job_needs_no_javascript(new_page, live, coordinator, files):
    """Без JavaScript путь тот же: школы, файлы, перечень."""
    page = new_page(javascript=False)
    sign_in(page, live)
    bring_schools(page, live, files)
    bring(page, live, list(files.results))
    make_list(page, live)
    page.goto(live.at("list/"))
    assert shown(page) == truly_listed(files)
