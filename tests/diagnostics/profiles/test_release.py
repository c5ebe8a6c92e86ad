"""From sheets to profiles: when they are made, what is told of whom, once and again."""

from datetime import timedelta

import polars as pl
import pytest
from django.db import transaction

from opora.audit.models import Event
from opora.diagnostics.campaigns.actions import close_campaign
from opora.diagnostics.models import Campaign, ProfileRelease, SchoolProfile, Sheet
from opora.diagnostics.numbers import GRACE
from opora.diagnostics.profiles.actions import due, release, release_due
from opora.diagnostics.profiles.gathering import gathered
from opora.diagnostics.profiles.kept import rows
from opora.methodology.disclosure.release import ChangedAnswers
from opora.methodology.risk_profile.reading import load_edition
from tests.diagnostics.answered import answer, mix, sheet
from tests.diagnostics.profiles.conftest import FORMS, HALF

pytestmark = pytest.mark.django_db


def told_of(campaign, school):
    return SchoolProfile.objects.get(release=campaign.releases.first(), school=school)


def respondents(told, audience):
    """Say how many people a group's scores are made of."""
    return {row["respondents"] for row in rows(told, "groups") if row["of"] == audience and not row["why"]}


def test_profiles_are_made_when_a_survey_has_ended_and_not_before(survey, places, people, today):
    """Опрос идёт — профиля нет; завершён — профиль есть у каждой школы, со всеми десятью факторами."""
    campaign = survey()
    answer(campaign, places.listed, HALF)
    assert due(today) == [] and release_due() == 0
    close_campaign(campaign, people.coordinator)
    assert release_due() == 1
    made = campaign.releases.get()
    assert (made.wave, made.edition, made.schools) == (0, "opora-2026", 2)
    profile = told_of(campaign, places.listed)
    assert set(profile.levels) == {factor.name for factor in load_edition("opora-2026").factors}
    assert set(profile.levels.values()) & {"high", "middle", "low"}
    assert set(told_of(campaign, places.quiet).levels.values()) <= {"no data", "low", "middle", "high"}
    assert Event.objects.filter(deed="diagnostics.release_profiles", by=None).count() == 1


def test_one_whose_last_day_has_passed_is_due_though_nobody_closed_it(survey, places):
    campaign = survey()
    answer(campaign, places.listed, HALF)
    assert due(campaign.closes_on) == []
    assert due(campaign.closes_on + timedelta(days=1)) == [campaign]


def test_a_survey_that_nobody_answered_has_no_profiles(survey, people, today):
    close_campaign(survey(), people.coordinator)
    assert due(today) == []


def test_a_group_under_five_is_in_no_number(released, places):
    """Ответили четыре учителя: ни балла, ни среднего, ни вклада; сколько ответили — видно, как и раньше."""
    campaign = released(HALF | {"teacher-2026": 4})
    told = told_of(campaign, places.listed).told
    mine = [row for row in rows(told, "groups") if row["of"] == "teacher"]
    assert {row["why"] for row in mine} == {"few"} and {row["points"] for row in mine} == {None}
    assert not [row for row in rows(told, "sources") if row["of"] == "teacher" and row["raw"] is not None]
    assert [row["answered"] for row in rows(told, "responses") if row["audience"] == "teacher"] == [4]


def test_a_small_grade_does_not_follow_from_the_others(released, places):
    """Шестиклассников ответило трое: в балле учеников только девятиклассники, и разность ничего не даст."""
    campaign = released(HALF | {"pupil-6-2026": 3, "pupil-9-2026": 12})
    told = told_of(campaign, places.listed).told
    assert max(respondents(told, "pupil")) == 12
    assert [row["answered"] for row in rows(told, "responses") if row["audience"] == "pupil"] == [15]


def test_late_sheets_are_counted_in_a_second_release_and_the_first_stays(released, places, today):
    """Анкеты, дошедшие после завершения: пять новых меняют показанное, второй выпуск — последний."""
    campaign = released()
    first = told_of(campaign, places.listed).told
    answer(campaign, places.listed, {"teacher-2026": 5}, first=100)
    assert due(today) == []  # others may still come
    last = today + timedelta(days=GRACE + 1)
    assert due(last) == [campaign]
    assert release(campaign, last).wave == 1
    now = told_of(campaign, places.listed).told
    assert (max(respondents(first, "teacher")), max(respondents(now, "teacher"))) == (8, 13)
    assert due(last) == [] and set(Sheet.objects.values_list("wave", flat=True)) == {0, 1}


def test_four_late_sheets_wait_for_ever_rather_than_tell_of_four(released, places, today):
    campaign = released()
    answer(campaign, places.listed, {"teacher-2026": 4}, first=100)
    last = today + timedelta(days=GRACE + 1)
    mix(last)
    assert release(campaign, last).wave == 1
    told = told_of(campaign, places.listed).told
    assert max(respondents(told, "teacher")) == 8
    assert [row["answered"] for row in rows(told, "responses") if row["audience"] == "teacher"] == [12]


def test_answers_that_changed_after_they_were_put_out_are_refused(released, places, today):
    """Опубликованное не меняется задним числом: второй выпуск отказывается, первый остаётся как был."""
    campaign = released()
    answer(campaign, places.listed, {"teacher-2026": 5}, first=100)
    Sheet.objects.filter(link__form="pupil-9-2026").first().delete()
    with pytest.raises(ChangedAnswers, match=str(places.listed.pk)), transaction.atomic():
        release(campaign, today + timedelta(days=GRACE + 1))
    assert campaign.releases.count() == 1 and Sheet.objects.filter(wave=None).count() == 5


def test_late_answers_to_one_question_wait_for_five_too(released, places, today):
    """Пятеро дошли поздно, но на вопрос ответили двое: их среднее не следует из разности двух выпусков."""
    campaign = released()
    first = told_of(campaign, places.listed).told
    answer(campaign, places.listed, {"teacher-2026": 5}, first=100)
    late = list(Sheet.objects.filter(wave=None))
    for one in late[:3]:
        one.answers = {name: value for name, value in one.answers.items() if not name.startswith("equipment")}
        one.save()
    release(campaign, today + timedelta(days=GRACE + 1))
    now = told_of(campaign, places.listed).told

    def of(told):
        teachers = [row for row in rows(told, "groups") if row["of"] == "teacher"]
        return [row for row in teachers if row["factor"] == "equipment"]

    assert [row["respondents"] for row in of(now)] == [row["respondents"] for row in of(first)]
    assert [row["points"] for row in of(now)] == [row["points"] for row in of(first)]
    assert max(respondents(now, "teacher")) > max(respondents(first, "teacher"))


def test_a_release_is_made_once_whoever_comes_second(ended, today):
    campaign = ended()
    assert release(campaign, today) is not None and release(campaign, today) is None
    assert ProfileRelease.objects.count() == 1


def test_a_fault_leaves_no_half_of_a_release(ended, today, monkeypatch):
    """Ошибка посреди выпуска: листы не помечены, профилей нет, следующая попытка удаётся."""
    campaign = ended()
    monkeypatch.setattr(SchoolProfile.objects, "bulk_create", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        release(campaign, today)
    assert not ProfileRelease.objects.exists() and not Sheet.objects.exclude(wave=None).exists()
    monkeypatch.undo()
    assert release(campaign, today).wave == 0


def test_a_survey_with_questions_of_no_edition_makes_profiles_without_data(released, places):
    """Анкета об одном: факторы, о которых не спросили, — «нет данных», а не низкий риск."""
    campaign = released({"parent-2026": 8}, forms=("parent-2026",))
    levels = told_of(campaign, places.listed).levels
    assert levels["equipment"] == "no data"


def test_levels_beside_other_schools_need_enough_of_them(released, places):
    campaign = released(levels=Campaign.Levels.CAMPAIGN)
    profile = told_of(campaign, places.listed)
    assert set(profile.levels.values()) == {"no data"}
    assert "reference" in {row["why"] for row in rows(profile.told, "factors")}


def test_the_next_year_is_put_beside_this_one(released, places):
    """Те же вопросы через год: по каждому фактору сказано, изменилось ли что-то."""
    first, second = released(year=2025, level=0.2), released(year=2026, level=0.9)
    told = rows(told_of(second, places.listed).told, "changed")
    changed = {row["factor"]: row for row in told if row["indicator"] is None}
    assert changed["equipment"]["difference"] < 0 and changed["equipment"]["why"] == ""
    assert rows(told_of(first, places.listed).told, "changed") == []


def test_what_is_gathered_holds_everybody_once(ended, places, people, today):
    campaign = ended()
    release(campaign, today)
    found = gathered(campaign, 0)
    there = found.people.filter((pl.col("school") == str(places.listed.pk)) & (pl.col("answered") > 0))
    assert there.sort("audience").rows() == [
        (str(places.listed.pk), "director", 1),
        (str(places.listed.pk), "parent", 6),
        (str(places.listed.pk), "pupil", 16),
        (str(places.listed.pk), "teacher", 8),
    ]
    assert found.year.tables["pupil"].height == 16
    assert found.places.height == 2 and isinstance(found.crowd.table, pl.DataFrame)


def test_a_sheet_of_a_form_is_one_that_its_rules_allow():
    from opora.questionnaires.editions import load
    from opora.questionnaires.logic import checked

    for form in map(load, FORMS):
        assert all(not checked(form, sheet(form, 0.5, seed)).faults for seed in range(5))
