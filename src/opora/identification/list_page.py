"""The list: one page of schools under the filters, in a number of queries that does not grow."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.http import urlencode

from opora.accounts.models import User
from opora.identification.filters import Filters
from opora.identification.models import Run, Verdict
from opora.identification.pages import SORTS, Chip, Choice, ListName, ListPage, ListRow
from opora.identification.queries import (
    chosen_list,
    current_run,
    edition_of,
    list_names,
    region_name,
    run_head,
)
from opora.identification.totals import listed_by_list
from opora.identification.wording import exclusion_label
from opora.language import _
from opora.registry.access import Reach, reach, visible_municipalities, visible_regions
from opora.registry.models import Region, School, searched
from opora.ui.components import Crumb

A_PAGE = 50
ONLY = {
    "": Q(listed=True),
    "unstable": Q(unstable=True),
    "rural": Q(listed=True, rural=True),
    "all": Q(),
}
SHOWN = (
    "school_id", "by_rule", "school__name", "school__short_name", "school__vpr_login", "school__ris_code",
    "municipality__name", "region_id", "rural", "listed", "excluded", "failed", "counted",
    "stability", "unstable", "school__closed_on",
)  # fmt: skip


def list_page(viewer: User, today: date, filters: Filters) -> ListPage:
    """Answer one page of the list: fifty schools, the filters with their counts."""
    far = reach(viewer, today, "see_lists")
    regions = _regions(viewer, today, far, filters)
    region = _region(regions, filters)
    run = current_run(viewer, today, region.pk if region else None, filters.run)
    name = chosen_list(run, filters.list)
    found = _found(far, run, name, region, filters)
    counts = found.aggregate(**{f"n_{key}": Count("school", filter=rule) for key, rule in ONLY.items()})
    paging = Paginator(range(counts[f"n_{filters.only}"]), A_PAGE).get_page(filters.page)
    rows = _rows(run, name, found.filter(ONLY[filters.only]), filters, paging)
    names = {one.pk: region_name(one) for one in regions}
    return ListPage(
        title=run.title if run else _("Перечень школ"),
        crumbs=_crumbs(regions, region),
        run=run_head(run) if run else None,
        lists=_tabs(far, run, name, filters, region),
        chips=_chips(counts),
        regions=tuple(Choice(one.pk, names[one.pk], one is region) for one in regions),
        municipalities=_municipalities(region, filters),
        rows=tuple(_row(row, run, names, filters) for row in rows) if run else (),
        search=filters.search,
        only=filters.only,
        paging=paging,
        has_regions=region is None,
        clear_href=_clear_href(regions, filters),
        export_href=_export_href(run, name, region, filters),
    )


def _regions(viewer: User, today: date, far: Reach, filters: Filters) -> list[Region]:
    """Answer the viewer's regions by name, with the municipalities to choose from (``places``) in one query.

    Of the whole country only the wanted region brings its municipalities: there would be thousands.
    """
    regions = visible_regions(viewer, today).order_by("sort_key")
    places = visible_municipalities(viewer, today).filter(region=OuterRef("pk")).order_by("sort_key")
    if far.country:
        places = places.filter(region=filters.region)
    told = ArraySubquery(places.values(told=JSONObject(pk="pk", name="name")))
    return list(regions.annotate(places=told))


def _region(regions: list[Region], filters: Filters) -> Region | None:
    """Answer the region that the filters ask for, or the only one there is."""
    if len(regions) == 1:
        return regions[0]
    return next((one for one in regions if one.pk == filters.region), None)


def _tabs(
    far: Reach, run: Run | None, name: str, filters: Filters, region: Region | None
) -> tuple[ListName, ...]:
    if run is None:
        return ()
    return list_names(run, name, listed_by_list(far, run), lambda one: _address(filters, region, list=one))


def _found(
    far: Reach, run: Run | None, name: str, region: Region | None, filters: Filters
) -> QuerySet[Verdict]:
    """Answer the verdicts that the viewer may see, of the wanted place and words."""
    if run is None:
        return Verdict.objects.none()
    found = Verdict.objects.filter(far.within(school="school"), run=run, list=name)
    if region is not None:
        found = found.filter(region=region)
    if filters.municipality is not None:
        found = found.filter(municipality=filters.municipality)
    if words := searched(filters.search):
        found = found.filter(_called(words))
    return found


def _called(words: list[str]) -> Q:
    """Find by what a verdict keeps, and by what a school was called or coded before or since."""
    told, renamed = Q(), School.objects.exclude(former="")
    for word in words:
        told &= Q(search_key__contains=word)
        renamed = renamed.filter(search_key__contains=word)
    return told | Q(school__in=renamed.values("pk"))


def _rows(
    run: Run | None, name: str, found: QuerySet[Verdict], filters: Filters, paging: Page
) -> list[dict[str, Any]]:
    if run is None or not paging.paginator.count:
        return []
    columns = SORTS[filters.sort.removeprefix("-")]
    first = F(columns[0])
    nulls = {"nulls_last": True} if columns[0] == "stability" else {}  # elsewhere an index gives the order
    falling = filters.sort.startswith("-")
    order: list[Any] = [first.desc(**nulls) if falling else first.asc(**nulls), *columns[1:]]
    # Fifty are chosen on the narrow table first; names and places are joined to these alone.
    chosen = _slice(found.order_by(*order), paging).values("school_id")
    shown = Verdict.objects.filter(run=run, list=name, school_id__in=chosen)
    return list(shown.order_by(*order).values(*SHOWN))


def _slice(ordered: QuerySet[Verdict], paging: Page) -> QuerySet[Verdict]:
    """Answer the page's rows, counted from whichever end is nearer: what lies before them is walked over."""
    total, first, last = paging.paginator.count, paging.start_index() - 1, paging.end_index()
    return ordered[first:last] if first <= total // 2 else ordered.reverse()[total - last : total - first]


def _row(row: dict[str, Any], run: Run, names: dict[str, str], filters: Filters) -> ListRow:
    address = reverse("identification:school", args=(row["school_id"],))
    return ListRow(
        school=row["school_id"],
        name=row["school__short_name"] or row["school__name"],
        code=row["school__vpr_login"] or row["school__ris_code"],
        municipality=row["municipality__name"],
        region=names.get(row["region_id"], ""),
        rural=row["rural"],
        listed=row["listed"],
        amended=row["listed"] != row["by_rule"],
        excluded=exclusion_label(row["excluded"], edition_of(run)),
        failed=row["failed"],
        counted=row["counted"],
        stability=row["stability"],
        unstable=row["unstable"],
        closed_on=row["school__closed_on"],
        href=f"{address}?run={run.pk}" if filters.run else address,
    )


def _chips(counts: dict[str, int]) -> tuple[Chip, ...]:
    labels = {
        "": _("В перечне"),
        "unstable": _("Решение неустойчиво"),
        "rural": _("Сельские в перечне"),
        "all": _("Все школы"),
    }
    return tuple(Chip(key, label, counts[f"n_{key}"]) for key, label in labels.items())


def _municipalities(region: Any, filters: Filters) -> tuple[Choice, ...]:
    """Answer the municipalities of the chosen region as options; a person of single schools has none."""
    if region is None:
        return ()
    return tuple(
        Choice(str(one["pk"]), one["name"], one["pk"] == filters.municipality) for one in region.places or ()
    )


def _crumbs(regions: list[Region], region: Region | None) -> tuple[Crumb, ...]:
    country = (Crumb(_("Россия"), reverse("identification:home")),) if len(regions) > 1 else ()
    place = (
        (Crumb(region_name(region), reverse("identification:territory", args=(region.pk,))),)
        if region
        else ()
    )
    return (*country, *place, Crumb(_("Перечень")))


def _address(filters: Filters, region: Region | None, **changed: Any) -> str:
    kept = {"run": filters.run, "region": region.pk if region else "", "list": filters.list, **changed}
    return "?" + urlencode({key: value for key, value in kept.items() if value})


def _export_href(run: Run | None, name: str, region: Region | None, filters: Filters) -> str | None:
    if run is None:
        return None
    asked = {"list": name, "region": region.pk if region else "", "municipality": filters.municipality}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{reverse('identification:export', args=(run.pk,))}?{query}"


def _clear_href(regions: list[Region], filters: Filters) -> str | None:
    narrowed = filters.search or filters.municipality or filters.only
    if narrowed or (filters.region and len(regions) > 1):
        return _address(filters, None) if filters.run or filters.list else reverse("identification:list")
    return None
