"""A questionnaire is written as text and read back the same; a draft may leave things unsaid."""

from dataclasses import replace

import pytest
from hypothesis import given

from opora.questionnaires.editions import load, shipped
from opora.questionnaires.publishing import hindrances, placed_hindrances
from opora.questionnaires.reading import FormError, read_form
from opora.questionnaires.writing import written
from opora.questionnaires.xlsform.places import placed
from opora.questionnaires.xlsform.reading import from_xlsform
from opora.questionnaires.xlsform.writing import to_xlsform
from tests.questionnaires.books import EASY, drawn, told, workbook
from tests.questionnaires.made import forms


@EASY
@given(forms())
def test_any_questionnaire_is_written_and_read_back_the_same(form):
    """Записано и прочитано — то же самое: и анкета, и её текст."""
    text = written(form)
    again = read_form(text, "written.yaml")
    assert told(again) == told(form)
    assert written(again) == text


@pytest.mark.parametrize("name", shipped())
def test_those_that_come_with_opora_survive_both_journeys(name):
    """Наша анкета → XLSForm → анкета → текст → анкета: ничего не потеряно."""
    brought = from_xlsform(to_xlsform(load(name)), "book.xlsx")
    assert told(read_form(written(brought.form), "written.yaml")) == told(load(name))


FOREIGN = """
    type             | name | label
    begin_group      | p    |
    select_one yn    | a    | Нравится?
    integer          | b    | Сколько?
    end_group        |      |
"""


def foreign():
    """A workbook that another program wrote: nothing is said of whom it asks and why."""
    choices = "list_name | name | label\nyn | y | да\nyn | n | нет"
    return from_xlsform(workbook(survey=drawn(FOREIGN), choices=drawn(choices)), "book.xlsx", year=2026)


def test_a_draft_may_leave_unsaid_what_hinders_it_later():
    """Чужая книга не говорит, кому и зачем анкета: черновик читается, а людям его не дать."""
    form = foreign().form
    text = written(form)
    again = read_form(text, "draft", is_draft=True)
    assert told(again) == told(form) and hindrances(again) == hindrances(form)
    with pytest.raises(FormError):
        read_form(text, "draft")


def test_what_nothing_hinders_is_read_as_strictly_as_ours():
    """Что разрешено дать людям, читается и строгим чтением: без русского, без названий страниц — нельзя."""
    form = load("teacher-2026")
    assert not hindrances(form)
    page, *others = form.pages
    cases = [
        (replace(form, pages=(replace(page, title={}), *others)), "У страницы 1 нет названия"),
        (replace(form, languages=("en",)), "русский"),
    ]
    for changed, said in cases:
        assert any(said in one for one in hindrances(changed)), said
        with pytest.raises(FormError):
            read_form(written(changed), "changed")


def test_a_scale_of_one_step_hinders():
    """Шкала из одной ступени ничего не различает."""
    form = load("teacher-2026")
    scale = replace(form.scales["agree"], steps=form.scales["agree"].steps[:1])
    page, *others = form.pages
    items = tuple(replace(item, scale=scale) if item.scale else item for item in page.items)
    changed = replace(form, pages=(replace(page, items=items), *others))
    assert any("меньше двух ступеней" in one for one in hindrances(changed))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("opora_voluntary", "лист «settings», строка 2: столбец «opora_voluntary»."),
        ("opora.purpose", "лист «survey», добавьте строку вида note с именем «opora.purpose»."),
        ("a", "лист «survey», строка 3: У страницы 1 нет названия"),
    ],
)
def test_a_hindrance_says_its_sheet_and_row(at, said):
    """Каждая помеха сказана с листом и строкой, где её исправить."""
    found = foreign()
    form = replace(found.form, audience="teacher")
    assert any(placed(one, found.rows).startswith(said) for one in placed_hindrances(form) if one.at == at)


def test_rows_are_those_of_the_workbook():
    """Номера строк — те, что видны в книге."""
    brought = from_xlsform(to_xlsform(load("teacher-2026")), "book.xlsx")
    assert set(load("teacher-2026").items) < set(brought.rows)
    assert brought.rows["opora.title"] == 3


@pytest.mark.parametrize("ends", ["start=5 end=1", "start=0 end=9999999999", "start=0 end=²"])
def test_a_range_between_odd_ends_is_left_out(ends):
    """Шкала от большего к меньшему не переносится и не портит остального."""
    rows = [["type", "name", "label", "parameters"], ["range", "r", "Сколько?", ends], ["text", "t", "Что?"]]
    found = from_xlsform(workbook(survey=rows), "book.xlsx")
    assert list(found.form.items) == ["t"] and "строка 2" in found.not_carried[0]
