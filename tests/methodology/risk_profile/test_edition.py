"""Editions of the risk profile: how they are read, what is refused, the federal lists beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.marked import EditionError
from opora.methodology.parameters import STATUSES, shipped_parameters
from opora.methodology.risk_profile.factor_lists import factor_lists
from opora.methodology.risk_profile.reading import (
    EditionRefused,
    load_edition,
    read_edition,
    shipped_editions,
)
from tests.methodology.risk_profile.drawn import text_of

WHOLE = """\
- name: equipment
  title: {ru: Оснащение, en: Equipment}
  edition_factor: {2021: 1, 2022: 1}
  indicators:
    - name: internet
      title: Интернет
      weight: 2
      group_weights: {teacher: 3}
      sources:
        - {audience: director, item: internet, from: 1, to: 4}
        - {audience: teacher, item: missing.psychologist, from: 0, to: 1}
        - {audience: director, item: help, risk: {never: 100, often: 0}}
        - {audience: pupil, item: clear, from: 4, to: 1, dont_know: 50}
        - {context: special_needs, from: 0, to: 0.3}
        - {results: low_share, from: 0, to: 0.5}
"""


def faults(text):
    with pytest.raises(EditionRefused) as refused:
        read_edition(text, "x.yaml")
    return refused.value.faults


def test_an_edition_is_read_with_everything_that_it_says():
    """Факторы, показатели, веса, источники, номера в федеральных перечнях."""
    found = read_edition(text_of(WHOLE, "answered: 0.7"), "x.yaml")
    (factor,) = found.factors
    (indicator,) = factor.indicators
    assert (factor.numbers, indicator.weight) == ({2021: 1, 2022: 1}, 2.0)
    assert indicator.group_weights == {
        "director": 1.0, "teacher": 3.0, "pupil": 1.0, "context": 1.0, "results": 1.0,
    }  # fmt: skip
    assert [told.of for told in found.told] == ["director", "teacher", "pupil", "context", "results"]
    clear = indicator.of("pupil")[0]
    assert (clear.none, clear.full, clear.dont_know) == (4.0, 1.0, 50.0)
    assert dict(indicator.of("director")[1].risk) == {"never": 100.0, "often": 0.0}
    assert str(found.number("answered")) == "0.7"


def test_a_number_that_the_edition_does_not_give_is_the_shipped_one():
    found = read_edition(text_of(WHOLE), "x.yaml")
    assert found.number("answered") == shipped_parameters("risk_profile")["answered"].values[0].number


@pytest.mark.parametrize(
    "written",
    [
        "smallest_group: 7",
        "smallest_group: {value: 7, source: opora, status: reconstructed, meaning: Сколько}",
        "smallest_group: {meaning: Сколько, unit: number, values: "
        "[{from: 2020-01-01, value: 7, source: opora, status: reconstructed}]}",
    ],
)
def test_a_number_may_be_written_short_or_in_full(written):
    """Число редакции: одним значением, с источником и статусом или целиком, с датами."""
    found = read_edition(text_of(WHOLE, written), "x.yaml")
    assert found.number("smallest_group") == 7
    assert found.numbers["smallest_group"].values[0].status in STATUSES


def test_all_faults_of_a_file_are_told_in_one_pass():
    """Человек правит файл один раз: названы все ошибки, у каждой строка и что допустимо."""
    text = text_of(
        WHOLE.replace("from: 1, to: 4", "from: 1, too: 4")
        .replace("never: 100", "never: 120")
        .replace("2022: 1", "2019: 1")
        .replace("weight: 2", "weight: 0")
        .replace("from: 0, to: 0.3", "from: 0.3, to: 0.3")
        .replace("audience: teacher", "audience: techer"),
        "answred: 0.6\nhigh: 130",
    )
    told = "\n".join(faults(text))
    for part in (
        "возможно, «answered»", "от 0 до 100", "возможно, «to»", "баллы риска", "нет перечня факторов за",
        "вес должен быть больше нуля", "from и to должны различаться", "возможно, «teacher»",
    ):  # fmt: skip
        assert part in told, part
    assert all(fault.startswith("x.yaml, строка ") for fault in faults(text))


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("audience: director, item: internet, from", "audience: director, from", "item нужен"),
        ("context: special_needs, from", "context: s, results: t, from", "одно из трёх"),
        ("context: special_needs, from", "context: s, dont_know: 5, from", "бывают у вопроса"),
        ("risk: {never: 100,", "from: 1, to: 2, risk: {never: 100,", "либо from и to, либо risk"),
        ("risk: {never: 100, often: 0}", "risk: {never: 100}", "хотя бы два ответа"),
        ("item: help", "item: internet", "уже есть"),
        ("group_weights: {teacher: 3}", "group_weights: {parent: 3}", "не говорит «parent»"),
        ("2021: 1", "2021: 11", "от 1 до 10"),
        ("item: clear", "item: clear..x", "точка между частями"),
    ],
)  # fmt: skip
def test_what_gives_no_score_is_refused(was, now, told):
    assert was in WHOLE
    assert any(told in fault for fault in faults(text_of(WHOLE.replace(was, now))))


def test_two_factors_cannot_be_one_and_the_same_in_a_federal_list():
    text = text_of(WHOLE + WHOLE.replace("name: equipment", "name: other"))
    assert any("один и тот же номер" in fault for fault in faults(text))


def test_a_regions_own_factor_needs_no_number_in_any_list():
    """Свой фактор региона: номера в федеральных перечнях у него нет."""
    own = WHOLE.replace("  edition_factor: {2021: 1, 2022: 1}\n", "")
    assert read_edition(text_of(own), "x.yaml").factors[0].numbers == {}


def test_the_middle_level_begins_below_the_high_one():
    assert any("меньше high" in fault for fault in faults(text_of(WHOLE, "high: 20")))


def test_an_unknown_name_is_told_with_those_that_are_shipped():
    with pytest.raises(EditionRefused, match="нет редакции"):
        load_edition("no-such-edition")
    for name in shipped_editions():
        assert load_edition(name).name == name


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    """Любой текст либо редакция, либо отказ со словами: ничего другого."""
    for whole in (text, text_of(WHOLE) + text, text_of(WHOLE).replace("director", text or "x", 1)):
        try:
            read_edition(whole, "x.yaml")
        except EditionError as refused:
            assert str(refused)


# --- federal lists


def test_the_lists_of_2021_and_2022_match_where_a_factor_stayed_the_same():
    """Десять факторов 2021 и 2022 годов; у 6, 7 и 8 соответствия один к одному нет."""
    lists = factor_lists()
    for year in (2021, 2022):
        assert sorted(lists.lists[year]) == list(range(1, 11))
    for number in range(1, 11):
        same = None if number in (6, 7, 8) else number
        assert lists.match(number, 2021, 2022) == same == lists.match(number, 2022, 2021)
        assert lists.match(number, 2021, 2021) == number
        titles = [str(lists.lists[year][number].title) for year in (2021, 2022)]
        assert (titles[0] == titles[1]) == (same is not None)


def test_only_what_was_found_in_a_text_is_called_official():
    """Официальным назван только найденный текст: факторы 1, 2 и 9 перечня 2021 года."""
    official = {
        (year, one.number)
        for year, found in factor_lists().lists.items()
        for one in found.values()
        if one.status == "official text"
    }
    assert official == {(2021, 1), (2021, 2), (2021, 9)}
    for year, number in official:
        assert factor_lists().lists[year][number].source.address
