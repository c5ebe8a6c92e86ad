"""The territory page and what pages of identification share: the run they speak of, and its lists."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from opora.accounts.models import User
from opora.identification.access import visible_runs
from opora.identification.models import Run, Verdict
from opora.identification.pages import ListName, PlaceRow, RunHead, TerritoryPage
from opora.identification.rule_numbers import changed_words
from opora.identification.totals import counts_by_region, listed_by_list
from opora.identification.wording import edition_of, list_title, status_kind
from opora.language import _
from opora.methodology.parameters import FEDERAL
from opora.methodology.wording import status
from opora.registry.access import Reach, has_deed, reach
from opora.registry.models import Region
from opora.ui.components import Crumb
from opora.ui.numbers import is_english, share
from opora.ui.pictures.tile_map import Tile, TileMap

HEAVY = ("options",)  # what only a school's page needs of a run


def current_run(viewer: User, today: date, region: str | None, wanted: int | None = None) -> Run | None:
    """Answer the run that a page speaks of: the wanted one, else the newest published, else a draft."""
    runs = visible_runs(viewer, today).select_related("territory", "by").defer(*HEAVY)
    if wanted is not None:
        return runs.filter(pk=wanted).first()
    if region is not None:
        runs = runs.filter(Q(territory=None) | Q(territory=region))
    return runs.first()


def region_name(region: Region) -> str:
    """Answer a region's name in the language of the page."""
    return region.name_en if is_english() else region.name


def run_head(run: Run) -> RunHead:
    """Say what a run is."""
    return RunHead(
        id=run.pk,
        title=run.title,
        edition=run.edition,
        edition_title=str(edition_of(run).title),
        status=status_kind(run.edition_status),
        status_label=status(run.edition_status),
        years=tuple(run.years),
        years_label=", ".join(str(year) for year in run.years),
        territory=region_name(run.territory) if run.territory else _("Россия"),
        state=str(run.state),
        state_label=str(run.get_state_display()),
        objections_until=run.objections_until,
        valid_until=run.valid_until,
        order_number=run.order_number,
        order_date=run.order_date,
        at=run.at,
        by=run.by.full_name,
        unstable_below=run.unstable_below,
        changed=_changed(run),
    )


def _changed(run: Run) -> tuple[str, ...]:
    """Say which numbers of the run are not the edition's."""
    if not run.changes:
        return ()
    edition = edition_of(run)
    territory = run.territory.iso if run.territory else FEDERAL
    return changed_words(edition, edition.settle(territory), run.changes)


def list_names(
    run: Run, current: str, listed: dict[str, int], href: Callable[[str], str]
) -> tuple[ListName, ...]:
    """Answer the lists of a run with how many schools of the viewer's each holds."""
    edition = edition_of(run)
    return tuple(
        ListName(
            name,
            list_title(edition, name),
            listed.get(name, 0),
            href(name),
            name == current,
        )
        for name in run.lists
    )


def chosen_list(run: Run | None, wanted: str) -> str:
    """Answer the wanted list where the run has it, else its first."""
    if run is None:
        return ""
    return wanted if wanted in run.lists else str(run.lists[0])


def territory_page(
    viewer: User, today: date, region: Region | None, wanted_run: int | None = None, wanted_list: str = ""
) -> TerritoryPage:
    """Answer the page of the country (``region`` None) or of a region: the map, the counts, the places."""
    run = current_run(viewer, today, region.pk if region else None, wanted_run)
    name = chosen_list(run, wanted_list)
    kept = {key: value for key, value in (("run", wanted_run), ("list", wanted_list)) if value}
    far = reach(viewer, today, "see_lists")
    every = list(Region.objects.order_by("sort_key"))
    counts = counts_by_region(far, run, name) if run and not region else {}
    places = _municipalities(far, run, name, region, kept) if region else _regions(every, counts, kept)
    schools, listed = sum(place.schools for place in places), sum(place.listed for place in places)
    if region and schools:
        counts = {region.pk: {"schools": schools, "listed": listed}}
    title = region_name(region) if region else _("Россия")
    home = reverse("identification:home") if far.country and region else None
    query = {**kept, "region": region.pk} if region else kept
    return TerritoryPage(
        title=title,
        region=region.pk if region else None,
        crumbs=((Crumb(_("Россия"), home),) if far.country and region else ()) + (Crumb(title),),
        run=run_head(run) if run else None,
        lists=_tabs(far, run, name, kept),
        schools=schools,
        listed=listed,
        unstable=sum(place.unstable for place in places),
        share=listed / schools if schools else None,
        picture=_map(far, every, counts, region, kept),
        places=places,
        list_href=address("identification:list", **query),
        may_import=has_deed(viewer, "import_results", today),
        log_href=_log_href(viewer, today, region),
    )


def _tabs(far: Reach, run: Run | None, name: str, kept: dict[str, Any]) -> tuple[ListName, ...]:
    if run is None:
        return ()
    return list_names(run, name, listed_by_list(far, run), lambda one: "?" + urlencode({**kept, "list": one}))


def _log_href(viewer: User, today: date, region: Region | None) -> str | None:
    """Answer where the log of a territory is: the region's, or where one's own log is found."""
    far = reach(viewer, today, "see_log")
    if region is not None and far.holds_region(region.pk):
        return reverse("registry:region_log", args=(region.pk,))
    return reverse("registry:log") if far else None


def address(name: str, *args: Any, **query: Any) -> str:
    """Answer the address of a page with its query."""
    return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")


def _map(
    far: Reach,
    regions: list[Region],
    counts: dict[str, dict[str, int]],
    region: Region | None,
    kept: dict[str, Any],
) -> TileMap:
    """Draw every region; those that the viewer may not open have neither number nor address."""
    tiles = []
    for one in regions:
        is_open = far.holds_region(one.pk)
        told = counts.get(one.pk) if is_open else None
        value = told["listed"] / told["schools"] if told else None
        tiles.append(
            Tile(
                column=one.tile_column,
                row=one.tile_row,
                label=one.short,
                name=region_name(one),
                value=value,
                shown=_told(told) if told else "",
                href=address("identification:territory", one.pk, **kept) if is_open else None,
                is_current=region is not None and one.pk == region.pk,
            )
        )
    return TileMap(
        title=_("Доля школ, включённых в перечень, по регионам"),
        tiles=tiles,
        value_name=_("Школ в перечне"),
        territory_name=_("Регион"),
    )


def _told(counts: dict[str, int]) -> str:
    """Say a region's number and share: «41 из 512, 8 %»."""
    of = _("{listed} из {schools}").format(listed=counts["listed"], schools=counts["schools"])
    return f"{of}, {share(counts['listed'] / counts['schools'])}"


def _regions(
    regions: list[Region], counts: dict[str, dict[str, int]], kept: dict[str, Any]
) -> tuple[PlaceRow, ...]:
    """Answer the regions of which a run tells, by name."""
    return tuple(
        PlaceRow(
            name=region_name(one),
            district=one.get_district_display(),
            share=counts[one.pk]["listed"] / counts[one.pk]["schools"],
            href=address("identification:territory", one.pk, **kept),
            **counts[one.pk],
        )
        for one in regions
        if one.pk in counts
    )


def _municipalities(
    far: Reach, run: Run | None, name: str, region: Region, kept: dict[str, Any]
) -> tuple[PlaceRow, ...]:
    """Answer a region's municipalities, by name, counted over the schools that are seen."""
    if run is None:
        return ()
    rows = (
        Verdict.objects.filter(far.within(school="school"), run=run, list=name, region=region)
        .values("municipality", "municipality__name")
        .annotate(
            schools=Count("school"),
            inside=Count("school", filter=Q(listed=True)),
            unsure=Count("school", filter=Q(unstable=True)),
        )
        .order_by("municipality__sort_key")
    )
    return tuple(
        PlaceRow(
            name=row["municipality__name"],
            district="",
            schools=row["schools"],
            listed=row["inside"],
            unstable=row["unsure"],
            share=row["inside"] / row["schools"],
            href=address("identification:list", **kept, region=region.pk, municipality=row["municipality"]),
        )
        for row in rows
    )
