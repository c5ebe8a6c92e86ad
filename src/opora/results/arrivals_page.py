"""The page «Что загружено»: a region's map of what has arrived, and its gaps by name."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from opora.accounts.models import User
from opora.language import _
from opora.registry.access import Reach, reach
from opora.registry.models import Municipality, Region, School
from opora.results.access import import_regions
from opora.results.actions import store
from opora.results.arrivals import Arrived, Expected, Square, squares
from opora.results.words import assessment_name, subject_name
from opora.ui.components import Crumb

NAMED = 20  # schools of a gap; more are counted
FIRST = ("russian", "maths")  # the columns that everybody looks for


@dataclass(frozen=True)
class Choice:
    """A region, or an assessment of a year, to look at."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class PlaceRow:
    """A municipality: a square for every subject, in the order of the heads."""

    name: str
    schools: int
    squares: tuple[tuple[str, Square], ...]  # the subject's name beside its square


@dataclass(frozen=True)
class Gap:
    """Schools of a municipality that teach a subject and have no result of it."""

    subject: str
    schools: tuple[tuple[str, str], ...]  # name and address
    count: int


@dataclass(frozen=True)
class ArrivalsPage:
    """What has arrived of one assessment in one region."""

    crumbs: tuple[Crumb, ...]
    regions: tuple[Choice, ...]
    held: tuple[Choice, ...]
    title: str  # «ВПР-2019, Приморский край»; "" before anything arrived
    subjects: tuple[tuple[str, bool], ...]  # name, and whether it is drawn by lot
    rows: tuple[PlaceRow, ...]
    gaps: tuple[tuple[str, tuple[Gap, ...]], ...]  # by municipality
    missing: int  # schools that lack at least one subject
    any_lot: bool


def arrivals_page(viewer: User, today: date, wanted_region: str, wanted_held: str) -> ArrivalsPage:
    """Answer the page: the wanted region of those that the person brings results of, else the first."""
    far = reach(viewer, today, "import_results")
    regions = list(import_regions(viewer, today).filter(schools__isnull=False).distinct())
    region = next((one for one in regions if one.pk == wanted_region), None) or next(iter(regions), None)
    crumbs = (Crumb(_("Результаты"), reverse("results:files")), Crumb(_("Что загружено")))
    told = tuple(Choice(one.pk, one.name, one is region) for one in regions)
    nothing = ArrivalsPage(crumbs, told, (), "", (), (), (), 0, any_lot=False)
    if region is None:
        return nothing
    schools = {one.pk: one for one in _schools(far, region)}
    results = _results(schools)
    if not results:
        return nothing
    names = {f"{assessment}-{year}": (assessment, year) for assessment, year in sorted(results, key=_newest)}
    chosen = wanted_held if wanted_held in names else next(iter(names))
    assessment, year = names[chosen]
    held = tuple(
        Choice(word, f"{assessment_name(which)}-{when}", word == chosen)
        for word, (which, when) in names.items()
    )
    return _map(nothing, held, (region, assessment, year), schools, results[assessment, year])


def _newest(held: tuple[str, int]) -> tuple[int, str]:
    return -held[1], held[0]


def _schools(far: Reach, region: Region) -> list[School]:
    """Answer the schools of a region that the person brings results of; closed ones lack nothing."""
    mine = School.objects.filter(region=region, closed_on=None)
    if not far.holds_region(region.pk):
        mine = mine.filter(Q(municipality__in=far.municipalities) | Q(pk__in=far.schools))
    return list(mine.only("pk", "name", "short_name", "municipality_id", "levels").order_by("sort_key"))


def _results(schools: dict[int, School]) -> dict[tuple[str, int], list[Arrived]]:
    """Read which results these schools have, by assessment and year."""
    told = store().outcomes(schools=[str(pk) for pk in schools])
    codes = store().schools()
    rows = told.counts.join(codes, on="school").join(told.cells, on="cell")
    found: dict[tuple[str, int], list[Arrived]] = {}
    columns = ("code", "assessment", "year", "subject", "grade")
    for code, assessment, year, subject, grade in rows.select(columns).unique().iter_rows():
        found.setdefault((assessment, year), []).append(Arrived(int(code), subject, grade))
    return found


def _grades(school: School) -> range:
    first, _dash, last = school.levels.partition("-")
    return range(int(first), int(last) + 1) if last else range(0)


def _map(
    page: ArrivalsPage,
    held: tuple[Choice, ...],
    what: tuple[Region, str, int],
    schools: dict[int, School],
    results: list[Arrived],
) -> ArrivalsPage:
    region, assessment, year = what
    expected = [Expected(pk, one.municipality_id, _grades(one)) for pk, one in schools.items()]
    found = squares(assessment, year, expected, results)
    subjects = sorted({subject for _place, subject in found}, key=_order)
    lots = {subject for (_place, subject), square in found.items() if square.by_lot}
    here = {one.place for one in expected}
    places = list(Municipality.objects.filter(pk__in=here).order_by("sort_key"))
    rows = tuple(
        PlaceRow(
            name=place.name,
            schools=sum(one.place == place.pk for one in expected),
            squares=tuple((subject_name(subject), found[place.pk, subject]) for subject in subjects),
        )
        for place in places
    )
    told = {
        place.name: tuple(
            _gap(subject, missing, schools)
            for subject in subjects
            if (missing := found[place.pk, subject].missing)
        )
        for place in places
    }
    return ArrivalsPage(
        crumbs=page.crumbs,
        regions=page.regions,
        held=held,
        title=f"{assessment_name(assessment)}-{year}, {region.name}",
        subjects=tuple((subject_name(subject), subject in lots) for subject in subjects),
        rows=rows,
        gaps=tuple((name, gaps) for name, gaps in told.items() if gaps),
        missing=len({school for square in found.values() for school in square.missing}),
        any_lot=bool(lots),
    )


def _order(subject: str) -> tuple[int, str]:
    return (FIRST.index(subject) if subject in FIRST else len(FIRST)), subject_name(subject)


def _gap(subject: str, missing: tuple[int, ...], schools: dict[int, School]) -> Gap:
    lacking = set(missing)
    named = [pk for pk in schools if pk in lacking][:NAMED]
    return Gap(
        subject=subject_name(subject),
        schools=tuple((str(schools[pk]), reverse("results:school_figures", args=(pk,))) for pk in named),
        count=len(missing),
    )
