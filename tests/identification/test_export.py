"""A list as a file: what stands in it, who took it, how it is made again without the database."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.handlers.asgi import ASGIRequest
from django.urls import reverse
from docx import Document

from opora.audit.models import Event
from opora.commands.replay import run as command
from opora.identification.actions import Grounds, exit_school, start_run
from opora.identification.exporting import documents, json_file, taken
from opora.identification.kept import kept_of
from opora.identification.on_list import OnList
from opora.identification.replaying import replay
from opora.lib.spoken import Refused
from opora.registry.streaming import streamed
from opora.results.actions import store
from opora.results.store import Store

DAY = date(2020, 3, 2)


@pytest.fixture
def page(published):
    return reverse("identification:export", args=(published.pk,))


@pytest.fixture
def take(page, signed_in):
    """Take a list out as somebody; give the bytes."""

    def took(somebody, kind, address=page, **asked):
        answer = signed_in(somebody).post(address, {"kind": kind, "only": "listed", **asked})
        assert answer.status_code == 200, answer.content.decode()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        return b"".join(answer.streaming_content)

    return took


def text_of(pdf):
    from pypdf import PdfReader

    return "\n".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)


def rows_of(xlsx):
    return [list(row) for row in openpyxl.load_workbook(BytesIO(xlsx)).active.iter_rows(values_only=True)]


def test_a_workbook_holds_the_schools_the_note_and_the_name(published, take, people):
    """Таблица: шапка с правовой оговоркой и именем выгрузившего, потом школы по алфавиту с основаниями."""
    rows = rows_of(take(people.coordinator, "xlsx"))
    head = next(place for place, row in enumerate(rows) if row[0] == "№")
    above = "\n".join(row[0] for row in rows[:head])
    assert "не предназначены для оценки" in above and "Человек coordinator" in above
    assert "Приказ № 123-а от 2\xa0марта 2020" in above
    told = [(row[0], row[1], row[6], row[7], row[9:11], row[12]) for row in rows[head + 1 :]]
    assert told == [
        (1, "Гимназия № 1", "да", "выше порога 2 из 2", [2, 2],
         "ВПР-2018, математика, 5 класс: 20 из 25 (80\xa0%); "
         "ВПР-2019, русский язык, 6 класс: 20 из 25 (80\xa0%)"),
        (2, "Школа села Ёлкино", "да", "выше порога 2 из 2", [2, 2],
         "ВПР-2018, математика, 5 класс: 8 из 20 (40\xa0%); "
         "ВПР-2019, русский язык, 6 класс: 10 из 30 (33\xa0%)"),
    ]  # fmt: skip


def test_all_schools_are_taken_where_all_are_asked(take, people):
    rows = rows_of(take(people.coordinator, "xlsx", only="all"))
    assert [row[1] for row in rows if isinstance(row[0], int)] == [
        "Гимназия № 1",
        "Школа № 12 города Мысового",
        "Школа посёлка Береговой",
        "Школа села Ёлкино",
    ]


def test_a_cell_is_never_a_formula(published, take, people, places):
    """Название, похожее на формулу, остаётся словом: открыв таблицу, его не исполнят."""
    places.listed.name = "=HYPERLINK(1) & \x0b<b>"
    places.listed.save()
    book = openpyxl.load_workbook(BytesIO(take(people.coordinator, "xlsx")))
    cell = next(one for row in book.active.iter_rows() for one in row if "HYPERLINK" in str(one.value))
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1) & <b>", "s")


@pytest.mark.parametrize("who", ["municipal", "curator"])
def test_everybody_takes_what_they_see_and_no_more(take, people, who):
    rows = rows_of(take(getattr(people, who), "xlsx", only="all"))
    names = {row[1] for row in rows if isinstance(row[0], int)}
    assert names == {"Школа села Ёлкино"} | ({"Школа посёлка Береговой"} if who == "municipal" else set())


def test_a_place_that_is_not_one_s_own_narrows_nothing(page, take, people, places):
    rows = rows_of(take(people.coordinator, "xlsx", f"{page}?region=22&municipality={places.far.pk}"))
    assert len([row for row in rows if isinstance(row[0], int)]) == 2
    rows = rows_of(take(people.coordinator, "xlsx", f"{page}?municipality={places.city.pk}"))
    assert [row[1] for row in rows if isinstance(row[0], int)] == ["Гимназия № 1"]


def test_a_pdf_is_tagged_and_bears_the_note_and_the_name_on_its_page(take, people):
    pdf = take(people.coordinator, "pdf")
    told = " ".join(text_of(pdf).split())
    assert "Школа села Ёлкино" in told and "Школа посёлка Береговой" not in told
    assert "не предназначены для оценки" in told
    assert told.count("Человек coordinator") >= 2  # across the page and below it
    assert "запись в журнале № 25-" in told
    assert b"/MarkInfo" in pdf or b"StructTreeRoot" in pdf


def test_a_docx_bears_them_too_and_repeats_its_head(take, people):
    document = Document(BytesIO(take(people.coordinator, "docx")))
    table = document.tables[0]
    assert [cell.text for cell in table.rows[1].cells][:2] == ["1", "Гимназия № 1"]
    assert len(table.rows) == 3
    assert "не предназначены" in document.sections[0].header.paragraphs[0].text
    assert "Человек coordinator" in document.sections[0].footer.paragraphs[0].text
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")


def test_a_list_that_is_too_long_for_a_document_is_said_to_be(page, people, signed_in, monkeypatch):
    monkeypatch.setattr(documents, "MOST", 1)
    answer = signed_in(people.coordinator).post(page, {"kind": "pdf", "only": "listed"})
    assert answer.status_code == 422 and "Возьмите XLSX" in answer.content.decode()
    assert not Event.objects.filter(deed="identification.export_list").exists()


def test_every_export_is_recorded_with_its_number(take, people, published):
    take(people.coordinator, "xlsx")
    event = Event.objects.get(deed="identification.export_list")
    assert (event.by, event.role, event.chain_id) == (people.coordinator, "regional_coordinator", "25")
    assert event.details["kind"] == "xlsx" and event.details["schools"] == 2


def test_nonsense_is_said_at_its_field(page, people, signed_in):
    answer = signed_in(people.coordinator).post(page, {"kind": "exe", "list": "no", "only": ""})
    assert answer.status_code == 422 and len(answer.context["form"].errors) == 3


def test_long_lists_are_read_piece_by_piece_and_none_is_lost(published, take, people, monkeypatch):
    whole = rows_of(take(people.operator, "xlsx", only="all"))
    monkeypatch.setattr(taken, "AT_ONCE", 1)
    assert [row[:8] for row in rows_of(take(people.operator, "xlsx", only="all"))][-5:] == [
        row[:8] for row in whole
    ][-5:]


# --- the file that is made again


@pytest.fixture
def exported(published, people, places, take, tmp_path):
    """A list on which people decided, taken out whole."""
    where = OnList(published, published.lists[0], places.listed)
    exit_school(where, Grounds("Закрыта", "7", DAY), people.coordinator)
    path = tmp_path / "list.json"
    path.write_bytes(take(people.operator, "json"))
    return path


def again(path, folder):
    return replay(json_file.read(path), Store(folder))


def test_an_exported_list_is_made_again_from_a_copy_of_the_store(
    exported, published, outcomes_folder, tmp_path
):
    """Файл и копия хранилища — больше ничего не нужно: ни базы, ни самой системы."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(outcomes_folder, copy)
    found = again(exported, copy)
    assert (found.differences, found.verdicts) == ((), 5)
    told = json.loads(exported.read_bytes())
    assert told["exported"]["by"] == "Человек operator" and "не предназначены" in told["note"]
    kept, file = kept_of(published), json_file.read(exported)
    assert (kept.verdicts, kept.evidence, kept.facts, kept.decided) == (
        file.verdicts,
        file.evidence,
        file.facts,
        file.decided,
    )


def changes():
    """Every way to change one thing of the file."""
    yield "by_rule", lambda told: told["schools"][0]["verdict"].__setitem__(7, False)
    yield "место в перечне", lambda told: told["decided"].clear()
    yield "отпечаток", lambda told: told["facts"].update(edition_text=told["facts"]["edition_text"] + "\n")
    yield "Отпечаток решений", lambda told: told["facts"].update(result="0" * 64)
    yield "пропало", lambda told: (told["schools"].pop(), told.update(count=told["count"] - 1))
    yield "takers", lambda told: told["schools"][0]["evidence"][0].__setitem__(10, 9)


@pytest.mark.parametrize(("said", "change"), changes(), ids=lambda one: one if isinstance(one, str) else "")
def test_whatever_is_changed_in_the_file_is_found(exported, outcomes_folder, said, change):
    told = json.loads(exported.read_bytes())
    change(told)
    exported.write_text(json.dumps(told, ensure_ascii=False))
    assert any(said in one for one in again(exported, outcomes_folder).differences)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda text: text[: len(text) // 2], "не JSON"),
        (lambda text: text.replace('"opora-list-1"', '"other"'), "не перечень, выгруженный"),
        (lambda text: text.replace('"count": 5', '"count": 6'), "строки перечня испорчены"),
        (lambda text: text.replace('"by_rule"', '"by_rules"'), "другой версии"),
        (lambda _text: "[]", "не перечень"),
    ],
)
def test_a_file_that_is_no_whole_export_is_refused_in_words(exported, content, said):
    exported.write_text(content(exported.read_text()))
    with pytest.raises(json_file.NotAnExport, match=said):
        json_file.read(exported)


def test_a_part_of_a_list_is_compared_as_a_part(take, people, outcomes_folder, tmp_path):
    path = tmp_path / "part.json"
    path.write_bytes(take(people.municipal, "json"))
    kept = json_file.read(path)
    assert not kept.whole and len(kept.verdicts) == 2
    assert replay(kept, store()).differences == ()


def test_the_command_needs_no_database_and_no_settings(exported, outcomes_folder, tmp_path):
    """На другой машине: отдельный процесс, пустая папка данных, адреса базы нет."""
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": "src", "OPORA_DATA": str(tmp_path / "empty")}
    asked = [sys.executable, "-m", "opora", "replay", str(exported), "--store", str(outcomes_folder)]
    done = subprocess.run(asked, env=clean, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "") and "решений 5" in done.stdout


def arguments(path, folder):
    from argparse import Namespace

    return Namespace(list=str(path), files=[], store=folder, schools=None)


def test_the_command_says_equal_or_what_differs(exported, outcomes_folder, tmp_path, capsys):
    assert command(arguments(exported, outcomes_folder)) == 0
    assert "Совпал: «list.json», решений 5" in capsys.readouterr().out
    with pytest.raises(Refused, match="Папки"):
        command(arguments(exported, tmp_path / "nowhere"))
    with pytest.raises(Refused, match="не открывается"):
        command(arguments(tmp_path / "none.json", outcomes_folder))


def test_a_list_of_changed_numbers_is_made_again_too(bring, people, take, outcomes_folder, tmp_path):
    bring(people.operator)
    run = start_run("seed-2020", None, None, people.operator, changes={"low_share": "0.05"})
    path = tmp_path / "changed.json"
    path.write_bytes(take(people.operator, "json", reverse("identification:export", args=(run.pk,))))
    assert again(path, outcomes_folder).differences == ()
    assert "«больше 30\xa0%»" in text_of(
        take(people.operator, "pdf", reverse("identification:export", args=(run.pk,)))
    ).replace("\n", " ")


# --- streaming


def test_bytes_leave_before_the_rest_is_made():
    """Сервер страниц получает первый кусок до того, как сделан второй: перечень страны не лежит в памяти."""
    made = []

    def pieces():
        for number in range(3):
            made.append(number)
            yield b"x"

    class Request(ASGIRequest):
        def __init__(self):
            self.user = None

    answer = streamed(Request(), pieces(), "a.txt", "text/plain")

    async def first():
        await anext(aiter(answer.streaming_content))
        return list(made)

    # in a thread of its own: a browser of another test may have left its event loop in this one
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, first()).result() == [0]


def test_a_workbook_is_written_in_many_pieces():
    from opora.lib.streamed_sheet import Column, Sheet, workbook

    asked = []

    def rows():
        for number in range(5_000):
            asked.append(number)
            yield number, "слово" * 20, True

    sheet = Sheet(
        "Лист", ["Заголовок"], [Column("№", 5, "0"), Column("Слова", 9), Column("Да", 4, "0")], 5_000
    )
    pieces = workbook(sheet, rows())
    assert next(pieces) and not asked  # the frame leaves before a row is made
    next(pieces)
    assert 0 < len(asked) < 1_000
    whole = b"".join(workbook(sheet, rows()))
    heights = openpyxl.load_workbook(BytesIO(whole)).active.row_dimensions
    assert heights[3].height == 15 * 12  # a hundred letters in a column of nine
    assert zipfile.ZipFile(BytesIO(whole)).testzip() is None
    read = rows_of(whole)
    assert (
        read[0][0] == "Заголовок" and read[1] == ["№", "Слова", "Да"] and read[-1] == [4_999, "слово" * 20, 1]
    )
