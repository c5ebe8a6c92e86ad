"""Gives the demo region a history: a merge, a renaming, a branch, and a change that was taken back."""

from datetime import date
from typing import Any

from opora.accounts.models import User
from opora.identification.models import Run, Verdict
from opora.language import _
from opora.registry.history.actions import record_change, take_back_change
from opora.registry.history.carrying import Figure
from opora.registry.history.changes import Kind
from opora.registry.history.drafts import Draft
from opora.registry.models import School
from opora.results.actions import store
from opora.results.carried import figures_of

AUTUMN_2018 = date(2018, 9, 1)
MISTAKEN, MERGED = date(2022, 9, 1), date(2023, 9, 1)  # after the last results: who has joined writes no more
NEEDED = 5  # schools that are in it


def record_history(run: Run, by: User) -> None:
    """Record what happened to some schools between years of results; a tiny region has no history."""
    schools = calm_schools(run)
    if len(schools) < NEEDED:
        return
    later = {figure.school for figure in results_of(schools) if figure.key[0] > MERGED.year}
    schools.sort(key=lambda school: school.pk in later)  # who joins another has no results after that
    joins, stays, renamed, main, branch = schools[:NEEDED]
    order: dict[str, Any] = {"order_number": _("ДЕМО-17"), "order_date": date(2018, 6, 4)}
    former = f"{renamed.name} {_('имени первых учителей')}"
    next_order: dict[str, Any] = {"order_number": _("ДЕМО-31"), "order_date": date(2023, 6, 5)}
    told = Draft(
        Kind.RENAME, AUTUMN_2018, **order, school=renamed, after=renamed.name, before=former,
        short_after=renamed.short_name, short_before=former[:200],
    )  # fmt: skip
    record_change(told, by)
    record_change(Draft(Kind.BRANCH, AUTUMN_2018, **order, school=branch, main=main), by)
    mistaken = record_change(Draft(Kind.CLOSE, MISTAKEN, **order, school=joins), by)
    take_back_change(mistaken, _("приказ отменён: школа вошла в другую годом позже"), by)
    record_change(Draft(Kind.MERGE, MERGED, **next_order, school=stays, ends=(joins,)), by)


def results_of(schools: list[School]) -> list[Figure]:
    """Answer the results of some schools."""
    return figures_of(store(), [school.pk for school in schools])[0]


def calm_schools(run: Run) -> list[School]:
    """Answer schools that are not listed and have none of our people, of one municipality if possible."""
    found = Verdict.objects.filter(run=run, listed=False, excluded="").select_related("school")
    by_place: dict[int, list[School]] = {}
    for verdict in found.order_by("sort_key", "school_id"):
        if not verdict.school.appointments.exists():
            by_place.setdefault(verdict.municipality_id, []).append(verdict.school)
    most = max(by_place.values(), key=len, default=[])
    return most if len(most) >= NEEDED else [school for some in by_place.values() for school in some]
