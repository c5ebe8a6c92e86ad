"""The context of one school beside the verdict on it: what it lets expect, who is alike, who might help."""

from datetime import date
from typing import Any

import polars as pl
from django.urls import reverse

from opora.accounts.models import User
from opora.identification.cards import ContextCard, Named
from opora.identification.context.looking import RegionContext, region_context
from opora.identification.context.words import context_said
from opora.identification.models import Run, Verdict
from opora.identification.wording import edition_of
from opora.methodology.context.map import mentors
from opora.methodology.context.words import expected_sentence, quadrant
from opora.methodology.edition import HIGH
from opora.registry.access import visible_schools
from opora.registry.models import School

ALIKE = 5  # similar schools that are named


def context_card(viewer: User, today: date, run: Run, school: School) -> ContextCard | None:
    """Answer the card of a school; None where nothing is known of its context."""
    found = region_context(run, school.region_id)
    if found is None:
        return None
    mine = found.mapped.filter(pl.col("school") == school.pk).to_dicts()
    if not mine or (mine[0]["harder"] is None and mine[0]["why"] != "special"):
        return None
    row = mine[0]
    near = _alike(found, school.pk)
    helpers = _mentors(found, run, school, row)
    known = visible_schools(viewer, today).filter(pk__in=[*near, *helpers]).in_bulk()
    expected = found.expected.filter(pl.col("school") == school.pk).to_dicts()
    return ContextCard(
        context=context_said(row),
        stands=quadrant(row),
        expected=expected_sentence(expected[0]) if expected else "",
        cluster=_cluster(found, school.pk),
        alike=_named(run, [pk for pk in near if pk in known][:ALIKE], known),
        mentors=_named(run, [pk for pk in helpers if pk in known], known),
    )


def _alike(found: RegionContext, school: int) -> list[int]:
    return found.alike.filter(pl.col("school") == school).sort("place")["neighbour"].to_list()


def _mentors(found: RegionContext, run: Run, school: School, row: dict[str, Any]) -> list[int]:
    """Answer the resilient schools that a school in need might learn from; none of them is in need itself."""
    lists = edition_of(run).lists
    needed = [name for name in run.lists if name in lists and lists[name].kind != HIGH]
    verdicts = Verdict.objects.filter(run=run, list__in=needed, listed=True)
    in_need = set(verdicts.values_list("school_id", flat=True))
    if school.pk not in in_need or row["why"]:
        return []
    free = pl.col("resilient") & ~pl.col("school").is_in(list(in_need))
    mapped = found.mapped.with_columns(pl.col("school").cast(pl.String), resilient=free)
    told = mentors(found.context, mapped, pl.Series([str(school.pk)]))
    return [int(pk) for pk in told.sort("place")["mentor"]]


def _cluster(found: RegionContext, school: int) -> str:
    groups = found.groups.filter(pl.col("school") == school)["group"].to_list()
    return found.names.get(groups[0], "") if groups else ""


def _named(run: Run, numbers: list[int], known: dict[int, School]) -> tuple[Named, ...]:
    return tuple(
        Named(str(known[pk]), f"{reverse('identification:school', args=(pk,))}?run={run.pk}")
        for pk in numbers
    )
