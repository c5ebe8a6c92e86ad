"""Makes the demo region: its municipalities and schools, and what is true of each school."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from opora.demo import codes
from opora.demo.names import Place, draw_places, words

SCHOOLS = 300
MUNICIPALITIES = 20
URBAN_KINDS = ("gymnasium", "lyceum", "evening", "special")

# By kind: highest grade, how far its pupils are from the region's mean, words of its name.
KINDS = {
    "secondary": (11, 0.0, "СОШ", "Средняя общеобразовательная школа"),
    "basic": (9, -0.20, "ООШ", "Основная общеобразовательная школа"),
    "primary": (4, 0.0, "НОШ", "Начальная общеобразовательная школа"),
    "gymnasium": (11, 0.75, "Гимназия", "Гимназия"),
    "lyceum": (11, 0.85, "Лицей", "Лицей"),
    "evening": (11, -1.30, "Вечерняя (сменная) ОШ", "Вечерняя (сменная) общеобразовательная школа"),
    "special": (9, -1.10, "Специальная (коррекционная) школа", "Специальная (коррекционная) школа"),
}


@dataclass(frozen=True)
class Municipality:
    """A municipality (муниципалитет) of the demo region."""

    msu: int  # its code in РИС ГИА, the first three digits of its schools' codes
    oktmo: str
    kind: str  # город, округ, район
    name: str
    genitive: str
    centre: str
    weight: int  # how many schools it has beside the others


@dataclass(frozen=True)
class School:
    """A school (образовательная организация) of the demo region with all its codes."""

    login: str
    ris: str
    inn: str
    ogrn: str
    name: str
    full_name: str
    kind: str
    settlement: str
    urban: bool
    first_grade: int
    last_grade: int
    pupils: int
    municipality: Municipality


@dataclass(frozen=True)
class Region:
    """The demo region; the arrays stand in the order of ``schools`` and are never written to a file.

    effect: how far the school's pupils are from the region's mean, in their standard deviations.
    subject_effect: the same apart for the humanities and for maths.
    lift: the share of pupils just below «3» whom the school lifts over the boundary (biased marks).
    """

    seed: int
    code: str
    name: str
    municipalities: tuple[Municipality, ...]
    schools: tuple[School, ...]
    effect: np.ndarray
    subject_effect: np.ndarray
    lift: np.ndarray

    def of(self, municipality: Municipality) -> list[int]:
        """Answer the positions of a municipality's schools."""
        return [i for i, school in enumerate(self.schools) if school.municipality is municipality]


def make_region(seed: int, schools: int = SCHOOLS, municipalities: int = MUNICIPALITIES) -> Region:
    """Make the region from its seed; the same seed gives the same region."""
    random = np.random.default_rng([seed, 1])
    territories = _municipalities(municipalities)
    sizes = _shares([territory.weight for territory in territories], schools)
    places = iter(draw_places(random, min(schools, 320)))
    made: list[School] = []
    for territory, size in zip(territories, sizes, strict=True):
        made += _schools_of(territory, size, len(made) + 1, places, random)
    return Region(
        seed, codes.REGION, words()["region"]["name"], territories, tuple(made), *_truths(made, random)
    )


def _municipalities(count: int) -> tuple[Municipality, ...]:
    """Name the municipalities, the capital first; fewer are taken evenly, so that villages are among them."""
    known = words()["municipalities"]
    places = np.rint(np.linspace(0, len(known) - 1, count)).astype(int).tolist()
    return tuple(_municipality(place, known[place]) for place in places)


def _municipality(place: int, entry: dict) -> Municipality:
    return Municipality(
        codes.FIRST_MSU + place,
        codes.oktmo(place, urban=entry["kind"] == "город"),
        entry["kind"],
        entry["name"],
        entry["genitive"],
        entry["centre"],
        entry["weight"],
    )


def _shares(weights: list[int], total: int) -> list[int]:
    """Divide schools among municipalities by weight, so that the sum is exact."""
    bounds = np.rint(np.cumsum([0, *weights]) / sum(weights) * total).astype(int)
    return [int(b - a) for a, b in pairwise(bounds)]


def _schools_of(
    territory: Municipality, size: int, first: int, places: Iterator[Place], random: np.random.Generator
) -> list[School]:
    """Make the schools of one municipality; the first ones stand in its centre."""
    urban = territory.kind == "город"
    central = size if urban else max(1, size // 4)
    made = []
    for i in range(size):
        kind = _kind(i, urban, i < central, random)
        place = None if i < central else next(places)
        pupils = _pupils(kind, urban, i < central, random)
        made.append(_school(territory, kind, (first + i, i + 1), place, pupils))
    return made


def _kind(position: int, urban: bool, central: bool, random: np.random.Generator) -> str:
    """Choose the kind of a school: special kinds stand in cities, basic and primary ones in villages."""
    if urban:
        special = {1: "gymnasium", 4: "lyceum", 8: "evening", 11: "special"}.get(position % 20)
        return special or "secondary"
    if central:
        return "evening" if position == 2 and random.random() < 0.4 else "secondary"
    return str(random.choice(["secondary", "basic", "primary"], p=[0.52, 0.38, 0.10]))


def _pupils(kind: str, urban: bool, central: bool, random: np.random.Generator) -> int:
    """Draw the size of a school: hundreds in a city, a dozen in a village."""
    middle, spread = (400, 0.35) if urban else (300, 0.35) if central else (135, 0.85)
    factor = {"basic": 0.5, "primary": 0.3, "evening": 0.25, "special": 0.25}.get(kind, 1.0)
    return max(4, int(middle * factor * np.exp(random.normal(0, spread))))


def _school(
    territory: Municipality, kind: str, numbers: tuple[int, int], place: Place | None, pupils: int
) -> School:
    """Name a school and give it its codes.

    numbers: its number in the region and in the municipality; place: None in the municipality's centre.
    """
    number, local = numbers
    last, _, short, long = KINDS[kind]
    owner = (
        ("КГКОУ", "Краевое государственное казённое")
        if kind == "special"
        else ("МБОУ", "Муниципальное бюджетное")
    )
    if place and number % 7 == 0:
        owner = ("МКОУ", "Муниципальное казённое")
    settlement = f"{'д.' if pupils < 40 else 'с.'} {place.name}" if place else territory.centre
    if place and number % 3 == 0:
        title, full = f"«{place.adjective} {short}»", f"«{place.adjective} {long.lower()}»"
    else:
        where = "" if territory.kind == "город" else f" {settlement}"
        title, full = f"«{short} № {local}»{where}", f"«{long} № {local}»{where}"
    return School(
        login=codes.vpr_login(number),
        ris=codes.ris_code(territory.msu, local),
        inn=codes.inn(number),
        ogrn=codes.ogrn(number),
        name=f"{owner[0]} {title}",
        full_name=f"{owner[1]} общеобразовательное учреждение {full} {territory.genitive}",
        kind=kind,
        settlement=settlement,
        urban=territory.kind == "город",
        first_grade=8 if kind == "evening" else 1,
        last_grade=last,
        pupils=pupils,
        municipality=territory,
    )


def _truths(schools: list[School], random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw what no file says: the effect of each school, apart by subject, and its way with marks."""
    count = len(schools)
    kind = np.array([KINDS[school.kind][1] for school in schools])
    rural = np.array([0.0 if school.urban else -0.10 for school in schools])
    size = np.log(np.array([school.pupils for school in schools]) / 300) * 0.05
    hard = random.random(count) < 0.06  # whole subjects without a teacher for years
    shortage = np.where(hard, -random.uniform(1.1, 1.7, count), 0.0)
    effect = kind + rural + size + shortage + random.normal(0, 0.17, count)
    subject_effect = random.normal(0, 0.12, (count, 2))
    lift = np.where(random.random(count) < 0.14, random.uniform(0.5, 0.95, count), 0.0)
    return effect, subject_effect, lift
