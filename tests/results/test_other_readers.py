"""Открытый исследовательский набор, нормализованная выгрузка ОГЭ, проценты ФИС ОКО."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.results.readers import read
from opora.results.readers.fisoko_marks import counts_of
from opora.results.reading import Context
from tests.results import formats
from tests.results.formats import same_outcomes

SCHOOL = "sch77171506"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251"])
def test_the_research_set_drops_mark_zero_and_keeps_the_given_marks(encoding):
    pupils = [
        (4, 1, SCHOOL, 1, 10, 2, 2019),
        (4, 1, SCHOOL, 2, 30, 4, 2019),
        (4, 1, SCHOOL, 3, 0, 0, 2019),
        (5, 2, SCHOOL, 1, 12, 4, 2020),
        (5, 2, "sch224208", 1, "6,0", 2, 2020),
    ]
    data = formats.text(formats.research_rows(pupils), encoding, ",")
    reading = read(data, Context("pupils_ruma456.csv"))
    assert reading.format == "research_set"
    assert not reading.problems
    assert same_outcomes(
        reading,
        """
        school      | year | assessment | subject | grade | takers | low | mark2 | mark4
        sch77171506 | 2019 | vpr        | russian | 4     | 2      | 1   | 1     | 1
        sch77171506 | 2020 | vpr        | maths   | 5     | 1      | 0   | 0     | 1
        sch224208   | 2020 | vpr        | maths   | 5     | 1      | 1   | 1     | 0
        """,
    )
    assert reading.skipped == {"отметка 0": 1}


@pytest.mark.parametrize(("written", "year"), [("2018/2019", 2019), ("2018-19", 2019), (2019, 2019)])
def test_of_a_school_year_the_second_is_the_year_of_the_assessment(written, year):
    rows = formats.research_rows([(4, 1, SCHOOL, 1, 10, 2, written)])
    assert read(formats.text(rows, delimiter=","), Context("x")).outcomes["year"].to_list() == [year]


def test_wrong_cells_of_the_research_set_are_all_told():
    rows = formats.research_rows([("пятый", 3, "sch1", 1, -5, 7, 1019), (4, 1, SCHOOL, 1, 10, 2, 2019)])
    reading = read(formats.text(rows, delimiter=","), Context("x"))
    assert [problem.cell for problem in reading.problems] == ["C2", "G2", "B2", "A2", "F2", "E2"]
    assert reading.rows == 1


def test_context_of_schools_becomes_indicators():
    schools = [
        (SCHOOL, "1 - в городе", "Посёлок Первый", "3 - от 10 до 50 тысяч", "Нет", 512),
        ("sch224208", "2 - в селе", None, None, "Да", "60"),
    ]
    data = formats.xlsx(formats.research_context_rows(schools))
    reading = read(data, Context("cont_data 2020.xlsx"))
    assert not reading.problems
    assert reading.skipped == {"заголовки повторены": 1}
    assert reading.rows == 2
    found = {(row[0], row[2]): row[4] if row[5] is None else row[5] for row in reading.indicators.rows()}
    assert found == {
        (SCHOOL, "location_code"): 1.0,
        (SCHOOL, "settlement"): "Посёлок Первый",
        (SCHOOL, "settlement_size_code"): 3.0,
        (SCHOOL, "special_school"): 0.0,
        (SCHOOL, "pupils"): 512.0,
        ("sch224208", "location_code"): 2.0,
        ("sch224208", "special_school"): 1.0,
        ("sch224208", "pupils"): 60.0,
    }


def test_context_without_a_year_asks_for_it():
    data = formats.xlsx(formats.research_context_rows([(SCHOOL, "1", None, None, "Нет", 5)]))
    reading = read(data, Context("cont_data.xlsx"))
    assert [problem.what for problem in reading.problems] == [
        "Из файла не видно, к какому году относятся сведения."
    ]


def test_context_that_cannot_be_read_is_told_by_cell():
    data = formats.xlsx(formats.research_context_rows([(SCHOOL, "в городе", None, None, "иногда", -5)]))
    reading = read(data, Context("cont_data 2020.xlsx"))
    assert [problem.cell for problem in reading.problems] == ["B3", "E3", "F3"]


@pytest.mark.parametrize("write", [formats.xlsx, formats.text])
def test_the_export_of_oge_takes_marks_first_and_the_scale_where_there_is_none(write):
    """Без отметки 14 баллов — «2», 15 — «3»: шкала 2022 года."""
    pupils = [(111002, "1", 20, 2), (111002, "2", 14, 0), (111002, "3", 15, None), (21001, "4", 30, 5)]
    reading = read(write(formats.oge_export_rows(pupils)), Context("ОГЭ 2022 русский язык"))
    assert reading.format == "oge_export"
    assert not reading.problems
    assert same_outcomes(
        reading,
        """
        school | year | assessment | subject | grade | takers | low | mark2 | mark3 | mark5
        111002 | 2022 | oge        | russian | 9     | 3      | 2   | 2     | 1     | 0
        021001 | 2022 | oge        | russian | 9     | 1      | 0   | 0     | 0     | 1
        """,
    )
    assert any("ГК1" in note for note in reading.notes)


def test_the_export_of_oge_asks_for_year_and_subject():
    reading = read(formats.text(formats.oge_export_rows([(111002, "1", 20, 2)])), Context("выгрузка.csv"))
    assert len(reading.problems) == 2
    assert reading.outcomes.is_empty()


def test_percents_become_counts_only_where_no_other_counts_would_print_so():
    """20 участников и 5 % — один человек; 4000 и 31,3 % — от 1250 до 1253: остаётся процент."""
    groups = [
        ("Вся выборка", 38000, 1_400_000, 5.4, 40, 40, 14.6),
        ("Алтайский край", 900, 20000, 6, 44, 40, 10),
        ("г. Барнаул", 90, 5000, 6, 44, 40, 10),
        ("МБОУ «СОШ № 1» (sch224208)", 1, 20, "5,0", 45, 40, 10),
        ("МБОУ «СОШ № 2» (edu224209)", 1, 4000, 31.3, 38.7, 20, 10),
    ]
    reading = read(formats.xlsx(formats.fisoko_rows(groups)), Context("отчёт.xlsx"))
    assert reading.format == "fisoko_marks"
    assert not reading.problems
    assert same_outcomes(
        reading,
        """
        school    | year | subject | grade | takers | low | mark2 | mark3 | mark4 | mark5
        sch224208 | 2022 | maths   | 5     | 20     | 1   | 1     | 9     | 8     | 2
        sch224209 | 2022 | maths   | 5     | 4000   | -   | -     | -     | -     | -
        """,
    )
    assert dict(reading.outcomes.select("school", "percent").iter_rows()) == {
        "sch224208": None,
        "sch224209": 31.3,
    }
    assert reading.skipped == {"группа школ, а не школа": 3}


def test_a_nameless_school_row_belongs_to_the_persons_school():
    groups = [("Алтайский край", 900, 20000, 6, 44, 40, 10), ("Наша школа", 1, 20, 5, 45, 40, 10)]
    data = formats.xlsx(formats.fisoko_rows(groups))
    assert read(data, Context("x", school="sch224208")).outcomes["school"].to_list() == ["sch224208"]
    assert "нет ни одной строки школы" in read(data, Context("x")).problems[0].what


def test_percents_that_do_not_add_up_are_told():
    groups = [("sch224208", 1, 20, 5, 45, 40, 20), ("sch224209", 1, 20, 105, "-", 40, 20)]
    reading = read(formats.xlsx(formats.fisoko_rows(groups)), Context("x"))
    assert [problem.cell for problem in reading.problems] == ["4", "D5", "E5"]


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(sum), st.integers(0, 2))
def test_counts_derived_from_percents_are_the_true_ones(counts, digits):
    """Что бы ни было напечатано, найденные числа — те самые, либо не найдены вовсе."""
    takers = sum(counts)
    step = Decimal(1).scaleb(-digits)
    percents = [(Decimal(count) * 100 / takers).quantize(step, "ROUND_HALF_UP") for count in counts]
    assert counts_of(takers, percents) in (tuple(counts), None)


def test_percents_that_no_counts_of_this_many_can_give_stay_percents():
    """10 участников и четырежды 10 %: каждое число найдено, но вместе их четыре — опечатка в файле."""
    assert counts_of(10, [Decimal(10)] * 4) is None


def test_counts_that_are_the_only_ones_together_are_found():
    """101 участник, 1–50–50 %: «50 %» печатается и у 50, и у 51, но вместе подходит только 1 + 50 + 50."""
    assert counts_of(101, [Decimal(1), Decimal(50), Decimal(50), Decimal(0)]) == (1, 50, 50, 0)
    assert counts_of(102, [Decimal(1), Decimal(50), Decimal(50), Decimal(0)]) is None


def test_headings_may_be_written_with_yo():
    rows = formats.research_context_rows([(SCHOOL, "1", "Город", "3", "Нет", 512)])
    rows[0] = [heading.replace("населенного", "населённого") for heading in rows[0]]
    reading = read(formats.xlsx(rows), Context("cont_data 2020.xlsx"))
    assert "settlement_size_code" in reading.indicators["indicator"].to_list()


def test_a_percent_that_was_never_rounded_still_gives_its_count():
    third = Decimal("33.333333333333336")
    assert counts_of(3, [third, third, third, Decimal(0)]) == (1, 1, 1, 0)


def test_the_set_of_2020_says_what_it_does_not_tell():
    rows = formats.research_rows([(5, 2, SCHOOL, 1, 12, 4, 2020)])
    reading = read(formats.text(rows, delimiter=","), Context("x"))
    assert "осенью" in reading.notes[0]
