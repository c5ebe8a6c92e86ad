"""Workbooks that other programs wrote, and those that cannot be read."""

import io
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.questionnaires.form import Every, Some
from opora.questionnaires.form import Test as Says  # pytest takes a class Test for tests
from opora.questionnaires.logic import asked
from opora.questionnaires.publishing import hindrances
from opora.questionnaires.reading import FormError
from opora.questionnaires.xlsform.reading import from_xlsform
from opora.questionnaires.xlsform.writing import to_xlsform
from tests.questionnaires.books import CHOICES, EASY, drawn, foreign, workbook
from tests.questionnaires.drawn import trial


def test_a_workbook_of_another_program_comes_in():
    """Чужая анкета читается: выбор, числа, таблица, пояснения, группы, условия."""
    found = foreign(audience="pupil", year=2025)
    form = found.form
    assert {name: item.kind for name, item in form.items.items()} == {
        "likes": "choice", "why": "choices", "age": "count", "mark": "count", "more": "text",
        "days": "matrix", "again": "choice",
    }  # fmt: skip
    assert (form.audience, form.year, form.languages) == ("pupil", 2025, ("ru",))
    assert form.items["likes"].required and form.items["likes"].help == {"ru": "Честно"}
    assert form.items["why"].asked_if == Says("likes", ("no",)) and form.items["why"].most == 2
    assert form.items["age"].asked_if == Some((Says("why.far", (1,)), Says("likes", ("yes",))))
    assert (form.items["age"].least, form.items["age"].most) == (6, 18)
    group = Says("age", at_least=10, at_most=16)
    assert form.items["mark"].asked_if == group and form.items["mark"].most == 10
    own = Every((Says("likes", ("yes",)), Says("why.far", (1,))))
    assert form.items["more"].asked_if == Every((group, own))
    assert [row.name for row in form.items["days"].rows] == ["late", "calm"]
    assert form.items["again"].asked_if == Says("days.late", (1,))
    assert [page.text.get("ru", "") for page in form.pages] == ["Здравствуйте", "", "", "Почти всё"]
    assert form.pages[1].title == {"ru": "Дом"}


def test_what_another_workbook_records_of_people_is_left_out_and_told():
    """Чужая анкета записывала, когда отвечали: это не переносится, и сказано, где стояло."""
    (said,) = foreign().not_carried
    assert "лист «survey», строка 2" in said and "кто, где и когда" in said


def test_what_another_workbook_promises_nobody_is_not_promised_by_us():
    """О чём файл молчит — добровольность, цель, основание, — того нет, и публиковать такую анкету нельзя."""
    form = foreign(audience="teacher").form
    assert not form.voluntary and not form.anonymous
    assert len(hindrances(form)) >= 7


def test_a_foreign_questionnaire_asks_as_it_did():
    form = foreign().form
    assert asked(form, {"likes": "yes"}) == ["likes", "age", "days"]
    assert asked(form, {"likes": "no", "why": ["far"], "age": 12, "days.late": 1}) == [
        "likes", "why", "age", "mark", "days", "again",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "value", "place", "said"),
    [
        (4, 0, "geopoint", 5, "geopoint"),
        (4, 0, "select_one_from_file", 5, "select_one_from_file"),
        (3, 0, "select_one nolist", 4, "nolist"),
        (3, 0, "select_one yesno or_other", 4, "or_other"),
        (4, 1, "why not", 5, "why not"),
        (4, 1, "likes", 5, "уже есть"),
        (4, 5, "${likes} != 'no'", 5, "не выразить"),
        (4, 5, "${ghost} = 1", 5, "ghost"),
        (4, 5, "${likes} = 'maybe'", 5, "maybe"),
        (4, 5, "count(${likes}) > 1 div 2", 5, "не выразить"),
        (4, 5, "((((", 5, "не выразить"),
        (4, 5, "not(selected(${likes}, 'no'))", 5, "не выразить"),
        (5, 6, "regex(., '[0-9]+')", 6, "не выразить"),
        (5, 6, ". > 200000", 6, "от 0 до"),
        (4, 6, "count-selected(.) <= 9", 5, "от 0 до 3"),
        (5, 4, "${likes} = 'no'", 6, "обязательность"),
        (2, 5, "${likes} = 'no'", 3, "пояснения"),
        (11, 5, "${likes} = 'no'", 12, "строки таблицы"),
        (11, 4, "yes", 11, "часть строк"),
        (6, 0, "begin repeat", 7, "repeat"),
        (3, 2, None, 4, "label"),
    ],
)
def test_what_cannot_be_said_is_told_by_sheet_and_row(row, column, value, place, said):
    """Чего анкета выразить не может, названо: лист, строка и что именно; остальное перенесено."""

    def change(rows):
        rows[row] = [value if number == column else cell for number, cell in enumerate(rows[row])]
        return rows

    found = foreign(change)
    assert any(f"лист «survey», строка {place}:" in one and said in one for one in found.not_carried), (
        found.not_carried
    )
    assert found.form.items


def test_a_list_of_answers_and_a_column_that_cannot_be_held_are_told():
    found = foreign(choices=CHOICES.replace("yesno     | no ", "yesno     | нет ") + "w | far | Ещё раз\n")
    assert any("нет" in one and "likes" not in found.form.items for one in found.not_carried)
    assert any("лист «choices», строка 9" in one for one in found.not_carried)
    found = foreign(
        lambda rows: [[*row, None if number else "media::image"] for number, row in enumerate(rows)]
    )
    assert len(found.not_carried) == 1
    found = foreign(
        lambda rows: [[*row, {0: "calculation", 3: "1"}.get(number)] for number, row in enumerate(rows)]
    )
    assert any("calculation" in one and "строка 4" in one for one in found.not_carried)


def test_several_languages_come_in_and_what_lacks_in_one_is_told():
    """Языки читаются из заголовков; где перевода нет, взят другой язык, и это сказано."""
    survey = drawn("""
        type    | name | label::Русский (ru) | label::English (en) | label::Klingon
        integer | a    | Сколько?            | How many?           | yIr
        text    | b    | Что?                |                     |
    """)
    found = from_xlsform(workbook(survey=survey), "две.xlsx")
    assert found.form.languages == ("ru", "en")
    assert found.form.items["a"].text == {"ru": "Сколько?", "en": "How many?"}
    assert found.form.items["b"].text == {"ru": "Что?", "en": "Что?"}
    assert any("Klingon" in one for one in found.not_carried)
    assert any("строка 3" in one and "«en»" in one for one in found.not_carried)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"type,name\ntext,a", workbook(other=[["a"]]), workbook(survey=[["type"]])]
)
def test_what_is_no_xlsform_is_refused_in_words(data):
    with pytest.raises(FormError, match=r"чужая\.xlsx"):
        from_xlsform(data, "чужая.xlsx")


def test_a_workbook_with_nothing_to_ask_is_refused_with_its_faults():
    data = workbook(survey=[["type", "name"], ["geopoint", "where"]])
    with pytest.raises(FormError) as refused:
        from_xlsform(data, "чужая.xlsx")
    assert len(refused.value.faults) == 2


CELLS = st.sampled_from(
    ["", "begin group", "end group", "begin_repeat", "end_repeat", "note", "text", "integer", "range", "a",
     "select_one l", "select_multiple l", "${a} = 1", "selected(${b}, 'x')", "(", ". > 1", "yes", "b", "l",
     "table-list", "start=1 end=5", "dont_know", "matrix", "agreement", "opora.page.1", "opora.about", "1",
     "x", "${a}"]
) | st.text(max_size=6, alphabet=st.characters(min_codepoint=32, max_codepoint=0x4FF))  # fmt: skip


@EASY
@given(
    st.lists(st.lists(CELLS, min_size=10, max_size=10), max_size=12),
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
)
def test_no_workbook_breaks_the_reader(rows, choices):
    """Что бы ни стояло в таблице, читатель отвечает анкетой или словами."""
    head = [
        "type",
        "name",
        "label",
        "hint",
        "required",
        "relevant",
        "constraint",
        "appearance",
        "parameters",
        "opora_type",
    ]
    data = workbook(survey=[head, *rows], choices=[["list_name", "name", "label"], *choices])
    try:
        form = from_xlsform(data, "чужая.xlsx").form
    except FormError:
        return
    assert set(asked(form, {})) <= set(form.items)
    again = from_xlsform(to_xlsform(form), "снова.xlsx").form
    assert list(again.items) == list(form.items)


def test_deep_brackets_are_refused_not_followed():
    found = foreign(
        lambda rows: [*rows[:4], [*rows[4][:5], "(" * 4000 + "1" + ")" * 4000, *rows[4][6:]], *rows[5:]]
    )
    assert any("не выразить" in one for one in found.not_carried)
    assert sys.getrecursionlimit() < 5000


def test_a_workbook_with_macros_is_refused_in_words():
    """Книга с макросами не читается: сказано, как её сохранить."""
    data = io.BytesIO(to_xlsform(trial()))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x01")
    with pytest.raises(FormError, match="макросы"):
        from_xlsform(data.getvalue(), "book.xlsm")


def test_a_part_that_is_larger_than_it_says_is_not_unpacked():
    """Архив, который лжёт о размере своей части, отклонён до того, как его развернут."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    data = bytearray(out.getvalue())
    assert len(data) < 1_000_000
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the sizes that both heads of it say
        at = data.index(mark) + place
        data[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(FormError, match="не таблица Excel"):
        from_xlsform(bytes(data), "book.xlsx")
