"""Every condition, measure and reason is said in a sentence that a person can check the rule against."""

import pytest

from opora.methodology import edition
from opora.methodology.rule import walk
from opora.methodology.wording import branch_label, column, describe, rule_text, status, unit

MORE = """
    measures:
      low_results: {of: low results, title: Доля низких, threshold: low_share}
      vpr:
        {of: low results, title: Доля низких, threshold: low_share, where: {assessment: vpr, grade: [5, 6]}}
      score: {of: value, title: Балл, threshold: fewest, where: {indicator: score}}
      high: {of: low results, title: Доля низких, threshold: best, called: высоких показателей}
    indexes:
      sum:
        title: Сумма
        result: points
        missing: skip
        source: opora
        status: Opora default
        criteria: [{measure: score, points: value, maximum: 100}]
        zones: [{zone: green, title: зелёная, at: fewest_points}, {zone: red, title: красная}]
"""
NUMBERS = """
    fewest number 40.5
    best share 0.05 at most
    worst percent 12.5
    quarter quarter 1
    few indicators 3 below
    fewest_points points 10 at least
"""


@pytest.fixture
def said(rule):
    def say(text: str) -> str:
        made = rule(text, numbers=NUMBERS, more=MORE)
        return rule_text(made, made.lists["low"]).text

    return say


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "{failed: low_results, count: two}",
            "неуспешных показателей за все годы окна вместе — не меньше 2",
        ),
        (
            "{failed: low_results, count: two, last: one_year}",
            "неуспешных показателей за последний год окна — не меньше 2",
        ),
        (
            "{failed: low_results, count: few, last: two_years}",
            "неуспешных показателей за последние годы окна (лет: 2) вместе — меньше 3",
        ),
        (
            "{failed: high, count: one, in_years: every}",
            "высоких показателей в каждом году (за все годы окна) — не меньше 1",
        ),
        (
            "{failed: low_results, count: one, in_years: two_years}",
            "неуспешных показателей за все годы окна — не меньше 1, и так в стольких годах: не меньше 2",
        ),
        (
            "{same: low_results}",
            "неуспешных показателей, которые повторились (та же процедура) в каждом году "
            "(за все годы окна), — не меньше 1",
        ),
        (
            "{same: low_results, in_years: two_years, count: two}",
            "неуспешных показателей, которые повторились (та же процедура) за все годы окна "
            "в стольких годах: 2, — не меньше 2",
        ),
        ("{counted: low_results, count: two}", "учтённых показателей за все годы окна — не меньше 2"),
        (
            "{worst: low_results, percent: worst, ties: none}",
            "худшие 12,5 % среди всех школ: доля низких за все годы окна; "
            "равные на границе, если не помещаются, не входят",
        ),
        (
            "{best: low_results, percent: worst, ties: strict, within: [region, town]}",
            "лучшие 12,5 % внутри группы (region, town): доля низких за все годы окна; "
            "входят только строго дальше границы",
        ),
        (
            "{quarter: score, number: quarter, ties: all}",
            "четверть 1 (1 — худшая) среди всех школ: балл за все годы окна; равные на границе входят все",
        ),
        ("{index: sum, in: [red]}", "индекс «Сумма» за последний год окна в зоне «красная»"),
        (
            "{index: sum, in: [red, green], in_years: two_years}",
            "индекс «Сумма» за все годы окна в зоне «красная», «зелёная»; "
            "лет, в которых это так, не меньше: 2",
        ),
        ("{all: [{same: low_results}]}", "Выполнено всё:"),
        ("{any: [{same: low_results}]}", "Выполнено хотя бы одно:"),
        ("{not: {same: low_results}}", "Не выполнено:"),
        ("{label: Обе ветви, all: [{same: low_results}]}", "Обе ветви. Выполнено всё:"),
    ],
)
def test_a_condition_is_a_sentence(said, text, sentence):
    assert said(text) == sentence


def test_a_rule_is_a_tree_whose_paths_are_those_of_the_verdicts():
    federal = edition.load("federal-2021")
    tree = rule_text(federal, federal.lists["low"])
    assert [part.path for part in tree.parts] == ["rule.one_year", "rule.both_years"]
    assert tree.parts[0].text.startswith("Две процедуры за последний год: неуспешных показателей")
    lists = edition.load("three-lists")
    paths = [node.path for node in walk(lists.lists["risk"].rule)]
    assert paths == ["rule", "rule.now", "rule.not_low", "rule.not_low.low"]
    for path in paths:
        assert branch_label(lists, "risk", path)


def test_measures_and_indexes_are_sentences_with_what_they_take(rule):
    said = describe(rule("{failed: [vpr, score, high], count: two}", numbers=NUMBERS, more=MORE)).measures
    assert "Показатель неуспешен, если доля низких (процедуры: vpr; классы: 5, 6) — выше 30 %." in said
    assert "Показатель неуспешен, если балл (показатель: score) — ниже 40,5." in said
    assert "Показатель засчитывается (высоких показателей), если доля низких — не выше 5 %." in said
    assert (
        "Индекс «Сумма»: сумма баллов по критериям (их 1); "
        "зоны: «зелёная» — не ниже 10, «красная» — остальные." in said
    )


def test_what_is_left_out_is_said_with_its_status(rule):
    more = """
        minimum: {takers: few, cohort: many}
        exclusions:
          evening: {meaning: вечерние, where: {kind: evening}, source: opora, status: reconstructed}
    """
    numbers = "few pupils 5\nmany pupils 30"
    said = describe(rule("{same: low_results}", numbers=numbers, more=more)).leaving_out
    assert said == (
        "Процедура учитывается, если участников в ней не меньше 5.",
        "Школа рассматривается, если участников во всех её процедурах не меньше 30.",
        "Не рассматриваются: вечерние (реконструкция).",
    )


def test_every_number_names_its_source_and_status(edition_2020):
    said = {number.name: number for number in describe(edition_2020).numbers}
    share = said["low_share"]
    assert (share.text, share.status, share.source.name) == ("выше 30 %", "официальный текст", "s002")
    assert share.standing.clause == "слайд 4" and "Владивосток" in share.source.title.ru
    assert said["interval_level"].status == "умолчание Опоры"


def test_numbers_of_a_what_if_are_said_as_changed(edition_2020):
    settled = edition_2020.settle(changes={"failed_indicators": 3})
    assert branch_label(edition_2020, "low", "rule", settled).endswith("не меньше 3")
    assert branch_label(edition_2020, "low", "rule").endswith("не меньше 2")


@pytest.mark.parametrize("speak", [column, unit, status])
def test_an_unknown_word_is_never_made_up(speak):
    if speak is column:
        assert speak("settlement") == "settlement"
    else:
        with pytest.raises(KeyError):
            speak("other")
