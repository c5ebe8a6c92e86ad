"""The page of the stabilised list: who would enter, who would leave, how often either list is wrong."""

from dataclasses import dataclass

import polars as pl
from django.urls import reverse

from opora.identification.models import Run, Verdict
from opora.identification.pages import Choice, RunHead
from opora.identification.queries import run_head
from opora.identification.wording import edition_of, list_title, standing_words
from opora.language import _
from opora.methodology.stabilised import stabilised
from opora.registry.models import School
from opora.ui.components import Crumb
from opora.ui.numbers import chance

MOST = 200  # rows of each table; more are counted
SMALL = 30  # pupils: schools about which a rule is wrong most often
KEPT = {"school": pl.Int64, "listed": pl.Boolean, "stability": pl.Float64}


@dataclass(frozen=True)
class MovedRow:
    """A school that stands on one of the two lists only."""

    name: str
    href: str
    municipality: str
    pupils: int | None
    standing: str  # «выше порога 2 из 8»
    chance: str  # how likely the rule would list it by its true shares


@dataclass(frozen=True)
class Errors:
    """How many schools a list is expected to be wrong about: by the rule, and stabilised."""

    rule: float
    stabilised: float


@dataclass(frozen=True)
class StabilisedPage:
    """A run's list beside the likeliest schools, as many of them."""

    run: RunHead
    crumbs: tuple[Crumb, ...]
    lists: tuple[Choice, ...]
    list_title: str
    listed: int
    moved: int  # schools that would leave, and as many that would enter
    errors: Errors
    small_errors: Errors  # about schools of fewer pupils than ``SMALL``
    small: int
    entered: tuple[MovedRow, ...]
    left: tuple[MovedRow, ...]


def stabilised_page(run: Run, name: str) -> StabilisedPage:
    """Answer the page for one of a run's lists, from the stability that was kept with its verdicts."""
    kept = Verdict.objects.filter(run=run, list=name).order_by("sort_key", "school")
    rows = kept.values_list("school_id", "by_rule", "stability")
    told = stabilised(
        pl.DataFrame(list(rows), schema=KEPT, orient="row").with_columns(pl.lit(name).alias("list"))
    )
    small = set(School.objects.filter(pupils__lt=SMALL).values_list("pk", flat=True))
    edition = edition_of(run)
    entered = told.filter(pl.col("chosen") & ~pl.col("listed")).sort("chance", descending=True)
    left = told.filter(pl.col("listed") & ~pl.col("chosen")).sort("chance")
    return StabilisedPage(
        run=run_head(run),
        crumbs=(
            Crumb(_("Все перечни"), reverse("identification:runs")),
            Crumb(run.title, reverse("identification:run", args=(run.pk,))),
            Crumb(_("Что, если"), reverse("identification:what_if", args=(run.pk,))),
            Crumb(_("Устойчивый перечень")),
        ),
        lists=tuple(Choice(one, list_title(edition, one), one == name) for one in run.lists),
        list_title=list_title(edition, name),
        listed=int(told["listed"].sum()),
        moved=len(left),
        errors=_errors(told),
        small_errors=_errors(told.filter(pl.col("school").is_in(small))),
        small=SMALL,
        entered=_rows(run, name, entered),
        left=_rows(run, name, left),
    )


def _errors(told: pl.DataFrame) -> Errors:
    def expected(on: str) -> float:
        wrong = pl.when(on).then(1 - pl.col("chance")).otherwise(pl.col("chance"))
        return float(told.select(wrong.sum()).item())

    return Errors(expected("listed"), expected("chosen"))


def _rows(run: Run, name: str, told: pl.DataFrame) -> tuple[MovedRow, ...]:
    edition, shown = edition_of(run), told.head(MOST)
    kept = Verdict.objects.filter(run=run, list=name, school__in=shown["school"].to_list())
    verdicts = {one.school_id: one for one in kept.select_related("school", "municipality")}
    return tuple(
        MovedRow(
            name=str(verdict.school),
            href=f"{reverse('identification:school', args=(school,))}?run={run.pk}",
            municipality=verdict.municipality.name,
            pupils=verdict.school.pupils,
            standing=standing_words(verdict, edition),
            chance=chance(likely),
        )
        for school, likely in shown.select("school", "chance").iter_rows()
        if (verdict := verdicts.get(school))
    )
