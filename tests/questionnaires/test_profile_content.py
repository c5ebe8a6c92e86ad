"""The shipped editions of the risk profile ask for nothing that no questionnaire asks."""

from functools import cache

import pytest
import yaml

from opora.methodology import parameters
from opora.questionnaires.editions import load, shipped
from opora.questionnaires.form import AUDIENCES

FOLDER = parameters.FOLDER.parent / "risk_profile" / "editions"
EDITIONS = ("opora-2021", "opora-2026")
RESULTS = {"low_share"}


@cache
def edition(name):
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def context():
    return set(yaml.safe_load((parameters.FOLDER / "context_indicators.yaml").read_text(encoding="utf-8")))


def forms_of(audience):
    return [form for form in map(load, shipped()) if form.audience == audience]


def sources():
    """List every source of both editions with its place, to be named when it fails."""
    for name in EDITIONS:
        for factor in edition(name)["factors"]:
            for indicator in factor["indicators"]:
                for source in indicator["sources"]:
                    yield f"{name} {factor['name']}.{indicator['name']}: {source}", source


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_has_the_ten_factors_of_its_year(name):
    """Факторов десять, под номерами своего года; 6, 7 и 8 у 2021 и 2022 годов разные."""
    year = {"opora-2021": 2021, "opora-2026": 2022}[name]
    factors = {factor["name"]: factor["edition_factor"] for factor in edition(name)["factors"]}
    assert sorted(numbers[year] for numbers in factors.values()) == list(range(1, 11))
    other = {numbers[year] for numbers in factors.values() if len(numbers) == 1}
    assert other == {6, 7, 8}
    assert all(len(set(numbers.values())) == 1 for numbers in factors.values())


def test_every_question_that_is_counted_is_asked():
    """Каждый вопрос профиля есть во всех анкетах своей группы, и границы лежат в его пределах."""
    faults = []
    for place, source in sources():
        if "audience" not in source:
            continue
        assert source["audience"] in AUDIENCES
        for form in forms_of(source["audience"]):
            field = form.fields.get(source["item"])
            if field is None or field.kind == "text":
                faults.append(f"{form.name} does not ask: {place}")
            elif "risk" in source:
                if field.kind != "choice" or set(source["risk"]) != set(field.item.option_names):
                    faults.append(f"other options in {form.name}: {place}")
            elif not all(field.least <= source[end] <= field.most for end in ("from", "to")):
                faults.append(f"out of {field.least}…{field.most} in {form.name}: {place}")
            if field and "dont_know" in source and not field.item.dont_know:
                faults.append(f"{form.name} has no «не знаю»: {place}")
    assert not faults, "\n".join(faults)


def test_a_scale_is_used_from_end_to_end():
    """Шкала от первой ступени до последней: ответ «никогда» и ответ «часто» — 0 и 100."""
    for place, source in sources():
        for form in forms_of(source.get("audience")):
            field = form.fields[source["item"]]
            if field.kind in ("scale", "flag"):
                assert {source["from"], source["to"]} == {field.least, field.most}, place


def test_a_reversed_question_is_counted_the_other_way_round():
    """«На уроках мне скучно»: согласие — это риск, а у соседних вопросов риск — несогласие."""
    directions = {
        (source["audience"], source["item"]): source["from"] < source["to"]
        for _place, source in sources()
        if "item" in source and "from" in source
    }
    assert directions["pupil", "bored"] and not directions["pupil", "motivation.interesting"]
    for form in map(load, shipped()):
        for item in form.items.values():
            if item.reversed:
                assert directions[form.audience, item.name], (form.name, item.name)


def test_every_number_that_is_known_without_asking_is_known():
    for place, source in sources():
        if "context" in source:
            assert source["context"] in context(), place
        if "results" in source:
            assert source["results"] in RESULTS, place


@pytest.mark.parametrize("name", EDITIONS)
def test_a_factor_has_data_where_questions_were_rightly_skipped(name):
    """Где вопрос с условием не задан (нет вакансий), у фактора остаётся больше половины веса."""
    for factor in edition(name)["factors"]:
        asked = whole = 0
        for indicator in factor["indicators"]:
            whole += indicator["weight"]
            asked += indicator["weight"] * any(
                all(not form.fields[source["item"]].item.asked_if for form in forms_of(source["audience"]))
                for source in indicator["sources"]
                if "audience" in source
            )
        assert asked * 2 >= whole, factor["name"]


def test_several_groups_speak_of_the_same_so_that_their_views_can_differ():
    """О климате, мотивации, понятности, порядке, семье говорят хотя бы две группы."""
    groups = {
        (factor["name"], indicator["name"]): {source.get("audience") for source in indicator["sources"]}
        for factor in edition("opora-2026")["factors"]
        for indicator in factor["indicators"]
    }
    for indicator in (
        ("adaptivity", "explanations"), ("adaptivity", "feedback"), ("adaptivity", "individual_help"),
        ("environment", "bullying"), ("environment", "fights"), ("environment", "motivation"),
        ("environment", "calm_lessons"), ("environment", "order"), ("parents", "contact"),
        ("parents", "interest"), ("learning_failure", "extra_lessons"),
    ):  # fmt: skip
        assert len(groups[indicator]) >= 2, indicator


@pytest.mark.parametrize("name", EDITIONS)
def test_every_number_says_where_it_comes_from(name):
    """Пороги и доли — умолчание Опоры, и так и названы."""
    found = edition(name)
    assert found["name"] == name and found["status"] == "Opora default" and found["levels"] == "fixed"
    assert {"answered", "smallest_group", "high", "middle"} <= set(found["numbers"])
    for number in found["numbers"].values():
        assert (number["source"], number["status"]) == ("opora", "Opora default")
        assert set(number["meaning"]) == {"ru", "en"}
