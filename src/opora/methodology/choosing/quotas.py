"""Quotas of a choice (квоты): how many of a group at least and at most, who is in and who is out for a
reason.

Candidates that stand in the same groups are of one class: whether quotas hold is a matter of how many of each
class are chosen, and so even a country's quotas are a program of a few dozen whole numbers. If quotas
cannot hold together, the clash names a smallest set of them: leave out any one, and the rest can hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.choosing.solver import Program, solved
from opora.methodology.marked import unknown

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class SelectionError(ValueError):
    """A choice of participants cannot be made as it is asked."""


class Clash(SelectionError):
    """Quotas that cannot hold together: ``demands`` is a smallest such set."""

    def __init__(self, k: int, demands: tuple["Demand", ...]) -> None:
        self.demands = demands
        message = _("нельзя выбрать столько школ: {k} — и выполнить вместе: {demands}")
        super().__init__(message.format(k=k, demands="; ".join(str(demand) for demand in demands)))


@dataclass(frozen=True)
class Quota:
    """At least and at most so many chosen of the candidates whose label ``column`` is ``value``."""

    column: str
    value: Any
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Demand:
    """One side of a quota, or one school that is fixed: what a clash consists of.

    group: the candidates it is about, by place; ``least`` and ``most`` of them are to be chosen.
    """

    what: Quota | str
    group: tuple[int, ...]
    least: int
    most: int
    reason: str = ""

    def __str__(self) -> str:
        if isinstance(self.what, Quota):
            said = _("не меньше {n}") if self.least else _("не больше {n}")
            title = _titles().get(self.what.column, self.what.column)
            text = _("{title} {value}: {said} (кандидатов {count})")
            return text.format(
                title=title,
                value=self.what.value,
                said=said.format(n=self.least or self.most),
                count=len(self.group),
            )
        text = (
            _("школа {school} включена: {reason}") if self.least else _("школа {school} не берётся: {reason}")
        )
        return text.format(school=self.what, reason=self.reason)


def _titles() -> Mapping[str, str]:
    return {
        "municipality": _("муниципалитет"),
        "settlement": _("населённый пункт"),
        "kind": _("вид школы"),
        "region": _("регион"),
    }


@dataclass(frozen=True, eq=False)
class Rules:
    """How many to choose of which: what every choice keeps.

    member: quotas × candidates; lower, upper: of each quota; fixed: 1 in, −1 out, 0 free; classes: of
    candidates.
    """

    k: int
    member: Bools
    lower: Integers
    upper: Integers
    fixed: Integers
    demands: tuple[Demand, ...]

    @cached_property
    def _grouped(self) -> tuple[Bools, Integers]:
        kinds, back, _sizes = _classes(self.member)
        return kinds, back

    @property
    def kinds(self) -> Bools:
        """Which quotas each class stands in: quotas × classes."""
        return self._grouped[0]

    @property
    def classes(self) -> Integers:
        """The class of each candidate."""
        return self._grouped[1]

    def holds(self, chosen: Integers) -> bool:
        """Tell whether a choice, by places, keeps everything."""
        count = self.member[:, chosen].sum(axis=1)
        fixed = np.isin(np.flatnonzero(self.fixed == 1), chosen).all() and (self.fixed[chosen] >= 0).all()
        return len(chosen) == self.k and bool(
            fixed and (self.lower <= count).all() and (count <= self.upper).all()
        )


def rules(
    candidates: pl.DataFrame,
    k: int,
    quotas: Sequence[Quota] = (),
    put_in: Mapping[Any, str] | None = None,
    leave_out: Mapping[Any, str] | None = None,
) -> Rules:
    """Check what is asked of a choice and put it into numbers.

    ``put_in`` and ``leave_out`` give the reason of each school that is fixed. Raises: ``SelectionError``
    for a number of schools that leaves nothing to choose, an unknown column or school, no reason, a school
    both in and out; ``Clash``.
    """
    n = len(candidates)
    if not 0 < k < n:
        message = _("выбрать {k} из {n}: выбирать нечего, нужно число от 1 до {most}")
        raise SelectionError(message.format(k=k, n=n, most=max(n - 1, 1)))
    fixed = [*_fixed(candidates, put_in or {}, 1), *_fixed(candidates, leave_out or {}, 0)]
    if both := set(put_in or {}) & set(leave_out or {}):
        raise SelectionError(_("школа {school} и включена, и не берётся").format(school=min(both)))
    sides = [demand for quota in quotas for demand in _sides(candidates, quota)]
    demands = (*sides, *fixed)
    if not _fits(n, k, demands):
        raise Clash(k, _smallest(n, k, demands))
    member = np.zeros((len(sides), n), np.bool_)
    for row, side in enumerate(sides):
        member[row, list(side.group)] = True
    state = np.zeros(n, np.int64)
    for one in fixed:
        state[one.group[0]] = 1 if one.least else -1
    lower, upper = (np.array([getattr(s, side) for s in sides], np.int64) for side in ("least", "most"))
    return Rules(k, member, lower, upper, state, demands)


def each(
    candidates: pl.DataFrame, column: str, at_least: int | None = None, at_most: int | None = None
) -> list[Quota]:
    """Ask the same of every group of a label: «at most 3 of each municipality»."""
    return [
        Quota(column, value, at_least, at_most)
        for value in _label(candidates, column).unique().drop_nulls().sort()
    ]


def clash(
    candidates: pl.DataFrame,
    k: int,
    quotas: Sequence[Quota],
    put_in: Mapping[Any, str] | None = None,
    leave_out: Mapping[Any, str] | None = None,
) -> tuple[Demand, ...]:
    """Find a smallest set of quotas and fixed schools that cannot hold together: without any one the rest
    can.

    Empty: everything can hold together. Raises: ``SelectionError`` as ``rules`` does, but no ``Clash``.
    """
    try:
        rules(candidates, k, quotas, put_in, leave_out)
    except Clash as found:
        return found.demands
    return ()


def _label(candidates: pl.DataFrame, column: str) -> pl.Series:
    if column not in candidates.columns:
        raise SelectionError(
            unknown(column, candidates.columns, _("в таблице кандидатов нет столбца «{name}»"))
        )
    return candidates[column]


def _sides(candidates: pl.DataFrame, quota: Quota) -> Iterator[Demand]:
    label = _label(candidates, quota.column)
    group = tuple(np.flatnonzero([value == quota.value for value in label.to_list()]).tolist())
    for number in (quota.at_least, quota.at_most):
        if number is not None and number < 0:
            raise SelectionError(
                _("квота «{column}» {value}: число меньше нуля").format(
                    column=quota.column, value=quota.value
                )
            )
    if quota.at_least:
        yield Demand(quota, group, quota.at_least, len(candidates))
    if quota.at_most is not None:
        yield Demand(quota, group, 0, quota.at_most)


def _fixed(candidates: pl.DataFrame, schools: Mapping[Any, str], least: int) -> Iterator[Demand]:
    place = {school: i for i, school in enumerate(candidates["school"].to_list())} if schools else {}
    for school, reason in schools.items():
        if school not in place:
            raise SelectionError(_("школы {school} нет среди кандидатов").format(school=school))
        if not reason.strip():
            raise SelectionError(
                _("школа {school}: нужна причина, по которой её берут или не берут").format(school=school)
            )
        yield Demand(str(school), (place[school],), least, least, reason)


def _smallest(n: int, k: int, demands: Sequence[Demand]) -> tuple[Demand, ...]:
    """Leave out whatever can be left out while the rest still cannot hold; the last named go first."""
    left = list(demands)
    for demand in reversed(demands):
        without = [one for one in left if one is not demand]
        if not _fits(n, k, without):
            left = without
    return tuple(left)


def _fits(n: int, k: int, demands: Sequence[Demand]) -> bool:
    """Tell whether so many can be chosen that all demands hold: whole numbers of each class."""
    member = np.zeros((len(demands) + 1, n), np.bool_)
    member[0] = True
    for place, demand in enumerate(demands, 1):
        member[place, list(demand.group)] = True
    kinds, _back, sizes = _classes(member)
    rows, places = np.nonzero(kinds)
    program = Program(
        cost=np.zeros(len(sizes)),
        lower=np.zeros(len(sizes)),
        upper=sizes.astype(np.float64),
        starts=np.searchsorted(rows, np.arange(len(kinds) + 1)),
        places=places,
        values=np.ones(len(places)),
        row_lower=np.array([k, *(demand.least for demand in demands)], np.float64),
        row_upper=np.array([k, *(demand.most for demand in demands)], np.float64),
        whole=np.ones(len(sizes), np.bool_),
    )
    return not solved(program).infeasible


def _classes(member: Bools) -> tuple[Bools, Integers, Integers]:
    """Put candidates that stand in the same groups together: groups × classes, the class of each, their
    sizes."""
    packed = np.ascontiguousarray(np.packbits(member, axis=0).T)
    if not packed.shape[1]:
        packed = np.zeros((member.shape[1], 1), np.uint8)
    marks = packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _marks, first, back, sizes = np.unique(marks, return_index=True, return_inverse=True, return_counts=True)
    return member[:, first], back.reshape(-1), sizes
