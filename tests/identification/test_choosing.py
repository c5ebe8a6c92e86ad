"""The choice of participants: candidates from a list, quotas and their clashes, schools fixed by hand."""

from itertools import combinations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opora.audit.models import Event
from opora.identification.actions import (
    choose_participants,
    drop_choice,
    fix_school,
    start_run,
)
from opora.identification.candidates import candidates, chosen, kept_selection
from opora.identification.models import ParticipantChoice, Verdict
from opora.methodology.choosing.choice import Clash, SelectionError
from opora.registry.access import NotAllowed
from opora.registry.models import School
from tests.world import add_school

HEAD = "школа;год;процедура;предмет;класс;участников;низких\n"


@pytest.fixture
def regional(bring, people, places):
    """A list of eight schools in two municipalities: half of them do badly, half very badly."""
    lines = []
    for number in range(11, 19):
        place, low = (places.lake, 8) if number % 2 else (places.city, 16)
        add_school(place, number, f"Школа № {number}", settlement_kind="rural", pupils=10 * number)
        lines += [
            f"sch2500{number};2018;впр;математика;5;20;{low + number % 3}",
            f"sch2500{number};2019;впр;русский язык;6;20;{low}",
        ]
    bring(people.coordinator, HEAD + "\n".join(lines) + "\n", "eight.csv")
    return start_run("seed-2020", None, places.primorye, people.coordinator)


def names(run, choice):
    table = candidates(run, choice.list)
    return [name for pk, name in zip(table["pk"], table["school"], strict=True) if pk in choice.chosen]


def test_candidates_are_the_listed_schools_with_their_context_and_results(regional):
    table = candidates(regional, "low")
    assert len(table) == 8
    row = table.filter(table["school"] == "Школа № 12 (sch250012)").to_dicts()[0]
    assert (row["municipality"], row["settlement"], row["place"]) == ("город Мысовой", "село", None)
    assert (row["low_maths"], row["low_russian"], row["low_other"]) == (0.8, 0.8, None)
    assert row["pupils"] == pytest.approx(4.7958, abs=1e-4)


def test_the_choice_is_the_best_of_all(regional, people):
    """Полный перебор всех пар: ни одна не представляет перечень лучше."""
    choice = choose_participants(regional, "low", 2, {}, people.coordinator)
    assert choice.objective == choice.bound
    table = candidates(regional, "low")
    found = kept_selection(table, choice)
    every = [int(found.distances.table[list(pair)].min(axis=0).sum()) for pair in combinations(range(8), 2)]
    assert choice.objective == min(every)
    assert len(set(table.filter(table["pk"].is_in(choice.chosen))["municipality"])) == 2


def test_quotas_are_kept(regional, people):
    choice = choose_participants(regional, "low", 4, {"most": 2, "least": 2, "rural": 4}, people.coordinator)
    table = candidates(regional, "low")
    taken = table.filter(table["pk"].is_in(choice.chosen))
    assert sorted(taken["municipality"].to_list()) == ["Ёлкинский район"] * 2 + ["город Мысовой"] * 2


def test_quotas_that_clash_say_which(regional, people):
    with pytest.raises(Clash, match="муниципалитет Ёлкинский район: не меньше 3"):
        choose_participants(regional, "low", 4, {"least": 3}, people.coordinator)
    with pytest.raises(SelectionError, match="выбирать нечего"):
        choose_participants(regional, "low", 8, {}, people.coordinator)
    assert not ParticipantChoice.objects.exists()


def test_an_empty_list_has_nobody_to_choose_from(regional, people):
    Verdict.objects.update(listed=False)
    with pytest.raises(SelectionError, match="отбирать не из кого"):
        choose_participants(regional, "low", 1, {}, people.coordinator)


def test_a_school_is_fixed_by_hand_with_a_reason(regional, people):
    """Школу берут вручную — остальные подбираются заново; без причины нельзя; потом её отпускают."""
    choice = choose_participants(regional, "low", 2, {}, people.coordinator)
    was, before = set(choice.chosen), choice.objective
    other = Verdict.objects.filter(run=regional, listed=True).exclude(school__in=was)[0].school
    with pytest.raises(SelectionError, match="Назовите причину"):
        fix_school(choice, other, "in", " ", people.coordinator)
    after = fix_school(choice, other, "in", "Команда готова", people.coordinator)
    assert other.pk in after.chosen and after.objective >= before
    assert after.fixed == {str(other.pk): {"way": "in", "reason": "Команда готова"}}
    out = fix_school(after, other, "out", "Передумала", people.coordinator)
    assert other.pk not in out.chosen
    free = fix_school(out, other, "free", "", people.coordinator)
    assert (set(free.chosen), free.fixed, free.objective) == (was, {}, before)
    told = Event.objects.filter(deed="identification.fix_participant").order_by("pk")
    assert [(one.details["way"], one.details["reason"]) for one in told] == [
        ("in", "Команда готова"), ("out", "Передумала"), ("free", ""),
    ]  # fmt: skip


def test_what_cannot_be_fixed_changes_nothing(regional, people):
    choice = choose_participants(regional, "low", 1, {}, people.coordinator)
    (first,) = choice.chosen
    fix_school(choice, School.objects.get(pk=first), "in", "Так", people.coordinator)
    other = Verdict.objects.filter(run=regional, listed=True).exclude(school=first)[0].school
    with pytest.raises(Clash):
        fix_school(choice, other, "in", "И эту", people.coordinator)
    choice.refresh_from_db()
    assert list(choice.fixed) == [str(first)] and choice.chosen == [first]


def test_only_who_makes_lists_chooses_and_only_one_s_own_is_dropped(regional, people):
    with pytest.raises(NotAllowed):
        choose_participants(regional, "low", 2, {}, people.municipal)
    choice = choose_participants(regional, "low", 2, {}, people.operator)
    with pytest.raises(NotAllowed):
        drop_choice(choice, people.coordinator)
    drop_choice(choice, people.operator)
    assert not ParticipantChoice.objects.exists()


def test_the_database_refuses_nonsense(regional, people):
    choice = choose_participants(regional, "low", 2, {}, people.coordinator)
    for wrong in ({"count": 0}, {"objective": choice.bound - 1}, {"bound": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ParticipantChoice.objects.filter(pk=choice.pk).update(**wrong)


def test_the_list_that_changed_since_makes_a_choice_stale(regional, people):
    choice = choose_participants(regional, "low", 2, {}, people.coordinator)
    Verdict.objects.filter(run=regional, school=choice.chosen[0]).update(listed=False)
    assert kept_selection(candidates(regional, "low"), choice) is None
    fixed = {str(choice.chosen[0]): {"way": "in", "reason": "была"}}
    again = chosen(candidates(regional, "low"), 2, {}, fixed)
    assert len(again.chosen) == 2  # a school that left is fixed no more


# --- the pages


def test_the_page_says_who_stands_for_whom_and_what_changes_cost(regional, people, signed_in):
    browser = signed_in(people.coordinator)
    page = reverse("identification:choices", args=(regional.pk,))
    answer = browser.post(page, {"count": "2", "most": "1"})
    choice = ParticipantChoice.objects.get()
    assert answer.headers["Location"] == reverse("identification:choice", args=(choice.pk,))
    told = browser.get(answer.headers["Location"]).context["page"]
    assert (told.proven, told.candidates, len(told.taken), len(told.others)) == (True, 8, 2, 6)
    assert sum(len(one.represents) for one in told.taken) == 6
    assert {one.by for one in told.others} == {one.name for one in told.taken}
    assert all("хуже" in one.cost or one.cost == "ничего не стоит" for one in told.others)
    assert any("жителей" not in one for one in told.features)
    assert [row.count for row in browser.get(page).context["page"].rows] == [2]


def test_a_clash_is_said_at_the_form(regional, people, signed_in):
    page = reverse("identification:choices", args=(regional.pk,))
    answer = signed_in(people.coordinator).post(page, {"count": "4", "least": "3"})
    assert answer.status_code == 422
    assert "не меньше 3" in answer.content.decode()
    nonsense = signed_in(people.coordinator).post(page, {"count": "0", "most": "-1"})
    assert nonsense.status_code == 422 and len(nonsense.context["form"].errors) == 2


def test_a_school_is_taken_on_the_page_and_the_price_is_true(regional, people, signed_in):
    """Цена на странице — ровно та, на которую отбор станет хуже, если школу взять."""
    browser = signed_in(people.coordinator)
    choice = choose_participants(regional, "low", 2, {}, people.coordinator)
    address = reverse("identification:choice", args=(choice.pk,))
    one = browser.get(address).context["page"].others[0]
    fixed = browser.post(
        reverse("identification:fix_participant", args=(choice.pk,)),
        {"school": one.id, "way": "in", "reason": "Просится сама"},
    )
    assert fixed.status_code == 302
    told = browser.get(address).context["page"]
    (mine,) = [each for each in told.taken if each.id == one.id]
    assert (mine.fixed, mine.reason) == ("in", "Просится сама")
    after = ParticipantChoice.objects.get()
    assert after.objective >= choice.objective
    refused = browser.post(
        reverse("identification:fix_participant", args=(choice.pk,)),
        {"school": one.id, "way": "out", "reason": ""},
        follow=True,
    )
    assert "Назовите причину" in refused.content.decode()


def test_pages_are_open_to_who_makes_lists(regional, people, signed_in):
    choice = choose_participants(regional, "low", 2, {}, people.coordinator)
    for address in (
        reverse("identification:choices", args=(regional.pk,)),
        reverse("identification:choice", args=(choice.pk,)),
    ):
        assert signed_in(people.municipal).get(address).status_code == 404
        assert signed_in(people.stranger).get(address).status_code == 404


def test_questions_to_the_database_do_not_grow(regional, people, signed_in):
    choice = choose_participants(regional, "low", 2, {}, people.coordinator)
    browser = signed_in(people.coordinator)
    address = reverse("identification:choice", args=(choice.pk,))
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    assert len(asked) <= 10
