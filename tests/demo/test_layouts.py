"""The files of the demo have the shape that the real ones have: headings, layouts, tails, traps."""

import csv
import io
import re
from itertools import pairwise

import pytest
from python_calamine import CalamineWorkbook

from opora.demo.exams import exams
from opora.demo.gia_files import SERIES, file_appeals, people, protocol, settle
from opora.demo.registry_files import HEADINGS, write_schools
from opora.demo.sittings import hold
from opora.demo.vpr_files import slipped

TITLE = re.compile(r"^\d+\s*-\s*.+\s\d{4}\.\d{2}\.\d{2}")


def sheet(path) -> list[list]:
    """The rows of the first sheet."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def files(built, folder: str, word: str = "", ending: str = "") -> list:
    """The files of a folder whose names hold a word and end so."""
    return [
        path
        for path in built.results
        if path.parent.name == folder and word in path.name and path.name.endswith(ending)
    ]


def protocols(built, layout: int) -> list[list]:
    """A workbook of ЕГЭ of the municipality with the given number in the order of layouts."""
    place = built.region.municipalities[layout]
    return sheet(built.folder / "ЕГЭ 2019" / f"ЕГЭ 2019 {place.msu}.xlsx")


def test_a_dense_sheet_holds_several_exams_one_under_another(built):
    """Плотный протокол: несколько экзаменов на листе, у каждого название, заголовки и хвост."""
    rows = protocols(built, 1)
    titles = [row[0] for row in rows if TITLE.match(str(row[0]))]
    assert len(titles) >= 3
    assert sum(row[0] == "№" for row in rows) >= len(titles)
    for tail in ("Средние", "Минимальная граница", "Всего участников"):
        assert sum(row[0] == tail for row in rows) >= len(titles)


def test_a_sparse_sheet_has_empty_columns_and_its_title_in_the_eighth(built):
    """Разреженный протокол: название в восьмом столбце, между столбцами пусто."""
    rows = protocols(built, 2)
    titled = [row for row in rows if TITLE.match(str(row[7]))]
    assert titled
    assert all(cell in ("", None) for row in titled for cell in row[:7])
    head = next(row for row in rows if "Код ОО" in row)
    places = [i for i, cell in enumerate(head) if cell]
    assert min(b - a for a, b in pairwise(places)) >= 2


def test_a_language_exam_has_two_days_and_its_oral_part(built):
    """Иностранный язык: даты письменной и устной части в названии, устная часть — отдельные столбцы."""
    path = built.folder / "ЕГЭ 2019" / "ЕГЭ 2019 101.csv"
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("cp1251")), delimiter=";"))
    place = next(i for i, row in enumerate(rows) if row and row[0].startswith("09 - Английский"))
    assert re.search(r"п:\d{4}\.\d\d\.\d\d; у:\d{4}\.\d\d\.\d\d$", rows[place][0])
    assert {"Устная часть", "Первичный балл устной части"} <= set(rows[place + 1])
    head = {name: i for i, name in enumerate(rows[place + 1])}
    pupil = rows[place + 2]
    spoken, written = (
        int(pupil[head[f"Первичный балл {part}"]]) for part in ("устной части", "письм. части")
    )
    assert spoken + written == int(pupil[head["Первичный балл"]])


def test_answers_of_a_protocol_add_up_to_the_primary_score(region):
    """Плюсы и цифры кратких ответов и баллы развёрнутых вместе дают первичный балл."""
    place = region.municipalities[4]
    for key in (("oge", "russian", 9), ("oge", "maths", 9), ("ege", "maths_profile", 11)):
        one = protocol(region, place, hold(region, exams()[key], 2019))
        assert one.lines
        for line in one.lines:
            short, extended, primary = (str(cell) for cell in line[11:14])
            told = short.count("+") + sum(int(sign) for sign in short if sign.isdigit())
            assert told + sum(int(point) for point in re.findall(r"(\d)\(\d\)", extended)) == int(primary)


def test_documents_of_an_exam_do_not_repeat_and_are_nobodys(region):
    """Номера документов в одном экзамене не повторяются по всему региону; серии такой не бывает."""
    sitting = hold(region, exams()["ege", "russian", 11], 2019)
    numbers = [
        person.number
        for place in region.municipalities
        for person in people(region, place, sitting, sum(len(sitting.rows(s)) for s in region.of(place)))
    ]
    assert len(numbers) == len(set(numbers)) == len(sitting.school)
    assert set(SERIES) == {"0"}


@pytest.mark.parametrize("key", [("oge", "maths", 9), ("ege", "maths_profile", 11)])
def test_an_appeal_raises_a_low_result_and_settles_the_count(region, key):
    """Удовлетворённая апелляция поднимает до минимума, и низких становится ровно на столько меньше."""
    sitting = hold(region, exams()[key], 2019)
    for place in region.municipalities:
        low = int(sitting.low.sum())
        appeals = file_appeals(region, place, sitting)
        settle(sitting, appeals)
        assert int(sitting.low.sum()) == low - len(appeals)
        assert all(appeal.before < appeal.after == sitting.exam.bounds[0] for appeal in appeals)


def test_autumn_2020_says_its_subject_in_the_name_and_drops_the_sum_of_the_absent(built):
    """Осень 2020: предмет только в имени файла; у отсутствовавшего нет суммы."""
    path = files(built, "ВПР 2020", "Mat5")[0]
    head, *rows = sheet(path)
    assert head[:7] == ["user", "klass", "code", "gender", "otc", "var-1", "var-2"]
    assert head[-2:] == ["Учебник", "sum"]
    absent = [row for row in rows if row[5] == "отсутствовал"]
    assert absent
    assert all(row[-1] == "" for row in absent)


def test_rows_that_have_slipped_put_points_under_the_textbook(built):
    """2021 год: в сдвинутых строках под «Учебником» стоит балл; они есть, и их мало."""
    head, *rows = sheet(files(built, "ВПР 2021", ending=".xlsx")[0])
    under = [row[head.index("Учебник")] for row in rows]
    numbers = [cell for cell in under if isinstance(cell, float)]
    assert 0 < len(numbers) < len(rows) / 10
    assert all(0 <= number <= 4 for number in numbers)


def test_slipped_rows_are_of_pupils_who_wrote(region):
    """Сдвинуться может только строка того, кто писал."""
    sitting = hold(region, exams()["vpr", "maths", 5], 2021)
    assert not (slipped(sitting) & ~sitting.present).any()
    assert slipped(sitting).any()


def test_logins_of_2022_begin_with_edu(built):
    """С 2022 года логины выгрузок начинаются с edu."""
    book = CalamineWorkbook.from_path(str(files(built, "ВПР 2022")[0]))
    assert book.sheet_names == ["Протокол"]
    _head, *rows = book.get_sheet_by_index(0).to_python()
    assert all(re.fullmatch(r"edu99\d{4}", row[0]) for row in rows)


def test_the_school_form_breaks_its_headings_and_marks_what_was_not_answered(built):
    """Форма школы: переносы в заголовках, «Х» там, где ответа нет, школы внутри файла нет."""
    head, *rows = sheet(files(built, "Формы школ", "Русский")[0])
    assert head[0] == "Код\nучастника"
    assert re.fullmatch(r"1\n\(\d+\)", head[2])
    assert any(cell == "Х" for row in rows for cell in row)
    assert not any("sch" in str(cell) for row in [head, *rows] for cell in row)


def test_one_of_two_subjects_falls_to_a_school_by_lot(built):
    """История и биология достались не всем: у кого-то нет одной, у кого-то другой."""
    history, biology = (
        {path.name.split()[0] for path in files(built, "Формы школ", subject)}
        for subject in ("История", "Биология")
    )
    assert history - biology
    assert biology - history


def test_percents_of_the_report_add_up_and_the_region_stands_first(built):
    """«Статистика по отметкам»: сначала регион, потом муниципалитет, потом школы; проценты дают сто."""
    rows = sheet(files(built, "ФИС ОКО 2023")[0])
    assert rows[3][:3] == ["Группы участников", "Кол-во ОО", "Кол-во участников"]
    assert rows[4][0] == built.region.name
    assert rows[5][0] == built.region.municipalities[0].name
    for row in rows[4:]:
        assert sum(row[3:7]) == pytest.approx(100, abs=0.05)


def test_the_register_says_every_code_as_text(region, tmp_path):
    """Коды в реестре — текст: ни один ноль не потеряется."""
    write_schools(tmp_path / "школы.xlsx", region)
    head, *rows = sheet(tmp_path / "школы.xlsx")
    assert tuple(head) == HEADINGS
    assert len(rows) == len(region.schools)
    for name in ("Логин ВПР", "Код ОО", "ИНН", "ОГРН", "ОКТМО", "Код МСУ"):
        assert all(isinstance(row[head.index(name)], str) for row in rows)
