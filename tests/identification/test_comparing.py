"""Who entered a list and who left it, against another list, as far as the viewer sees."""

import pytest
from django.urls import reverse

from opora.identification.actions import Grounds, agree_list, exit_school, send_for_agreement, start_run
from opora.identification.on_list import OnList
from tests.world import RESULTS

# in the last two years another school fails, and one of the former has nothing
LATER = """школа;год;процедура;предмет;класс;участников;низких
sch250002;2021;впр;математика;5;20;9
sch250002;2021;впр;русский язык;6;30;20
sch250003;2021;впр;математика;5;25;20
sch250003;2021;впр;русский язык;6;25;20
sch220001;2021;впр;математика;5;40;1
"""


@pytest.fixture
def before(bring, people):
    bring(people.operator, RESULTS)
    return start_run("seed-2020", [2018, 2019], None, people.operator)


@pytest.fixture
def after(before, bring, people):
    bring(people.operator, LATER, "later.csv")
    return start_run("seed-2020", [2020, 2021], None, people.operator)


def compared(browser, run, other):
    answer = browser.get(reverse("identification:compare", args=(run.pk,)), {"with": other.pk})
    return answer.context["page"]


def told(rows):
    return [(row.school, row.here, row.there) for row in rows]


def test_who_entered_and_who_left_is_told_with_how_they_stand(before, after, people, signed_in):
    page = compared(signed_in(people.operator), after, before)
    assert (page.stayed, page.entered_count, page.left_count) == (1, 1, 2)
    assert told(page.entered) == [
        ("Школа посёлка Береговой", "выше порога 2 из 2", "выше порога 1 из 2"),
    ]
    assert told(page.left) == [
        ("Степновская школа", "выше порога 0 из 1", "выше порога 2 из 2"),
        ("Школа села Ёлкино", "результатов нет", "выше порога 2 из 2"),
    ]


def test_the_comparison_read_backwards_is_the_same(before, after, people, signed_in):
    forth, back = (compared(signed_in(people.operator), *pair) for pair in ((after, before), (before, after)))
    assert [row.school for row in forth.entered] == [row.school for row in back.left]
    assert [row.school for row in forth.left] == [row.school for row in back.entered]


def test_a_region_s_list_and_the_country_s_are_compared_within_the_region(before, people, places, signed_in):
    own = start_run("seed-2020", [2018, 2019], places.primorye, people.coordinator)
    page = compared(signed_in(people.operator), own, before)
    assert (page.stayed, page.entered_count, page.left_count) == (2, 0, 0)
    assert (compared(signed_in(people.operator), before, own).left_count) == 0


def test_a_decision_is_said(before, people, places, today, signed_in):
    own = start_run("seed-2020", [2018, 2019], places.primorye, people.coordinator)
    own = send_for_agreement(own, today, people.coordinator)
    exit_school(OnList(own, own.lists[0], places.listed), Grounds("Ремонт"), people.coordinator)
    page = compared(signed_in(people.operator), own, before)
    assert told(page.left) == [
        ("Школа села Ёлкино", "выше порога 2 из 2; выведена решением", "выше порога 2 из 2"),
    ]


def test_others_schools_are_neither_named_nor_counted(before, after, people, signed_in):
    for run in (before, after):
        agree_list(run, people.operator)
    from opora.identification.models import Run

    Run.objects.update(state="published", published_by=people.operator, published_at="2020-03-02T00:00Z",
                       order_number="1", order_date="2020-03-02")  # fmt: skip
    page = compared(signed_in(people.municipal), after, before)
    assert (page.stayed, page.entered_count, page.left_count) == (0, 1, 1)
    assert [row.school for row in page.left] == ["Школа села Ёлкино"]


def test_with_one_list_there_is_nothing_to_compare(before, people, signed_in):
    answer = signed_in(people.operator).get(reverse("identification:compare", args=(before.pk,)))
    assert "Сравнить не с чем" in answer.content.decode()


@pytest.mark.parametrize("wanted", ["0", "-1", "один", "99999", ""])
def test_an_unknown_other_is_the_newest_one(before, after, people, signed_in, wanted):
    answer = signed_in(people.operator).get(
        reverse("identification:compare", args=(after.pk,)), {"with": wanted}
    )
    assert answer.context["page"].other.id == before.pk
