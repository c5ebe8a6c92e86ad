"""A survey beside one of an earlier year whose questionnaire had another name: what is compared."""

import re
from html import unescape

import polars as pl
import pytest
from django.utils.html import strip_tags

from opora.diagnostics.models import SchoolProfile
from opora.diagnostics.profiles.actions import release_due
from opora.diagnostics.profiles.kept import rows
from opora.diagnostics.profiles.years import questions_of_both
from opora.questionnaires import editions
from opora.questionnaires.editions import FOLDER, load
from opora.questionnaires.reading import read_form
from tests.diagnostics.answered import answer
from tests.diagnostics.profiles.conftest import FORMS, HALF

NOW, OLD = "teacher-2026", "teacher-2025"
SHIPPED = FOLDER


def older_text():
    """Write last year's questionnaire: one question by another name, one otherwise, one not yet asked."""
    text = (SHIPPED / f"{NOW}.yaml").read_text(encoding="utf-8").replace(NOW, OLD)
    text = re.sub(r"name: calm_lessons\b", "name: quiet_lessons", text)
    text = re.sub(r"name: difficulties\b", "name: troubles", text)
    return re.sub(r"name: belonging\b", "name: pride", text)


def what_became(older):
    """Say it of every question: the renamed one is comparable, one is not, one is gone."""
    told = dict.fromkeys(older.items, "same") | {
        "quiet_lessons": "{how: reworded, became: calm_lessons, because: {ru: сказано проще, en: plainer}}",
        "troubles": "{how: incomparable, became: difficulties, because: {ru: о другом, en: other}}",
        "pride": "gone",
    }
    lines = "\n".join(f"  {name}: {how}" for name, how in told.items())
    return f"older: {OLD}\nnewer: {NOW}\nitems:\n{lines}\n"


@pytest.fixture
def last_year(tmp_path, monkeypatch):
    """Put last year's questionnaire among the shipped ones; the answer says what became of it, or not."""
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / f"{OLD}.yaml").write_text(older_text(), encoding="utf-8")
    said = tmp_path / "said"
    said.mkdir()
    monkeypatch.setattr(editions, "FOLDER", tmp_path)
    monkeypatch.setattr(editions, "SUCCESSIONS", said)
    editions.shipped.cache_clear()
    editions.load.cache_clear()

    def say():
        (said / f"{OLD}--{NOW}.yaml").write_text(what_became(load(OLD)), encoding="utf-8")

    yield say
    editions.shipped.cache_clear()
    editions.load.cache_clear()


@pytest.fixture
def two_years(survey, places, people):
    """Release a survey of 2025 with the older questionnaire of teachers, then one of 2026."""
    from opora.diagnostics.campaigns.actions import close_campaign

    def make():
        made = []
        for year, level in ((2025, 0.2), (2026, 0.9)):
            forms = FORMS if year == 2026 else tuple(OLD if name == NOW else name for name in FORMS)
            campaign = survey(year=year, forms=forms)
            people_of = {OLD if name == NOW and year == 2025 else name: many for name, many in HALF.items()}
            answer(campaign, places.listed, people_of, level=level)
            close_campaign(campaign, people.coordinator)
            assert release_due() == 1
            made.append(campaign)
        return made[-1]

    return make


def of_teachers(mapping):
    own = mapping.filter(audience="teacher")
    return {row["now"]: (row["before"], row["kind"], row["why"]) for row in own.to_dicts()}


def test_each_question_is_comparable_or_said_why_not(last_year):
    """Переименованный и перефразированный — сопоставим, другой — нет, новый — нов, прочие те же."""
    last_year()
    found = of_teachers(questions_of_both([load(OLD)], [load(NOW)]))
    assert found["calm_lessons"] == ("quiet_lessons", "comparable", "")
    assert found["difficulties.subject"] == ("", "not", "items")
    assert found["belonging"] == ("", "not", "new")
    assert found["friendly_class"] == ("friendly_class", "same", "")


def test_nothing_is_compared_until_somebody_says_how(last_year):
    found = of_teachers(questions_of_both([load(OLD)], [load(NOW)]))
    assert set(found.values()) == {("", "not", "unsaid")}


def test_an_audience_that_was_not_asked_before_is_new(last_year):
    found = questions_of_both([load("parent-2026")], [load(NOW)])
    assert set(of_teachers(found).values()) == {("", "not", "new")}


def test_what_a_questionnaire_of_another_grade_asks_is_comparable_only_if_it_was_asked_too(last_year):
    """Ответы шестых и девятых классов считаются вместе: в прошлом году шестых не спрашивали."""
    sixth, ninth = load("pupil-6-2026"), load("pupil-9-2026")
    both = questions_of_both([sixth, ninth], [sixth, ninth])
    assert set(both["kind"]) == {"same"} or both.filter(kind="not")["now"].to_list() == texts(ninth)
    for older, newer in (([ninth], [sixth, ninth]), ([sixth, ninth], [ninth])):
        found = questions_of_both(older, newer).filter(now="belonging").to_dicts()[0]
        assert found["kind"] == "not"


def texts(form):
    return [name for name, field in form.fields.items() if field.kind == "text"]


def told_of(campaign, school):
    told = rows(SchoolProfile.objects.get(release=campaign.releases.first(), school=school).told, "changed")
    return {row["indicator"]: row for row in told if row["indicator"]}


@pytest.mark.django_db
def test_an_indicator_is_compared_over_the_questions_of_both_years(last_year, two_years, places):
    """Уроки — по прежнему имени вопроса, с оговоркой; прочее — то же; затруднения учителей не сравнить."""
    last_year()
    found = told_of(two_years(), places.listed)
    assert found["calm_lessons"]["difference"] < 0 and found["calm_lessons"]["kind"] == "comparable"
    assert found["visits"]["difference"] is not None and found["visits"]["kind"] == "same"
    assert found["difficulties"]["why"] == "items" and found["difficulties"]["now"] is None
    assert found["belonging"]["difference"] is not None  # pupils and parents were asked, teachers not


@pytest.mark.django_db
def test_without_a_word_about_the_questionnaire_what_only_it_tells_is_not_compared(
    last_year, two_years, places
):
    found = told_of(two_years(), places.listed)
    assert found["difficulties"]["why"] == "unsaid" and found["difficulties"]["before"] is None
    assert found["told"]["difference"] is not None  # parents' questionnaire is the same


@pytest.mark.django_db
@pytest.mark.parametrize("said", [True, False])
def test_the_page_says_what_changed_and_why_it_cannot_be_said(
    last_year, two_years, places, people, signed_in, said
):
    """Страница: «было — стало» у показателя или причина словами."""
    if said:
        last_year()
    campaign = two_years()
    answer = signed_in(people.coordinator).get(f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/")
    words = " ".join(unescape(strip_tags(answer.content.decode())).replace("\u00a0", " ").split())
    assert re.search(r"По сравнению с прошлым опросом\. Риск снизился: было \d+, стало \d+\.", words)
    unsaid = "Нельзя сравнить: не сказано, что стало с вопросами прежней анкеты."
    assert (unsaid in words) is not said
    assert ("Часть вопросов не те же, а лишь сопоставимые." in words) is said


def test_the_older_questionnaire_of_these_tests_differs_as_they_say():
    older = read_form(older_text(), "older.yaml")
    assert {"quiet_lessons", "troubles", "pride"} <= set(older.items)
    assert isinstance(questions_of_both([], [older]), pl.DataFrame)
