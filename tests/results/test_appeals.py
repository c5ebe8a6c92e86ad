"""Апелляции изменяют протокол той же загрузки; человека находит дайджест, который тут же забыт."""

import pytest

from opora.results.readers import FileRefused, read
from opora.results.readers.together import read_together
from opora.results.reading import Context
from tests.results import formats
from tests.results.formats import tail

TITLE = "12 - Обществознание 2021.06.15"
SATISFIED = "Апелляция удовлетворена"
PROTOCOL, APPEALS = Context("протокол.xlsx"), Context("апелляции.xlsx")


def protocol(pupils, title=TITLE, result="Балл"):
    return formats.xlsx(formats.ris_rows(title, pupils, result, tail(len(pupils))))


def appeals(*rows, title=TITLE):
    return formats.xlsx(formats.appeal_rows(title, rows))


PUPILS = [(111002, 11, "000001", 21, 41), (111002, 11, "000002", 21, 41), (111002, 11, "000003", 30, 60)]


def together(protocol_file, *appeal_files):
    files = [(protocol_file, PROTOCOL), *((file, APPEALS) for file in appeal_files)]
    return read_together(files)


def low_and_scores(reading):
    return reading.outcomes.select("low", "scores").row(0)


def test_an_appeal_lifts_one_of_two_pupils_with_the_same_score():
    """Балл 41 у двоих, апелляцию выиграл один: стало 22 первичных и 42, граница 42 взята."""
    changed = (111002, "4512 000001", SATISFIED, "05.07.2021 9:54:41", 41, 22, 42)
    counted, told = together(protocol(PUPILS), appeals(changed))
    assert low_and_scores(counted) == (1, [0] * 21 + [1, 1] + [0] * 7 + [1])
    assert counted.notes[-1] == "Результатов изменено по апелляциям: 1."
    assert counted.outcomes["takers"].to_list() == [3]
    assert told.outcomes.is_empty()
    assert not counted.problems
    assert not told.problems


def test_without_the_appeals_the_protocol_stands():
    assert low_and_scores(read(protocol(PUPILS), PROTOCOL))[0] == 2


def test_the_order_of_files_in_a_batch_does_not_matter():
    changed = (111002, "4512 000001", SATISFIED, "05.07.2021 9:54:41", 41, 22, 42)
    told, counted = read_together([(appeals(changed), APPEALS), (protocol(PUPILS), PROTOCOL)])
    assert told.format == "ris_appeals"
    assert low_and_scores(counted)[0] == 1


def test_a_protocol_that_shows_the_new_result_already_is_left_as_it_is():
    """Протокол выгружен после апелляции: второй раз она не применяется, чужой такой же балл не тронут."""
    already = [(111002, 11, "000001", 22, 42), *PUPILS[1:]]
    changed = (111002, "4512 000001", SATISFIED, "05.07.2021 9:54:41", 41, 22, 42)
    counted, told = together(protocol(already), appeals(changed))
    assert low_and_scores(counted)[0] == 1
    assert not counted.problems
    assert not told.problems


@pytest.mark.parametrize(
    "state",
    ["Отклонена", "Апелляция не удовлетворена", "Без изменений", "Результат не изменён", "В обработке"],
)
def test_only_a_changed_result_is_taken(state):
    changed = (111002, "4512 000001", state, "05.07.2021 9:54:41", 41, 22, 42)
    counted, told = together(protocol(PUPILS), appeals(changed))
    assert low_and_scores(counted)[0] == 2
    assert told.skipped == {"апелляция не изменила результат": 1}


@pytest.mark.parametrize("state", [SATISFIED, "Результат изменён", "Частично удовлетворена"])
def test_satisfied_and_changed_states_are_taken(state):
    changed = (111002, "4512 000001", state, "05.07.2021 9:54:41", 41, 22, 42)
    assert low_and_scores(together(protocol(PUPILS), appeals(changed))[0])[0] == 1


def test_a_second_change_follows_the_first_whatever_the_order_of_rows():
    second = (111002, "4512 000001", SATISFIED, "09.07.2021 10:00:00", 42, 20, 40)
    first = (111002, "4512 000001", SATISFIED, "05.07.2021 9:54:41", 41, 22, 42)
    counted, told = together(protocol(PUPILS), appeals(second, first))
    assert low_and_scores(counted) == (2, [0] * 20 + [1, 1] + [0] * 8 + [1])
    assert not told.problems


def test_a_score_that_is_neither_before_nor_after_is_told_by_its_cell():
    changed = (111002, "4512 000003", SATISFIED, "05.07.2021 9:54:41", 41, 22, 42)
    counted, _told = together(protocol(PUPILS), appeals(changed))
    assert [(problem.cell, problem.column) for problem in counted.problems] == [("O5", "Балл")]
    assert low_and_scores(counted)[0] == 2


@pytest.mark.parametrize(
    "changed",
    [
        (111002, "4512 000009", SATISFIED, "05.07.2021", 41, 22, 42),
        (111003, "4512 000001", SATISFIED, "05.07.2021", 41, 22, 42),
    ],
    ids=["another document", "another school"],
)
def test_an_appeal_that_finds_nobody_is_told_in_its_own_file(changed):
    counted, told = together(protocol(PUPILS), appeals(changed))
    assert [problem.cell for problem in told.problems] == ["4"]
    assert low_and_scores(counted)[0] == 2


def test_an_appeal_of_another_exam_finds_nobody():
    changed = (111002, "4512 000001", SATISFIED, "05.07.2021", 41, 22, 42)
    counted, told = together(protocol(PUPILS), appeals(changed, title="06 - Биология 2021.06.15"))
    assert low_and_scores(counted)[0] == 2
    assert len(told.problems) == 1


def test_appeals_alone_say_that_they_need_their_protocol():
    changed = (111002, "4512 000001", SATISFIED, "05.07.2021", 41, 22, 42)
    assert read(appeals(changed), APPEALS).problems[0].what == (
        "Апелляции изменяют протокол, а его в загрузке нет."
    )
    rejected = (111002, "4512 000001", "Отклонена", "05.07.2021", 41, 41, 41)
    assert not read(appeals(rejected), APPEALS).problems


def test_documents_written_in_one_cell_and_in_two_agree_even_without_leading_zeros():
    """Серия 0412 и номер 000007 в книге стали числами 412 и 7."""
    rows = formats.ris_rows(TITLE, [(111002, 11, 7, 21, 41)], "Балл", tail(1))
    rows[2][9] = 412
    changed = (111002, "0412 000007", SATISFIED, "05.07.2021", 41, 22, 42)
    counted, told = together(formats.xlsx(rows), appeals(changed))
    assert low_and_scores(counted)[0] == 0
    assert not told.problems


def test_foreign_documents_are_found_too():
    rows = formats.ris_rows(TITLE, [(111002, 11, "ab 77-1", 21, 41)], "Балл", tail(1))
    rows[2][9] = None
    changed = (111002, "AB 77-1", SATISFIED, "05.07.2021", 41, 22, 42)
    counted, told = together(formats.xlsx(rows), appeals(changed))
    assert low_and_scores(counted)[0] == 0
    assert not told.problems


def test_marks_change_by_appeals_too():
    pupils = [(111002, 9, "000001", 14, 2), (111002, 9, "000002", 20, 3)]
    title = "01 - Русский язык 2022.06.07"
    changed = (111002, "4512 000001", SATISFIED, "05.07.2022", 2, 15, 3)
    counted, _told = together(protocol(pupils, title, "Оценка"), appeals(changed, title=title))
    assert counted.outcomes.select("low", "mark2", "mark3").row(0) == (0, 0, 2)
    impossible = (111002, "4512 000001", SATISFIED, "05.07.2022", 2, 15, 33)
    counted, _told = together(protocol(pupils, title, "Оценка"), appeals(impossible, title=title))
    assert [problem.column for problem in counted.problems] == ["Оценка"]


def test_wrong_cells_of_appeals_are_told_in_one_pass():
    wrong = ("нет", None, SATISFIED, "05.07.2021", "много", 22, 420)
    _counted, told = together(protocol(PUPILS), appeals(wrong))
    assert {problem.column for problem in told.problems} == {
        "Код ОО",
        "Документ",
        "Балл до изменения",
        "Балл",
    }


def test_a_refused_file_does_not_stop_the_batch():
    refused, counted = read_together([(b"", APPEALS), (protocol(PUPILS), PROTOCOL)])
    assert isinstance(refused, FileRefused)
    assert counted.rows == 3


def test_a_batch_may_hold_files_of_other_formats():
    changed = (111002, "4512 000001", SATISFIED, "05.07.2021", 41, 22, 42)
    vpr = formats.xlsx(formats.vpr_2020_rows([("sch224208", "5А", 1, [1, 1, 1], 3)]))
    _counted, _told, other = read_together(
        [(protocol(PUPILS), PROTOCOL), (appeals(changed), APPEALS), (vpr, Context("Mat5.xlsx"))]
    )
    assert other.format == "vpr_2020"
    assert other.rows == 1


def test_a_batch_larger_than_the_room_for_opened_files_reads_the_same(monkeypatch):
    from opora.results.readers import together as module

    changed = (111002, "4512 000001", SATISFIED, "05.07.2021 9:54:41", 41, 22, 42)
    monkeypatch.setattr(module, "KEPT_BYTES", 1)
    counted, told = together(protocol(PUPILS), appeals(changed))
    assert low_and_scores(counted)[0] == 1
    assert not told.problems


def test_files_of_a_folder_are_read_as_well_as_their_bytes(tmp_path):
    path = tmp_path / "протокол.xlsx"
    path.write_bytes(protocol(PUPILS))
    (reading,) = read_together([(path, PROTOCOL)])
    assert reading.rows == 3
