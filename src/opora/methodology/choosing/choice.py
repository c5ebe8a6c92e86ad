"""The choice of participants (отбор участников): k schools that best represent all candidates, under quotas.

A candidate is represented by the chosen school that is most like it; the best choice makes the distances of
all candidates to who represents them least together (p-median). Where the solver can, the choice is proven
to be the best; beyond that, the bound says how much better any other choice could be at most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology import tables
from opora.methodology.choosing.distance import Distances, distances
from opora.methodology.choosing.exact import best, core
from opora.methodology.choosing.large import nearly_best, objective
from opora.methodology.choosing.quotas import Clash, Demand, Quota, Rules, SelectionError, clash, each, rules
from opora.methodology.choosing.swaps import Standing, first_by_key
from opora.methodology.parameters import standing
from opora.methodology.shares import from_units, ratio

__all__ = [
    "Clash",
    "Cost",
    "Demand",
    "Quota",
    "Selection",
    "SelectionError",
    "choose",
    "clash",
    "cost_of",
    "costs",
    "each",
]

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Selection:
    """A choice with what it represents. places: of the chosen in ``candidates``; objective and bound: whole
    ten-thousandths of a standard deviation, over all candidates together; notes: what is not known, in
    sentences.
    """

    candidates: pl.DataFrame
    places: Integers
    objective: int
    bound: int
    notes: tuple[str, ...]
    rules: Rules
    distances: Distances

    @property
    def proven(self) -> bool:
        """Whether no other choice represents better."""
        return self.objective == self.bound

    @property
    def gap(self) -> float:
        """How much better another choice could be at most: a share of the bound, 0–1."""
        return float(ratio(self.objective - self.bound, self.bound))

    @property
    def chosen(self) -> list[Any]:
        """The keys of the chosen schools, in order."""
        return list(self.candidates["school"].gather(self.places.tolist()))

    @cached_property
    def representation(self) -> pl.DataFrame:
        """Say who represents whom: ``school chosen by distance``, one row per candidate.

        Units: standard deviations of the features. Of two equally like ones the first key represents.
        """
        far = self.distances.between(self.places, slice(None))
        nearest = far.argmin(axis=0)
        nearest[self.places] = np.arange(len(self.places))  # whoever is chosen represents itself
        inside = np.isin(np.arange(len(self.candidates)), self.places)
        return pl.DataFrame(
            {
                "school": self.candidates["school"],
                "chosen": inside,
                "by": self.candidates["school"].gather(self.places[nearest].tolist()),
                "distance": from_units(far[nearest, np.arange(far.shape[1])].astype(np.int64)),
            }
        )

    @property
    def represented(self) -> pl.DataFrame:
        """Sum up what each chosen school represents: ``by schools mean_distance farthest``, itself
        counted."""
        return (
            self.representation.group_by("by")
            .agg(
                pl.len().alias("schools"),
                pl.col("distance").mean().alias("mean_distance"),
                pl.col("distance").max().alias("farthest"),
            )
            .sort("by")
        )


def choose(  # noqa: PLR0913  what a coordinator may ask of a choice, each by its name
    candidates: pl.DataFrame,
    k: int,
    features: Mapping[str, str],
    *,
    quotas: Sequence[Quota] = (),
    put_in: Mapping[Any, str] | None = None,
    leave_out: Mapping[Any, str] | None = None,
    weights: Mapping[str, Decimal] | None = None,
    seconds: float | None = None,
) -> Selection:
    """Choose ``k`` schools that best represent the candidates.

    Shape: ``candidates`` has ``school``, labels that quotas name and numbers that ``features`` name with
    the group of each (context, results, risks); numbers may be missing. ``put_in`` and ``leave_out`` give
    schools that are fixed, with reasons; who is left out is still to be represented. ``weights`` and
    ``seconds`` replace what stands in ``parameters/selection.yaml``. The same question has the same answer,
    unless the time ran out. Raises: ``TableMismatch`` for a repeated or empty key; ``SelectionError``;
    ``Clash``.
    """
    known = tables.schools(candidates)
    asked = rules(known, k, quotas, put_in, leave_out)
    between = distances(known, features, weights)
    table = between.table
    steps, rounds, pairs, reach = (
        int(_number(name)) for name in ("bound_steps", "shaking_rounds", "bound_pairs", "exact_pairs")
    )
    found = nearly_best(table, asked, steps, rounds, pairs)
    places, bound = found.chosen, found.bound
    left = core(table, asked, found, reach) if bound < found.objective else None
    if left:
        limit = _number("exact_seconds") if seconds is None else seconds
        places, bound = best(table, asked, found, left, limit)
    places = first_by_key(table, asked, places)
    return Selection(
        known, places, objective(table, places), bound, tuple(_notes(known, features)), asked, between
    )


def _number(name: str) -> float:
    return float(standing("selection", name).number)


def _notes(candidates: pl.DataFrame, features: Mapping[str, str]) -> Iterator[str]:
    for name in features:
        if missing := candidates[name].null_count():
            text = _("признак {name} не известен, школ: {count}; их отличие по нему принято за среднее")
            yield text.format(name=name, count=missing)


@dataclass(frozen=True)
class Cost:
    """What a manual change of a choice costs.

    objective: of the changed choice, computed anew; difference: how much worse it is; share: of the objective
    before, 0–1 (below zero: better); broken: what the changed choice does not keep.
    """

    put_in: tuple[Any, ...]
    take_out: tuple[Any, ...]
    objective: int
    difference: int
    share: float
    broken: tuple[Demand, ...]


def cost_of(selection: Selection, put_in: Sequence[Any] = (), take_out: Sequence[Any] = ()) -> Cost:
    """Tell what a manual change costs, as many schools in as out.

    If one school comes or leaves alone, the other half of the exchange is found: the one that costs least
    and keeps the quotas. Raises: ``SelectionError``: a school that is no candidate, one in the choice that
    is put in, one outside it that is taken out, uneven numbers, or no exchange that keeps the quotas.
    """
    coming, leaving = _places(selection, put_in, inside=False), _places(selection, take_out, inside=True)
    if len(coming) + len(leaving) == 1:
        coming, leaving = _other_half(selection, coming, leaving)
    if len(coming) != len(leaving):
        message = _("входят {coming}, выходят {leaving}: должно быть поровну")
        raise SelectionError(message.format(coming=len(coming), leaving=len(leaving)))
    chosen = np.array(sorted({*selection.places.tolist(), *coming} - set(leaving)))
    after = int(selection.distances.between(chosen, slice(None)).min(axis=0).sum(dtype=np.int64))
    school = selection.candidates["school"]
    return Cost(
        tuple(school[place] for place in coming),
        tuple(school[place] for place in leaving),
        after,
        after - selection.objective,
        float(ratio(after - selection.objective, selection.objective)),
        tuple(
            one
            for one in selection.rules.demands
            if not one.least <= np.isin(chosen, one.group).sum() <= one.most
        ),
    )


def costs(selection: Selection) -> pl.DataFrame:
    """Tell for every candidate what it costs to put it in or, if it is chosen, to take it out.

    Shape: ``school chosen other difference share``; ``other`` is the school that leaves or comes for it,
    the one that costs least and keeps the quotas. Units: as in ``Cost``. Empty: null where no exchange
    keeps them.
    """
    price, other = _exchanges(selection)
    school = selection.candidates["school"].to_list()
    possible = other >= 0
    return pl.DataFrame(
        {
            "school": selection.candidates["school"],
            "chosen": np.isin(np.arange(len(price)), selection.places),
            "other": pl.Series(
                [school[o] if o >= 0 else None for o in other], dtype=selection.candidates["school"].dtype
            ),
            "difference": pl.Series(
                [int(p) if ok else None for p, ok in zip(price, possible, strict=True)], dtype=pl.Int64
            ),
            "share": pl.Series(
                [
                    ratio(int(p), selection.objective) if ok else None
                    for p, ok in zip(price, possible, strict=True)
                ],
                dtype=pl.Float64,
            ),
        }
    )


def _exchanges(selection: Selection) -> tuple[Integers, Integers]:
    """Find the cheapest exchange of each candidate: its price, and the place of the other (−1: none)."""
    now = Standing(selection.distances.table, selection.rules, selection.places)
    n = len(selection.candidates)
    price, other = np.full(n, np.iinfo(np.int64).max), np.full(n, -1)
    outside = np.flatnonzero((selection.rules.fixed >= 0) & ~np.isin(np.arange(n), now.chosen))
    for coming in outside.tolist():
        prices, allowed = now.prices(coming), ~now.barred(coming)
        if allowed.any():
            slot = np.flatnonzero(allowed)[prices[allowed].argmin()]
            price[coming], other[coming] = prices[slot], now.chosen[slot]
        cheaper = allowed & (prices < price[now.chosen])
        price[now.chosen[cheaper]], other[now.chosen[cheaper]] = prices[cheaper], coming
    return price, other


def _other_half(selection: Selection, coming: list[int], leaving: list[int]) -> tuple[list[int], list[int]]:
    _price, other = _exchanges(selection)
    place = (coming or leaving)[0]
    if other[place] < 0:
        school = selection.candidates["school"][place]
        raise SelectionError(
            _("школу {school} не обменять: всякий обмен нарушает квоты").format(school=school)
        )
    return (coming, [int(other[place])]) if coming else ([int(other[place])], leaving)


def _places(selection: Selection, schools: Sequence[Any], *, inside: bool) -> list[int]:
    """Find the places of schools, all of them in the choice or all outside it."""
    place = {school: i for i, school in enumerate(selection.candidates["school"].to_list())}
    chosen = set(selection.places.tolist())
    for school in schools:
        if school not in place:
            raise SelectionError(_("школы {school} нет среди кандидатов").format(school=school))
        if (place[school] in chosen) != inside:
            message = _("школа {school} не отобрана") if inside else _("школа {school} уже отобрана")
            raise SelectionError(message.format(school=school))
    return list(dict.fromkeys(place[school] for school in schools))
