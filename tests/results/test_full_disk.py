"""Results brought to a really full disk: whole or not at all, whatever is free, and again with room."""

from errno import ENOSPC
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, DataError, connection

from opora.results.actions import accept_files, store, withdraw_import
from opora.results.models import ImportBatch, ImportedFile
from opora.results.reading import Context
from opora.results.uploads import Upload
from tests.disks import PAGE
from tests.world import *  # noqa: F403 (fixtures are found by their names)
from tests.world import RESULTS

MORE = "школа;год;процедура;предмет;класс;участников;низких\n" + "".join(
    f"sch25000{school};{year};впр;химия;8;{20 + school};{school}\n"
    for school in (1, 2, 3)
    for year in (2018, 2020)
)
HUGE = 2**70  # a size that the database does not take


@pytest.fixture
def small(disk, settings):
    """A disk of sixty-four pages that holds the store and the uploads."""
    mounted = disk(64 * 4)
    settings.OUTCOMES = mounted.path / "outcomes"
    incoming = mounted.path / "incoming"
    incoming.mkdir(mode=0o700)
    settings.FILE_UPLOAD_TEMP_DIR = incoming
    return mounted


def bring(text, by, today, *, name="file.csv", size=None):
    content = text.encode()
    return accept_files([Upload(name, size or len(content), content)], Context(name=name), by, today)


def kept():
    """Everything that counts: the store's content and the files that the database knows."""
    results = store()
    files = sorted(ImportedFile.objects.values_list("name", "state"))
    sources = results.sources()["source"].to_list() if results.current() else []
    return results.current(), sources, files, ImportBatch.objects.count()


def unfinished(small):
    return list(small.path.rglob("*.unfinished"))


@pytest.mark.parametrize("first", [False, True], ids=["over another content", "first of all"])
def test_an_import_is_whole_or_not_at_all_however_little_is_free(small, people, today, first):
    """Свободно ноль страниц, одна, две…: загрузка либо принята целиком, либо не изменила ничего."""
    if not first:
        bring(RESULTS, people.operator, today)
    before = kept()
    for pages in range(40):
        small.fill(pages * PAGE)
        try:
            bring(MORE, people.operator, today, name="more.csv")
            break
        except OSError as fault:
            assert fault.errno == ENOSPC
            assert (kept(), store().verify(), unfinished(small)) == (before, [], [])
    assert 3 < pages < 39
    assert ("more.csv", "accepted") in kept()[2]
    assert store().verify() == []
    small.empty()
    again = bring(MORE, people.operator, today, name="again.csv")
    assert [one.file.state for one in again] == ["repeated"]


@pytest.mark.parametrize("first", [False, True], ids=["over another content", "first of all"])
def test_what_the_database_refuses_leaves_the_store_even_where_nothing_is_free(small, people, today, first):
    """Хранилище успело, база отказала, места на откат нет: чего база не знает, того нет и в хранилище."""
    if not first:
        bring(RESULTS, people.operator, today)
    before, refusals = kept(), 0
    for pages in range(40):
        small.fill(pages * PAGE)
        with pytest.raises((OSError, DataError)) as fault:
            bring(MORE, people.operator, today, name="more.csv", size=HUGE)
        refusals += fault.type is DataError
        assert (kept(), store().verify()) == (before, [])
        if refusals == 3:  # the first of them with no page left
            return
    pytest.fail("the store always lacked room")


def test_a_file_is_taken_back_whole_or_not_at_all(small, people, today):
    """Отзыв на полном диске: файл остаётся принятым, его результаты — в счёте; место появилось — отозван."""
    bring(RESULTS, people.operator, today)
    file = bring(MORE, people.operator, today, name="more.csv")[0].file
    before = kept()
    for pages in range(40):
        small.fill(pages * PAGE)
        try:
            withdraw_import(file, people.operator)
            break
        except OSError:
            assert (kept(), store().verify()) == (before, [])
    assert 0 < pages < 39
    assert kept()[1] == before[1][:1] or kept()[1] == before[1][1:]
    assert ("more.csv", "withdrawn") in kept()[2]


REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON results_importedfile
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
"""


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_results_whose_withdrawal_the_database_refuses_at_the_end_count_still(small, people, today):
    """База отказала в последний миг, при записи транзакции: файл принят, его результаты в счёте."""
    file = bring(RESULTS, people.operator, today)[0].file
    before = kept()
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
        try:
            with pytest.raises(DatabaseError, match="no room"):
                withdraw_import(file, people.operator)
        finally:
            cursor.execute("DROP TRIGGER refuse ON results_importedfile; DROP FUNCTION refuse")
    assert (kept(), store().verify()) == (before, [])


@pytest.fixture
def browser(small, people, signed_in):
    found = signed_in(people.operator)
    found.raise_request_exception = False  # as a server answers
    return found


def send(browser, text):
    given = SimpleUploadedFile("more.csv", text.encode())
    return browser.post("/results/import/", {"files": [given], "region": "25"})


@pytest.mark.parametrize("waits_on", ["memory", "disk"])
def test_a_person_is_told_that_the_disk_is_full_and_may_send_again(
    browser, small, settings, caplog, waits_on
):
    """Страница говорит о диске и что делать, не о поломке; потом тот же файл принят тем же сервером."""
    if waits_on == "disk":
        settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    before = kept()
    small.fill()
    answer = send(browser, MORE)
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "На диске кончилось место" in page and "отправьте форму ещё раз" in page
    assert "Traceback" not in page and str(small.path) not in page
    assert "кончилось место; освободите его и повторите" in caplog.text
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []
    assert browser.get("/results/").status_code == 200
    assert kept() == before
    small.empty()
    assert send(browser, MORE).context["page"].reports[0].state == "accepted"
