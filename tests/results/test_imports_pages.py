"""The import page: report, annotated copy, withdrawal, who may; and that no pupil remains anywhere."""

import io
import logging
import os
import time
from base64 import b64decode
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook, load_workbook

from opora.results.incoming import OLDEST, sweep
from opora.results.models import ImportedFile
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import RESULTS

# Numbers longer than documents have: four digits come up in some digest or key by chance.
PLANTED = ("Планеткина", "Звездана", "Орбитовна", "909080907090", "717107170717")
HEAD = (
    "№;Код МСУ;Код ОО;Класс;Код ППЭ;Аудитория;Фамилия;Имя;Отчество;Серия;Номер;"
    "Задания с кратким ответом;Задания с развёрнутым ответом;Первичный балл;Балл"
)
PROTOCOL = f"""01 - Русский язык 2022.06.23
{HEAD}
1;111;111001;11А;0101;0001;Планеткина;Звездана;Орбитовна;717107170717;909080907090;+++-;1(2)0(3);{{primary}};{{score}}
2;111;111001;11А;0101;0001;Планеткина;Звездана;Вторая;717107170717;909080907091;+++-;1(2)0(3);40;70
"""


def send(browser, *files, **told):
    given = [
        SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text) for name, text in files
    ]
    return browser.post("/results/import/", {"files": given, "region": "25", **told})


@pytest.fixture
def browser(outcomes_folder, people, signed_in):
    return signed_in(people.operator)


def test_a_good_file_is_reported_and_listed(browser):
    answer = send(browser, ("vpr.csv", RESULTS))
    page = answer.context["page"]
    assert answer.status_code == 200
    assert (page.reports[0].state, page.reports[0].schools) == ("accepted", 5)
    assert [file.name for file in page.files] == ["vpr.csv"]
    assert browser.get("/results/").context["page"].files[0].may_withdraw


def test_without_a_file_the_form_says_so(browser):
    answer = browser.post("/results/import/", {})
    assert answer.status_code == 422
    assert "Выберите хотя бы один файл" in answer.content.decode()


def workbook():
    book = Workbook()
    sheet = book.active
    sheet.title = "Итоги"
    for line in RESULTS.splitlines():
        sheet.append(line.split(";"))
    sheet["F3"] = "много"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_errors_come_back_as_a_table_and_in_the_person_s_own_workbook(browser):
    answer = send(browser, ("итоги.xlsx", workbook()))
    report = answer.context["page"].reports[0]
    assert answer.status_code == 422
    assert [(one.sheet, one.cell) for one in report.problems] == [("Итоги", "F3")]
    text = answer.content.decode()
    assert "F3" in text and report.problems[0].allowed in text
    copy = load_workbook(io.BytesIO(b64decode(report.annotated.href.partition("base64,")[2])))
    assert "Итоги" in copy.sheetnames
    assert copy["Итоги"]["F3"].comment
    assert not ImportedFile.objects.filter(state="accepted").exists()


def test_an_import_is_taken_back_by_a_post_alone(browser):
    send(browser, ("vpr.csv", RESULTS))
    file = ImportedFile.objects.get()
    assert browser.get(f"/results/{file.pk}/withdraw/").status_code == 405
    assert browser.post(f"/results/{file.pk}/withdraw/").status_code == 302
    assert ImportedFile.objects.get().state == "withdrawn"


def test_a_stranger_neither_sees_nor_takes_back_a_foreign_import(browser, people, signed_in):
    send(browser, ("vpr.csv", RESULTS))
    file = ImportedFile.objects.get()
    stranger = signed_in(people.stranger)
    assert stranger.get("/results/").context["page"].files == ()
    assert stranger.post(f"/results/{file.pk}/withdraw/").status_code == 404
    assert ImportedFile.objects.get().state == "accepted"


@pytest.mark.parametrize("who", ["director", "analyst", "observer", "curator", "nobody"])
def test_who_brings_no_results_finds_no_page(outcomes_folder, people, signed_in, who):
    browser = signed_in(getattr(people, who))
    assert send(browser, ("vpr.csv", RESULTS)).status_code == 404
    assert browser.get("/registry/import/").status_code == 404
    assert not ImportedFile.objects.exists()


def everything_kept(*folders):
    """Answer every text in the database and every byte under the folders."""
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" one')
            kept += [row[0].encode() for row in cursor.fetchall()]
    kept += [path.read_bytes() for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    return b"\n".join(kept)


@pytest.mark.parametrize(
    ("primary", "score", "state"), [("31", "55", "accepted"), ("Планеткина", "Звездана", "refused")]
)
def test_no_pupil_remains_in_the_database_the_store_the_folders_or_the_logs(
    browser, settings, tmp_path, caplog, primary, score, state
):
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    caplog.set_level(logging.DEBUG)
    text = PROTOCOL.format(primary=primary, score=score)
    assert any(name in text for name in PLANTED)
    send(browser, ("protocol.csv", text))
    assert ImportedFile.objects.get().state == state, ImportedFile.objects.get().problems
    kept = everything_kept(tmp_path, settings.DATA) + caplog.text.encode()
    assert [name for name in PLANTED if name.encode() in kept] == []
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_the_search_for_planted_names_would_find_one(browser, tmp_path):
    (tmp_path / "leak.txt").write_text("Планеткина")
    assert "Планеткина".encode() in everything_kept(tmp_path)


def test_what_a_killed_process_left_is_swept_and_a_living_request_s_file_is_not(tmp_path):
    old, young = tmp_path / "old.upload", tmp_path / "young.upload"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (time.time() - OLDEST - 60,) * 2)
    assert sweep(tmp_path) == ["old.upload"]
    assert young.exists()


def test_uploads_wait_in_a_private_folder():
    from django.conf import settings as placed

    folder = Path(placed.FILE_UPLOAD_TEMP_DIR)
    assert folder.stat().st_mode & 0o777 == 0o700


SCHOOLS = """Муниципалитет;Наименование;Логин ВПР;Число обучающихся
Ёлкинский район;Новая школа;sch250777;120
"""


def test_schools_come_through_a_page(browser):
    from opora.registry.models import School

    given = {"file": SimpleUploadedFile("schools.csv", SCHOOLS.encode("cp1251")), "region": "25"}
    answer = browser.post("/registry/import/", given)
    assert answer.context["report"].done.added == 1
    assert School.objects.get(vpr_login="sch250777").pupils == 120


def test_errors_in_a_table_of_schools_name_their_cells(browser):
    wrong = SCHOOLS.replace("sch250777", "школа").replace("120", "много")
    given = {"file": SimpleUploadedFile("schools.csv", wrong.encode()), "region": "25"}
    answer = browser.post("/registry/import/", given)
    assert answer.status_code == 422
    assert [one.cell for one in answer.context["report"].problems] == ["C2", "D2"]
