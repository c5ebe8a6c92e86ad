"""What is known of the context of schools: which value counts, what enters the index, what is refused."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from opora.methodology import tables
from opora.methodology.context.indicators import read_indicators, shipped_indicators
from opora.methodology.context.table import COVERAGE, context_table
from opora.methodology.context.words import coverage_sentence
from opora.methodology.marked import EditionError, read
from opora.methodology.parameters import shipped_parameters, shipped_sources

PUPILS = """
    school | year | indicator | value
    a      | 2022 | pupils    | 100
    a      | 2024 | pupils    | 300
    b      | 2023 | pupils    | 50
"""


def column(table, name):
    return dict(zip(table.values["school"], table.values[name], strict=True))


def test_the_latest_year_of_an_indicator_counts(indicators):
    """Учеников в школе указано за 2022 и 2024 годы: берётся 2024-й, в логарифме (прибавив единицу)."""
    table = context_table(
        indicators("""
        school | year | indicator | value
        a      | 2022 | pupils    | 100
        a      | 2024 | pupils    | 300
        b      | 2023 | pupils    | 50
        """)
    )
    assert column(table, "pupils") == pytest.approx({"a": np.log(301), "b": np.log(51)})


def test_years_after_the_results_are_not_looked_at(indicators):
    assert column(context_table(indicators(PUPILS), until=2023), "pupils")["a"] == pytest.approx(np.log(101))


def test_the_registry_tells_what_no_table_does_and_never_more(indicators, schools):
    """Показатель за год важнее реестра; реестр дополняет: число учеников, жителей, село или город."""
    registry = schools("""
        school | settlement_kind | kind
        a      | urban           | general
        b      | rural           | general
        c      |                 | correctional
    """).with_columns(pupils=pl.Series([900, 40, 70]), settlement_size=pl.Series([50_000, None, 300]))
    table = context_table(indicators(PUPILS), registry)
    assert column(table, "pupils") == pytest.approx({"a": np.log(301), "b": np.log(51), "c": np.log(71)})
    assert column(table, "rural") == {"a": 0.0, "b": 1.0, "c": None}
    assert column(table, "settlement_size")["b"] is None
    assert table.indicators == ("rural", "settlement_size", "pupils") and table.special.to_list() == ["c"]


def test_an_indicator_known_of_too_few_schools_or_the_same_everywhere_is_dropped_and_told(indicators):
    """Доход известен об одной школе из трёх, вторая смена у всех одна: в индекс не входят, и это сказано."""
    table = context_table(
        indicators("""
        school | year | indicator    | value
        a      | 2024 | pupils       | 300
        b      | 2024 | pupils       | 50
        c      | 2024 | pupils       | 70
        a      | 2024 | low_income   | 0.2
        a      | 2024 | second_shift | 0.1
        b      | 2024 | second_shift | 0.1
        """)
    )
    assert table.indicators == ("pupils",)
    assert table.coverage.select("indicator", "known", "why").rows() == [
        ("pupils", 3, ""),
        ("low_income", 1, "few"),
        ("second_shift", 2, "same"),
    ]
    assert table.coverage.schema == pl.Schema(COVERAGE)
    assert [coverage_sentence(row) for row in table.coverage.to_dicts()] == [
        "Учеников в школе: известно о 100 % школ.",
        "Доля учеников из семей с низким доходом: известно о 33 % школ. Этого мало: в индекс не входит.",
        "Доля учеников второй смены: известно о 67 % школ. У всех одинаково: в индекс не входит.",
    ]


def test_other_indicators_categories_and_letters_are_passed_over(indicators):
    table = context_table(
        indicators("""
        school | year | indicator  | category | value | letter
        a      | 2024 | pupils     | all      | 300   |
        b      | 2024 | pupils     | all      | 40    |
        b      | 2024 | pupils     | girls    | 20    |
        a      | 2024 | settlement | all      |       | Липки
        a      | 2024 | olympiad   | all      | 4     |
        """)
    )
    assert table.indicators == ("pupils",) and column(table, "pupils")["b"] == pytest.approx(np.log(41))


def test_a_school_that_calls_itself_special_is_not_compared(indicators):
    text = PUPILS + "    a | 2021 | special_school | 1\n    b | 2021 | special_school | 1\n"
    text += "    b | 2024 | special_school | 0\n"
    assert context_table(indicators(text)).special.to_list() == ["a"]


def test_the_order_of_rows_changes_nothing(indicators):
    rows = indicators(PUPILS + "    b | 2024 | low_income | 0.25\n    a | 2024 | low_income | 0.5\n")
    for seed in range(5):
        again = context_table(rows.sample(fraction=1, shuffle=True, seed=seed))
        assert_frame_equal(again.values, context_table(rows).values, check_exact=True)
        assert_frame_equal(again.coverage, context_table(rows).coverage)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a | 2024 | low_income | 35", "показатель контекста low_income вне пределов 0–1; первая — школа a"),
        ("a | 2024 | pupils | -1", "pupils вне пределов 0"),
        ("a | 2024 | pupils_per_teacher | -3", "pupils_per_teacher вне пределов 0"),
    ],
)
def test_a_value_that_cannot_be_is_refused(indicators, row, said):
    """Доля 35 — это процент, написанный не в ту графу: таблица не принимается."""
    with pytest.raises(tables.TableMismatch, match=said):
        context_table(indicators(f"school | year | indicator | value\n{row}"))


def test_a_registry_that_cannot_be_is_refused(indicators, schools):
    registry = schools("school\na\nb")
    for pupils, said in (([-5, 3], "вне пределов"), (["много", "мало"], "допустимо: число")):
        with pytest.raises(tables.TableMismatch, match=said):
            context_table(indicators(PUPILS), registry.with_columns(pupils=pl.Series(pupils)))
    with pytest.raises(tables.TableMismatch, match="а в таблице школ Int64"):
        context_table(indicators(PUPILS), pl.DataFrame({"school": [1, 2]}))
    with pytest.raises(tables.TableMismatch, match="повторяется"):
        context_table(indicators(PUPILS), schools("school\na\na"))


# --- the catalogue

ONE = """\
pupils:
  title: Учеников
  unit: {unit}
  scale: {scale}
  harder: {harder}
  more: большие
  less: малые
  source: {source}
  status: {status}
"""
WELL = {"unit": "pupils", "scale": "log", "harder": "less", "source": "opora", "status": "Opora default"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"unit": "pupil"}, "строка 3.*возможно, «pupils»"),
        ({"scale": "share"}, "строка 4.*шкала share — у долей, и только у них"),
        ({"unit": "share"}, "шкала share — у долей, и только у них"),
        ({"harder": "sometimes"}, "строка 5.*допустимо: more, less, unknown"),
        ({"source": "nobody"}, "строка 8"),
        ({"status": "true"}, "строка 9"),
    ],
)
def test_an_indicator_that_is_wrongly_written_is_refused_with_its_line(wrong, said):
    assert read_indicators(read(ONE.format(**WELL), "x.yaml"), shipped_sources())["pupils"].scale == "log"
    with pytest.raises(EditionError, match=said):
        read_indicators(read(ONE.format(**WELL | wrong), "x.yaml"), shipped_sources())


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_indicator_and_every_number_is_said_in_both_languages(language, monkeypatch):
    monkeypatch.setenv("OPORA_LANG", language)
    said = [str(words) for one in shipped_indicators().values() for words in (one.title, one.more, one.less)]
    assert len(set(said)) == len(said) and all(said)
    assert len(shipped_indicators()) >= 12
    assert all(str(number.meaning) for number in shipped_parameters("context").values())
