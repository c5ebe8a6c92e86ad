"""«Что, если»: other numbers tried in memory are what a full recomputation makes; scenarios; drafts."""

from random import Random

import polars as pl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opora.audit.models import Event
from opora.identification.actions import CannotKeep, start_run
from opora.identification.actions.trying import drop_scenario, save_scenario
from opora.identification.kept import kept_of
from opora.identification.models import Run, Scenario, Verdict
from opora.identification.replaying import replay
from opora.identification.tables import Inputs
from opora.identification.what_if.difference import difference
from opora.identification.what_if.forms import ControlsForm
from opora.identification.what_if.held import Held, NotHeld, held
from opora.methodology import edition
from opora.methodology.identification import identify
from opora.methodology.parameters import FEDERAL
from opora.methodology.sensitivity import decides
from opora.registry.access import NotAllowed
from opora.registry.acting import acting_as
from opora.results.actions import store
from tests.methodology.test_sensitivity import random_table
from tests.world import RESULTS

WHAT_IFS = 500
EDITIONS = ("seed-2020", "federal-2021", "omsk-2025", "quantile-15", "three-lists")


@pytest.fixture
def regional(bring, people, places):
    bring(people.operator)
    return start_run("seed-2020", None, places.primorye, people.coordinator)


@pytest.fixture
def page(regional):
    return reverse("identification:what_if", args=(regional.pk,))


def text(answer):
    return answer.content.decode().replace("\xa0", " ")


def names(rows):
    return [row.name for row in rows]


# --- trying is recomputing


def random_numbers(rule, rng):
    """Choose other values and comparisons for some numbers of a rule."""
    otherwise = {"above": "at least", "at least": "above", "below": "at most", "at most": "below"}
    changes = {}
    for name in decides(rule):
        now, unit = rule.settle()[name], rule.parameters[name].unit
        if rng.random() < 0.6:
            value = {
                "share": lambda: round(rng.uniform(0, 0.7), rng.choice([1, 2, 3])),
                "percent": lambda: rng.randint(1, 60),
                "years": lambda: rng.randint(1, 3),
            }.get(unit, lambda: rng.randint(0, 6))()
            how = rng.choice([now.comparison, otherwise.get(now.comparison, "")])
            changes[name] = {"value": str(value), **({"comparison": how} if how else {})}
    return changes


def test_five_hundred_what_ifs_equal_full_recomputations():
    """Перечень с другими числами из памяти и его отличие — те же, что при расчёте заново от начала."""
    rng = Random(20)
    numbers = pl.DataFrame({"school": [f"s{n:02}" for n in range(40)]})
    schools = numbers.with_columns(
        region=pl.lit("25"), municipality=pl.int_range(pl.len()) % 7, sort_key=pl.col("school")
    )
    tables = {seed: random_table(seed) for seed in range(4)}
    differed = 0
    for number in range(WHAT_IFS):
        seed, name = number % 4, EDITIONS[number % len(EDITIONS)]
        rule, years = edition.load(name), rng.choice([(2018, 2019), (2019,)])
        tried_on = Held(Inputs(tables[seed], None, schools, pl.DataFrame()), rule, (2018, 2019), FEDERAL, {})
        changes = random_numbers(rule, rng)
        told = {}
        for one in rule.lists:
            told[one] = difference(tried_on.base, tried_on.ask(changes, years), one, schools)
        afresh = identify(random_table(seed), rule, schools=schools, years=years, changes=changes)
        before = identify(random_table(seed), rule, schools=schools, years=(2018, 2019))
        for one in rule.lists:
            now, was = listed(afresh, one), listed(before, one)
            assert set(told[one].entered["school"]) == now - was, (number, name, changes, years)
            assert set(told[one].left["school"]) == was - now
            counted = told[one].places("municipality", 3)
            assert counted["after"].sum() == len(now) and counted["before"].sum() == len(was)
            differed += now != was
    assert differed > WHAT_IFS / 3


def listed(found, name):
    return set(found.verdicts.filter((pl.col("list") == name) & pl.col("listed"))["school"])


def test_curators_are_whole_and_stay_in_their_place():
    """В одном районе четыре школы, в другом одна: при трёх на куратора нужно 2 + 1, а не 5 / 3."""
    schools = pl.DataFrame(
        {
            "school": list("абвгд"),
            "region": ["25"] * 5,
            "municipality": [1, 1, 1, 1, 2],
            "sort_key": list("абвгд"),
        }
    )
    both = schools.with_columns(
        listed=pl.lit(True), failed=pl.lit(2), counted=pl.lit(2), listed_after=pl.lit(True),
        failed_after=pl.lit(2), counted_after=pl.lit(2),
    )  # fmt: skip
    from opora.identification.what_if.difference import Difference

    counted = Difference(both).places("municipality", 3).sort("place")
    assert counted["curators"].to_list() == [2, 1] == counted["curators_after"].to_list()


# --- the page


def test_a_lower_threshold_lets_a_school_in_and_says_why(page, people, signed_in):
    """При пороге 5 % в перечень вошла бы школа с 2 из 30."""
    answer = signed_in(people.coordinator).get(page, {"low_share": "5"})
    told = answer.context["page"]
    assert (told.before, told.after, told.entered_count, told.left_count) == (2, 3, 1, 0)
    assert names(told.entered) == ["Школа посёлка Береговой"]
    assert told.entered[0].why == "выше порога 2 из 2 вместо 1 из 2"
    assert told.entered[0].results == (
        "ВПР-2018, математика, 5 класс: 8 из 20",
        "ВПР-2019, русский язык, 6 класс: 2 из 30",
    )
    assert told.said == (
        "Доля участников с низким результатом, выше которой показатель считается неуспешным: "
        "больше 5 % вместо «больше 30 %»".replace(" %", "\xa0%"),
    )
    assert [(place.name, place.before, place.after) for place in told.places] == [
        ("город Мысовой", 1, 1),
        ("Ёлкинский район", 1, 2),
    ]


def test_a_raised_threshold_lets_schools_out(page, people, signed_in):
    told = signed_in(people.coordinator).get(page, {"low_share": "35,5"}).context["page"]
    assert names(told.left) == ["Школа села Ёлкино"]
    assert told.left[0].results[0] == "ВПР-2018, математика, 5 класс: 8 из 20"
    assert (told.curators, told.curators_after) == (2, 1)


def test_a_comparison_and_the_years_are_numbers_too(page, people, signed_in):
    browser = signed_in(people.coordinator)
    told = browser.get(page, {"years": "2018"}).context["page"]
    assert told.after == 0 and told.said == ("Годы: 2018 вместо 2018, 2019",)
    told = browser.get(page, {"low_share": "40", "low_share_is": "at least"}).context["page"]
    assert told.said[0].endswith("не меньше 40\xa0% вместо «больше 30\xa0%»")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"low_share": "сорок"}, "Введите число"),
        ({"low_share": "140"}, "меньше либо равно 100"),
        ({"failed_indicators": "1.5"}, "цифр"),
        ({"low_share_is": "around"}, "around"),
        ({"years": "позапрошлый"}, "четыре цифры"),
        ({"years": "\x00"}, ""),
        ({"load": "0"}, ""),
        ({"list": "нет такого", "region": "99"}, ""),
        ({"scenario": "9999999999999999999999"}, ""),
    ],
)
def test_nonsense_is_said_at_its_field_and_the_list_stays(page, people, signed_in, sent, said):
    answer = signed_in(people.coordinator).get(page, sent)
    assert answer.status_code == 200
    assert said in text(answer)
    assert answer.context["page"].after == 2


def test_htmx_is_given_the_answer_only(page, people, signed_in):
    answer = signed_in(people.coordinator).get(page, {"low_share": "5"}, headers={"HX-Request": "true"})
    assert text(answer).lstrip().startswith('<div class="o-stack" id="found">')
    assert "<html" not in text(answer)


def test_the_country_is_told_by_regions_and_each_by_its_municipalities(bring, people, signed_in):
    bring(people.operator)
    run = start_run("seed-2020", None, None, people.operator)
    page = reverse("identification:what_if", args=(run.pk,))
    browser = signed_in(people.operator)
    told = browser.get(page, {"low_share": "5"}).context["page"]
    assert [(place.name, place.before, place.after) for place in told.places] == [
        ("Алтайский край", 1, 1),
        ("Приморский край", 2, 3),
    ]
    inside = browser.get(told.places[1].href.replace("&amp;", "&")).context["page"]
    assert (inside.region, inside.after) == ("Приморский край", 3)
    assert [place.name for place in inside.places] == ["город Мысовой", "Ёлкинский район"]


def test_questions_to_the_database_do_not_grow_with_what_is_tried(page, people, signed_in):
    browser = signed_in(people.coordinator)
    browser.get(page)
    with CaptureQueriesContext(connection) as few:
        browser.get(page)
    with CaptureQueriesContext(connection) as many:
        browser.get(page, {"low_share": "5"})
    assert len(many) <= 10 and len(many) - len(few) <= 1


def test_a_run_whose_results_are_gone_says_so(bring, people, places, signed_in, outcomes_folder):
    bring(people.operator, RESULTS + "sch250004;2019;впр;математика;6;40;1\n")
    run = start_run("seed-2020", None, places.primorye, people.coordinator)
    for file in (outcomes_folder / "manifests").iterdir():
        file.unlink()
    answer = signed_in(people.coordinator).get(reverse("identification:what_if", args=(run.pk,)))
    assert answer.status_code == 409 and "Составьте новый перечень" in text(answer)


# --- on which number a verdict hangs


def test_which_number_decides_is_told_for_each_school(regional, people, signed_in):
    answer = signed_in(people.coordinator).get(reverse("identification:what_if_numbers", args=(regional.pk,)))
    told = answer.context["page"]
    assert [(one.name, one.schools, one.first) for one in told.numbers] == [
        ("low_share", 1, 1),
        ("failed_indicators", 3, 2),
    ]
    assert [(row.name, row.listed, row.there) for row in told.rows] == [
        ("Гимназия № 1", True, "не меньше 3"),
        ("Школа посёлка Береговой", False, "не меньше 1"),
        ("Школа села Ёлкино", True, "больше 34\xa0%"),
    ]
    some = reverse("identification:what_if_numbers", args=(regional.pk,)) + "?number=low_share"
    assert names(signed_in(people.coordinator).get(some).context["page"].rows) == ["Школа села Ёлкино"]


# --- scenarios and drafts


def saved(browser, page, title="Порог 5 %", numbers="low_share=5"):
    return browser.post(f"{page}scenarios/", {"title": title, "numbers": numbers}, follow=True)


def test_a_scenario_is_kept_with_its_counts_and_opened_again(regional, page, people, signed_in):
    browser = signed_in(people.coordinator)
    assert "Сценарий сохранён" in text(saved(browser, page))
    kept = Scenario.objects.get()
    assert (kept.listed, kept.entered, kept.left, kept.years) == (3, 1, 0, [2018, 2019])
    assert kept.changes == {"low_share": {"value": "0.05", "comparison": "above"}}
    told = browser.get(page).context["page"].scenarios[0]
    assert (told.title, told.listed, told.is_mine) == ("Порог 5 %", 3, True)
    assert browser.get(told.href).context["page"].after == 3
    deed = Event.objects.get(deed="identification.save_scenario")
    assert deed.details["scenario"] == "Порог 5 %"


def test_a_title_serves_once_and_is_not_empty(page, people, signed_in):
    browser = signed_in(people.coordinator)
    saved(browser, page)
    assert "уже есть" in text(saved(browser, page))
    assert "Назовите сценарий" in text(saved(browser, page, title="  "))
    assert Scenario.objects.count() == 1


def test_a_scenario_is_dropped_by_whoever_kept_it(regional, page, people, signed_in):
    kept = save_scenario(
        regional,
        "Проба",
        {"list": "low", "changes": {}, "years": [2018], "listed": 0, "entered": 0, "left": 2},
        people.operator,
    )
    browser = signed_in(people.coordinator)
    refused = browser.post(reverse("identification:drop_scenario", args=(kept.pk,)), follow=True)
    assert "тот, кто его сохранил" in text(refused) and Scenario.objects.exists()
    drop_scenario(kept, people.operator)
    assert not Scenario.objects.exists()


def test_only_makers_of_the_territory_s_lists_keep_scenarios(regional, people):
    tried = {"list": "low", "changes": {}, "years": [2018], "listed": 0, "entered": 0, "left": 2}
    for somebody in (people.stranger, people.municipal, people.observer, people.director):
        with pytest.raises(NotAllowed):
            save_scenario(regional, "Проба", tried, somebody)
    with pytest.raises(CannotKeep):
        save_scenario(regional, " ", tried, people.coordinator)


def test_a_draft_with_other_numbers_says_them_and_is_replayed(regional, page, people, signed_in):
    browser = signed_in(people.coordinator)
    answer = browser.post(f"{page}draft/", {"numbers": "low_share=5"}, follow=True)
    made = Run.objects.exclude(pk=regional.pk).get()
    assert made.changes == {"low_share": {"value": "0.05", "comparison": "above"}}
    assert "больше 5 % вместо «больше 30 %»" in text(answer)
    assert Verdict.objects.filter(run=made, listed=True).count() == 3
    assert replay(kept_of(made), store()).differences == ()
    again = browser.get(reverse("identification:what_if", args=(made.pk,)), {"failed_indicators": "1"})
    assert again.context["page"].before == 3


def test_changed_numbers_of_a_kept_run_are_found(regional, page, people, signed_in):
    """Кто поменял бы сами числа прогона, был бы найден: перечень другой, журнал другой."""
    signed_in(people.coordinator).post(f"{page}draft/", {"numbers": "low_share=5"})
    made = Run.objects.exclude(pk=regional.pk).get()
    Run.objects.filter(pk=made.pk).update(changes={})
    told = replay(kept_of(Run.objects.get(pk=made.pk)), store()).differences
    assert any("by_rule" in one for one in told) and any("журнал" in one for one in told)


def test_an_analyst_tries_and_keeps_but_makes_no_list(published, people, signed_in):
    browser, page = signed_in(people.analyst), reverse("identification:what_if", args=(published.pk,))
    assert "Сценарий сохранён" in text(saved(browser, page))
    told = browser.get(page, {"low_share": "5"})
    assert "Составить проект с этими числами" not in text(told)
    assert browser.post(f"{page}draft/", {"numbers": "low_share=5"}).status_code == 404


def test_what_is_held_in_memory_asks_the_database_who_may_have_it(published, people):
    """Расчёт лежит в памяти, где вторая стена не стоит: база спрошена, держит ли человек всю территорию."""
    held(published)
    with acting_as(people.coordinator), pytest.raises(NotHeld):
        held(Run.objects.get(pk=published.pk))
    with acting_as(people.analyst):
        assert held(Run.objects.get(pk=published.pk)).base.years == (2018, 2019)


def test_numbers_that_are_no_numbers_make_no_draft(page, people, signed_in):
    browser, before = signed_in(people.coordinator), Run.objects.count()
    assert browser.post(f"{page}draft/", {"numbers": "low_share=много"}).status_code == 404
    assert Run.objects.count() == before


def test_a_kept_address_holds_only_what_is_otherwise(regional):
    base = held(Run.objects.get(pk=regional.pk))
    form = ControlsForm(
        QueryDict("low_share=30&failed_indicators=3&years=2018, 2019"),
        edition=base.edition,
        settled=base.base.settled,
        years=base.base.years,
    )
    assert form.is_valid() and form.changes == {"failed_indicators": {"value": "3", "comparison": "at least"}}
