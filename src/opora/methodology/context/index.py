"""The context index of schools (индекс контекста, социальный индекс), from the region's own data.

No weights are brought from elsewhere: how results go together with context is fitted to this region, and the
index is the level that a school's context lets expect, so 0 is the region's middle, 1 a standard deviation,
and more is a harder context. What a school achieves itself is left out of what is expected of it. Where
context foretells too little of schools that were left out, or too few schools are known, there is no index.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.context.fit import Fit, Seen, fit
from opora.methodology.context.indicators import shipped_indicators
from opora.methodology.context.table import ContextTable
from opora.methodology.parameters import standing
from opora.methodology.shares import odds, pooled_share, standard_scores
from opora.methodology.signs.levels import levels
from opora.methodology.tables import TableMismatch

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

HALF = 0.5  # of a pupil: where fewer are expected, a logarithm of odds says nothing
INDEX = {
    "school": None,
    "index": pl.Float64,  # standard deviations above the region's middle: harder
    "known": pl.Int64,  # indicators
    "why": pl.String,  # "" where there is an index; else "special", "unknown" (too little) or "unfit"
}
WEIGHTS = {
    "indicator": pl.String,
    "weight": pl.Float64,  # logits for one standard deviation more of it, the others as they are
    "low": pl.Float64,  # its interval
    "high": pl.Float64,
    "expected": pl.Boolean,  # has it the expected direction; null where none is, or the interval holds 0
}
RESULTS = {
    "school": None,
    "takers": pl.Int64,
    "low": pl.Int64,
    "usual": pl.Float64,  # the logit of the share that is usual in these works
    "expected": pl.Float64,  # logits above it, as the other schools' relation lets expect
    "uncertain": pl.Float64,  # the variance of this expectation
}


@dataclass(frozen=True, eq=False)
class Context:
    """The context of a region's schools, with its fit.

    index: ``INDEX``, a row for every school of the table, in order. results: ``RESULTS``, a row for every
    school with an index and results. fit: None where nothing could be fitted. why: "" where the index may be
    used, else "schools" (too few), "indicators" (none) or "explained" (too little).
    """

    table: ContextTable
    index: pl.DataFrame
    results: pl.DataFrame
    fit: Fit | None
    scores: Floats  # schools of the table × indicators, standard deviations, 0 where not known
    known: Flags
    why: str

    @property
    def usable(self) -> bool:
        """Say whether context explains enough for an index."""
        return self.why == ""

    @property
    def spread(self) -> float:
        """The standard deviation, in logits, of what schools differ by beyond context and chance."""
        return 0.0 if self.fit is None else float(np.sqrt(self.fit.own))

    @property
    def explained(self) -> tuple[float, float, float]:
        """Say what share of the differences between schools context explains, and its interval.

        Units: 0–1, of the variance of true levels, in schools that were left out. Empty: zeros without a fit.
        """
        return (0.0, 0.0, 0.0) if self.fit is None else _explained(self.fit)

    @cached_property
    def weights(self) -> pl.DataFrame:
        """Give what each indicator weighs. Shape: ``WEIGHTS``. Empty: no row where nothing was fitted."""
        if self.fit is None:
            return pl.DataFrame(schema=WEIGHTS)
        ridge, names = self.fit.ridge, self.table.indicators
        reach = quantile(self.fit) * np.sqrt(np.diag(ridge.covariance))
        signs = {"more": 1, "less": -1, "unknown": 0}
        wanted = np.array([signs[shipped_indicators()[name].harder] for name in names])
        sure = (np.abs(ridge.weights) > reach) & (wanted != 0)
        agrees = [
            bool(sign * weight > 0) if told else None
            for sign, weight, told in zip(wanted, ridge.weights, sure, strict=True)
        ]
        columns = (list(names), ridge.weights, ridge.weights - reach, ridge.weights + reach, agrees)
        return pl.DataFrame(dict(zip(WEIGHTS, columns, strict=True)), schema=WEIGHTS)


def quantile(fitted: Fit) -> float:
    """Answer how many standard deviations an interval reaches to either side (Student's)."""
    from scipy.special import stdtrit

    level = float(standing("context", "interval_level").number)
    return float(stdtrit(fitted.freedom, (1 + level) * 0.5))


def context_index(table: ContextTable, outcomes: pl.DataFrame) -> Context:
    """Fit the relation of context and results, and make the index of each school.

    ``outcomes``: ``school cell takers low``, of one region or of the country, as ``levels`` takes them; a row
    whose ``low`` is not known is passed over. Raises: ``TableMismatch``.
    """
    _check(outcomes, table)
    values = table.values.drop("school").to_numpy().astype(np.float64).reshape(len(table.values), -1)
    schools = table.values["school"]
    special = schools.is_in(table.special.implode()).to_numpy()
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    least = float(standing("context", "least_known_of_school").number)
    enough = (count >= least * values.shape[1]) & (count > 0) & ~special
    scores = np.zeros_like(values)
    scores[enough] = np.where(known[enough], standard_scores(values[enough]), 0.0)
    results, place = _results(outcomes, schools.filter(pl.Series(enough)), schools)
    found, why = _fitted(scores[place], known[place], results)
    index, expected = np.full(len(schools), np.nan), results.with_columns(expected=None, uncertain=None)
    if found is not None and not why:
        level, _uncertain = found.ridge.expect(scores, known)
        level[place] = found.expected
        index[enough] = standard_scores(level[enough][:, None])[:, 0]
        expected = results.with_columns(
            expected=pl.Series(found.expected), uncertain=pl.Series(found.uncertain)
        )
    reason = np.where(special, "special", np.where(~enough, "unknown", "unfit" if why else ""))
    told = pl.DataFrame({"school": schools, "index": index, "known": count, "why": reason.astype(object)})
    made = _in_kinds(told, INDEX, schools).with_columns(pl.col("index").fill_nan(None))
    used = _in_kinds(expected if not why else expected.clear(), RESULTS, schools)
    return Context(table, made, used, found, scores, known, why)


def _check(outcomes: pl.DataFrame, table: ContextTable) -> None:
    wanted = ("school", "cell", "takers", "low")
    for column in wanted:
        if column not in outcomes.columns:
            message = _("{table}: нет столбца {column}; нужны столбцы: {wanted}")
            told = message.format(table=_("результаты"), column=column, wanted=", ".join(wanted))
            raise TableMismatch(told)
    ours, theirs = table.values.schema["school"], outcomes.schema["school"]
    if ours != theirs:
        message = _("показатели: код школы (school) имеет тип {found}, а в результатах {wanted}")
        raise TableMismatch(message.format(found=ours, wanted=theirs))


def _results(
    outcomes: pl.DataFrame, enough: pl.Series, schools: pl.Series
) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
    """Take the results of schools whose context is known, and their places in the table."""
    told = levels(outcomes.drop_nulls("low")).filter(pl.col("school").is_in(enough.implode()))
    told = told.filter(pl.col("expected").is_between(HALF, pl.col("takers") - HALF))
    places = pl.DataFrame({"school": schools, "place": np.arange(len(schools))})
    told = told.join(places, on="school", how="left", maintain_order="left").sort("place")
    low, takers = told["low"].to_numpy(), told["takers"].to_numpy()
    share = pooled_share(told["expected"].to_numpy(), takers)
    usual = np.log(share) - np.log1p(-share)
    level = odds(low, takers) - usual
    made = told.with_columns(
        usual=pl.Series(usual, dtype=pl.Float64), level=pl.Series(level, dtype=pl.Float64)
    )
    return made, told["place"].to_numpy()


def _fitted(scores: Floats, known: Flags, results: pl.DataFrame) -> tuple[Fit | None, str]:
    """Fit, and say whether the fit may be used."""
    if not scores.shape[1]:
        return None, "indicators"
    if len(results) < int(standing("context", "fewest_schools").number):
        return None, "schools"
    columns = (results[name].to_numpy().astype(np.float64) for name in ("takers", "low", "usual", "level"))
    found = fit(scores, known, Seen(*columns))
    explained, low, _high = _explained(found)
    least = float(standing("context", "least_explained").number)
    return found, "" if explained >= least and low > 0 else "explained"


def _explained(found: Fit) -> tuple[float, float, float]:
    reach = quantile(found) * found.explained_error
    return found.explained, found.explained - reach, min(found.explained + reach, 1.0)


def _in_kinds(table: pl.DataFrame, shape: Mapping[str, Any], schools: pl.Series) -> pl.DataFrame:
    return table.select(pl.col(name).cast(kind or schools.dtype) for name, kind in shape.items())
