"""Two lists side by side: which schools entered, which left, and what was otherwise for each of them."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from opora.accounts.models import User
from opora.identification.access import visible_runs
from opora.identification.models import Run, Verdict
from opora.identification.pages import ChangeRow, Choice, ComparisonPage
from opora.identification.queries import HEAVY, chosen_list, run_head
from opora.identification.wording import edition_of, list_title, standing_words
from opora.language import _
from opora.registry.access import reach
from opora.ui.components import Crumb

MOST = 200  # rows of each table; more are counted
OTHERS = 50  # runs to choose from


@dataclass(frozen=True)
class Side:
    """One of the two lists."""

    run: Run
    list: str
    listed: QuerySet[Verdict]  # as far as the viewer sees, within what both runs look at


def comparison_page(
    viewer: User, today: date, run: Run, wanted: int | None, wanted_list: str = ""
) -> ComparisonPage:
    """Answer how a run's list differs from another run's: the wanted one, or the newest other one.

    A list of the country is compared with one of a region within that region.
    Empty: no ``other`` where there is none; who has no verdict in a run was on no list there.
    """
    others = _others(viewer, today, run)
    other = next((one for one in others if one.pk == wanted), None) or next(iter(others), None)
    region = run.territory_id or (other.territory_id if other else None)
    here = _side(viewer, today, run, wanted_list, region)
    page = ComparisonPage(
        run=run_head(run),
        other=run_head(other) if other else None,
        others=tuple(Choice(str(one.pk), _named(one), one is other) for one in others),
        list_title=list_title(edition_of(run), here.list),
        crumbs=(
            Crumb(_("Все перечни"), reverse("identification:runs")),
            Crumb(run.title, reverse("identification:run", args=(run.pk,))),
            Crumb(_("Кто вошёл, кто вышел")),
        ),
    )
    if other is None:
        return page
    there = _side(viewer, today, other, wanted_list, region)
    entered = here.listed.filter(~_listed_in(there))
    left = there.listed.filter(~_listed_in(here))
    return replace(
        page,
        stayed=here.listed.filter(_listed_in(there)).count(),
        entered_count=entered.count(),
        left_count=left.count(),
        entered=_rows(entered, here, there),
        left=_rows(left, here, there),
    )


def _others(viewer: User, today: date, run: Run) -> list[Run]:
    """Answer the runs that may be compared: of the same region, or one of them of the country."""
    runs = visible_runs(viewer, today).select_related("territory", "by").defer(*HEAVY).exclude(pk=run.pk)
    if run.territory_id:
        runs = runs.filter(Q(territory=None) | Q(territory=run.territory_id))
    return list(runs[:OTHERS])


def _named(run: Run) -> str:
    years = ", ".join(str(year) for year in run.years)
    return f"№ {run.pk}. {run.title} ({years}; {run.get_state_display()})"


def _side(viewer: User, today: date, run: Run, wanted: str, region: str | None) -> Side:
    name = chosen_list(run, wanted)
    far = reach(viewer, today, "see_lists")
    listed = Verdict.objects.filter(far.within(school="school"), run=run, list=name, listed=True)
    return Side(run, name, listed.filter(region=region) if region else listed)


def _listed_in(side: Side) -> Exists:
    return Exists(side.listed.filter(school=OuterRef("school")))


def _rows(verdicts: QuerySet[Verdict], here: Side, there: Side) -> tuple[ChangeRow, ...]:
    """Say of each school how it stands in both runs."""
    shown = list(verdicts.select_related("school", "municipality").order_by("sort_key", "school")[:MOST])
    schools = [one.school_id for one in shown]
    stands = [_standing(side, schools) for side in (here, there)]
    return tuple(
        ChangeRow(
            school=str(one.school),
            href=f"{reverse('identification:school', args=(one.school_id,))}?run={one.run_id}",
            municipality=one.municipality.name,
            here=standing_words(stands[0].get(one.school_id), edition_of(here.run)),
            there=standing_words(stands[1].get(one.school_id), edition_of(there.run)),
        )
        for one in shown
    )


def _standing(side: Side, schools: list[int]) -> dict[int, Verdict]:
    found = Verdict.objects.filter(run=side.run, list=side.list, school__in=schools)
    return {one.school_id: one for one in found}
