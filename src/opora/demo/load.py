"""Brings a built demo into the system through its own doors: the same actions that people's pages call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from django.utils import timezone

from opora.accounts.actions import add_person
from opora.accounts.models import User
from opora.demo.build import Built
from opora.demo.history import record_history
from opora.demo.place import SignIn
from opora.demo.quality import check_quality
from opora.demo.review import choose_some, show_list, try_numbers
from opora.demo.staff import live
from opora.demo.surveys import survey_schools
from opora.identification.actions import agree_list, publish_list, start_run
from opora.identification.models import Run, Verdict
from opora.language import _
from opora.registry.actions import appoint, load_regions
from opora.registry.models import Appointment, Municipality, Region, School
from opora.registry.regions import FILE
from opora.results.actions import accept_files
from opora.results.reading import Context
from opora.results.registry_tables import import_table
from opora.results.uploads import Upload

EDITION = "seed-2020"
DOMAIN = "demo.opora.example"
# The demo region on the tile map: a place that no region has, and codes that were given to nobody.
REGION = {
    "code": "99",
    "iso": "XX-ZAR",
    "okato": "02000",
    "district": "СФО",
    "time_zone": "Asia/Krasnoyarsk",
    "tile": [12, 8],
    "short": "Демо",
    "name": "Заречный край",
    "name_en": "Zarechny Krai (demo)",
}
Role = Appointment.Role
Progress = Callable[[float], None]


class DemoRefused(Exception):
    """The system refused a file of the demo: the generator and a reader disagree."""


@dataclass(frozen=True)
class Loaded:
    """What the demo holds now."""

    run: Run
    sign_ins: tuple[SignIn, ...]


def load(built: Built, password: str, progress: Progress = lambda done: None) -> Loaded:
    """Load region, schools, people and results, start a run by the 2020 rule and publish its list.

    Raises: DemoRefused.
    """
    today = timezone.localdate()
    region = load_region()
    operator = add_person(f"operator@{DOMAIN}", "Образцова Вера Павловна", password)
    appoint(operator, Role.FEDERAL_OPERATOR)
    bring_schools(built.schools, operator, region)
    progress(0.1)
    coordinator = add_person(f"region@{DOMAIN}", "Глобусова Нина Олеговна", password, operator)
    appoint(coordinator, Role.REGIONAL_COORDINATOR, region=region, by=operator)
    bring(built.results, coordinator, today, region)
    progress(0.8)
    run = start_run(EDITION, None, region, coordinator)
    run = publish_list(agree_list(run, coordinator), _("ДЕМО-1"), today, coordinator)
    region_people = tuple(people(region, run, password, operator, coordinator))
    record_history(run, coordinator)
    try_numbers(run, coordinator)
    choose_some(run, coordinator)
    show_list(region, coordinator, today)
    survey_schools(run, region, coordinator, today)
    check_quality(today, DOMAIN)
    sign_ins = (
        sign_in(operator, Role.FEDERAL_OPERATOR, _("вся страна")),
        sign_in(coordinator, Role.REGIONAL_COORDINATOR, region.name),
        *region_people,
    )
    live(
        region,
        School.objects.get(appointments__person__email=f"director@{DOMAIN}"),
        coordinator,
        today,
        DOMAIN,
    )
    progress(1.0)
    return Loaded(run, sign_ins)


def load_region() -> Region:
    """Add the demo region to the country's."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    content["regions"].append(REGION)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "regions.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        load_regions(path)
    return Region.objects.get(code=REGION["code"])


def bring_schools(path: Path, by: User, region: Region) -> None:
    """Bring the register of schools in.

    Raises: DemoRefused.
    """
    report = import_table(upload(path), by, region)
    for problem in report.problems:
        raise DemoRefused(f"{path.name}: {problem.cell} {problem.what}")


def upload(path: Path) -> Upload:
    """Hand a file over as a page would."""
    return Upload(path.name, path.stat().st_size, path)


def bring(files: tuple[Path, ...], by: User, today: date, region: Region) -> None:
    """Bring files of results in, all in one go.

    Raises: DemoRefused with the first file that was not taken and why.
    """
    context = Context(name="", region=region.code)
    for brought in accept_files([upload(path) for path in files], context, by, today, region):
        if brought.problems:
            problem = brought.problems[0]
            raise DemoRefused(f"{brought.file.name}: {problem.sheet} {problem.cell} {problem.what}")


def people(region: Region, run: Run, password: str, operator: User, coordinator: User) -> Iterator[SignIn]:
    """Make one person for each of the other roles; the directors are of a listed school and of another."""
    person = partial(make_person, password, coordinator)
    found = list(verdicts(run))
    listed = next((one for one in found if one.listed and one.school.kind == School.Kind.GENERAL), found[0])
    calm = next((one for one in reversed(found) if not one.listed), found[-1])
    place, first, second = listed.municipality, listed.school, calm.school
    yield make_person(password, operator, Role.ANALYST, "analyst", "Таблицына Зоя Игоревна")
    yield person(Role.MUNICIPAL_COORDINATOR, "municipality", "Линейкина Ирина Львовна", municipality=place)
    yield person(Role.CURATOR, "curator", "Циркулев Роман Захарович", school=first)
    yield person(Role.DIRECTOR, "director", "Звонкова Мария Глебовна", school=first)
    yield person(Role.DIRECTOR, "director2", "Букварёв Павел Денисович", school=second)
    yield person(Role.METHODIST, "methodist", "Падежова Алла Юрьевна", region=region)
    yield person(Role.SCHOOL_TEAM, "team", "Переменкин Олег Ильич", school=first)
    yield person(Role.PSYCHOLOGIST, "psychologist", "Тишина Евгения Марковна", school=first)
    yield person(Role.MENTOR_SCHOOL, "mentor", "Маяковцева Рита Андреевна", school=second)
    yield person(Role.PARTNER, "partner", "Музейнов Глеб Антонович", region=region)
    yield person(Role.STUDENT_INTERN, "student", "Зачётова Вика Сергеевна", school=first)
    yield person(Role.OBSERVER, "observer", "Дневников Лев Матвеевич", region=region)


def verdicts(run: Run) -> Any:
    """Answer the verdicts of a run, those with the most failed outcomes first."""
    found = Verdict.objects.filter(run=run).select_related("school", "municipality")
    return found.order_by("-failed", "sort_key", "school_id")


def make_person(password: str, by: User, role: str, address: str, name: str, **place: Any) -> SignIn:
    """Make a person and appoint them."""
    made = add_person(f"{address}@{DOMAIN}", name, password, by)
    appoint(made, role, by=by, **place)
    where: Region | Municipality | School | None = next(iter(place.values()), None)
    return sign_in(made, role, str(where) if where else _("вся страна"))


def sign_in(made: User, role: str, place: str) -> SignIn:
    """Write down how a person signs in."""
    return SignIn(str(Role(role).label), made.full_name, made.email, place)
