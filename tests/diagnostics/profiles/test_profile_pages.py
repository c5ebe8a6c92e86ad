"""The pages of profiles: what they say of a survey and of a school, and what of those that are not there."""

import re
from html import unescape

import pytest
from django.utils.html import strip_tags

from opora.diagnostics.models import SchoolProfile
from opora.diagnostics.profiles.actions import release_due
from opora.methodology.risk_profile.reading import load_edition
from tests.diagnostics.profiles.conftest import HALF
from tests.world import questions

pytestmark = pytest.mark.django_db


def words(answer):
    """Give what a page says, without its marks."""
    assert answer.status_code == 200
    return " ".join(unescape(strip_tags(answer.content.decode())).replace("\u00a0", " ").split())


@pytest.fixture
def read(signed_in, people):
    """Read a page as the coordinator of the region."""

    def look(address, who="coordinator"):
        return words(signed_in(getattr(people, who)).get(address))

    return look


def test_the_page_of_a_survey_tells_of_every_school_and_factor(released, read, places):
    campaign = released(level=0.1)
    said = read(f"/surveys/{campaign.pk}/profiles/")
    edition = load_edition("opora-2026")
    for place, factor in enumerate(edition.factors, 1):
        assert f"{place}. {factor.title}" in said
    for school in (places.listed, places.quiet):
        assert str(school) in said
    assert "умолчание Опоры" in said and "Средняя значимость — от 35 баллов, высокая — от 60." in said
    assert "профили будут составлены ещё раз" in said  # late sheets are still taken


def test_a_factor_chooses_the_schools_where_it_is_high(released, read, places):
    campaign = released(level=0.05)
    levels = SchoolProfile.objects.get(school=places.listed).levels
    high = next(name for name, level in levels.items() if level == "high")
    said = read(f"/surveys/{campaign.pk}/profiles/?only={high}")
    assert "Только школы, где" in said and str(places.quiet) not in said
    assert str(places.quiet) in read(f"/surveys/{campaign.pk}/profiles/?only=нет-такого&page=x")


def test_a_school_reads_why_down_to_the_questions(released, read, places):
    """Балл, интервал, показатели, кто о них сказал, слова вопросов и средние ответы."""
    campaign = released()
    said = read(f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/", "director")
    assert "учителя: ответов — 8, сколько приглашено" in said and "директор: ответов — 1 из 1, 100 %" in said
    assert "Хватает ли школе: интернета" in said
    assert re.search(r"из 100\. Интервал от \d+ до \d+", said)
    assert re.search(r"вклад в фактор \d", said) and re.search(
        r"в среднем \d[,.]?\d* из 4 \(ближе всего «", said
    )
    assert "Что изменило бы уровень" in said and "перечня 2022 года" in said
    assert "не оценка школы и не проверка" in said


def test_contributions_on_the_page_add_up_to_the_score_on_it(released, signed_in, people, places):
    from opora.diagnostics.profiles.query import profile_page

    campaign = released()
    profile = SchoolProfile.objects.select_related("release", "school", "municipality").get(
        school=places.listed
    )
    page = profile_page(campaign, profile, campaign.closed_on)
    shown = 0
    for card in page.factors:
        parts = [one.contribution for one in card.indicators if one.contribution]
        if card.points is not None and parts:
            shown += 1
            told = sum(round(10 * float(part.replace(",", ".").replace("−", "-"))) for part in parts)
            assert abs(told - 10 * card.points) < 1, card.title
    assert shown > 3


def test_a_school_of_which_nobody_told_says_so_and_shows_no_number(released, read, places):
    campaign = released()
    said = read(f"/surveys/{campaign.pk}/profiles/{places.quiet.pk}/")
    assert "нет данных" in said and "из 100. Интервал" not in said


def test_before_the_end_the_page_says_when(survey, read):
    campaign = survey()
    said = read(f"/surveys/{campaign.pk}/profiles/")
    assert "Профилей ещё нет" in said and "Последний день опроса" in said
    assert "Рисковые профили составляются" not in read(f"/surveys/{campaign.pk}/")


def test_after_the_end_the_page_says_that_they_are_being_made(ended, read):
    campaign = ended()
    assert "обычно за несколько минут" in read(f"/surveys/{campaign.pk}/profiles/")
    assert "Рисковые профили составляются" in read(f"/surveys/{campaign.pk}/")
    release_due()
    assert "Рисковые профили готовы" in read(f"/surveys/{campaign.pk}/")


def test_a_survey_that_nobody_answered_promises_nothing(ended, read):
    assert "Рисковые профили" not in read(f"/surveys/{ended({}).pk}/")


def test_a_profile_that_is_not_there_is_not_found(released, survey, signed_in, people, places):
    campaign, other = released(), survey(year=2025)
    browser = signed_in(people.coordinator)
    for address in (
        f"/surveys/{other.pk}/profiles/{places.listed.pk}/",
        f"/surveys/{campaign.pk}/profiles/{places.far.pk}/",
        f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/profile.odt",
    ):
        assert browser.get(address).status_code == 404, address


def test_pages_ask_the_database_few_questions_however_many_schools(released, signed_in, people, places):
    campaign = released()
    browser = signed_in(people.coordinator)
    every, one = f"/surveys/{campaign.pk}/profiles/", f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/"
    browser.get(one)  # the first page of a sign-in asks more
    assert (questions(browser, one), questions(browser, every)) == (8, 8)
    own = SchoolProfile.objects.get(school=places.quiet)
    for school in (places.passed, places.gymnasium):
        own.pk, own.school, own.municipality = None, school, school.municipality
        own.save(force_insert=True)
    assert questions(browser, every) == 8


def test_pages_are_english_where_somebody_asks_for_it(released, signed_in, people, places, client):
    campaign = released(HALF)
    browser = signed_in(people.coordinator)
    browser.cookies["django_language"] = "en"
    said = words(browser.get(f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/"))
    assert "Why this level" in said and "of 100." in said and not re.search(r"балл|уровень", said)
