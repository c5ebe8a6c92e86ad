"""Steps that several journeys take: come in, see what keeps nobody out, bring schools and files."""

import re

import polars as pl
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from opora.demo.build import Built

EMAIL, PASSWORD = "region@demo.opora.example", "проверка-пути-7"
SLOW = 60_000  # milliseconds for a step that reads files; a busy machine is no failure


def truly_listed(files: Built, percent: int = 30) -> set[str]:
    """Apply the 2020 rule to the generator's truth by hand: the logins of the schools that must be listed."""
    years = files.truth.filter(pl.col("year").is_in([2018, 2019]))
    failed = years.filter(pl.col("low") * 100 > pl.col("takers") * percent).group_by("school").len()
    return {files.region.schools[int(place)].login for place in failed.filter(pl.col("len") >= 2)["school"]}


def sign_in(page, live, email=EMAIL) -> None:
    """Come in by the first page."""
    page.goto(live.url)
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Вход в Опору")


def bring_schools(page, live, files: Built) -> None:
    """Bring the register of schools in."""
    page.goto(live.at("registry/import/"))
    page.locator("input[name=file]").set_input_files(files.schools)
    page.get_by_role("button", name="Загрузить и проверить").click()
    expect(page.get_by_text("Школы загружены")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text(re.compile(r"Добавлено: 12;"))).to_be_visible()


def bring(page, live, paths) -> None:
    """Bring files of results in."""
    page.goto(live.at("results/import/"))
    page.locator("input[name=files]").set_input_files(paths)
    page.get_by_role("button", name="Загрузить и проверить").click()
    expect(report(page, paths[0].name)).to_be_visible(timeout=SLOW)


def report(page, name: str):
    """Answer what the page says of one file."""
    return page.get_by_role("region", name=name, exact=True)


def expect_open_to_everybody(page) -> None:
    """Find nothing that would keep somebody out; what is in order is not brought here, which is slow."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
