"""The demo comes into the system through its own doors, and the list is that of the truth."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.test import override_settings

from opora.demo.load import DOMAIN, REGION, DemoRefused, bring, load, upload
from opora.identification.models import Run, Verdict
from opora.people.models import Invitation
from opora.registry.change_model import SchoolChange
from opora.registry.models import Appointment, Deputyship, Municipality, Order, Region, School
from opora.registry.regions import read_regions
from opora.results.models import ImportedFile

pytestmark = pytest.mark.django_db
PASSWORD = "одно-на-всех"


@pytest.fixture(scope="module")
def progress():
    """How far the loading had come, each time that it said so."""
    return []


@pytest.fixture(scope="module")
def standing_demo(stage, small, progress, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    with override_settings(OUTCOMES=folder):
        return folder, stage.built(load, small, PASSWORD, progress.append)


@pytest.fixture
def loaded(standing_demo, settings):
    """The small demo, loaded."""
    settings.OUTCOMES, made = standing_demo
    return made


def truly_listed(truth: pl.DataFrame) -> set[str]:
    """Apply the 2020 rule to the generator's truth by hand."""
    failed = truth.filter(pl.col("year").is_in([2018, 2019]) & (pl.col("low") * 10 > pl.col("takers") * 3))
    return set(failed.group_by("school").len().filter(pl.col("len") >= 2)["school"])


def test_the_published_list_is_that_of_the_truth(small, loaded):
    """Список на странице — тот, что следует из правды генератора: школа в школу."""
    expected = {small.region.schools[int(place)].login for place in truly_listed(small.truth)}
    found = Verdict.objects.filter(run=loaded.run, listed=True).values_list("school__vpr_login", flat=True)
    assert set(found) == expected
    assert expected


def test_the_list_is_published_by_an_order(loaded):
    """Перечень утверждён приказом; второй, по более позднему правилу, ещё на согласовании."""
    run = Run.objects.get(state=Run.State.PUBLISHED)
    assert run == loaded.run
    assert run.order_number == "ДЕМО-1"
    assert Run.objects.exclude(pk=run.pk).get().state == Run.State.REVIEW


def test_every_file_is_accepted_and_nothing_is_kept_twice(small, loaded):
    """Все файлы приняты с первого раза."""
    assert set(ImportedFile.objects.values_list("state", flat=True)) == {ImportedFile.State.ACCEPTED}
    assert ImportedFile.objects.count() == len(small.results)


def test_every_school_is_registered_with_all_its_codes(small, loaded):
    """В реестре — все школы со всеми кодами."""
    found = School.objects.values_list("vpr_login", "ris_code", "inn", "ogrn", "pupils", "short_name")
    assert set(found) == {(s.login, s.ris, s.inn, s.ogrn, s.pupils, s.name) for s in small.region.schools}
    assert Municipality.objects.count() == len(small.region.municipalities)


def test_there_is_a_person_for_every_role_who_can_sign_in(loaded, client):
    """В каждой роли есть кому войти, и пароль у всех один."""
    assert {one.role for one in loaded.sign_ins} == {str(label) for label in Appointment.Role.labels}
    for one in loaded.sign_ins:
        assert one.email.endswith(f"@{DOMAIN}")
        assert client.login(username=one.email, password=PASSWORD)


def test_the_people_of_the_demo_have_a_life(loaded):
    """Есть приказ, заместитель, открытое приглашение и завершённое назначение."""
    assert Order.objects.get().appointments.count() == 2
    assert Deputyship.objects.get().appointment.role == "municipal_coordinator"
    assert Invitation.objects.get().accepted_at is None
    assert Appointment.objects.exclude(end_reason="").count() == 1


def test_one_director_is_of_a_listed_school_and_one_of_another(loaded):
    """Директоров двое: школы из перечня и школы вне его."""
    sign_ins = {one.email for one in loaded.sign_ins}
    directors = Appointment.objects.filter(role="director", person__email__in=sign_ins)
    schools = directors.values_list("school", flat=True)
    listed = [Verdict.objects.get(run=loaded.run, school=school).listed for school in schools]
    assert sorted(listed) == [False, True]


def test_the_demo_region_stands_beside_the_real_ones_and_hurts_none(loaded):
    """Выдуманный регион добавлен к настоящим: его код, место на карте и имя ничьи."""
    real, _retired = read_regions()
    assert REGION["code"] not in {one.code for one in real}
    assert tuple(REGION["tile"]) not in {one.tile for one in real}
    assert Region.objects.count() == len(real) + 1


def test_no_name_and_no_document_of_a_protocol_is_kept(small, loaded, settings):
    """Фамилии и номера документов из протоколов не остались ни в базе, ни в хранилище."""
    from django.db import connection

    path = next(p for p in small.results if p.parent.name == "ОГЭ 2018" and p.suffix == ".csv")
    line = path.read_bytes().decode("cp1251").splitlines()[2].split(";")
    surname, number = line[6], line[10]
    kept = b"".join(p.read_bytes() for p in Path(settings.OUTCOMES).rglob("*") if p.is_file())
    assert surname.encode() not in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            if table in ("accounts_user", "django_session"):
                continue
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{surname} %"])
            assert cursor.fetchone() == (0,), table
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%0000 {number}%"])
            assert cursor.fetchone() == (0,), table


def test_a_file_that_the_system_refuses_stops_the_loading(small, loaded):
    """Если система не принимает файл демонстрации, это видно сразу, а не потом по пустой странице."""
    from django.utils import timezone

    from opora.accounts.models import User

    coordinator = User.objects.get(email=f"region@{DOMAIN}")
    region = Region.objects.get(code=REGION["code"])
    with pytest.raises(DemoRefused, match="неверными отметками"):
        bring((small.broken[0],), coordinator, timezone.localdate(), region)


def test_progress_rises_to_one(loaded, progress):
    """Ход загрузки виден и доходит до конца."""
    assert progress == sorted(progress)
    assert progress[-1] == 1


def test_a_file_is_handed_over_under_its_own_name(small):
    """Имя файла в отчёте — то, что у человека."""
    path = small.results[0]
    assert (upload(path).name, upload(path).size) == (path.name, path.stat().st_size)


def test_some_schools_have_a_history(loaded):
    """В выдуманном регионе есть слияние, переименование, филиал и отменённое изменение."""
    told = {(row.kind, not row.is_taken_back) for row in SchoolChange.objects.all()}
    assert sorted(told) == [("branch", True), ("close", False), ("merge", True), ("rename", True)]
    joined = School.objects.get(closed_on__isnull=False)
    assert joined.closed_on == date(2023, 9, 1)
    assert School.objects.exclude(main=None).count() == 1
    assert School.objects.exclude(former="").count() == 1
