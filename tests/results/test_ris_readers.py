"""Протоколы РИС ГИА: плотные и с объединёнными ячейками, несколько экзаменов, хвосты, иностранные языки."""

import pytest

from opora.results.readers import read
from opora.results.reading import Context
from tests.results import formats
from tests.results.formats import same_outcomes, tail

RUSSIAN = "01 - Русский язык 2022.06.23"
CONTEXT = Context("протокол")


def protocol(pupils, title=RUSSIAN, result="Балл", minimum=24, total=None):
    last = tail(len(pupils) if total is None else total, minimum)
    return formats.ris_rows(title, pupils, result, last)


PUPILS = [(111002, "11", "000001", 6, 23), (111002, "11А", "000002", 7, 24), (21001, 11, "000003", 50, 90)]


@pytest.mark.parametrize("spread", [list, formats.sparse], ids=["dense", "sparse"])
@pytest.mark.parametrize(
    "write",
    [formats.xlsx, formats.text, lambda rows: formats.text(rows, "cp1251")],
    ids=["xlsx", "csv", "cp1251"],
)
def test_a_protocol_reads_the_same_dense_or_sparse_in_any_file(spread, write):
    """Балл 23 ниже границы 24 — низкий результат; 24 — уже нет; код школы — шесть цифр."""
    reading = read(write(spread(protocol(PUPILS))), CONTEXT)
    assert reading.format == "ris_protocol"
    assert not reading.problems
    assert same_outcomes(
        reading,
        """
        school | year | assessment | subject | grade | takers | low | mark2
        111002 | 2022 | ege        | russian | 11    | 2      | 1   | -
        021001 | 2022 | ege        | russian | 11    | 1      | 0   | -
        """,
    )
    scores = dict(reading.outcomes.select("school", "scores").iter_rows())
    assert scores["111002"] == [0, 0, 0, 0, 0, 0, 1, 1]


def test_cells_merged_in_a_workbook_leave_empty_columns_that_do_no_harm():
    rows = formats.sparse(protocol(PUPILS))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    merged = [f"{letters[i]}{row}:{letters[i + 1]}{row}" for i in range(0, 26, 2) for row in range(2, 6)]
    reading = read(formats.xlsx(rows, merged=merged), CONTEXT)
    assert reading.outcomes["takers"].sum() == 3
    assert not reading.problems


def test_a_value_in_the_second_column_of_a_merged_heading_is_found():
    """Заголовок объединяет два столбца, а число стоит во втором из них."""
    rows = formats.sparse(protocol(PUPILS))
    rows[2][4:6] = [None, 111002]
    reading = read(formats.xlsx(rows), CONTEXT)
    assert dict(reading.outcomes.select("school", "takers").iter_rows()) == {"021001": 1, "111002": 2}
    assert not reading.problems


def test_exams_follow_one_another_in_a_sheet():
    basic = formats.ris_rows(
        "22 - Математика базовая 2022.06.02",
        [(111001, "11Б", "1", 13, 4), (111001, "11Б", "2", 6, 2)],
        "Оценка",
        tail(2),
    )
    reading = read(formats.xlsx([*protocol(PUPILS), *basic]), CONTEXT)
    assert not reading.problems
    assert same_outcomes(
        reading,
        """
        school | assessment | subject     | takers | low | mark2 | mark4
        111002 | ege        | russian     | 2      | 1   | -     | -
        021001 | ege        | russian     | 1      | 0   | -     | -
        111001 | ege        | maths_basic | 2      | 1   | 1     | 1
        """,
    )


@pytest.mark.parametrize(
    "title",
    [
        "Английский язык п:2022.06.14; у:2022.06.16",
        "Английский язык п.: 2022.06.14, у.: 2022.06.16",
        "09 - Английский язык п:2022.06.14; у:2022.06.16",
    ],
)
def test_foreign_languages_have_one_title_for_the_written_and_the_oral_part(title):
    """Заголовков «Первичный балл …» три, итог — тот, что назван просто «Первичный балл»."""
    headings = ["№", "Код ОО", "Класс", "Документ", "Первичный балл устной части"]
    headings += ["Первичный балл письм. части", "Первичный балл", "Тестовый балл"]
    rows = [[title], headings]
    rows += [
        [1, 111001, "11Б", "1111 222222", 11, 45, 56, 21],
        [2, 111001, "11Б", "1111 222223", 11, 45, 56, 22],
    ]
    reading = read(formats.text(rows), CONTEXT)
    assert reading.outcomes.select("subject", "year", "takers", "low").rows() == [("english", 2022, 2, 1)]
    assert len(reading.outcomes["scores"][0]) == 57


def test_the_protocols_own_minimum_is_used_and_a_difference_from_the_scale_is_said():
    reading = read(formats.xlsx(protocol(PUPILS, minimum=36)), CONTEXT)
    assert reading.outcomes["low"].sum() == 2
    assert any("минимальная граница в протоколе 36, по шкале 24" in note for note in reading.notes)


def test_without_its_own_minimum_the_scale_decides_and_is_named():
    pupils = [(111002, "11", "1", 6, 26), (111002, "11", "2", 6, 27)]
    rows = protocol(pupils, "02 - Математика профильная 2024.05.31", minimum=None)
    reading = read(formats.xlsx(rows), CONTEXT)
    assert reading.outcomes.select("subject", "takers", "low").rows() == [("maths_profile", 2, 1)]
    assert any("минимальный балл 27" in note for note in reading.notes)


def test_a_minimum_that_nobody_knows_is_told():
    reading = read(formats.xlsx(protocol(PUPILS, "01 - Русский язык 2015.06.01", minimum=None)), CONTEXT)
    assert [problem.what for problem in reading.problems] == [
        "Неизвестен минимальный балл: Русский язык, 2015 год."
    ]
    assert reading.outcomes.is_empty()


def test_a_minimum_out_of_range_is_told():
    reading = read(formats.xlsx(protocol(PUPILS, minimum=240)), CONTEXT)
    assert [problem.cell for problem in reading.problems] == ["7"]


def test_half_a_protocol_is_noticed_by_its_last_line():
    reading = read(formats.xlsx(protocol(PUPILS, total=4)), CONTEXT)
    assert [(problem.cell, "Всего участников" in problem.what) for problem in reading.problems] == [
        ("8", True)
    ]


def test_oge_marks_win_over_points_and_contradictions_are_said():
    """Отметка «2» при 10 баллах — низкий результат: порог по геометрии не взят."""
    pupils = [(111002, "9А", "1", 10, 2), (111002, "9А", "2", 10, 3), (111002, "9А", "3", 5, 3)]
    reading = read(formats.xlsx(protocol(pupils, "02 - Математика 2022.06.24", "Оценка", 8)), CONTEXT)
    assert same_outcomes(
        reading,
        """
        school | assessment | subject | grade | takers | low | mark2 | mark3
        111002 | oge        | maths   | 9     | 3      | 1   | 1     | 2
        """,
    )
    assert any("отметка выше «2» — 1" in note for note in reading.notes)


def test_oge_without_marks_is_judged_by_the_scale_and_says_what_the_scale_cannot_know():
    rows = protocol(
        [(111002, "9", "1", 7, None), (111002, "9", "2", 8, None)],
        "02 - Математика 2022.06.24",
        "Оценка",
        None,
    )
    reading = read(formats.xlsx(rows), CONTEXT)
    assert reading.outcomes.select("takers", "low").rows() == [(2, 1)]
    assert any("геометри" in note for note in reading.notes)


def test_mark_zero_and_absence_are_left_out_and_counted():
    pupils = [(111002, "9", "1", 0, 0), (111002, "9", "2", "неявка", None), (111002, "9", "3", 20, 4)]
    pupils.append((111002, "9", "4", None, None))
    reading = read(formats.xlsx(protocol(pupils, "01 - Русский язык 2022.06.07", "Оценка", None)), CONTEXT)
    assert reading.outcomes["takers"].to_list() == [1]
    assert reading.skipped == {"отметка 0": 1, "не участвовали в экзамене": 1, "нет результата": 1}


def test_the_name_of_the_subject_wins_over_its_code():
    """В одной открытой программе код 09 в ОГЭ — обществознание: решает название."""
    rows = protocol([(111002, "9", "1", 20, 3)], "09 - Обществознание 2022.06.15", "Оценка", None)
    reading = read(formats.xlsx(rows), CONTEXT)
    assert reading.outcomes["subject"].to_list() == ["social_studies"]
    assert any("Код 9" in note for note in reading.notes)


def test_an_unknown_subject_is_kept_with_a_note():
    rows = protocol([(111002, "9", "1", 20, 3)], "77 - Родная словесность 2022.06.15", "Оценка", None)
    reading = read(formats.xlsx(rows), CONTEXT)
    assert reading.outcomes["subject"].to_list() == ["родная словесность"]
    assert any("не известен" in note for note in reading.notes)


def test_gve_is_not_mixed_with_oge():
    rows = protocol([(111002, "9", "1", 10, 3)], "51 - Русский язык (ГВЭ) 2022.06.15", "Оценка", None)
    assert read(formats.xlsx(rows), CONTEXT).outcomes["assessment"].to_list() == ["gve"]


def test_wrong_cells_of_a_protocol_are_all_told():
    pupils = [("школа", "9", "1", 10, 3), (111002, "9", "2", 10, 6), (111002, "9", "3", -1, 7)]
    reading = read(formats.xlsx(protocol(pupils, "01 - Русский язык 2022.06.07", "Оценка", None)), CONTEXT)
    assert {(problem.cell, problem.column) for problem in reading.problems} == {
        ("C3", "Код ОО"),
        ("O4", "Оценка"),
        ("N5", "Первичный балл"),
        ("O5", "Оценка"),
    }


def test_one_person_twice_in_an_exam_is_counted_once_or_told():
    pupils = [(111002, "11", "1", 10, 40), (111002, "11", "1", 10, 40), (111002, "11", "2", 10, 40)]
    same = read(formats.xlsx(protocol(pupils)), CONTEXT)
    assert same.outcomes["takers"].to_list() == [2]
    assert same.skipped == {"строка повторена": 1}
    other = read(formats.xlsx(protocol([*pupils, (111002, "11", "1", 11, 42)])), CONTEXT)
    assert [problem.column for problem in other.problems] == ["Номер"]


def test_a_title_without_headings_is_told():
    rows = protocol(PUPILS)
    del rows[1]
    two = [*protocol(PUPILS, "12 - Обществознание 2022.06.20", minimum=42), *rows]
    reading = read(formats.xlsx(two), CONTEXT)
    assert [problem.what for problem in reading.problems] == [
        "Под названием экзамена нет строки с заголовками столбцов."
    ]


def test_signatures_below_a_protocol_are_not_pupils():
    rows = [*protocol(PUPILS), ["Руководитель РЦОИ", "подпись"], ["Отпечатано", "2022.07.01"]]
    reading = read(formats.xlsx(rows), CONTEXT)
    assert reading.rows == 3
    assert not reading.problems


def test_a_formula_whose_value_was_not_saved_is_told():
    rows = protocol([(111002, "11", "1", 6, "=20+3"), (111002, "11", "2", 6, 30)])
    reading = read(formats.xlsx(rows), CONTEXT)
    assert [(problem.cell, problem.column) for problem in reading.problems] == [("O3", "Балл")]


def test_a_protocol_with_primary_scores_only_is_judged_by_the_scale():
    rows = [
        row[:-1] if len(row) > 14 else row
        for row in protocol([(111002, 9, "1", 14, 0), (111002, 9, "2", 15, 0)])
    ]
    rows[0] = ["01 - Русский язык 2022.06.07"]
    reading = read(formats.xlsx([row for row in rows if row[0] != "Минимальная граница"]), CONTEXT)
    assert reading.outcomes.select("assessment", "takers", "low").rows() == [("oge", 2, 1)]
    assert any("ГК1" in note for note in reading.notes)
