"""Протоколы ВПР всех четырёх форм: что взято, что отброшено, что названо ошибкой."""

import pytest

from opora.results.readers import read, vpr_2021
from opora.results.reading import Context
from tests.results import formats
from tests.results.formats import same_outcomes

SCHOOL = "sch224208"


def problems_of(reading):
    return {(problem.cell, problem.column) for problem in reading.problems}


def test_autumn_2020_keeps_the_grade_that_wrote_and_the_grade_of_the_programme():
    """«Mat5»: писал пятый класс по программе четвёртого; отметка — по шкале четвёртого (3 с 6 баллов)."""
    pupils = [
        (SCHOOL, "5А", 1, [1, 2, 2], 5),
        (SCHOOL, "5А", 2, [2, 2, 2], 6),
        (SCHOOL, "5Б", 1, [5, 5, "X"], 10),
        (SCHOOL, "5Б", 2, "отсутствовал", None),
        ("sch771507", "5", 7, [5, 5, 5], 15),
        ("sch771507", "5", 8, [1, 1, 1], None),
    ]
    reading = read(formats.xlsx(formats.vpr_2020_rows(pupils)), Context("Mat5.xlsx"))

    assert same_outcomes(
        reading,
        """
        school    | year | sitting | subject | grade | grade_programme | takers | low | mark3 | mark5
        sch224208 | 2020 |         | maths   | 5     | 4               | 3      | 1   | 1     | 0
        sch771507 | 2020 |         | maths   | 5     | 4               | 1      | 0   | 0     | 1
        """,
    )
    assert reading.format == "vpr_2020"
    assert not reading.problems
    assert reading.rows == 4
    assert reading.skipped == {"не писали работу": 1, "нет итогового балла": 1}
    scores = dict(reading.outcomes.select("school", "scores").iter_rows())
    assert scores[SCHOOL] == [0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1]


FORMS_WITH_A_JOURNAL = {
    "vpr_2020": ("otc", formats.vpr_2020_rows, "Mat5.xlsx", (SCHOOL, "5А")),
    "vpr_2021": (vpr_2021.BEFORE, formats.vpr_2021_rows, "ВПР 2021 математика 4 класс.xlsx", (SCHOOL, "4А")),
}


@pytest.mark.parametrize("form", FORMS_WITH_A_JOURNAL)
def test_marks_are_compared_with_those_in_the_journal(form):
    """Ниже, так же, выше, чем в журнале; пусто и чужое слово — неизвестно, а не ошибка."""
    heading, rows_of, name, where = FORMS_WITH_A_JOURNAL[form]
    totals = {1: 0, 2: 6, 3: 10, 4: 10, 5: 15, 6: 15, 7: 6}  # by the scale: 2, 3, 4, 4, 5, 5, 3
    before = {1: 3, 2: 3, 3: "4", 4: 3.0, 5: 4, 6: None, 7: "н/а"}
    rows = rows_of([(*where, code, [total, 0, 0], total) for code, total in totals.items()])
    column = rows[0].index(heading)
    for row in rows[1:]:
        row[column] = before[row[2]]
    reading = read(formats.xlsx(rows), Context(name))
    assert not reading.problems
    assert reading.outcomes["journal"].to_list() == [[1, 2, 2]]


@pytest.mark.parametrize(
    ("name", "grade", "programme"),
    [
        ("Mat5.xlsx", 5, 4),
        ("результаты Mat9 край.xlsx", 9, 8),
        ("ВПР по математике, 4 класс.xlsx", 5, 4),
        ("ВПР по математике, 7 класс.xlsx", 8, 7),
        ("по математике 11 класс.xlsx", 11, 11),
    ],
)
def test_the_name_of_a_2020_file_tells_either_grade(name, grade, programme):
    """Латиницей назван класс, который писал; по-русски — класс программы; выпускные писали свою."""
    rows = formats.vpr_2020_rows([(SCHOOL, "1", 1, [1, 1, 1], 9)])
    reading = read(formats.xlsx(rows), Context(name))
    if programme == 11:  # no scale of maths in grade 11: the file is refused with the reason
        assert [problem.what for problem in reading.problems] == [
            "Нет шкалы перевода баллов: ВПР 2020, Математика, программа 11 класса."
        ]
        return
    assert reading.outcomes.select("grade", "grade_programme").row(0) == (grade, programme)


def test_the_person_knows_better_than_the_name_of_the_file():
    rows = formats.vpr_2020_rows([(SCHOOL, "1", 1, [1, 1, 1], 9)])
    context = Context("Rus6.xlsx", subject="математика", grade=7)
    reading = read(formats.xlsx(rows), context)
    assert reading.outcomes.select("subject", "grade", "grade_programme").row(0) == ("maths", 7, 6)


def test_a_nameless_2020_file_says_how_to_give_subject_and_grade():
    reading = read(formats.xlsx(formats.vpr_2020_rows([(SCHOOL, "5А", 1, [1, 1, 1], 3)])), Context("1.xlsx"))
    assert [problem.what for problem in reading.problems] == [
        "Из файла не видно, по какому предмету результаты.",
        "Из файла не видно, какой класс писал работу.",
    ]
    assert all("Укажите" in problem.allowed for problem in reading.problems)
    assert reading.outcomes.is_empty()


@pytest.mark.parametrize("write", [formats.xlsx, formats.text, lambda rows: formats.text(rows, "cp1251")])
def test_2021_comes_as_a_workbook_or_as_a_csv(write):
    pupils = [
        (SCHOOL, "5А", 1, [6, 0, "X"], 6),
        (SCHOOL, "5А", 2, [6, 1, 0], 7),
        (SCHOOL, "5А", 3, "отсутствовал", None),
    ]
    reading = read(write(formats.vpr_2021_rows(pupils)), Context("ВПР по математике, 5 класс, 2021"))
    assert same_outcomes(
        reading,
        """
        school    | year | subject | grade | grade_programme | takers | low | mark2 | mark3
        sch224208 | 2021 | maths   | 5     | 5               | 2      | 1   | 1     | 1
        """,
    )
    assert reading.skipped == {"не писали работу": 1}


@pytest.mark.parametrize("garbage", ["0", "1", "2", "3", "4", "X", "Х", 3])
def test_rows_whose_columns_have_slipped_are_left_out_and_counted(garbage):
    """Число или «X» в столбце «Учебник» — строка сдвинута, её баллам верить нельзя."""
    rows = formats.vpr_2021_rows([(SCHOOL, "5А", 1, [6, 0, 0], 6)])
    rows += formats.vpr_2021_rows([(SCHOOL, "5А", 2, [6, 5, 5], 16)], textbook=garbage)[1:]
    reading = read(formats.xlsx(rows), Context("ВПР по математике, 5 класс"))
    assert reading.outcomes["takers"].to_list() == [1]
    assert reading.skipped == {"столбцы строки сдвинуты": 1}
    assert not reading.problems


def test_since_2022_the_total_is_the_sum_of_the_tasks_and_edu_means_sch():
    pupils = [
        ("edu224208", "5А", 1001, [2, 2, 2]),
        ("edu224208", "5А", 1002, [2, "Х", None]),
        ("edu224208", "5Б", 1001, [5, 5, 5]),
        ("edu224208", "5Б", 1002, "отсутствовал"),
        ("edu771507", "5", 1003, [None, None, None]),
    ]
    data = formats.xlsx(formats.vpr_2022_rows(pupils), sheet="Протокол")
    reading = read(data, Context("ВПР 2022 по математике.xlsx"))
    assert same_outcomes(
        reading,
        """
        school    | year | subject | grade | grade_programme | takers | low | mark5
        sch224208 | 2022 | maths   | 5     | 5               | 3      | 2   | 1
        """,
    )
    assert reading.skipped == {"не писали работу": 1, "нет итогового балла": 1}


def test_autumn_of_2022_is_another_sitting_on_the_programme_of_the_grade_before():
    data = formats.xlsx(formats.vpr_2022_rows([("edu224208", "6А", 1, [2, 2, 3])]), sheet="Протокол")
    autumn = read(data, Context("ВПР 2022 осень, математика.xlsx"))
    spring = read(data, Context("ВПР 2022 весна, математика.xlsx"))
    columns = ["sitting", "grade", "grade_programme", "low"]
    assert autumn.outcomes.select(columns).row(0) == ("autumn", 6, 5, 0)
    assert spring.outcomes.select(columns).row(0) == ("spring", 6, 6, 0)


def test_the_school_form_takes_the_school_from_the_person_and_survives_line_breaks_in_headings():
    pupils = [
        (1, 50001, [2, 2, 1], 5),
        (1, 50002, [2, "х", 12], 14),
        (2, 50003, "не присутствовал", None),
    ]
    data = formats.xlsx(formats.vpr_school_rows(pupils))
    reading = read(data, Context("математика 4 класс 2021.xlsx", school=SCHOOL))
    assert same_outcomes(
        reading,
        """
        school    | year | subject | grade | takers | low | mark2 | mark4
        sch224208 | 2021 | maths   | 4     | 2      | 1   | 1     | 1
        """,
    )
    assert reading.skipped == {"не писали работу": 1}


def test_a_school_form_without_its_school_says_so():
    data = formats.xlsx(formats.vpr_school_rows([(1, 50001, [2, 2, 1], 5)]))
    reading = read(data, Context("математика 4 класс 2021.xlsx"))
    assert [problem.what for problem in reading.problems] == ["Форма не называет школу."]
    assert reading.outcomes.is_empty()
    named = read(data, Context("sch224208 математика 4 класс 2021.xlsx"))
    assert named.outcomes["school"].to_list() == [SCHOOL]


def test_every_error_of_a_file_is_told_in_one_pass_by_its_cell():
    """Логин, балл за задание и итог — три замечания, два из них в одной строке; верная строка посчитана."""
    rows = formats.vpr_2020_rows(
        [
            ("sch22420", "5А", 1, [1, 99, 1], 5),
            (SCHOOL, "5А", 2, [1, 1, 1], "семь"),
            (SCHOOL, "5А", 3, [1, 1, 1], 3),
        ]
    )
    reading = read(formats.xlsx(rows), Context("Mat5.xlsx"))
    assert problems_of(reading) == {("A2", "user"), ("I2", "a-2-grade"), ("L3", "sum")}
    assert all(problem.what and problem.allowed for problem in reading.problems)
    assert "99" not in str(reading.problems)
    assert "семь" not in str(reading.problems)


def test_more_points_than_the_heading_allows_are_told():
    """Заголовок «1 (2)»: больше двух баллов за задание не бывает."""
    data = formats.xlsx(formats.vpr_school_rows([(1, 5, [3, 2, 1], 6)]))
    reading = read(data, Context("математика 4 класс 2021.xlsx", school=SCHOOL))
    assert [(problem.cell, problem.column) for problem in reading.problems] == [("D2", "1 (2)")]
    assert "от 0 до 2" in reading.problems[0].allowed


def test_a_truth_value_is_no_point_even_below_a_one():
    """TRUE в Excel — не балл, сколько бы единиц ни стояло выше в том же столбце."""
    pupils = [(SCHOOL, "5А", 1, [1, 1, 1], 3), (SCHOOL, "5А", 2, [1, True, 0], 3)]
    reading = read(formats.xlsx(formats.vpr_2020_rows(pupils)), Context("Mat5.xlsx"))
    assert problems_of(reading) == {("I3", "a-2-grade")}
    assert reading.rows == 1


def test_points_of_one_task_do_not_excuse_those_of_another():
    """Три балла верны там, где заголовок их допускает, и названы там, где нет."""
    pupils = [(1, 5, [3, 2, 1], 6), (1, 6, [1, 3, 1], 5)]
    rows = formats.vpr_school_rows(pupils, limits=(3, 2, 3))
    reading = read(formats.xlsx(rows), Context("математика 4 класс 2021.xlsx", school=SCHOOL))
    assert problems_of(reading) == {("E3", "2 (2)")}
    assert reading.rows == 1


def test_a_row_that_ends_early_is_the_same_row_with_empty_cells():
    rows = formats.vpr_2021_rows([(SCHOOL, "5А", 1, [6, 0, 0], 6)])
    short = [*rows[1][:-2]]
    data = formats.text([rows[0], [*short, "", ""], short])
    reading = read(data, Context("ВПР по математике, 5 класс"))
    assert (reading.rows, reading.skipped, reading.problems) == (1, {"строка повторена": 1}, [])


def test_brackets_that_number_criteria_are_not_points():
    """Номер задания повторяется — в скобках критерии, ими баллы не ограничены."""
    rows = formats.vpr_school_rows([(1, 5, [3, 2, 1], 6)])
    rows[0][3:6] = ["1 (1)", "1 (2)", "2 (К1)"]
    reading = read(formats.xlsx(rows), Context("математика 4 класс 2021.xlsx", school=SCHOOL))
    assert not reading.problems


def test_the_mark_of_the_protocol_wins_over_the_scale():
    rows = formats.vpr_2022_rows([("edu224208", "5А", 1, [0, 0, 1]), ("edu224208", "5А", 2, [5, 5, 5])])
    marked = [[*rows[0], "Отметка"], [*rows[1], 3], [*rows[2], 2]]
    reading = read(formats.xlsx(marked), Context("ВПР 2025 математика"))
    assert not reading.problems  # no scale of 2025 is known, none is needed
    assert reading.outcomes.select("low", "mark2", "mark3").row(0) == (1, 1, 1)


def test_a_year_without_a_scale_is_told_once_not_guessed():
    rows = formats.vpr_2022_rows([("edu224208", "5А", n, [1, 1, 1]) for n in range(5)])
    reading = read(formats.xlsx(rows), Context("ВПР 2024 математика"))
    assert [problem.what for problem in reading.problems] == [
        "Нет шкалы перевода баллов: ВПР 2024, Математика, программа 5 класса."
    ]
    assert reading.outcomes.is_empty()


def test_the_same_row_twice_is_one_pupil_and_another_result_under_one_code_is_told():
    rows = formats.vpr_2021_rows(
        [
            (SCHOOL, "5А", 1, [6, 0, 0], 6),
            (SCHOOL, "5А", 1, [6, 0, 0], 6),
            (SCHOOL, "5Б", 1, [6, 0, 0], 6),
            (SCHOOL, "5А", 1, [6, 1, 0], 7),
        ]
    )
    reading = read(formats.xlsx(rows), Context("ВПР по математике, 5 класс"))
    assert reading.outcomes["takers"].to_list() == [2]
    assert reading.skipped == {"строка повторена": 1}
    assert problems_of(reading) == {("C5", "номер обучающегося")}


def test_a_class_of_another_grade_than_the_file_is_told():
    rows = formats.vpr_2021_rows([(SCHOOL, "6А", 1, [6, 0, 0], 6), (SCHOOL, "5А", 2, [6, 0, 0], 6)])
    reading = read(formats.xlsx(rows), Context("ВПР по математике, 5 класс"))
    assert problems_of(reading) == {("B2", "класс")}


def test_classes_tell_the_grade_where_nobody_said_it():
    rows = formats.vpr_2021_rows([(SCHOOL, "6А", 1, [6, 0, 0], 6), (SCHOOL, "5А", 2, [6, 0, 0], 6)])
    reading = read(formats.xlsx(rows), Context("ВПР математика"))
    assert sorted(reading.outcomes["grade"]) == [5, 6]


def test_a_region_reads_the_lines_above_the_table_before_the_name():
    rows = [
        ["Протокол ВПР 2021, русский язык, 6 класс"],
        *formats.vpr_2021_rows([(SCHOOL, "6", 1, [1, 1, 1], 3)]),
    ]
    reading = read(formats.xlsx(rows), Context("математика 5 класс.xlsx"))
    assert reading.outcomes.select("subject", "grade").row(0) == ("russian", 6)


def test_a_file_without_a_single_result_is_told():
    reading = read(formats.xlsx(formats.vpr_2020_rows([])), Context("Mat5.xlsx"))
    assert [problem.what for problem in reading.problems] == ["В файле нет ни одного результата."]


def test_a_formula_whose_value_was_not_saved_is_told_not_taken_for_an_absent_total():
    rows = formats.vpr_2020_rows([(SCHOOL, "5А", 1, [1, 1, 1], "=1+2"), (SCHOOL, "5А", 2, [1, 1, 1], 3)])
    reading = read(formats.xlsx(rows), Context("Mat5.xlsx"))
    assert problems_of(reading) == {("L2", "sum")}
    assert reading.rows == 1
