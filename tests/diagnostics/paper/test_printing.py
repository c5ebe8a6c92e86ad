"""A questionnaire on paper, read back: its questions, numbers, skips, and no mark that tells sheets apart."""

from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from opora.diagnostics.paper.printing import form_as_pdf, paper_form
from opora.questionnaires.editions import load, shipped
from opora.questionnaires.numbering import digits, place_numbers
from opora.questionnaires.reading import read_form
from opora.questionnaires.skips import skip_words
from tests.questionnaires.drawn import TEXT

A4 = (595, 842)


@pytest.fixture(autouse=True)
def drawn_forms():
    """Here the shipped questionnaires are printed."""


@pytest.fixture(autouse=True)
def teachers_form():
    """Theirs is among the shipped ones."""


def plain(text):
    """Leave out what the printer may: hyphens at line ends, blanks, quotes of another kind."""
    return "".join(sign for sign in text if sign.isalnum())


def read(content):
    pages = PdfReader(BytesIO(content)).pages
    return pages, plain("".join(page.extract_text() for page in pages))


def printed(form, language):
    with translation.override(language):
        return read(form_as_pdf(form, language, "Школа"))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", shipped())
def test_every_shipped_questionnaire_is_one_sheet_of_paper_with_all_its_words(name, language):
    """Весь на одном листе с двух сторон; каждый вопрос, ответ, строка и переход — словами и с номером."""
    form = load(name)
    pages, said = printed(form, language)
    assert len(pages) <= 2
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages} == {A4}
    told = [form.title, form.introduction, form.purpose, form.legal_basis, form.used_by]
    for item in form.items.values():
        told += [item.text, item.help, *digits(item).values(), *(row.text for row in item.rows)]
    lacks = [one[language] for one in told if one and plain(one[language]) not in said]
    assert not lacks
    with translation.override(language):
        for words in skip_words(form, language).values():
            assert plain(words) in said
    for item in form.items.values():
        assert plain(f"{place_numbers(form)[item.places[0]].partition('.')[0]}.{item.text[language]}") in said
    minutes = str(form.minutes)
    assert minutes in said


def test_every_kind_of_question_is_printed():
    _pages, said = printed(read_form(TEXT, "trial.yaml"), "ru")
    for words in ("Понятно", "1нет", "незнаю", "2шумно", "41спокойно", "Небольше2", "1дома", "7Какаячасть"):
        assert words in said, words


def test_a_form_in_english_speaks_no_russian():
    _pages, said = printed(load("teacher-2026"), "en")
    assert not [sign for sign in said.replace("Школа", "") if "а" <= sign.lower() <= "я"]


@pytest.mark.parametrize(
    ("name", "says", "is_silent"),
    [
        ("pupil-6-2026", ["закрытыйящик", "сами", "номерставит"], ["координаторили"]),
        ("teacher-2026", ["закрытыйящик", "вшколеегоневскрывают", "координаторили"], []),
        ("director-2026", ["вводитевысами"], ["закрытыйящик", "подписи"]),
    ],
)
def test_it_says_what_to_do_with_the_filled_sheet(name, says, is_silent):
    _pages, said = printed(load(name), "ru")
    said = said.replace("ставиттотктовводит", "номерставит")
    assert all(one in said for one in says) and not any(one in said for one in is_silent)


@pytest.mark.django_db
def test_sheets_of_a_school_are_all_alike(survey, places):
    """На листе нет ни кода, ни номера, ни адреса ссылки: сколько ни печатай, листы одинаковы."""
    from opora.diagnostics.models import SurveyLink

    link = SurveyLink.objects.get(campaign=survey(), school=places.listed, form="teacher-2026")
    first, second = (read(paper_form(link, "ru")) for _time in range(2))
    assert first[1] == second[1] and plain(link.token) not in first[1]
    assert plain("Школа села Ёлкино. Опрос «Осень»") in first[1]
    assert plain(load(link.form).title["ru"]) in read(paper_form(link, "tt"))[1]


@pytest.fixture
def survey(places, people, today):
    """A survey with the shipped questionnaires."""
    from opora.diagnostics.campaigns.actions import Asked, prepare_campaign

    def make():
        asked = Asked("Осень", 2026, shipped(), today, today, places.primorye)
        return prepare_campaign(asked, [places.listed], people.coordinator)

    return make
