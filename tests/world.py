"""A small world that tests of several rooms walk in: two regions, a few schools, named people, their results.

Everything is real: the database, the store in a folder of the test, the readers.
"""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.accounts.actions import add_person
from opora.registry.actions import appoint, load_regions
from opora.registry.models import Appointment, Municipality, Region, School
from opora.results.actions import accept_files
from opora.results.reading import Context
from opora.results.uploads import Upload

Role = Appointment.Role
PASSWORD = "восемь-слов-пароля"

# Two failed outcomes of two put a school on the list of the 2020 rule: 8 of 20 and 10 of 30 are above 30 %.
RESULTS = """школа;год;процедура;предмет;класс;участников;низких
sch250001;2018;впр;математика;5;20;8
sch250001;2019;впр;русский язык;6;30;10
sch250002;2018;впр;математика;5;20;8
sch250002;2019;впр;русский язык;6;30;2
sch250003;2018;впр;математика;5;25;20
sch250003;2019;впр;русский язык;6;25;20
sch250004;2018;впр;математика;5;40;1
sch220001;2018;впр;математика;5;40;35
sch220001;2019;впр;русский язык;6;40;35
"""


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def outcomes_folder(settings, tmp_path):
    """The store of this test, and the folders where its uploads wait."""
    settings.OUTCOMES = tmp_path / "outcomes"
    incoming = tmp_path / "incoming"
    incoming.mkdir(mode=0o700)
    settings.FILE_UPLOAD_TEMP_DIR = incoming
    settings.SPOOL = tmp_path / "spool"
    settings.SPOOL.mkdir(mode=0o700)
    return settings.OUTCOMES


@pytest.fixture
def regions(db):
    """The regions are there even after a test that emptied every table."""
    if not Region.objects.exists():
        load_regions()
    return {region.pk: region for region in Region.objects.all()}


def add_school(municipality, number, name, **told):
    return School.objects.create(
        region=municipality.region,
        municipality=municipality,
        name=name,
        vpr_login=f"sch{municipality.region_id}{number:04d}",
        ris_code=f"{111000 + number}",
        **told,
    )


@pytest.fixture
def places(regions):
    """Two municipalities of Приморский край and one of Алтайский край, with their schools."""
    lake = Municipality.objects.create(
        region=regions["25"], name="Ёлкинский район", kind="municipal_district"
    )
    city = Municipality.objects.create(region=regions["25"], name="город Мысовой", kind="city_okrug")
    far = Municipality.objects.create(region=regions["22"], name="Степной район")
    return SimpleNamespace(
        primorye=regions["25"],
        altai=regions["22"],
        lake=lake,
        city=city,
        far=far,
        listed=add_school(lake, 1, "Школа села Ёлкино", settlement_kind="rural", pupils=61),
        passed=add_school(lake, 2, "Школа посёлка Береговой", settlement_kind="rural"),
        gymnasium=add_school(city, 3, "Гимназия № 1", kind="gymnasium", settlement_kind="urban"),
        quiet=add_school(city, 4, "Школа № 12 города Мысового", settlement_kind="urban"),
        foreign=add_school(far, 1, "Степновская школа", settlement_kind="rural"),
    )


@pytest.fixture
def person(db):
    """Make a person with an appointment."""

    def make(name, role=None, **place):
        made = add_person(f"{name}@example.org", f"Человек {name}", None)  # hashing is slow on purpose
        if role:
            appoint(made, role, since=date(2020, 1, 1), **place)
        return made

    return make


@pytest.fixture
def people(person, places):
    """One person of each role; ``stranger`` coordinates another region, ``nobody`` has no appointment."""
    return SimpleNamespace(
        operator=person("operator", Role.FEDERAL_OPERATOR),
        analyst=person("analyst", Role.ANALYST),
        coordinator=person("coordinator", Role.REGIONAL_COORDINATOR, region=places.primorye),
        municipal=person("municipal", Role.MUNICIPAL_COORDINATOR, municipality=places.lake),
        curator=person("curator", Role.CURATOR, school=places.listed),
        director=person("director", Role.DIRECTOR, school=places.listed),
        observer=person("observer", Role.OBSERVER, region=places.primorye),
        stranger=person("stranger", Role.REGIONAL_COORDINATOR, region=places.altai),
        nobody=person("nobody"),
    )


def upload(text, name="results.csv"):
    content = text.encode() if isinstance(text, str) else text
    return Upload(name, len(content), content)


@pytest.fixture
def bring(outcomes_folder, today):
    """Bring one table of results as somebody."""

    def bring_file(by, text=RESULTS, name="results.csv", region=None):
        return accept_files([upload(text, name)], Context(name=""), by, today, region)[0]

    return bring_file


@pytest.fixture
def signed_in(client):
    """Sign somebody in and give the browser."""

    def sign_in(somebody):
        client.force_login(somebody)
        return client

    return sign_in


def questions(browser, address):
    """Count what a page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200, address
    return len(asked)
