"""A small world that tests of several rooms walk in: two regions, a few schools, named people, their results.

Everything is real: the database, the store in a folder of the test, the readers.
"""

from datetime import date
from shutil import copytree
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
from tests.standing import STAGE

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


def folders_in(place):
    """The store of the tests, and the folders where their uploads wait, their orders and photos lie."""
    found = {"OUTCOMES": "outcomes", "FILE_UPLOAD_TEMP_DIR": "incoming", "SPOOL": "spool"}
    for folder in ("incoming", "spool"):
        (place / folder).mkdir(mode=0o700, exist_ok=True)
    found |= {"ORDERS": "orders", "VISIT_PHOTOS": "visits"}
    return {setting: place / folder for setting, folder in found.items()}


@pytest.fixture
def outcomes_folder(settings, tmp_path):
    if STAGE.folder:
        copytree(STAGE.folder, tmp_path, dirs_exist_ok=True)
    for setting, folder in folders_in(tmp_path).items():
        setattr(settings, setting, folder)
    return settings.OUTCOMES


def known_regions():
    """The regions are there even after a test that emptied every table."""
    if not Region.objects.exists():
        load_regions()
    return {region.pk: region for region in Region.objects.all()}


@pytest.fixture
def regions(db):
    return known_regions()


def add_school(municipality, number, name, **told):
    return School.objects.create(
        region=municipality.region,
        municipality=municipality,
        name=name,
        vpr_login=f"sch{municipality.region_id}{number:04d}",
        ris_code=f"{111000 + number}",
        **told,
    )


def two_regions():
    """Two municipalities of Приморский край and one of Алтайский край, with their schools."""
    regions = known_regions()
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


@pytest.fixture(scope="module")
def standing_places(stage):
    return stage.built(two_regions)


@pytest.fixture
def places(db, stage, standing_places):
    return stage.copied(standing_places, two_regions)


def make_person(name, role=None, **place):
    """Make a person with an appointment."""
    made = add_person(f"{name}@example.org", f"Человек {name}", None)  # hashing is slow on purpose
    if role:
        appoint(made, role, since=date(2020, 1, 1), **place)
    return made


@pytest.fixture
def person(db):
    return make_person


def one_of_each_role(places):
    """One person of each role; ``stranger`` coordinates another region, ``nobody`` has no appointment."""
    return SimpleNamespace(
        operator=make_person("operator", Role.FEDERAL_OPERATOR),
        analyst=make_person("analyst", Role.ANALYST),
        coordinator=make_person("coordinator", Role.REGIONAL_COORDINATOR, region=places.primorye),
        municipal=make_person("municipal", Role.MUNICIPAL_COORDINATOR, municipality=places.lake),
        curator=make_person("curator", Role.CURATOR, school=places.listed),
        director=make_person("director", Role.DIRECTOR, school=places.listed),
        observer=make_person("observer", Role.OBSERVER, region=places.primorye),
        stranger=make_person("stranger", Role.REGIONAL_COORDINATOR, region=places.altai),
        nobody=make_person("nobody"),
    )


@pytest.fixture(scope="module")
def standing_people(stage, standing_places):
    return stage.built(one_of_each_role, standing_places)


@pytest.fixture
def people(stage, places, standing_people):
    return stage.copied(standing_people, one_of_each_role, places)


def upload(text, name="results.csv"):
    content = text.encode() if isinstance(text, str) else text
    return Upload(name, len(content), content)


def bring_file(by, text=RESULTS, name="results.csv", region=None):
    """Bring one table of results as somebody."""
    return accept_files([upload(text, name)], Context(name=""), by, timezone.localdate(), region)[0]


@pytest.fixture
def bring(outcomes_folder):
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
