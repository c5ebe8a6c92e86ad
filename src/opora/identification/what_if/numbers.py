"""«Какое число решает»: how many verdicts each number of the rule turns, and for which schools."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.core.paginator import Page, Paginator
from django.urls import reverse

from opora.identification.models import Run
from opora.identification.pages import Choice, RunHead
from opora.identification.queries import run_head
from opora.identification.rule_numbers import said
from opora.identification.what_if.held import Held
from opora.identification.what_if.query import Asked
from opora.identification.wording import edition_of, list_title
from opora.language import _
from opora.methodology.edition import Edition
from opora.methodology.sensitivity import decides, matters_most
from opora.registry.models import School
from opora.ui.components import Crumb

A_PAGE = 50


@dataclass(frozen=True)
class NumberRow:
    """One number of the rule: what turns with it when it is moved as far as is usual."""

    name: str
    meaning: str
    now: str
    schools: int  # whose verdict it turns
    first: int  # of them those to whom no other number matters more
    is_on: bool  # the table below is about it


@dataclass(frozen=True)
class HangingRow:
    """A school whose verdict a moved number turns."""

    name: str
    href: str
    municipality: str
    listed: bool  # by the run's own numbers
    meaning: str
    there: str  # where the verdict is otherwise: «больше 31 %»
    now: str


@dataclass(frozen=True)
class NumbersPage:
    """On which numbers of the rule the verdicts of a run hang."""

    run: RunHead
    crumbs: tuple[Crumb, ...]
    lists: tuple[Choice, ...]
    list: str
    list_title: str
    schools: int  # with a verdict
    hanging: int  # of them those that some moved number turns
    numbers: tuple[NumberRow, ...]
    rows: tuple[HangingRow, ...]
    paging: Page


def numbers_page(run: Run, held: Held, asked: Asked, wanted: str, page: int) -> NumbersPage:
    """Answer the page; ``wanted`` is a number of the rule to which the table is narrowed."""
    edition = edition_of(run)
    known = decides(edition)
    wanted = wanted if wanted in known else ""
    told = held.turned.filter(pl.col("list") == asked.list)
    most = matters_most(told)
    schools = held.base.verdicts.filter(pl.col("list") == asked.list)["school"].n_unique()
    shown = most.filter(pl.col("parameter") == wanted) if wanted else most
    shown = shown.join(held.read.schools.select("school", "sort_key"), on="school").sort("sort_key", "school")
    paging = Paginator(range(len(shown)), A_PAGE).get_page(page)
    rows = shown.slice((paging.number - 1) * A_PAGE, A_PAGE)
    counted = dict(told.group_by("parameter").len().iter_rows())
    first = dict(most.group_by("parameter").len().iter_rows())
    return NumbersPage(
        run=run_head(run),
        crumbs=(
            Crumb(_("Все перечни"), reverse("identification:runs")),
            Crumb(run.title, reverse("identification:run", args=(run.pk,))),
            Crumb(_("Что, если"), reverse("identification:what_if", args=(run.pk,))),
            Crumb(_("Какое число решает")),
        ),
        lists=tuple(Choice(name, list_title(edition, name), name == asked.list) for name in run.lists),
        list=asked.list,
        list_title=list_title(edition, asked.list),
        schools=schools,
        hanging=len(most),
        numbers=tuple(
            NumberRow(
                name=name,
                meaning=str(edition.parameters[name].meaning),
                now=_said(edition, name, *_now(held, name)),
                schools=counted.get(name, 0),
                first=first.get(name, 0),
                is_on=name == wanted,
            )
            for name in known
        ),
        rows=tuple(_row(run, edition, held, row) for row in _with_schools(rows)),
        paging=paging,
    )


def _now(held: Held, name: str) -> tuple[Decimal | str, str]:
    now = held.base.settled[name]
    return now.value, now.comparison


def _said(edition: Edition, name: str, value: Decimal | str, comparison: str) -> str:
    return said(edition.parameters[name].unit, value, comparison)


def _with_schools(rows: pl.DataFrame) -> list[dict]:
    schools = School.objects.select_related("municipality").in_bulk(rows["school"].to_list())
    return [{**row, "of": schools[row["school"]]} for row in rows.to_dicts() if row["school"] in schools]


def _row(run: Run, edition: Edition, held: Held, row: dict) -> HangingRow:
    name = row["parameter"]
    return HangingRow(
        name=str(row["of"]),
        href=f"{reverse('identification:school', args=(row['school'],))}?run={run.pk}",
        municipality=row["of"].municipality.name,
        listed=not row["listed"],
        meaning=str(edition.parameters[name].meaning),
        there=_said(edition, name, Decimal(row["value"]), row["comparison"]),
        now=_said(edition, name, *_now(held, name)),
    )
