"""A questionnaire goes out as XLSForm and comes back the same; another's comes in as far as it can."""

import io
import sys
import zipfile
from dataclasses import fields as fields_of

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from opora.questionnaires.editions import load, shipped
from opora.questionnaires.form import Every, Form, Some
from opora.questionnaires.form import Test as Says  # pytest takes a class Test for tests
from opora.questionnaires.logic import asked, checked
from opora.questionnaires.publishing import hindrances
from opora.questionnaires.reading import FormError, read_form
from opora.questionnaires.xlsform.reading import from_xlsform
from opora.questionnaires.xlsform.sheets import read_book, write_book
from opora.questionnaires.xlsform.writing import to_xlsform
from tests.conftest import lacking
from tests.questionnaires.drawn import TEXT, trial
from tests.questionnaires.made import forms
from tests.questionnaires.xpath import is_asked


def other_program():
    """Find pyxform, which reads XLSForm for ODK, Kobo and others."""
    try:
        from pyxform.xls2xform import convert
    except ImportError:
        lacking("нет pyxform: pip install -r requirements-dev.txt")
    return convert


EASY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(form: Form):
    """Give everything that a questionnaire holds, languages and scales in their order."""
    found = {field.name: getattr(form, field.name) for field in fields_of(form)}
    return found | {"scales": list(form.scales.items()), "title": list(form.title.items())}


def workbook(**sheets):
    """Draw a workbook: sheet → rows, the first is the head."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drawn(text):
    """Read a table that is drawn with bars."""
    return [[cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()]


@pytest.mark.parametrize("name", ["trial", *shipped()])
def test_what_comes_with_opora_goes_out_and_comes_back_the_same(name):
    form = trial() if name == "trial" else load(name)
    back = from_xlsform(to_xlsform(form), "form.xlsx")
    assert back.not_carried == ()
    assert told(back.form) == told(form)


@EASY
@given(forms())
def test_any_questionnaire_goes_out_and_comes_back_the_same(form):
    """Что может сказать файл анкеты, то XLSForm выносит и возвращает буква в букву."""
    back = from_xlsform(to_xlsform(form), "form.xlsx")
    assert back.not_carried == ()
    assert told(back.form) == told(form)


def as_other_programs_keep_it(form, answers):
    """Write answers as XLSForm programs hold them: texts, many options parted by blanks, -1 for «не знаю»."""
    found = {}
    for place, answer in answers.items():
        kind = form.items[place.partition(".")[0]].kind
        if answer == "dont_know" and kind in ("count", "share"):
            found[place] = "-1"
        else:
            found[place] = " ".join(answer) if isinstance(answer, list) else str(answer)
    return found


@st.composite
def forms_with_answers(draw):
    """Draw a questionnaire and answers to some of its questions."""
    form = draw(forms())
    answers = {}
    for item in form.items.values():
        unsure = ["dont_know"] if item.dont_know else []
        for place in item.places:
            if item.kind == "text" or not draw(st.booleans()):
                continue
            if item.kind == "choices":
                allowed = st.lists(st.sampled_from(item.option_names), min_size=1, unique=True)
            elif item.kind == "choice":
                allowed = st.sampled_from(item.option_names)
            else:
                least, most = item.bounds
                allowed = st.integers(least, most) | st.integers(least, min(most, least + 60))
            answers[place] = draw(allowed | st.sampled_from(unsure) if unsure else allowed)
    return form, answers


@settings(EASY, max_examples=200)
@given(forms_with_answers())
def test_other_programs_ask_what_we_ask(drawn_pair):
    """Что спросит Опора, то спросит и другая программа: пусто и «не знаю» ни одного условия не выполняют."""
    form, answers = drawn_pair
    rows = read_book(to_xlsform(form), "x.xlsx")["survey"]
    relevant = {row.get("name"): row.get("relevant") for row in rows if row.get("type") != "end_group"}
    heard, found = {}, []
    for item in form.items.values():
        if is_asked(relevant[item.name], heard):
            found.append(item.name)
            given_here = {place: answers[place] for place in item.places if place in answers}
            heard |= as_other_programs_keep_it(form, given_here)
    assert found == asked(form, answers)


UNSURE = TEXT.replace("type: choices\n", "type: choices\n        dont_know: true\n").replace(
    "type: matrix\n", "type: matrix\n        dont_know: true\n"
)
LAST = UNSURE[UNSURE.index("        asked_if:\n          any:") :]
NEVER_ANSWERED: dict[str, object] = {}


@pytest.mark.parametrize("field", ["clear", "why", "days.calm", "help.home", "missed"])
@pytest.mark.parametrize(
    "condition",
    ["is: 0", "is: 1", "is: [0, 1]", "is: [1, 2]", "is: dont_know", "is: [1, dont_know]", "is: fast",
     "is: [noise, fast]", "at_least: 0", "at_least: 1", "at_most: 0", "at_most: 1", "at_most: 9",
     "at_least: 0, at_most: 2", "at_least: -5"],
)  # fmt: skip
def test_every_condition_means_the_same_to_other_programs(field, condition):
    """Каждое условие при каждом ответе — нет ответа, «не знаю», любой из ответов — значит одно и то же."""
    text = UNSURE.replace(LAST, f"        asked_if: {{field: {field}, {condition}}}\n")
    try:
        form = read_form(text, "trial.yaml")
    except FormError:
        return  # the question has no such answer
    rows = read_book(to_xlsform(form), "x.xlsx")["survey"]
    (relevant,) = [row.get("relevant") for row in rows if row.get("name") == "part"]
    item = form.fields[field].item
    place = item.name if item.kind == "choices" else field
    answered = {
        "choice": item.option_names, "choices": (["home"], ["school"], ["home", "school"]),
    }.get(item.kind, range(5))  # fmt: skip
    for answer in (None, "dont_know", *answered):
        kept = checked(form, NEVER_ANSWERED if answer is None else {"clear": 1} | {place: answer}).answers
        ours = "part" in asked(form, kept)
        assert is_asked(relevant, as_other_programs_keep_it(form, kept)) == ours, (relevant, answer)


@pytest.mark.parametrize("said", ["=1+1", "#N/A", "_x0041_", "  ", "01", "1e5", "TRUE"])
def test_a_text_comes_back_letter_by_letter(said):
    """Что похоже на формулу, ошибку, число или знак с номером, остаётся тем текстом, каким было."""
    data = write_book({"survey": (["type", "label"], [{"type": "text", "label": said}])})
    (row,) = read_book(data, "x.xlsx")["survey"]
    assert row.get("label") == said


def test_a_text_that_has_no_room_in_a_cell_is_refused_with_its_place():
    with pytest.raises(FormError, match="строка 2"):
        write_book({"survey": (["label"], [{"label": "я" * 40_000}])})


@pytest.mark.parametrize("name", ["trial", *shipped()])
def test_other_programs_can_read_what_goes_out(name, tmp_path):
    """Вынесенную анкету принимает pyxform, которым её читают ODK, Kobo и другие."""
    convert = other_program()
    path = tmp_path / "form.xlsx"
    path.write_bytes(to_xlsform(trial() if name == "trial" else load(name)))
    made = convert(str(path))
    assert made.warnings == []
    assert "<h:html" in made.xform


@EASY
@given(forms())
def test_other_programs_can_read_any_questionnaire(form):
    convert = other_program()
    if "${" not in str(told(form)):  # in a text it means another answer, and there is no way to say otherwise
        convert(io.BytesIO(to_xlsform(form)), file_type=".xlsx")


def test_a_text_that_looks_like_a_formula_stays_a_text():
    """Текст, похожий на формулу, в таблице остаётся текстом."""
    data = to_xlsform(trial())
    book = load_workbook(io.BytesIO(data))
    assert {cell.data_type for sheet in book for row in sheet for cell in row if cell.value} == {"s"}
    assert book.sheetnames == ["survey", "choices", "settings"]


SURVEY = """
type              | name    | label               | hint      | required | relevant | constraint | appearance
start             | begun   |                     |           |          |          |            |
note              | hello   | Здравствуйте        |           |          |          |            |
select_one yesno  | likes   | Нравится школа?     | Честно    | yes      |          |            |
select_multiple w | why     | Почему?             |           |          | ${likes} = 'no' | count-selected(.) <= 2 |
integer           | age     | Сколько лет?        |           |          | selected(${why}, 'far') or ${likes} = 'yes' | . >= 6 and . < 19 |
begin group       | home    | Дом                 |           |          | ${age} > 9 and ${age} <= 16 |            |
range             | mark    | Оцени               |           |          |          |            |
text              | more    | Что ещё?            |           | true     | ${likes}='yes' and selected(${why}, 'far') |            |
end group         |         |                     |           |          |          |            |
begin group       | days    | Как часто?          |           |          |          |            | table-list
select_one often  | late    | Опаздываю           |           |          |          |            |
select_one often  | calm    | Спокойно            |           |          |          |            |
end group         |         |                     |           |          |          |            |
note              | bye     | Почти всё           |           |          |          |            |
select_one yesno  | again   | Придёшь ещё?        |           |          | ${late} = 'rare' |            |
"""  # noqa: E501
CHOICES = """
list_name | name | label
yesno     | yes  | Да
yesno     | no   | Нет
w         | far  | Далеко
w         | dull | Скучно
w         | hard | Трудно
often     | rare | Редко
often     | much | Часто
"""


def foreign(change=lambda rows: rows, choices=CHOICES, **more):
    data = workbook(survey=change(drawn(SURVEY)), choices=drawn(choices))
    return from_xlsform(data, "чужая.xlsx", **more)


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
