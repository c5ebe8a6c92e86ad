"""Маркеры необъективности и работы под контролем: взяты как даны, ошибки названы все, пустое не ноль."""

import polars as pl
import pytest

from opora.methodology.signs.flags import CONTROLLED, MARKER, flag_name, flags
from opora.methodology.tables import INDICATORS
from opora.results.readers import read
from opora.results.reading import Context
from tests.results import formats

ONE, TWO = "sch224208", "sch771507"


def told(reading, kind):
    return flags(reading.indicators, kind).rows()


@pytest.mark.parametrize("write", [formats.xlsx, formats.text])
def test_markers_are_taken_as_they_were_given(write):
    """1 и 0 взяты, пустое не стало нулём; полное название предмета понято тоже."""
    rows = formats.marker_rows(
        [(2021, ONE, 1, 0, "нет", 1), (2021, "edu771507", None, 1, "-", 1), (2020, ONE, 0, 0, 0, 0)],
        ("4 РУ", "5 МА", "6 Русский язык"),
    )
    reading = read(write(rows), Context("маркеры.xlsx"))
    assert not reading.problems and reading.rows == 3 and reading.outcomes.is_empty()
    assert told(reading, MARKER) == [
        (ONE, 2020, "maths", 5, 0),
        (ONE, 2020, "russian", 4, 0),
        (ONE, 2020, "russian", 6, 0),
        (ONE, 2021, "maths", 5, 0),
        (ONE, 2021, "russian", 4, 1),
        (ONE, 2021, "russian", 6, 0),
        (TWO, 2021, "maths", 5, 1),
    ]


def test_the_year_of_a_table_without_one_is_that_of_its_name():
    rows = [["Логин ОО", "4 РУ", "Количество маркеров"], [ONE, 1, 1]]
    assert told(read(formats.xlsx(rows), Context("маркеры 2019.xlsx")), MARKER)[0][1] == 2019
    nameless = read(formats.xlsx(rows), Context("маркеры.xlsx"))
    assert [problem.what for problem in nameless.problems] == ["Не сказано, за какой год."]


def test_every_wrong_cell_of_a_table_of_markers_is_named():
    rows = formats.marker_rows(
        [("давно", ONE, 1, 0, 1), (2021, "школа", 1, 0, 1), (2021, ONE, 2, "да", 1), (2021, TWO, 1, 1, 1)]
    )
    reading = read(formats.xlsx(rows), Context("x"))
    assert [(problem.cell, problem.what) for problem in reading.problems] == [
        ("A2", "Это не год."),
        ("B3", "Это не логин школы."),
        ("C4", "Здесь не 0 и не 1."),
        ("E5", "Число маркеров не то, что получается по столбцам."),
    ]


def test_a_school_that_stands_twice_is_taken_once_or_told():
    same = formats.marker_rows([(2021, ONE, 1, 0, 1), (2021, ONE, 1, 0, 1)])
    assert len(told(read(formats.xlsx(same), Context("x")), MARKER)) == 2
    other = formats.marker_rows([(2021, ONE, 1, 0, 1), (2021, ONE, 0, 0, 0)])
    assert [one.cell for one in read(formats.xlsx(other), Context("x")).problems] == ["B3"]


@pytest.mark.parametrize("write", [formats.xlsx, formats.text])
def test_works_under_control_are_read(write):
    rows = formats.controlled_rows(
        [
            (ONE, 2025, "Математика", 5, "да"),
            (ONE, 2025, "русский язык", "5", 0),
            (TWO, 2025, "Физика", 8, ""),
        ]
    )
    reading = read(write(rows), Context("контроль.xlsx"))
    assert not reading.problems
    assert told(reading, CONTROLLED) == [(ONE, 2025, "maths", 5, 1), (ONE, 2025, "russian", 5, 0)]


def test_every_wrong_cell_of_a_table_of_controlled_works_is_named():
    rows = formats.controlled_rows(
        [("x", 25, "Рисование мелом", 55, "возможно"), (ONE, 2025, "Математика", 5, 1)]
    )
    reading = read(formats.xlsx(rows), Context("x"))
    assert [problem.cell for problem in reading.problems] == ["A2", "B2", "C2", "D2", "E2"]


def test_flags_are_told_from_other_indicators_and_from_each_other():
    """Чужие показатели с похожим именем и непонятные значения — не отметки."""
    rows = [
        (ONE, 2021, flag_name(MARKER, "maths_profile", 11), 1.0),
        (ONE, 2021, flag_name(CONTROLLED, "maths", 5), 1.0),
        (ONE, 2021, f"{MARKER}_maths", 1.0),
        (ONE, 2021, f"{MARKER}_maths_4", 0.5),
        (ONE, 2021, "pupils", 1.0),
    ]
    table = pl.DataFrame(
        [(school, year, name, "all", value, None) for school, year, name, value in rows],
        schema=INDICATORS,
        orient="row",
    )
    assert flags(table, MARKER).rows() == [(ONE, 2021, "maths_profile", 11, 1)]
    assert flags(table, CONTROLLED).rows() == [(ONE, 2021, "maths", 5, 1)]
    assert flags(table.clear(), MARKER).is_empty()
