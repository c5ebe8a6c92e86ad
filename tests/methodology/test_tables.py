"""Bad tables are refused with the table, the column and what is allowed, before anything is computed."""

import polars as pl
import pytest

from opora.methodology import tables
from opora.methodology.tables import TableMismatch

GOOD = {
    "school": ["a", "b"],
    "year": [2018, 2019],
    "assessment": ["vpr", "vpr"],
    "subject": ["maths", "maths"],
    "grade": [5, 5],
    "takers": [20, 30],
    "low": [8, 3],
}


def flat(**columns) -> pl.DataFrame:
    return pl.DataFrame({**GOOD, **columns}, strict=False)


def test_what_may_be_absent_gets_its_default():
    packed = tables.outcomes(flat())
    assert set(packed.cells["sitting"]) == {""} and set(packed.cells["category"]) == {"all"}
    assert packed.cells["grade_programme"].to_list() == packed.cells["grade"].to_list()
    assert packed.counts["percent"].null_count() == 2
    assert packed.counts.schema["takers"] == pl.Int32 and packed.cells.schema["cell"] == pl.Int32


def test_a_null_programme_grade_is_the_grade():
    packed = tables.outcomes(flat(grade_programme=[4, None]))
    assert packed.cells.sort("year")["grade_programme"].to_list() == [4, 5]


@pytest.mark.parametrize("column", ["school", "year", "assessment", "subject", "grade", "takers"])
def test_a_missing_column_is_named(column):
    with pytest.raises(TableMismatch, match=f"результаты: нет столбца {column}"):
        tables.outcomes(flat().drop(column))


@pytest.mark.parametrize("column", ["school", "year", "assessment", "subject", "grade", "takers"])
def test_an_empty_key_is_refused(column):
    table = flat()
    with_null = table.with_columns(pl.when(pl.int_range(pl.len()) == 1).then(pl.col(column)).alias(column))
    with pytest.raises(TableMismatch, match=f"столбце {column} пусто, строк: 1"):
        tables.outcomes(with_null)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"takers": [20.0, 30.0]}, "столбец takers имеет тип Float64; допустимо: целое число"),
        ({"takers": ["20", "30"]}, "столбец takers имеет тип String"),
        ({"subject": [1, 2]}, "столбец subject имеет тип Int64; допустимо: строка"),
        ({"percent": ["10", "20"]}, "столбец percent имеет тип String; допустимо: число"),
        ({"school": [1.5, 2.5]}, "столбец school имеет тип Float64; допустимо: строка или целое число"),
        ({"takers": [20, 2**40]}, "в столбце takers число вне пределов"),
        ({"low": [8, 31]}, "больше, чем участников.*строк: 1, первая — школа b"),
        ({"takers": [-1, 30]}, "участников .takers. меньше нуля"),
        ({"low": [-1, 3]}, "низких результатов .low. меньше нуля"),
        ({"low": [8, None]}, "нет ни числа низких результатов"),
        ({"low": [8, None], "percent": [None, 100.1]}, "вне пределов 0–100"),
        ({"low": [8, None], "percent": [None, float("nan")]}, "вне пределов 0–100"),
        ({"school": ["a", "a"], "year": [2018, 2018]}, "школа a стоит дважды в одной процедуре"),
    ],
)
def test_a_value_that_cannot_be_is_refused(columns, sentence):
    with pytest.raises(TableMismatch, match=sentence):
        tables.outcomes(flat(**columns))


def test_null_low_with_a_percent_is_a_published_percent():
    assert tables.outcomes(flat(low=[8, None], percent=[None, 10.0])).ordered.published
    assert not tables.outcomes(flat()).ordered.published


def cells() -> pl.DataFrame:
    return tables.outcomes(flat()).cells


def test_counts_from_a_store_are_checked_at_the_first_use():
    counts = pl.DataFrame(
        {"school": [1, 2], "cell": [0, 9], "takers": [1, 1], "low": [0, 0], "percent": [None, None]},
        schema_overrides={"percent": pl.Float64},
    )
    with pytest.raises(TableMismatch, match="нет в таблице процедур"):
        _ = tables.Outcomes(cells(), counts).ordered
    with pytest.raises(TableMismatch, match=r"номер процедуры .cell. повторяется"):
        _ = tables.Outcomes(pl.concat([cells(), cells()]), counts).ordered


def test_cell_numbers_need_not_be_dense_nor_rows_sorted():
    sparse = cells().with_columns(pl.col("cell") * 7 + 100)
    counts = pl.DataFrame(
        {"school": [2, 1], "cell": [107, 100], "takers": [10, 20], "low": [1, 2], "percent": [None, None]},
        schema_overrides={"percent": pl.Float64},
    )
    ordered = tables.Outcomes(sparse, counts).ordered
    assert ordered.schools.to_list() == [1, 2]
    assert ordered.rows.select("s", "cell", "takers").rows() == [(0, 0, 20), (1, 1, 10)]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"value": [1.0], "letter": ["A"]}, "и число .value., и буква"),
        ({"value": [None], "letter": [None]}, "ни числа .value., ни буквы"),
        ({"value": [float("inf")]}, "не конечно"),
        ({"year": [None]}, "столбце year пусто"),
        ({"value": ["1"]}, "столбец value имеет тип String"),
    ],
)
def test_an_indicator_is_a_number_or_a_letter(columns, sentence):
    table = pl.DataFrame({"school": ["a"], "year": [2019], "indicator": ["score"], "value": [1.0], **columns})
    with pytest.raises(TableMismatch, match=sentence):
        tables.indicators(table)


def test_an_indicator_stands_once_for_a_school_and_year():
    one = pl.DataFrame({"school": ["a"], "year": [2019], "indicator": ["score"], "value": [1.0]})
    assert tables.indicators(one)["category"].to_list() == ["all"]
    with pytest.raises(TableMismatch, match="строка повторяется: school a, year 2019"):
        tables.indicators(pl.concat([one, one]))


def test_schools_stand_once_and_keep_their_attributes():
    table = pl.DataFrame({"school": ["b", "a"], "kind": ["evening", None]})
    assert tables.schools(table).columns == ["school", "kind"]
    with pytest.raises(TableMismatch, match="повторяется"):
        tables.schools(pl.concat([table, table]))
    with pytest.raises(TableMismatch, match="школы: нет столбца school"):
        tables.schools(table.drop("school"))


def test_codes_of_schools_are_of_one_type(edition_2020):
    from opora.methodology.identification import identify

    with pytest.raises(TableMismatch, match=r"код школы .school. имеет тип Int64, а в результатах String"):
        identify(tables.outcomes(flat()), edition_2020, schools=pl.DataFrame({"school": [1]}))


def test_what_is_no_table_is_refused():
    with pytest.raises(TableMismatch, match="нужна таблица Polars"):
        tables.outcomes({"school": ["a"]})  # type: ignore[arg-type]
