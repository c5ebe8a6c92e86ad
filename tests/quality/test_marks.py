"""The page of journal marks, and what the system knows beside a criterion: from real files to words."""

import re
from dataclasses import replace

import polars as pl
import pytest

from opora.methodology.quality.marks import PARTS
from opora.quality.marks import query
from opora.quality.marks.query import compared, together_of
from opora.quality.sheets.actions import fill_section, sign
from opora.quality.sheets.facts import facts_of
from opora.registry.acting import acting_as
from opora.results.actions import store
from tests.quality.conftest import SECTIONS, answers
from tests.quality.test_pages import at, words  # noqa: F401 (a fixture is found by its name)
from tests.world import add_school, questions

pytestmark = pytest.mark.django_db
OTHERS = 10


@pytest.fixture
def journals(places, outcomes_folder):
    """Keep outcomes with the journal: of the listed school, of ten others of the region, of a foreign one."""
    query._held.clear()
    others = [add_school(places.city, 200 + number, f"Школа {number}") for number in range(OTHERS)]
    told = [
        (places.listed, "russian", [6, 12, 2]),
        (places.listed, "maths", [3, 1, 0]),  # four: hidden
        (places.listed, "history", None),  # a file without the journal
        (places.listed, "physics", [9, 9, 9]),  # of another assessment
        (places.foreign, "russian", [100, 0, 0]),
        *((school, "russian", [2, 7, 1]) for school in others),
    ]
    rows = [
        {
            "school": str(school.pk), "year": 2021, "subject": subject, "grade": 5,
            "assessment": "niko" if subject == "physics" else "vpr",
            "grade_programme": 5, "sitting": "", "category": "all", "takers": 120, "low": 3,
            "journal": journal,
        }
        for school, subject, journal in told
    ]  # fmt: skip
    kinds = {
        "year": pl.Int32,
        "grade": pl.Int32,
        "grade_programme": pl.Int32,
        "takers": pl.Int32,
        "low": pl.Int32,
    }
    table = pl.DataFrame(rows, schema_overrides={**kinds, "journal": pl.List(pl.Int32)})
    store().add(table, "the file")
    return places


def test_a_school_stands_beside_the_others_of_its_region_alone(journals):
    """Чужой регион в «обычное» не входит; ниже пяти — скрыто; без журнала — нет строки."""
    rows = compared(journals.listed).to_dicts()
    assert [(row["subject"], row["takers"]) for row in rows] == [("maths", None), ("russian", 20)]
    assert [rows[1][f"{part}_usual"] for part in PARTS] == [0.2, 0.7, 0.1] and rows[1]["schools"] == OTHERS


@pytest.mark.parametrize("who", ["director", "municipal", "coordinator", "operator", "analyst", "curator"])
def test_everybody_who_sees_the_school_sees_the_same_comparison(journals, people, who):
    """Директор не видит чужих школ, но «обычное» у него то же: стена отдаёт одни номера."""
    with acting_as(getattr(people, who)):
        assert together_of(journals.listed).usual == pytest.approx(
            {"lowered": 0.2, "confirmed": 0.7, "raised": 0.1}
        )


@pytest.mark.parametrize("who", ["stranger", "nobody", "observer"])
def test_the_wall_tells_no_numbers_of_schools_to_others(journals, people, who):
    from django.db import connection

    with acting_as(getattr(people, who)), connection.cursor() as cursor:
        cursor.execute("SELECT opora_schools_beside(%s)", [journals.listed.pk])
        assert bool(cursor.fetchone()[0]) == (who == "observer")  # who sees the region's schools anyway


def test_the_page_says_shares_intervals_what_is_usual_and_what_is_hidden(journals, people, signed_in):
    browser = signed_in(people.director)
    page = browser.get(f"/quality/schools/{journals.listed.pk}/marks/")
    said = words(page)
    assert "отметку подтвердили 60 %, понизили 30 %, повысили 10 % (отметок — 20)" in said
    assert "обычно: 70 %, 20 % и 10 %" in said and "60 %, 12 из 20" in said and "обычно 70 %" in said
    assert "скрыто отметок меньше 5" in said and "75 %" not in said and "Школа 0" not in said
    assert re.search(r"<title>[^<]*русский язык[^<]*понизили 30", page.content.decode())


@pytest.mark.parametrize("who", ["observer", "stranger", "nobody"])
def test_others_have_no_such_page(journals, people, signed_in, who):
    assert (
        signed_in(getattr(people, who)).get(f"/quality/schools/{journals.listed.pk}/marks/").status_code
        == 404
    )


def test_files_without_the_journal_are_told_as_no_data(places, people, signed_in, outcomes_folder, bring):
    address = f"/quality/schools/{places.listed.pk}/marks/"
    browser = signed_in(people.director)
    assert "Нет данных" in words(browser.get(address))  # no file at all
    bring(people.operator)
    assert "нет отметок по журналу" in words(browser.get(address))


def test_the_page_asks_few_questions(journals, people, signed_in):
    browser, address = signed_in(people.director), f"/quality/schools/{journals.listed.pk}/marks/"
    browser.get(address)
    assert questions(browser, address) <= 6


def test_what_is_known_stands_beside_its_criterion_and_decides_nothing(journals, at, people, signed_in):  # noqa: F811
    browser = signed_in(people.director)
    page = browser.get(at["criteria"])
    said = words(page)
    assert "Известно системе" in said and "отметку подтвердили 60 %" in said
    assert f"/quality/schools/{journals.listed.pk}/marks/" in page.content.decode()
    assert not re.search(r'name="level_marks_agree"[^>]*checked', page.content.decode())
    assert "Загружены внешние результаты школы: 4, годы: 2021" in words(browser.get(at["external"]))


def test_what_is_known_is_proven_and_is_not_asked_again(journals, sheet, people):
    """Критерий, о котором система знает, подписывается без слов школы; о котором не знает — нет."""
    version = 0
    for section in SECTIONS:
        told = answers(section)
        for name in ("marks_agree", "analysed"):
            if name in told:
                told[name] = replace(told[name], words="")
        version = fill_section(sheet, section, told, 0, people.director).version
    assert sign(sheet, "school", version, people.director).signed_at


def test_nothing_known_is_no_fact(places, people, today, outcomes_folder):
    assert facts_of(people.director, today, places.listed, {"results", "journal", "signs"}) == {}


def test_only_what_is_asked_for_is_looked_up(journals, people, today):
    assert set(facts_of(people.director, today, journals.listed, {"journal"})) == {"journal"}
