"""A kept list is made again from the store, equal to the last cell; whatever was changed since is named."""

import shutil
from datetime import date
from random import Random

import pytest
from django.db import transaction

from opora.audit.models import Event
from opora.commands.replay import run as command
from opora.identification.actions import Grounds, agree_list, publish_list, replace_school, start_run
from opora.identification.kept import kept_of
from opora.identification.making import VERDICT_COLUMNS
from opora.identification.models import Amendment, Evidence, PlaceCount, Run, Verdict
from opora.identification.on_list import OnList
from opora.identification.replaying import CannotReplay, replay
from opora.identification.tables import EVIDENCE
from opora.lib.spoken import Refused
from opora.results.actions import store
from opora.results.store import Store
from tests.world import RESULTS

DAY = date(2020, 3, 2)


@pytest.fixture
def published_list(bring, people, places):
    """A region's published list on which one school was replaced by another."""
    bring(people.operator)
    run = agree_list(start_run("seed-2020", None, places.primorye, people.coordinator), people.coordinator)
    run = publish_list(run, "12", DAY, people.coordinator)
    where = OnList(run, run.lists[0], places.listed)
    replace_school(where, places.passed, Grounds("Ремонт", "13", DAY), people.coordinator)
    return run


def differences(run):
    return replay(kept_of(Run.objects.get(pk=run.pk)), store()).differences


def test_a_published_list_is_made_again_to_the_last_cell(published_list):
    found = replay(kept_of(published_list), store())
    assert (found.differences, found.verdicts, found.results) == ((), 4, 7)


def test_what_happens_later_changes_nothing_of_a_list(published_list, bring, people, places):
    """Другие результаты, переименование, другой вид школы: список пересчитывается по дню, когда составлен."""
    bring(people.operator, RESULTS.replace("2019", "2021"), "later.csv")
    places.listed.kind, places.listed.name = "evening", "Переименованная школа"
    places.listed.municipality = places.city
    places.listed.save()
    assert differences(published_list) == ()


@pytest.mark.parametrize("edition", ["federal-2021", "three-lists", "omsk-2025"])
def test_lists_of_other_rules_are_made_again_too(bring, people, edition):
    bring(people.operator)
    assert differences(start_run(edition, [2018, 2019], None, people.operator)) == ()


def test_a_copy_of_the_store_serves_as_well(published_list, outcomes_folder, tmp_path):
    copy = tmp_path / "elsewhere"
    shutil.copytree(outcomes_folder, copy)
    assert replay(kept_of(published_list), Store(copy)).differences == ()


def another(value, rng):
    """Give a value of the same kind that differs."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + rng.choice([1, 2, 5])
    return f"{value or ''}{rng.choice('абв')}"


@pytest.mark.parametrize("name", EVIDENCE)
def test_any_changed_cell_of_the_evidence_is_found(published_list, name):
    rng, cell = Random(name), EVIDENCE.index(name)
    row = rng.choice(list(Evidence.objects.filter(run=published_list).order_by("school")))
    line = rng.randrange(len(row.rows))
    row.rows[line][cell] = another(row.rows[line][cell], rng)
    Evidence.objects.filter(run=row.run, list=row.list, school=row.school).update(rows=row.rows)
    told = differences(published_list)
    assert any(row.school.vpr_login in one and f": {name} — " in one for one in told)


@pytest.mark.parametrize("column", [name for name in VERDICT_COLUMNS if name not in {"list", "school_id"}])
def test_any_changed_cell_of_a_verdict_is_found(published_list, places, column):
    rng = Random(column)
    mine = Verdict.objects.filter(run=published_list, school=places.gymnasium)
    was = mine.values_list(column, flat=True).get()
    now = {"region_id": "22", "municipality_id": places.lake.pk, "stability": 0.5, "failed": 1}
    changed = {column: now.get(column, another(was, rng))}
    if column == "excluded":
        changed |= {"listed": False, "by_rule": False}
    mine.update(**changed)
    assert any("sch250003" in one for one in differences(published_list))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda run: Run.objects.update(edition_text=run.edition_text + "\n"), "Текст методики изменён"),
        (lambda run: Run.objects.update(years=[2019]), "Годы прогона"),
        (lambda run: Run.objects.update(options=run.options | {"sources": []}), "Список файлов"),
        (lambda run: Run.objects.update(result="0" * 64), "Прогон не тот"),
        (lambda run: Run.objects.update(edition_digest="0" * 64), "Прогон не тот"),
        (lambda run: Evidence.objects.filter(school__vpr_login="sch250001").delete(), "не столько"),
        (lambda run: Verdict.objects.filter(school__vpr_login="sch250004").delete(), "решение пропало"),
        (lambda run: Amendment.objects.all()._raw_delete("default"), "не следует"),
        (lambda run: PlaceCount.objects.filter(list="").update(schools=9), "Счёт"),
        (lambda run: Event.objects.filter(deed="identification.start_run")._raw_delete("default"), "журнале"),
    ],
)
def test_whatever_else_was_changed_is_found(published_list, change, said):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE audit_event DISABLE TRIGGER USER")
    change(published_list)
    assert any(said in one for one in differences(published_list))


def test_a_verdict_that_nobody_made_is_found(published_list, places):
    kept = Verdict.objects.get(run=published_list, school=places.quiet)
    kept.pk = (published_list.pk, "another", places.quiet.pk)
    with transaction.atomic():
        Verdict.objects.bulk_create([kept])
    assert any("такого решения не было" in one for one in differences(published_list))


def test_a_changed_file_of_the_store_is_named(published_list, outcomes_folder):
    part = next(outcomes_folder.glob("parts/beside-*.parquet"))
    part.write_bytes(part.read_bytes()[:-1] + b"0")
    with pytest.raises(CannotReplay, match=part.name):
        replay(kept_of(published_list), store())
    part.unlink()
    with pytest.raises(CannotReplay, match=part.name):
        replay(kept_of(published_list), store())


def test_an_unknown_content_and_a_run_without_its_registry_are_said(published_list):
    Run.objects.update(content=store().current().digest)
    with pytest.raises(CannotReplay, match="реестр его дня"):
        replay(kept_of(Run.objects.get()), store())
    Run.objects.update(content="0" * 64)
    with pytest.raises(CannotReplay, match="нет содержимого"):
        replay(kept_of(Run.objects.get()), store())


class Words:
    """What the command line says."""

    def __init__(self, named):
        self.list, self.files, self.schools = named, [], None


def test_the_command_says_equal_or_what_differs(published_list, places, capsys, monkeypatch):
    monkeypatch.setattr("opora.commands.audit.prepare", lambda: None)
    assert command(Words(str(published_list.pk))) == 0
    assert "Совпал: «2020 год" in capsys.readouterr().out
    Verdict.objects.filter(school=places.quiet).update(failed=1)
    with pytest.raises(Refused, match=r"sch250004.*failed — записано 1, а следует 0"):
        command(Words(str(published_list.pk)))
    with pytest.raises(Refused, match="№ 999 в системе нет"):
        command(Words("999"))
