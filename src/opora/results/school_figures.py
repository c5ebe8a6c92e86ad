"""«Результаты: как были и как есть»: a school's results with those that came over to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from opora.accounts.models import User
from opora.language import _
from opora.methodology.tables import OUTCOME_KEY
from opora.registry.access import visible_schools
from opora.registry.history.carrying import Figure, routes
from opora.registry.history.chronicle import Chronicle
from opora.registry.history.concerned import Concerned
from opora.registry.history.queries import crumbs_to, told_rules
from opora.registry.history.told import chronicle_of
from opora.registry.models import School
from opora.results.actions import store
from opora.results.carried import carried, figures_of, shown
from opora.results.words import outcome_name
from opora.ui.components import Crumb

EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class FigureRow:
    """One outcome: whose it was then, and what it is now."""

    label: str
    were: tuple[tuple[str, str], ...]  # school, «8 из 20»
    now: str  # «11 из 50»; "" where it is not carried over
    is_divided: bool
    lost: str  # why it is not carried over


@dataclass(frozen=True)
class FiguresPage:
    """A school's results as they were and as they are."""

    name: str
    crumbs: tuple[Crumb, ...]
    rows: tuple[FigureRow, ...]
    rules: tuple[str, ...]
    today: date


def figures_page(viewer: User, today: date, school: School) -> FiguresPage:
    """Answer the page; whose the parts were is said of schools that the viewer may see."""
    chronicle = chronicle_of(school.region_id, [school.pk])
    sources = predecessors(chronicle, school.pk, today)
    open_ones = dict(visible_schools(viewer, today).filter(pk__in=sources).values_list("pk", "short_name"))
    names = {pk: open_ones[pk] or _name(chronicle, pk) for pk in open_ones}
    counted, _published = figures_of(store(), sources)
    told = carried(counted, chronicle, today)
    now = {figure.key: figure for figure in told.figures if figure.school == school.pk}
    lost = {figure.key: why for figure, why in told.lost if figure.school == school.pk}
    keys = sorted({*now, *lost}, key=lambda key: (-key[0], *map(str, key[1:])))
    gone = {(figure.school, figure.key) for figure, _why in told.lost if figure.school != school.pk}
    came = [figure for figure in counted if (figure.school, figure.key) not in gone]
    rows = tuple(_row(key, came, now.get(key), lost.get(key, ""), names) for key in keys)
    return FiguresPage(
        str(school), crumbs_to(school, _("Результаты: как были и как есть")), rows, told_rules(), today
    )


def predecessors(chronicle: Chronicle, school: int, today: date) -> list[int]:
    """Answer the schools whose figures may have come to a school, itself among them."""
    found = routes(chronicle, EARLIEST, today)
    return [school, *(pk for pk, ways in found.items() if pk != school and _leads(ways, school))]


def _leads(ways: tuple, school: int) -> bool:
    return any(way.school == school for way in ways)


def _name(chronicle: Chronicle, school: int) -> str:
    name = chronicle.beginnings[school].values["name"]
    return str(name[1] or name[0])


def _row(
    key: tuple, counted: list[Figure], now: Figure | None, lost: str, names: dict[int, str]
) -> FigureRow:
    mine = [figure for figure in counted if figure.key == key]
    return FigureRow(
        label=outcome_name(dict(zip(OUTCOME_KEY, key, strict=True))),
        were=tuple(
            (names.get(one.school, _("другая школа")), shown(one) if one.school in names else "—")
            for one in mine
        ),
        now=shown(now) if now else "",
        is_divided=bool(now and now.is_divided),
        lost=lost,
    )


def _was(figure: Figure, names: dict[int, str]) -> tuple[str, str]:
    """Say what a school had; of one that the viewer may not see nothing but that it was another."""
    known = figure.school in names
    return (names[figure.school], shown(figure)) if known else (_("другая школа"), "—")


def concerned_figures(schools: Sequence[int], viewer: User, today: date) -> list[Concerned]:
    """Tell how many results a change of some schools concerns."""
    counted, published = figures_of(store(), schools)
    years: dict[int, int] = {}
    for figure in (*counted, *published):
        years[figure.key[0]] = years.get(figure.key[0], 0) + 1
    told = _("показателей этих школ: {count}")
    return [
        Concerned(_("Результаты {year} года").format(year=year), told.format(count=count))
        for year, count in sorted(years.items())
    ]
