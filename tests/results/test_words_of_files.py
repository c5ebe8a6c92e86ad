"""Как читаются отдельные слова файлов: заголовки, числа, классы, логины, названия экзаменов, документы."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.results.readers.appeals import Appeal, Appeals
from opora.results.readers.book import Sheet, open_book
from opora.results.readers.headings import (
    HEADER_DEPTH,
    Header,
    grade_of_class,
    header_with,
    normal,
    titles_above,
    whole,
)
from opora.results.readers.place import Place
from opora.results.readers.problems import Problems
from opora.results.readers.ris import (
    blocks,
    document_columns,
    document_of,
    exam_in,
    number_in,
    school_code,
    tail_of,
    within,
)
from opora.results.readers.ris_appeals import _changes, _moment
from opora.results.readers.vpr import limits_of
from opora.results.readers.written import Written, login_in, login_of
from tests.results import formats


def header(*names: str) -> Header:
    return Header(0, names, tuple(map(normal, names)))


def sheet(rows) -> Sheet:
    return open_book(formats.xlsx(rows), "x").sheets[0]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Наименование\nкласса", "наименование класса"),
        ("  ПЕРВИЧНЫЙ   балл ", "первичный балл"),
        ("Задания с развёрнутым ответом", "задания с развернутым ответом"),
        (5, "5"),
        (None, ""),
    ],
)
def test_a_heading_is_compared_without_breaks_case_and_yo(written, plain):
    assert normal(written) == plain


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (12, 12),
        (12.0, 12),
        ("12", 12),
        (" 12 ", 12),
        ("12,0", 12),
        ("12.00", 12),
        ("+3", 3),
        ("-3", -3),
        ("007", 7),
        (12.5, None),
        ("12,5", None),
        ("двенадцать", None),
        ("12 баллов", None),
        ("", None),
        (None, None),
        (True, None),
        ("1e3", None),
        ("4512987654", None),  # longer than any score: never taken for one
    ],
)
def test_a_whole_number_is_read_and_nothing_else(cell, number):
    assert whole(cell) == number


@given(st.integers(-999_999_999, 999_999_999))
def test_any_whole_number_is_read_however_it_is_written(number):
    assert {whole(number), whole(float(number)), whole(str(number)), whole(f"{number},0")} == {number}


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        ("5А", 5),
        ("11 б", 11),
        (5, 5),
        ("10-1", 10),
        ("А5", None),
        ("", None),
        (None, None),
        ("99", None),
        ("123", None),
    ],
)
def test_a_class_begins_with_its_grade(cell, grade):
    assert grade_of_class(cell) == grade


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ("sch224208", "sch224208"),
        ("edu224208", "sch224208"),
        ("EDU224208", "sch224208"),
        (" sch77171506 ", "sch77171506"),
        ("sch22420", ""),
        ("sch123456789", ""),
        ("школа", ""),
        (224208, ""),
        (None, ""),
        ("sch22420а", ""),
    ],
)
def test_a_login_is_sch_and_six_to_eight_digits(text, login):
    assert login_of(text) == login


@given(st.from_regex(r"(sch|edu)[0-9]{6,8}", fullmatch=True))
def test_every_right_login_is_taken_and_found_inside_a_name(login):
    assert login_of(login) == "sch" + login[3:]
    assert login_in(f"МБОУ «Школа» ({login})") == "sch" + login[3:]


@pytest.mark.parametrize(
    ("grade", "autumn", "programme"),
    [(5, True, 4), (9, True, 8), (11, True, 11), (10, True, 10), (5, False, 5), (9, False, 9)],
)
def test_in_autumn_the_programme_is_of_the_grade_before_except_for_the_oldest(grade, autumn, programme):
    assert Written(2020, "maths", grade, autumn, "").programme(grade) == programme


def test_headings_are_looked_for_near_the_top_only():
    deep = [["строка"]] * (HEADER_DEPTH - 1) + [["Код ОО", "Балл"]]
    assert header_with(sheet(deep), "код оо").row == HEADER_DEPTH - 1
    assert header_with(sheet([["строка"], *deep]), "код оо") is None


def test_lines_above_a_table_are_titles():
    page = sheet([["ВПР 2022.", "5 класс"], [None], ["Предмет: Математика"], ["Код ОО", "Балл"]])
    assert titles_above(page.iter_rows(), header_with(page, "код оо")) == [
        "ВПР 2022. 5 класс",
        "Предмет: Математика",
    ]


@pytest.mark.parametrize(
    ("headings", "limits"),
    [
        (["1 (2)", "2 (3)"], {0: 2, 1: 3}),
        (["1 (2 балла)", "1 (3 б.)"], {0: 2, 1: 3}),
        (["1 (макс. 2)", "2 (max 12)"], {0: 2, 1: 12}),
        (["1 (1)", "1 (2)", "2 (4)"], {2: 4}),
        (["1 (К1)", "1 (К2)"], {}),
        (["1", "2"], {}),
    ],
)
def test_brackets_of_a_task_tell_its_most_points(headings, limits):
    assert limits_of(header(*headings), range(len(headings))) == limits


@pytest.mark.parametrize(
    ("title", "subject", "dates"),
    [
        ("01 - Русский язык 2022.06.23", "russian", ("2022.06.23",)),
        ("22 - Математика базовая 2022.06.27", "maths_basic", ("2022.06.27",)),
        ("25 - Информатика и ИКТ (КЕГЭ) 2021.06.24", "informatics", ("2021.06.24",)),
        ("1-Русский язык   2022.06.23", "russian", ("2022.06.23",)),
        ("Английский язык п:2022.06.14; у:2022.06.16", "english", ("2022.06.14", "2022.06.16")),
        ("Немецкий язык п.: 2021.06.18, у.: 2021.06.21", "german", ("2021.06.18", "2021.06.21")),
        ("Протокол\n12 - Обществознание 2021.06.15", "social_studies", ("2021.06.15",)),
    ],
)
def test_the_title_of_an_exam_is_found_in_any_cell(title, subject, dates):
    exam = exam_in([None] * 7 + [title])
    assert (exam.subject, exam.dates, exam.year) == (subject, dates, int(dates[0][:4]))


@pytest.mark.parametrize(
    "text",
    [
        "Русский язык",
        "01 - Русский язык",
        "2022.06.23",
        "01 Русский язык 2022.06.23",
        "1 - Русский 22.06.2022",
    ],
)
def test_what_is_not_a_title_is_not_taken_for_one(text):
    assert exam_in([text, 5, None]) is None


@given(st.integers(1, 99), st.dates())
def test_any_code_and_date_make_a_title(code, day):
    exam = exam_in([f"{code:02d} - Физика {day.year:04d}.{day:%m.%d}"])
    assert (exam.code, exam.subject, exam.year) == (code, "physics", day.year)


@pytest.mark.parametrize(
    ("code", "subject", "differs"),
    [
        (1, "Русский язык", False),
        (2, "Математика", False),
        (9, "Обществознание", True),
        (99, "Физика", False),
    ],
)
def test_a_code_that_means_another_subject_is_noticed(code, subject, differs):
    assert exam_in([f"{code} - {subject} 2022.06.01"]).code_differs == differs


@pytest.mark.parametrize(
    ("row", "tail", "number"),
    [
        (["Средние", None, 6, None, 39], "средние", 6),
        ([None, "Минимальная граница", "24"], "минимальная граница", 24),
        (["Всего участников:", None, 1], "всего участников", 1),
        ([1, "Минимальная граница"], "", 1),
        ([None, None], "", None),
    ],
)
def test_tail_rows_are_known_by_their_first_word(row, tail, number):
    assert tail_of(row) == tail
    assert number_in(row) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (111002, "111002"),
        ("111002", "111002"),
        (21001, "021001"),
        (7, "000007"),
        (0, ""),
        (1234567, ""),
        ("1а", ""),
        (None, ""),
    ],
)
def test_a_schools_code_is_printed_with_six_digits(cell, code):
    assert school_code(cell) == code


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (["а", None, "б", None], "а"),
        ([None, "а", "б", None], "а"),
        ([None, None, "б", None], None),
        (["а"], "а"),
        ([], None),
    ],
)
def test_a_cell_under_a_merged_heading_is_found_up_to_the_next_heading(row, value):
    assert within(row, header("Код ОО", "", "Класс", ""), 0) == value


@pytest.mark.parametrize(
    ("headings", "row", "document"),
    [
        (("Серия", "Номер"), ["4512", "987654"], "4512987654"),
        (("Серия", "Номер"), [412, 7], "0412000007"),
        (("Серия", "Номер"), [None, "987654"], "987654"),
        (("Документ",), ["4512 987654"], "4512987654"),
        (("Документ",), ["45 12 987654"], "4512987654"),
        (("Документ",), ["ab 77-1"], "AB77-1"),
        (("Документ",), [None], ""),
        (("Класс",), ["11"], ""),
    ],
)
def test_documents_agree_however_they_are_written(headings, row, document):
    names = header(*headings)
    assert document_of(row, names, document_columns(names)) == document


def test_rows_of_a_protocol_are_told_apart():
    rows = formats.ris_rows(
        "01 - Русский язык 2022.06.23", [(111002, 11, "1", 6, 23)], "Балл", formats.tail(1, 24)
    )
    assert [kind for _number, kind, _row in blocks(rows)] == [
        "title",
        "header",
        "row",
        "tail",
        "tail",
        "tail",
    ]


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        ("Апелляция удовлетворена", True),
        ("Частично удовлетворена", True),
        ("Результат изменён", True),
        ("ИЗМЕНЕН", True),
        ("Апелляция не удовлетворена", False),
        ("Результат не изменён", False),
        ("Без изменения баллов", False),
        ("Отклонена", False),
        ("Отправлена на обработку", False),
        (None, False),
    ],
)
def test_the_state_of_an_appeal_tells_whether_the_result_changed(state, changes):
    assert _changes(state) is changes


def test_moments_of_changes_sort_as_time_goes():
    written = ["05.07.2021 9:54:41", "05.07.2021 10:00:00", "06.07.2021", "01.08.2021 00:00", "01.01.2022"]
    moments = [_moment(one) for one in written]
    assert moments == sorted(moments)
    assert _moment("вчера") == ()


def test_appeals_know_a_person_by_exam_school_and_document_together():
    appeals = Appeals()
    one = Appeal("", "4", 41, 22, 42, ())
    appeals.add(("russian", "2022.06.23"), "111002", "4512987654", one)
    assert appeals.of(("russian", "2022.06.23"), "111002", "4512987654") == [one]
    assert appeals.of(("russian", "2022.06.24"), "111002", "4512987654") == []
    assert appeals.of(("russian", "2022.06.23"), "111003", "4512987654") == []
    assert appeals.of(("russian", "2022.06.23"), "111002", "4512987655") == []
    assert appeals.unmet(0) == [one]
    assert appeals.unmet(1) == []


def test_a_place_tells_the_cell_and_what_is_allowed_and_nothing_of_the_value():
    page = sheet([["Код", "Отметка"], [1, "двойка"]])
    problems = Problems()
    place = Place(page, header_with(page, "код", "отметка"), problems)
    assert place.mark(1, 1, "двойка") is None
    assert place.number(1, 0, "один", 9, "Не число.") is None
    assert place.mark(1, 1, 0) == 0
    assert place.number(1, 0, "9", 9, "Не число.") == 9
    told = [(problem.sheet, problem.cell, problem.column) for problem in problems.told()]
    assert told == [("Лист1", "B2", "Отметка"), ("Лист1", "A2", "Код")]
    assert "двойка" not in str(problems.told())


def test_a_place_knows_whom_it_has_met():
    page = sheet([["Код"]])
    problems = Problems()
    place = Place(page, header_with(page, "код"), problems)
    assert place.repeated(1, [5], ("1",), 0) is False
    assert place.repeated(2, [5], ("1",), 0) is True
    assert place.repeated(3, [5], ("2",), 0) is False
    assert place.repeated(4, [6], ("1",), 0) is None
    assert [problem.cell for problem in problems.told()] == ["A5"]
    assert all(isinstance(number, int) for pair in place.seen.items() for number in pair)


def test_a_joint_title_that_a_csv_without_quotes_has_cut_is_put_together():
    exam = exam_in([None, "Английский язык п:2022.06.14", None, "у:2022.06.16"])
    assert (exam.subject, exam.dates) == ("english", ("2022.06.14", "2022.06.16"))
    assert exam_in(["Фамилия", "Имя"]) is None
