"""Plain tables of outcomes and indicators are read by their headings, in Russian and in English."""

import polars as pl
import pytest

from opora.methodology.tables import INDICATORS, OUTCOMES
from opora.results.readers import formats, read
from opora.results.reading import Context
from tests.results import files


def reading_of(drawn, kind="csv", **change):
    """A reading of a table drawn with |, as CSV or as a workbook."""
    rows = [[cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines()]
    if kind == "csv":
        return read("\n".join(";".join(row) for row in rows).encode("cp1251"), Context(name="a.csv"))
    return read(files.xlsx([[_cell(cell) for cell in row] for row in rows], **change), Context(name="a.xlsx"))


def _cell(word):
    return int(word) if word.isdecimal() else word or None


RUSSIAN = """
    Школа | Год | Процедура | Предмет | Класс | Участников | Низких
    sch224208 | 2018 | ВПР | Математика | 5 | 20 | 8
    sch224208 | 2019 | ОГЭ | Русский язык | 9 | 30 | 10
"""
ENGLISH = """
    low | takers | grade | subject | assessment | year | school
    8 | 20 | 5 | maths | vpr | 2018 | sch224208
    10 | 30 | 9 | russian | oge | 2019 | sch224208
"""


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("drawn", [RUSSIAN, ENGLISH], ids=["russian", "english"])
def test_outcomes_are_read_without_a_mapping(drawn, kind):
    reading = reading_of(drawn, kind)
    assert (reading.format, reading.rows, reading.problems) == ("plain", 2, [])
    assert reading.outcomes.schema == pl.Schema(OUTCOMES)
    columns = [
        "school",
        "year",
        "assessment",
        "sitting",
        "subject",
        "grade",
        "grade_programme",
        "category",
        "takers",
        "low",
    ]
    assert reading.outcomes.select(columns).rows() == [
        ("sch224208", 2018, "vpr", "", "maths", 5, 5, "all", 20, 8),
        ("sch224208", 2019, "oge", "", "russian", 9, 9, "all", 30, 10),
    ]


def test_indicators_hold_a_number_or_a_letter():
    reading = reading_of(
        """
        Школа | Год | Показатель | Категория | Значение | Буква
        1 | 2019 | english_gains | | 57,5 |
        1 | 2019 | published_grade | все | | B
        """
    )
    assert reading.problems == []
    assert reading.indicators.schema == pl.Schema(INDICATORS)
    assert reading.indicators.rows() == [
        ("1", 2019, "english_gains", "all", 57.5, None),
        ("1", 2019, "published_grade", "all", None, "B"),
    ]


def test_marks_give_the_low_results_and_must_add_up():
    reading = reading_of(
        """
        школа | год | процедура | предмет | класс | участников | 2 | 3 | 4 | 5
        1 | 2018 | впр | математика | 5 | 20 | 8 | 6 | 4 | 2
        2 | 2018 | впр | математика | 5 | 20 | 8 | 6 | 4 | 1
        """
    )
    assert reading.outcomes.select("school", "low", "mark2", "mark5").rows() == [("1", 8, 8, 2)]
    assert [problem.cell for problem in reading.problems] == ["3"]
    assert "Сумма отметок" in reading.problems[0].what


def test_all_errors_of_a_file_are_told_in_one_pass_with_cell_and_column():
    reading = reading_of(
        """
        Школа | Год | Процедура | Предмет | Класс | Участников | Низких
        1 | две тысячи | ВПР | Математика | 5 | 20 | 8
        2 | 2018 | ВПР | Математика | 55 | 20,5 | восемь
        | 2018 | ВПР | Математика | 5 | 20 | 8
        3 | 2018 | ВПР | Математика | 5 | 20 | 21
        4 | 2018 | ВПР | Математика | 5 | | 8
        5 | 2018 | ВПР | Математика | 5 | 20 | 8
        5 | 2018 | ВПР | Математика | 5 | 20 | 7
        """
    )
    assert [(problem.cell, problem.column) for problem in reading.problems] == [
        ("B2", "Год"), ("E3", "Класс"), ("F3", "Участников"), ("G3", "Низких"), ("A4", "Школа"), ("5", ""),
        ("F6", "Участников"), ("8", ""),
    ]  # fmt: skip
    assert all(problem.what.endswith(".") and problem.allowed.endswith(".") for problem in reading.problems)
    assert reading.outcomes["school"].to_list() == ["5"]


def test_a_problem_never_quotes_a_cell():
    reading = reading_of(RUSSIAN.replace("2018", "Ромашкина Аграфена").replace("20 | 8", "Пупкин | Лютик"))
    said = str(reading.problems) + str(reading.notes) + str(reading.skipped)
    assert len(reading.problems) == 3
    assert not any(name in said for name in ("Ромашкина", "Аграфена", "Пупкин", "Лютик"))


def test_nobody_wrote_means_no_outcome():
    reading = reading_of(RUSSIAN.replace("20 | 8", "0 | 0"))
    assert (reading.rows, reading.skipped, reading.problems) == (1, {"нет участников": 1}, [])


def test_an_excel_error_and_a_date_are_told_as_such():
    from datetime import date

    rows = [["школа", "год", "процедура", "предмет", "класс", "участников", "низких"]]
    rows += [
        [1, 2018, "впр", "математика", 5, "#N/A", "=1+1"],
        [2, date(2018, 1, 1), "впр", "математика", 5, 3, 1],
    ]
    reading = read(files.xlsx(rows), Context(name="a.xlsx"))
    assert [(problem.cell, problem.what) for problem in reading.problems] == [
        ("F2", "В ячейке ошибка Excel."),
        ("G2", "В ячейке формула без вычисленного значения."),
        ("B3", "Здесь дата, а не число: проверьте формат ячейки."),
    ]


def test_sheets_of_one_kind_are_read_together_and_others_are_told():
    def change(workbook):
        second = workbook.create_sheet("2020")
        second.append(
            ["предмет", "школа", "год", "процедура", "класс", "участников", "низких", "ещё столбец"]
        )
        second.append(["физика", 5, 2020, "впр", 8, 10, 1, "х"])
        workbook.create_sheet("Пояснения").append(["текст"])

    reading = reading_of(RUSSIAN, "xlsx", change=change)
    assert reading.rows == 3
    assert reading.notes == [
        "Столбцы не прочитаны: «ещё столбец».",
        "Лист «Пояснения» не прочитан: в нём другая таблица.",
    ]


def test_a_repeated_row_on_another_sheet_is_told_with_its_sheet():
    def change(workbook):
        workbook.copy_worksheet(workbook.active).title = "копия"

    reading = reading_of(RUSSIAN, "xlsx", change=change)
    assert reading.rows == 2
    assert [(problem.sheet, problem.cell) for problem in reading.problems] == [("копия", "2"), ("копия", "3")]


def test_headings_may_stand_lower_and_be_written_carelessly():
    drawn = RUSSIAN.replace("Школа | Год", "  ШКОЛА | гОд").replace("Участников", "Число участников")
    reading = reading_of("Сводная таблица\nза два года\n" + drawn.strip())
    assert (reading.rows, reading.problems) == (2, [])


def test_a_thousand_problems_are_told_and_the_rest_are_counted():
    rows = "\n".join(f"{number} | год | ВПР | Математика | 5 | 20 | 8" for number in range(1_200))
    reading = reading_of(RUSSIAN.strip().splitlines()[0] + "\n" + rows)
    assert len(reading.problems) == 1_001
    assert reading.problems[-1].what == "И ещё замечаний: 200."


def test_an_unknown_file_is_told_with_the_formats_that_are_known():
    reading = read(b"a;b\n1;2\n", Context(name="a.csv"))
    assert (reading.format, reading.rows) == ("", 0)
    [problem] = reading.problems
    assert "не узнан" in problem.what
    assert all(title in problem.allowed for title in formats())


def test_a_file_that_two_readers_know_is_told(monkeypatch):
    import opora.results.readers as readers
    from opora.results.readers import plain

    monkeypatch.setattr(readers, "readers", lambda: [[plain, plain]])
    [problem] = reading_of(RUSSIAN).problems
    assert "сразу на несколько" in problem.what


def test_an_earlier_group_of_readers_wins(monkeypatch):
    import opora.results.readers as readers

    class Specific:
        NAME = TITLE = "особый"

        @staticmethod
        def recognises(book):
            return True

        @staticmethod
        def read(book, context):
            from opora.results.readers import plain

            reading = plain.read(book, context)
            reading.format = "specific"
            return reading

    general = readers.readers()
    monkeypatch.setattr(readers, "readers", lambda: [[Specific], *general])
    assert reading_of(RUSSIAN).format == "specific"


def test_every_module_of_the_catalogue_is_a_reader():
    from opora.results.readers import readers

    for reader in (reader for group in readers() for reader in group):
        assert reader.NAME and reader.TITLE
        assert callable(reader.recognises) and callable(reader.read)
