"""A questionnaire goes out as XLSForm and comes back the same; another's comes in as far as it can."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from opora.questionnaires.editions import load, shipped
from opora.questionnaires.logic import asked, checked
from opora.questionnaires.reading import FormError, read_form
from opora.questionnaires.xlsform.reading import from_xlsform
from opora.questionnaires.xlsform.sheets import read_book, write_book
from opora.questionnaires.xlsform.writing import to_xlsform
from tests.conftest import lacking
from tests.questionnaires.books import EASY, told
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
