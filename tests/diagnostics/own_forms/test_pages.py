"""The pages of questionnaires: the list, one as people see it, a workbook brought, mended, put in force."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.own_forms.actions import bring_form, put_in_force, replace_form
from opora.questionnaires.xlsform.reading import from_xlsform
from tests.diagnostics.conftest import PUPILS
from tests.diagnostics.own_forms.conftest import TITLE, as_brought, workbook
from tests.world import questions

pytestmark = pytest.mark.django_db


def book(data, name="own.xlsx"):
    return SimpleUploadedFile(name, data)


def changed(data, **cells):
    """Change cells of the sheet settings as a person does in a spreadsheet."""
    found = load_workbook(io.BytesIO(data))
    sheet = found["settings"]
    head = [cell.value for cell in sheet[1]]
    for name, value in cells.items():
        sheet.cell(2, head.index(name) + 1, value)
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


def test_a_coordinator_brings_mends_puts_in_force_and_withdraws(signed_in, people):
    """Книга с помехой — черновик и объяснение со строкой; исправленная заменяет его и действует."""
    browser = signed_in(people.coordinator)
    assert "Своих анкет ещё нет" in browser.get("/questionnaires/").content.decode()
    wrong = workbook(voluntary=False)
    answer = browser.post("/questionnaires/new/", {"file": book(wrong), "place": "region:25"})
    address = answer["Location"]
    page = browser.get(address).content.decode()
    assert "лист «settings», строка 2: столбец «opora_voluntary»" in page and "черновик" in page
    seen = OwnForm.objects.get().digest
    refused = browser.post(f"{address}put-in-force/", {"seen": seen})
    assert refused.status_code == 422 and "Мешает то, что сказано ниже" in refused.content.decode()
    mended = changed(browser.get(f"{address}form.xlsx").content, opora_voluntary="yes")
    assert browser.post(f"{address}replace/", {"file": book(mended), "seen": seen}).status_code == 302
    page = browser.get(address).content.decode()
    assert "Анкету можно давать людям" in page
    browser.post(f"{address}put-in-force/", {"seen": OwnForm.objects.get().digest})
    assert "действует" in browser.get(address).content.decode()
    listed = browser.get("/questionnaires/").content.decode()
    assert TITLE in listed and "Приморский край" in listed
    offered = browser.get("/surveys/new/").content.decode()
    assert f"{TITLE} (своя анкета: Приморский край)" in offered and "в рисковый профиль не входят" in offered
    browser.post(f"{address}withdraw/")
    assert "снята" in browser.get(address).content.decode()
    assert TITLE not in browser.get("/surveys/new/").content.decode()


def test_a_questionnaire_is_shown_as_people_see_it_in_each_language(signed_in, people):
    """Страницы, вопросы, ответы, переходы словами; язык выбирают."""
    browser = signed_in(people.director)
    page = browser.get(f"/questionnaires/{PUPILS}/").content.decode()
    for said in (
        "1. Понятно?", "скорее нет", "Не знаю", "Подумайте о последней неделе", "дружно",
        "число от 0 до 30", "Отвечайте, если в вопросе 1 вы отметили", "анкета Опоры",
    ):  # fmt: skip
        assert said in page, said
    assert "Ввести в действие" not in page and "Снять" not in page
    english = browser.get(f"/questionnaires/{PUPILS}/?lang=en").content.decode()
    assert "1. Clear?" in english and 'lang="en" aria-current="true"' in english


def test_any_questionnaire_is_taken_as_a_workbook(signed_in, people, own):
    """Скачать можно и анкету Опоры, и свою: книга читается обратно."""
    browser = signed_in(people.curator)
    for name in (PUPILS, own.name):
        answer = browser.get(f"/questionnaires/{name}/form.xlsx")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}.xlsx"'
        assert from_xlsform(answer.content, name).form.name == name


def _macros():
    data = io.BytesIO(workbook())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"1")
    return data.getvalue()


def _empty():
    from openpyxl import Workbook

    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


BAD = {
    "no workbook": (lambda: b"PK no", "не таблица Excel"),
    "text": ("анкета".encode, "не таблица Excel"),
    "nothing": (lambda: b"", "пуст"),
    "no survey": (_empty, "нет листа «survey»"),
    "macros": (_macros, "макросы"),
    "huge": (lambda: b"0" * 5_000_001, "больше 5 МБ"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_told_in_words_and_nothing_is_kept(what, signed_in, people, draft):
    """Не книга, пустая, с макросами, огромная — сказано словами; черновик, который был, цел."""
    made, said = BAD[what]
    browser, seen = signed_in(people.coordinator), draft.digest
    answer = browser.post("/questionnaires/new/", {"file": book(made()), "place": "region:25"})
    assert answer.status_code == 422 and said in answer.content.decode()
    sent = {"file": book(made()), "seen": seen}
    again = browser.post(f"/questionnaires/{draft.name}/replace/", sent)
    assert again.status_code == 422 and TITLE in again.content.decode()
    assert OwnForm.objects.get().digest == seen


def test_without_a_file_the_form_says_so(signed_in, people, draft):
    browser = signed_in(people.coordinator)
    answer = browser.post("/questionnaires/new/", {"place": "region:25"})
    assert answer.status_code == 422 and "Обязательное поле" in answer.content.decode()
    answer = browser.post(f"/questionnaires/{draft.name}/replace/", {"seen": draft.digest})
    assert answer.status_code == 422 and "Выберите книгу" in answer.content.decode()


def test_what_a_foreign_workbook_cannot_carry_over_is_told_with_its_row(signed_in, people):
    """Книга другой программы: что перенесено — черновик, что нет — названо; кому — сказано в форме."""
    found = load_workbook(io.BytesIO(_empty()))
    sheet = found.active
    sheet.title = "survey"
    sheet.append(("type", "name", "label"))
    sheet.append(("geopoint", "where", "Где вы?"))
    sheet.append(("text", "what", "Что улучшить?"))
    out = io.BytesIO()
    found.save(out)
    browser = signed_in(people.coordinator)
    sent = {"file": book(out.getvalue()), "place": "region:25", "audience": "parent"}
    page = browser.post("/questionnaires/new/", sent, follow=True).content.decode()
    assert "Что из книги не перенесено" in page and "строка 2" in page and "geopoint" in page
    assert "Родители" in page and "без названия" in page and "добавьте строку вида note" in page


def test_a_stale_page_answers_409_and_shows_the_draft_of_now(signed_in, people, draft):
    browser, seen = signed_in(people.coordinator), draft.digest
    replace_form(draft, seen, as_brought(minutes=4), people.operator)
    for to, sent in (
        ("put-in-force", {"seen": seen}),
        ("drop", {"seen": seen}),
        ("replace", {"seen": seen, "file": book(workbook())}),
    ):
        answer = browser.post(f"/questionnaires/{draft.name}/{to}/", sent)
        page = answer.content.decode()
        assert answer.status_code == 409 and "черновик заменили" in page and "Человек operator" in page
        assert OwnForm.objects.get().digest in page  # the next attempt is about what is seen now
    assert OwnForm.objects.get().state == "draft"


def test_a_draft_that_was_dropped_meanwhile_leads_to_the_list(signed_in, people, draft, monkeypatch):
    from opora.diagnostics.own_forms import views

    browser = signed_in(people.coordinator)
    found = views._own

    def dropped(request, name):
        own = found(request, name)
        OwnForm.objects.all().delete()  # somebody is quicker, after this page has found it
        return own

    monkeypatch.setattr(views, "_own", dropped)
    answer = browser.post(f"/questionnaires/{draft.name}/drop/", {"seen": draft.digest}, follow=True)
    assert "этот черновик убрали" in answer.content.decode()


@pytest.mark.parametrize("to", ["withdraw", "replace"])
def test_what_cannot_be_done_says_why(to, signed_in, people, draft):
    """Снять черновик нельзя, заменить действующую нельзя: сказано почему."""
    browser = signed_in(people.coordinator)
    if to == "replace":
        put_in_force(draft, draft.digest, people.coordinator)
    sent = {"seen": draft.digest, "file": book(workbook())}
    answer = browser.post(f"/questionnaires/{draft.name}/{to}/", sent)
    assert answer.status_code == 409 and "Не сделано" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "sees_draft", "sees"),
    [("municipal", 404, 200), ("director", 404, 200), ("stranger", 404, 404), ("nobody", 404, 404)],
)
def test_a_foreign_or_unfinished_questionnaire_is_not_there(who, sees_draft, sees, signed_in, people, draft):
    """Чужой черновик — 404; действующую видят внутри территории, и сделать с ней ничего не могут."""
    browser = signed_in(getattr(people, who))
    assert browser.get(f"/questionnaires/{draft.name}/").status_code == sees_draft
    assert browser.get(f"/questionnaires/{draft.name}/form.xlsx").status_code == sees_draft
    for to in ("put-in-force", "withdraw", "drop", "replace"):
        answer = browser.post(f"/questionnaires/{draft.name}/{to}/", {"seen": draft.digest})
        assert answer.status_code == 404
    put_in_force(draft, draft.digest, people.coordinator)
    answer = browser.get(f"/questionnaires/{draft.name}/")
    assert answer.status_code == sees
    page = answer.content.decode().rpartition("<main")[2]
    assert "Снять" not in page and "Человек" not in page
    assert browser.post(f"/questionnaires/{draft.name}/withdraw/").status_code == 404


def test_pages_ask_the_database_the_same_however_many_questionnaires(signed_in, people, own, places):
    browser = signed_in(people.coordinator)
    browser.get("/questionnaires/")  # the session is written at its first page
    few = [questions(browser, "/questionnaires/"), questions(browser, f"/questionnaires/{own.name}/")]
    for _each in range(3):
        more = bring_form(as_brought(), places.primorye, people.coordinator)
        put_in_force(more, more.digest, people.coordinator)
    many = [questions(browser, "/questionnaires/"), questions(browser, f"/questionnaires/{own.name}/")]
    assert few == many and max(many) <= 10
