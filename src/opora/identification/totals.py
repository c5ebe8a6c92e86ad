"""Counts of runs within what a viewer sees: nobody learns from a total that there are other schools."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from opora.identification.models import PlaceCount, Run, Verdict
from opora.registry.access import Reach

COUNTED = ("schools", "listed", "unstable")
SUMS = [Sum(name) for name in COUNTED]


@dataclass(frozen=True)
class Total:
    """How many schools a run looked at, and put on the list."""

    schools: int
    listed: int


NOTHING = Total(0, 0)


def totals(far: Reach, runs: Iterable[int]) -> dict[tuple[int, str], Total]:
    """Answer the totals of runs by list; the list "" counts a school that is on several lists once."""
    if far.schools and not far.country:
        return _of_schools(far, runs)
    found = PlaceCount.objects.filter(far.within(school=None), run__in=runs)
    summed = found.values_list("run", "list").annotate(Sum("schools"), Sum("listed"))
    return {(run, name): Total(schools, listed) for run, name, schools, listed in summed}


def _of_schools(far: Reach, runs: Iterable[int]) -> dict[tuple[int, str], Total]:
    """Count the verdicts one by one where single schools are seen, not whole municipalities."""
    seen = Verdict.objects.filter(far.within(school="school"), run__in=runs)
    counted = {
        "n_schools": Count("school", distinct=True),
        "n_listed": Count("school", distinct=True, filter=Q(listed=True)),
    }
    by_list = seen.values_list("run", "list").annotate(**counted)
    once = seen.values_list("run").annotate(**counted)
    return {
        **{(run, name): Total(schools, listed) for run, name, schools, listed in by_list},
        **{(run, ""): Total(schools, listed) for run, schools, listed in once},
    }


def listed_by_list(far: Reach, run: Run) -> dict[str, int]:
    """Answer how many schools each list of a run holds; a run with one list has no tabs to say it on."""
    if len(run.lists) < 2:
        return {}
    return {name: total.listed for (_run, name), total in totals(far, [run.pk]).items()}


def counts_by_region(far: Reach, run: Run, name: str) -> dict[str, dict[str, int]]:
    """Answer schools, listed and unstable of each region that is seen, whole or in part."""
    found = PlaceCount.objects.filter(far.within(school=None), run=run, list=name)
    summed = found.values_list("region").annotate(*SUMS)
    return {region: dict(zip(COUNTED, counts, strict=True)) for region, *counts in summed}
