"""The page of a region: the schools whose results stand out, the strongest first."""

from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.urls import reverse

from opora.identification.models import Run
from opora.identification.queries import region_name, run_head
from opora.identification.regional import RegionSeen
from opora.identification.signs.card import unknown, years_label
from opora.identification.signs.looking import Looked, looked
from opora.identification.signs.pages import SignsPage, SignsRow
from opora.language import _
from opora.methodology.parameters import standing
from opora.methodology.signs.words import marker, sentence
from opora.registry.models import School

A_PAGE = 50


def signs_page(seen: RegionSeen, only: str, page: int) -> SignsPage:
    """Answer the page of a region; ``only``: "" the schools that stand out or are marked, or "all"."""
    found = looked(seen.run, seen.region.pk)
    mine = seen.schools
    told = _told(found, mine) if found else []
    shown = told if only == "all" else [one for one in told if one["named"] or one["markers"]]
    paging = Paginator(shown, A_PAGE).get_page(page)
    listed = seen.listed(mine[one["school"]] for one in paging)
    looked_at = [one for one in told if one["kinds"]]
    by_chance = float(standing("objectivity", "named_at").number) * len(looked_at)
    return SignsPage(
        run=run_head(seen.run),
        crumbs=seen.crumbs(_("Признаки необъективности")),
        region=region_name(seen.region),
        regions=seen.choices,
        years=years_label(found) if found else "",
        schools=len(looked_at),
        named=sum(one["named"] for one in told),
        by_chance=int(by_chance + 0.5),
        marked=sum(bool(one["markers"]) for one in told),
        rows=tuple(_row(one, mine[one["school"]], seen.run, listed) for one in paging),
        paging=paging,
        unknown=unknown(found),
    )


def _told(found: Looked, schools: dict[int, School]) -> list[dict[str, Any]]:
    """Answer what is known of each of these schools, the strongest signs first, then by name."""
    kinds: dict[int, list[dict[str, Any]]] = {}
    for row in found.kinds.sort("off", descending=True).to_dicts():
        kinds.setdefault(row["school"], []).append(row)
    marked: dict[int, list[dict[str, Any]]] = {}
    for row in found.markers.filter(pl.col("markers") > 0).to_dicts():
        marked.setdefault(row["school"], []).append(row)
    signs = {row["school"]: row for row in found.signs.to_dicts()}
    told = [
        {
            "school": pk,
            "named": bool(signs.get(pk, {}).get("named")),
            "sign": signs.get(pk, {}).get("sign", float("-inf")),
            "strongest": signs.get(pk, {}).get("strongest"),
            "kinds": kinds.get(pk, []),
            "markers": marked.get(pk, []),
        }
        for pk in schools
        if pk in kinds or pk in marked
    ]
    return sorted(told, key=lambda one: (-one["sign"], schools[one["school"]].sort_key))


def _row(told: dict[str, Any], school: School, run: Run, listed: dict[int, bool]) -> SignsRow:
    strongest = [row for row in told["kinds"] if row["kind"] == told["strongest"]]
    return SignsRow(
        name=str(school),
        href=f"{reverse('identification:school_signs', args=(school.pk,))}?run={run.pk}",
        municipality=school.municipality.name,
        named=told["named"],
        seen=tuple(sentence(row) for row in strongest) if told["named"] else (),
        markers=tuple(marker(row) for row in told["markers"]),
        listed=listed.get(school.pk),
    )
