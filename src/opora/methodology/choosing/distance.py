"""How unlike two candidates are (расстояние между школами): one number from context, results and risk
factors.

Every feature is put on one scale (standard deviations over the candidates). A group of features has a
weight, and its features share it equally: five columns of results do not outvote one of context. The
distance is the root of the weighted mean of squared differences. What is not known of one of two schools
counts as the average difference of two candidates taken by chance: a school of which little is known comes
near to nobody and represents few.

Distances are whole numbers of ten-thousandths, so that sums of them are exact and the same on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.choosing.quotas import SelectionError
from opora.methodology.marked import unknown
from opora.methodology.parameters import standing
from opora.methodology.shares import in_units, ratio, standard_scores

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.int32]
GROUPS = ("context", "results", "risks")
BY_CHANCE = 2.0  # the mean squared difference of two independent values of unit variance
BLOCK = 48  # rows made at a time: what is between stays in the processor's own memory


@dataclass(frozen=True, eq=False)
class Distances:
    """The features of all candidates on one scale, from which any part of the table of distances is made.

    scores: candidates × features, 0 where not known; known: where they are; weights: of features, 1 together.
    """

    scores: Floats
    known: npt.NDArray[np.bool_]
    weights: Floats

    @cached_property
    def _scaled(self) -> tuple[Floats, Floats]:
        """Scores and the differences by chance, each times the root of its weight: features × candidates."""
        root = np.sqrt(self.weights)[:, None]
        return np.ascontiguousarray(self.scores.T * root), self.weights * BY_CHANCE

    def between(self, rows: Any, columns: Any) -> Units:
        """Give the distances of some candidates to some others, both by place.

        Shape: rows × columns. Units: ten-thousandths of a standard deviation; 0 of a school to itself.
        """
        scores, chance = self._scaled
        ours, theirs = np.arange(len(self.scores))[rows], np.arange(len(self.scores))[columns]
        squares = np.zeros((len(ours), len(theirs)))
        off = np.empty_like(squares)
        for f, own in enumerate(scores):
            np.subtract(own[ours, None], own[None, theirs], out=off)
            np.multiply(off, off, out=off)
            known = self.known[:, f]
            if not known.all():
                off[~known[ours], :] = chance[f]
                off[:, ~known[theirs]] = chance[f]
            squares += off
        np.sqrt(squares, out=squares)
        found = in_units(squares)
        found[ours[:, None] == theirs[None, :]] = 0
        return found

    @cached_property
    def table(self) -> Units:
        """All distances: symmetric, four bytes a pair (144 MB for 6,000 candidates)."""
        n = len(self.scores)
        whole = np.empty((n, n), np.int32)
        for start in range(0, n, BLOCK):
            part = self.between(slice(start, start + BLOCK), slice(start, None))
            whole[start : start + BLOCK, start:] = part
            whole[start:, start : start + BLOCK] = part.T
        return whole


def distances(
    candidates: pl.DataFrame, features: Mapping[str, str], weights: Mapping[str, Decimal] | None = None
) -> Distances:
    """Put the features of candidates on one scale.

    ``features`` names the columns and the group of each: context, results, risks. ``weights`` replaces the
    groups' standing weights. Raises: ``SelectionError``: no features, an unknown column or group, a column
    that is no number, a feature known of nobody, a school of which nothing is known, no weight above zero.
    """
    shares = _weights(features, weights)
    values = np.column_stack([_column(candidates, name) for name in features])
    known = ~np.isnan(values)
    for f, name in enumerate(features):
        if not known[:, f].any():
            raise SelectionError(_("признак {name} не известен ни об одной школе").format(name=name))
    bare = ~known[:, shares > 0].any(axis=1)
    if bare.any():
        school = candidates["school"].filter(pl.Series(bare))[0]
        message = _("ни один признак не известен, школ: {count}, первая — {school}")
        raise SelectionError(message.format(count=int(bare.sum()), school=school))
    return Distances(np.where(known, standard_scores(values), 0.0), known, shares)


def _weights(features: Mapping[str, str], weights: Mapping[str, Decimal] | None) -> Floats:
    if not features:
        raise SelectionError(_("не названо ни одного признака, по которому школы похожи"))
    own = {group: standing("selection", f"weight_{group}").number for group in GROUPS} | dict(weights or {})
    for group in (*features.values(), *own):
        if group not in GROUPS:
            raise SelectionError(unknown(group, GROUPS, _("нет группы признаков «{name}»")))
    if any(weight < 0 for weight in own.values()):
        raise SelectionError(_("вес признаков меньше нуля"))
    sizes = {group: list(features.values()).count(group) for group in GROUPS}
    shared = np.array([ratio(float(own[group]), sizes[group]) for group in features.values()])
    if shared.sum() == 0:
        raise SelectionError(_("ни у одной группы признаков нет веса"))
    return np.array([ratio(share, shared.sum()) for share in shared])


def _column(candidates: pl.DataFrame, name: str) -> Floats:
    if name not in candidates.columns:
        raise SelectionError(
            unknown(name, candidates.columns, _("в таблице кандидатов нет столбца «{name}»"))
        )
    column = candidates[name]
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean, pl.Null)):
        raise SelectionError(_("столбец {name} — не число: похожесть считают по числам").format(name=name))
    found = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if np.isinf(found).any():
        raise SelectionError(_("столбец {name}: число не конечно").format(name=name))
    return found
