"""A list from files to its order, in a browser, by two people: the coordinator tries numbers, makes a draft
and shows it, a school objects, the coordinator answers and replaces another school, the list is agreed,
approved, taken out as a file, and made again from that file.
"""

import re
import shutil
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from opora.accounts.actions import add_person
from opora.identification.exporting import json_file
from opora.identification.kept import kept_of
from opora.identification.models import Run, Verdict
from opora.identification.replaying import replay
from opora.registry.actions import appoint
from opora.registry.models import School
from opora.results.actions import store
from opora.results.store import Store
from tests.journeys.steps import PASSWORD, SLOW, bring, bring_schools, sign_in, truly_listed

DIRECTOR = "director@demo.opora.example"
OBJECTION = "В файле математики пятого класса чужие работы"
TRIED = 20  # percent, instead of 30
ANSWER = "Сверили коды работ: они ваши"


def draft_with_other_numbers(page, files):
    """Try another threshold, see what it would change, keep it as a scenario, make the draft with it."""
    page.get_by_role("link", name="Что, если").click()
    page.locator("input[name=low_share]").fill(str(TRIED))
    page.get_by_role("button", name="Посчитать").click()
    entered = len(truly_listed(files, TRIED)) - len(truly_listed(files))
    expect(page.get_by_role("status")).to_contain_text(f"Вошли бы {entered}, вышли бы 0", timeout=SLOW)
    page.wait_for_load_state("networkidle")  # the change and the button have both asked
    page.locator("input[name=title]").fill("Строже")
    page.get_by_role("button", name="Сохранить сценарий").click()
    expect(page.locator("main")).to_contain_text("Строже")
    page.get_by_role("button", name="Составить проект с этими числами").click()
    expect(page.get_by_role("button", name="Отправить на согласование")).to_be_visible(timeout=SLOW)
    expect(page.locator("main")).to_contain_text("вместо")


def taken_out(page, folder):
    """Take the list out as data."""
    page.get_by_role("link", name="Выгрузить").click()
    page.locator("select[name=kind]").select_option("json")
    with page.expect_download() as download:
        page.get_by_role("button", name="Выгрузить").click()
    download.value.save_as(folder / "list.json")
    return folder / "list.json"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_list_is_shown_answered_agreed_approved_and_made_again(
    new_page,
    live,
    coordinator,
    files,
    javascript,
    tmp_path,
):
    """Файлы → что, если → проект → согласование → возражение → замена → приказ → выгрузка → пересчёт."""
    page = new_page(javascript=javascript)
    sign_in(page, live)
    bring_schools(page, live, files)
    bring(page, live, list(files.results))
    page.goto(live.at("runs/new/"))
    page.locator("select[name=edition]").select_option("seed-2020")
    page.get_by_role("button", name="Составить проект").click()
    expect(page.get_by_role("button", name="Отправить на согласование")).to_be_visible(timeout=SLOW)
    draft_with_other_numbers(page, files)
    of_run = page.url
    until = timezone.localdate() + timedelta(days=7)
    page.locator("input[name=until]").fill(until.isoformat())
    page.get_by_role("button", name="Отправить на согласование").click()
    expect(page.locator("main")).to_contain_text("Возражений без решения нет")

    objects, leaves = sorted(truly_listed(files, TRIED))[:2]
    school = School.objects.get(vpr_login=objects)
    appoint(add_person(DIRECTOR, "Звонкова Мария Глебовна", PASSWORD), "director", school=school)
    theirs = new_page(javascript=javascript)
    sign_in(theirs, live, DIRECTOR)
    theirs.goto(live.at("office/"))
    theirs.get_by_role("link", name="Проверить перечень: он на согласовании").click()
    theirs.get_by_role("link", name="Возразить").click()
    theirs.get_by_role("button", name="Подать возражение").click()
    expect(theirs.locator("main")).to_contain_text("Обязательное поле")
    theirs.locator("textarea").fill(OBJECTION)
    theirs.get_by_role("button", name="Подать возражение").click()
    expect(theirs.locator("main")).to_contain_text("ещё не решил")

    page.goto(live.at("office/"))
    page.get_by_role("link", name="Решить по возражению школы").click()
    expect(page.locator("main")).to_contain_text(OBJECTION)
    page.locator("select[name=accept]").select_option("no")
    page.locator("textarea[name=reason]").fill(ANSWER)
    page.get_by_role("button", name="Записать решение").click()
    expect(page.locator("main")).to_contain_text("отклонено")
    theirs.reload()
    expect(theirs.locator("main")).to_contain_text(ANSWER)

    left = School.objects.get(vpr_login=leaves)
    run = Run.objects.latest("pk")
    page.goto(live.at(f"schools/{left.pk}/?run={run.pk}"))
    page.get_by_role("link", name="Вывести из перечня или заменить").click()
    page.locator("textarea[name=reason]").fill("Капитальный ремонт")
    page.locator("input[name=other]").fill(page.locator("datalist option").first.get_attribute("value"))
    page.get_by_role("button", name="Изменить перечень").click()
    expect(page.locator("main")).to_contain_text("Капитальный ремонт")

    page.goto(of_run)
    page.get_by_role("button", name="Согласовать перечень").click()
    page.locator("input[name=number]").fill("21-ДЕМО")
    page.locator("input[name=day]").fill("2020-03-02")
    page.locator("input[name=valid_until]").fill("2021-08-31")
    page.get_by_role("button", name="Утвердить перечень").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"приказ № 21-ДЕМО от 2\sмарта\s2020"))
    expect(page.locator("main")).to_contain_text(re.compile(r"действует до 31\sавгуста\s2021"))

    run.refresh_from_db()
    assert replay(kept_of(run), store()).differences == ()
    elsewhere = shutil.copytree(store().folder.path, tmp_path / "elsewhere")
    again = replay(json_file.read(taken_out(page, tmp_path)), Store(elsewhere))
    assert again.differences == () and again.verdicts == 12
    listed = Verdict.objects.filter(run=run, listed=True).values_list("school__vpr_login", flat=True)
    assert len(listed) == len(truly_listed(files, TRIED)) > len(truly_listed(files))
    assert (objects in listed, leaves in listed) == (True, False)
