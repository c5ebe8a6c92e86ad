"""The stabilised list on its page, and how uncertainty is told on the school's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opora.identification import wording
from opora.identification.actions import start_run
from opora.identification.models import Verdict


@pytest.fixture
def regional(bring, people, places):
    bring(people.operator)
    return start_run("seed-2020", None, places.primorye, people.coordinator)


@pytest.fixture
def page(regional):
    return reverse("identification:stabilised", args=(regional.pk,))


def say(run, school, listed, stability):
    """Let a verdict be as stable as this."""
    Verdict.objects.filter(run=run, school=school).update(
        listed=listed, by_rule=listed, stability=stability, unstable=stability < 0.8
    )


def test_the_likeliest_enter_and_the_least_likely_leave(regional, page, places, people, signed_in):
    """Правило включило две школы; одна из них там вряд ли по праву, а третья — вероятнее."""
    places.gymnasium.pupils = 12
    places.gymnasium.save()
    say(regional, places.listed, True, 0.9)
    say(regional, places.gymnasium, True, 0.1)
    say(regional, places.passed, False, 0.3)
    found = signed_in(people.coordinator).get(page)
    told = found.context["page"]
    assert (told.listed, told.moved) == (2, 1)
    assert [(row.name, row.chance) for row in told.entered] == [("Школа посёлка Береговой", "70\xa0%")]
    assert [(row.name, row.pupils, row.chance) for row in told.left] == [("Гимназия № 1", 12, "10\xa0%")]
    assert (told.errors.rule, told.errors.stabilised) == pytest.approx((0.1 + 0.9 + 0.7, 0.1 + 0.1 + 0.3))
    assert (told.small_errors.rule, told.small_errors.stabilised) == pytest.approx((0.9, 0.1))
    assert "Приказ опирается на правило" in found.content.decode()


def test_decisions_of_people_change_nothing_of_it(regional, page, places, people, signed_in):
    """Смотрят на то, что сказало правило: выведенная решением школа остаётся школой правила."""
    browser = signed_in(people.coordinator)
    before = browser.get(page).context["page"]
    Verdict.objects.filter(run=regional, school=places.listed).update(listed=False)
    after = browser.get(page).context["page"]
    assert (before.listed, before.errors) == (after.listed, after.errors) == (2, before.errors)


def test_it_is_open_to_those_who_try_lists(page, people, signed_in):
    assert signed_in(people.municipal).get(page).status_code == 404
    assert signed_in(people.analyst).get(page).status_code == 404  # a draft is not theirs to see
    assert signed_in(people.coordinator).get(f"{page}?list=нет").status_code == 200


def test_questions_to_the_database_do_not_grow(regional, page, people, places, signed_in):
    browser = signed_in(people.coordinator)
    browser.get(page)
    say(regional, places.gymnasium, True, 0.1)
    say(regional, places.passed, False, 0.3)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(page).context["page"].moved
    assert len(asked) <= 12


# --- words


@pytest.mark.parametrize(
    ("takers", "said"),
    [
        ([10, 10], "при 10 участниках один ученик меняет долю на 10 пунктов"),
        ([1], "при 1 участнике один ученик меняет долю на 100 пунктов"),
        ([3, 6, 40], "участников в результатах от 3 до 40, и один ученик меняет долю до 33 пунктов"),
        ([31, 200], "доли близки к порогу"),
        ([], "доли близки к порогу"),
    ],
)
def test_an_unstable_verdict_says_why(takers, said):
    """«Решение неустойчиво: при 10 участниках…» — простыми словами и с числом учеников."""
    told = wording.stability_sentence(0.34, True, takers).replace("\xa0", " ")
    assert told.startswith(f"Решение неустойчиво: {said}. ") and "34 %" in told


def test_a_stable_verdict_and_one_without_chance_say_so():
    assert "устойчиво" in wording.stability_sentence(0.97, False, [3])
    assert "не вычисляется" in wording.stability_sentence(None, False, [])


def test_the_school_s_page_shows_where_each_share_likely_lies(regional, places, people, signed_in):
    address = reverse("identification:school", args=(places.listed.pk,))
    answer = signed_in(people.coordinator).get(f"{address}?run={regional.pk}")
    (verdict,) = answer.context["page"].verdicts
    for row in verdict.evidence:
        low, high = row.likely
        assert 0 < low < high < 1 and high - low < 0.6
    text = answer.content.decode()
    assert "вероятно" in text and "в 9 случаях из 10" in text
    assert "20 до 30" in verdict.stability_sentence or not verdict.unstable


@pytest.mark.parametrize(
    ("kind", "said"),
    [("low", "нуждается в поддержке"), ("risk", "в группе риска"), ("high", "может помогать другим")],
)
def test_each_kind_of_list_says_its_own(kind, said):
    """Школа со стабильно высокими результатами не «нуждается в поддержке»."""
    assert said in wording.verdict_sentence(kind, True, 2, 8, "")
    assert "не включена" in wording.verdict_sentence(kind, False, 2, 8, "")
