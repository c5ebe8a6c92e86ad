"""A table of another system on the import page: its mapping is checked, used, kept and chosen again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from opora.results.models import ImportedFile, SavedMapping
from tests.world import *  # noqa: F403 (fixtures are found by their names)

MAPPING = """title: Таблица соседней системы
table: outcomes
columns:
  school: Login
  year: Year
  takers: N
  low: Failed
constants: {assessment: vpr, subject: maths, grade: 5}
"""
TABLE = "Login;Year;N;Failed\nsch250001;2019;20;8\nsch250002;2019;20;1\n"


def send(browser, table=TABLE, mapping=None, **told):
    files = {"files": [SimpleUploadedFile("чужая.csv", table.encode())]}
    if mapping is not None:
        files["mapping"] = SimpleUploadedFile("наше.yaml", mapping.encode())
    return browser.post("/results/import/", {**files, "region": "25", **told})


@pytest.fixture
def browser(outcomes_folder, people, signed_in):
    return signed_in(people.coordinator)


def test_a_foreign_table_is_read_by_the_mapping_that_comes_with_it(browser):
    answer = send(browser, mapping=MAPPING)
    assert answer.status_code == 200
    assert (answer.context["page"].reports[0].state, answer.context["page"].reports[0].outcomes) == (
        "accepted",
        2,
    )


def test_a_mapping_that_was_used_can_be_chosen_the_next_time(browser):
    send(browser, mapping=MAPPING)
    saved = SavedMapping.objects.get()
    assert (saved.title, saved.region_id) == ("Таблица соседней системы", "25")
    assert "Таблица соседней системы" in browser.get("/results/import/").content.decode()
    answer = send(browser, TABLE.replace("2019", "2018"), saved_mapping=saved.pk)
    assert answer.context["page"].reports[0].state == "accepted"


def test_the_same_title_replaces_the_text_and_is_not_doubled(browser):
    send(browser, mapping=MAPPING)
    send(browser, TABLE.replace("2019", "2018"), mapping=MAPPING + "decimal: comma\n")
    assert SavedMapping.objects.get().text.endswith("decimal: comma\n")


def test_a_mapping_by_which_nothing_was_accepted_is_not_kept(browser):
    answer = send(browser, "Логин;Год\nsch250001;2019\n", mapping=MAPPING)
    assert answer.status_code == 422
    assert not SavedMapping.objects.exists()


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (MAPPING.replace("takers", "takerz"), "наше.yaml, строка 6"),
        ("a: [", "это не YAML"),
        ("", "пуст"),
        ("#" * 300_000, "слишком велик"),
    ],
)
def test_a_mapping_with_a_slip_is_told_with_its_line_and_changes_nothing(browser, mapping, said):
    answer = send(browser, mapping=mapping)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ImportedFile.objects.exists()


def test_a_mapping_of_another_region_cannot_be_chosen(browser, people, client):
    send(browser, mapping=MAPPING)
    saved = SavedMapping.objects.get()
    client.force_login(people.stranger)
    assert "соседней" not in client.get("/results/import/").content.decode()
    answer = send(client, region="22", saved_mapping=saved.pk)
    assert answer.status_code == 422
    assert not ImportedFile.objects.filter(batch__by=people.stranger).exists()
