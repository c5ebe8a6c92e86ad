"""What the page «Что, если» answers: the list with other numbers, against the run's own."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import QueryDict
from django.urls import reverse

from opora.accounts.models import User
from opora.identification.models import Run, Scenario
from opora.identification.pages import Choice
from opora.identification.queries import chosen_list, region_name, run_head
from opora.identification.rule_numbers import changed_words
from opora.identification.what_if.difference import Difference, difference
from opora.identification.what_if.forms import ControlsForm
from opora.identification.what_if.held import Held
from opora.identification.what_if.pages import PlaceChange, ScenarioRow, SchoolChange, WhatIfPage
from opora.identification.wording import edition_of, list_title
from opora.language import _
from opora.methodology.edition import Edition
from opora.methodology.identification import Identification
from opora.methodology.parameters import standing
from opora.registry.models import Municipality, Region, School
from opora.results.words import outcome_name
from opora.ui.components import Crumb
from opora.ui.numbers import number

MOST = 50  # schools of each table; more are counted
RESULTS = 3  # of a school


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for besides the numbers."""

    list: str
    region: str | None
    schools_a_curator: int


@dataclass(frozen=True)
class Tried:
    """A run with other numbers: both lists, and where they differ."""

    base: Identification
    found: Identification
    told: Difference


def usual_load() -> int:
    """Answer how many schools a curator has at most, unless the page is told otherwise."""
    return int(standing("what_if", "schools_a_curator").number)


def read_asked(run: Run, query: QueryDict) -> Asked:
    """Read what cannot be wrong: nonsense is as if it were not said."""
    region = query.get("region", "")[:2] or None
    load = query.get("load", "")
    per = int(load) if load.isascii() and load.isdigit() and 0 < int(load[:4]) <= 100 else usual_load()
    return Asked(chosen_list(run, query.get("list", "")[:60]), None if run.territory_id else region, per)


def tried(held: Held, form: ControlsForm, asked: Asked) -> Tried:
    """Ask the rule with the form's numbers; a form that is not whole asks with the run's own.

    Raises: what ``identify`` raises.
    """
    is_other = form.is_valid() and (form.changes or form.years != tuple(held.base.years))
    found = held.ask(form.changes, form.years) if is_other else held.base
    told = difference(held.base, found, asked.list, held.read.schools, asked.region)
    return Tried(held.base, found, told)


def what_if_page(  # noqa: PLR0913 (who looks at what, and what was answered)
    viewer: User, run: Run, form: ControlsForm, asked: Asked, answer: Tried, *, may_start: bool
) -> WhatIfPage:
    """Answer the page."""
    told, edition = answer.told, edition_of(run)
    entered, left = told.entered, told.left
    before = int(told.schools["listed"].sum())
    region = Region.objects.filter(pk=asked.region).first() if asked.region else None
    own = bool(run.territory_id or region)
    places = _places(run, asked, told, form, of_regions=not own)
    return WhatIfPage(
        run=run_head(run),
        crumbs=(
            Crumb(_("Все перечни"), reverse("identification:runs")),
            Crumb(run.title, reverse("identification:run", args=(run.pk,))),
            Crumb(_("Что, если")),
        ),
        lists=tuple(Choice(name, list_title(edition, name), name == asked.list) for name in run.lists),
        list=asked.list,
        list_title=list_title(edition, asked.list),
        region=region_name(region) if region else "",
        region_code=region.pk if region else "",
        said=_said(edition, form) if form.is_valid() else (),
        before=before,
        after=before + len(entered) - len(left),
        stayed=before - len(left),
        entered_count=len(entered),
        left_count=len(left),
        entered=_schools(run, answer.found, asked.list, entered),
        left=_schools(run, answer.base, asked.list, left),
        places=places,
        of_regions=not own,
        schools_a_curator=asked.schools_a_curator,
        curators=sum(place.curators for place in places),
        curators_after=sum(place.curators_after for place in places),
        scenarios=_scenarios(viewer, run, edition, form),
        notes=answer.found.notes,
        query=address(form, asked),
        may_start=may_start,
    )


def _said(edition: Edition, form: ControlsForm) -> tuple[str, ...]:
    """Say every number that is otherwise, with what it was."""
    return (*changed_words(edition, form.settled, form.changes), *_years(form.years, form.run_years))


def _years(then: tuple[int, ...], now: tuple[int, ...]) -> tuple[str, ...]:
    if then == now:
        return ()
    both = [", ".join(str(year) for year in some) for some in (then, now)]
    return (_("Годы: {then} вместо {now}").format(then=both[0], now=both[1]),)


def address(form: ControlsForm, asked: Asked, **more: str) -> str:
    """Answer the numbers as an address: only those that are otherwise."""
    query = QueryDict(mutable=True)
    standing_ones = form.own()
    for name, value in form.data.items():
        if name in standing_ones and value != standing_ones[name]:
            query[name] = value
    if asked.region:
        query["region"] = asked.region
    if asked.schools_a_curator != usual_load():
        query["load"] = str(asked.schools_a_curator)
    query["list"] = asked.list
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def _places(
    run: Run, asked: Asked, told: Difference, form: ControlsForm, *, of_regions: bool
) -> tuple[PlaceChange, ...]:
    counted = told.places("region" if of_regions else "municipality", asked.schools_a_curator)
    rows = {row.pop("place"): row for row in counted.to_dicts()}
    here = reverse("identification:what_if", args=(run.pk,))
    if of_regions:
        found: Any = Region.objects.filter(pk__in=rows).order_by("sort_key")
        return tuple(
            PlaceChange(region_name(one), f"{here}?{address(form, asked, region=one.pk)}", **rows[one.pk])
            for one in found
        )
    found = Municipality.objects.filter(pk__in=rows).order_by("sort_key")
    return tuple(PlaceChange(one.name, None, **rows[one.pk]) for one in found)


def _schools(run: Run, found: Identification, name: str, rows: pl.DataFrame) -> tuple[SchoolChange, ...]:
    """Say of the first schools how they stand before and after, and what decides where they are listed."""
    shown = rows.head(MOST)
    deciding = _deciding(found, name, shown["school"].to_list())
    schools = School.objects.select_related("municipality").in_bulk(shown["school"].to_list())
    told = _("выше порога {after} из {counted} вместо {before} из {counted_before}")
    return tuple(
        SchoolChange(
            name=str(schools[row["school"]]),
            href=f"{reverse('identification:school', args=(row['school'],))}?run={run.pk}",
            municipality=schools[row["school"]].municipality.name,
            why=told.format(
                after=number(row["failed_after"]),
                counted=number(row["counted_after"]),
                before=number(row["failed"]),
                counted_before=number(row["counted"]),
            ),
            results=deciding.get(row["school"], ()),
        )
        for row in shown.to_dicts()
        if row["school"] in schools
    )


def _deciding(found: Identification, name: str, schools: list[int]) -> dict[int, tuple[str, ...]]:
    """Answer the results that decide on some schools, as people call them."""
    if not schools:
        return {}
    rows = found.evidence(schools).filter((pl.col("list") == name) & pl.col("deciding"))
    told: dict[int, tuple[str, ...]] = {}
    for row in rows.to_dicts():
        before = told.get(row["school"], ())
        if len(before) < RESULTS and row["kind"] == "outcome":
            said_of = _("{name}: {low} из {takers}")
            low = row["low"] if row["low"] is not None else "—"
            told[row["school"]] = (
                *before,
                said_of.format(name=outcome_name(row), low=low, takers=row["takers"]),
            )
    return told


def _scenarios(viewer: User, run: Run, edition: Edition, form: ControlsForm) -> tuple[ScenarioRow, ...]:
    here = reverse("identification:what_if", args=(run.pk,))
    return tuple(
        ScenarioRow(
            id=one.pk,
            title=one.title,
            said=(
                *changed_words(edition, form.settled, one.changes),
                *_years(tuple(one.years), form.run_years),
            ),
            listed=one.listed,
            entered=one.entered,
            left=one.left,
            by=one.by.full_name,
            at=one.at,
            href=f"{here}?scenario={one.pk}",
            is_mine=one.by_id == viewer.pk,
        )
        for one in Scenario.objects.filter(run=run).select_related("by")[:50]
    )
