"""This year beside last year (динамика), and a school beside similar ones: only what can be compared is.

Items of two years are put together by a mapping: the same, comparable (another wording or scale of the same
question), or not. Both years are scored anew on the common items alone, each by its own line, and only groups
with data in both years count. What is left out is said with its reason, and never compared all the same.
The interval of a difference takes the two years' respondents as drawn apart: they are anonymous, so nobody
knows who answered in both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.methodology.risk_profile.answers import Options, every_school
from opora.methodology.risk_profile.edition import AUDIENCES, Factor, Indicator, Origin, ProfileEdition
from opora.methodology.risk_profile.intervals import deviations
from opora.methodology.risk_profile.scoring import DIGITS, Scored, score
from opora.methodology.shares import compare, ratio

Floats = npt.NDArray[np.float64]

SAME, COMPARABLE, NOT = "same", "comparable", "not"
UNSAID, NEW, OTHERWISE = "unsaid", "new", "items"  # why items cannot be compared
MAPPING: dict[str, Any] = {"audience": pl.String, "before": pl.String, "now": pl.String, "kind": pl.String}
REASONED: dict[str, Any] = MAPPING | {"why": pl.String}  # of what is not comparable: unsaid, new, items; ""
CHANGED: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "indicator": pl.String,  # null: the factor as a whole
    "before": pl.Float64,  # on the common items alone
    "now": pl.Float64,
    "difference": pl.Float64,  # above zero: more risk
    "low": pl.Float64,
    "high": pl.Float64,
    "kind": pl.String,  # same, or comparable where any item is not the same
    "why": pl.String,  # items (too few common ones), new (not asked before), unsaid (what became of the
    # items), before, now (no data then), weight; or ""
}
BESIDE: dict[str, Any] = {
    "school": pl.String,
    "factor": pl.String,
    "points": pl.Float64,
    "similar": pl.Int64,  # similar schools with a score
    "lower": pl.Float64,  # quartiles of theirs
    "median": pl.Float64,
    "upper": pl.Float64,
    "why": pl.String,  # few (too few similar ones), none (no score), ""
}


@dataclass(frozen=True, eq=False)
class Year:
    """What one year's profiles are made of."""

    edition: ProfileEdition
    tables: Mapping[str, pl.DataFrame]
    facts: Mapping[str, pl.DataFrame]
    invited: pl.DataFrame
    options: Options


def compared(now: Year, before: Year, mapping: pl.DataFrame) -> pl.DataFrame:
    """Compare two years by school, factor and indicator.

    ``mapping``: ``MAPPING`` or ``REASONED``, items of both years; what is known without asking keeps its
    name.
    Shape: ``CHANGED``, in the order of schools and of this year's edition, a row for each indicator and one
    for each factor. Units: points. Empty: everything between is null where ``why`` says so.
    """
    pairs = _common(now.edition, before.edition, mapping)
    tables = [table for year in (now, before) for table in (*year.tables.values(), *year.facts.values())]
    everyone = every_school(now.invited, before.invited, *tables).to_frame("school")
    this, that = (
        _scored(year, _only(edition, pairs, which), everyone)
        for year, edition, which in ((now, now.edition, 0), (before, now.edition, 1))
    )
    both = _Both(*_known_in_both(this, that), pairs, _reasons(mapping))
    rows = []
    for school, name in enumerate(this.schools):
        drawn = both.drawn(school)
        for factor in now.edition.factors:
            rows += [(name, *row) for row in both.rows(factor, school, drawn)]
    return pl.DataFrame(rows, schema=CHANGED, orient="row")


Pairs = Mapping[tuple[str, str], tuple[list[tuple[Origin, Origin]], str]]  # factor, indicator → items, kind


def _common(now: ProfileEdition, before: ProfileEdition, mapping: pl.DataFrame) -> Pairs:
    """Find for every indicator the items that both years have, each with its line."""
    kinds = {
        (row["audience"], row["now"]): (row["before"], row["kind"])
        for row in mapping.to_dicts()
        if row["kind"] != NOT
    }
    found = {}
    for factor in now.factors:
        for indicator in factor.indicators:
            there = _lines(before, factor.name, indicator.name)
            pairs, worst = [], SAME
            for origin in indicator.origins:
                usual = (origin.item, SAME) if origin.of not in AUDIENCES else None
                item, kind = kinds.get((origin.of, origin.item), usual or ("", NOT))
                if (origin.of, item) in there:
                    pairs.append((origin, there[origin.of, item]))
                    worst = COMPARABLE if kind == COMPARABLE else worst
            enough = float(now.number("comparable_share"))
            if pairs and compare(ratio(len(pairs), len(indicator.origins)), "at least", enough):
                found[factor.name, indicator.name] = (pairs, worst)
    return found


def _lines(edition: ProfileEdition, factor: str, indicator: str) -> dict[tuple[str, str], Origin]:
    """Give last year's line of every item: that of the same indicator first, then of any other."""
    lines: dict[tuple[str, str], Origin] = {}
    every = [(f.name == factor and i.name == indicator, i) for f in edition.factors for i in f.indicators]
    for _same, one in sorted(every, key=lambda pair: not pair[0]):
        for origin in one.origins:
            lines.setdefault((origin.of, origin.item), origin)
    return lines


def _only(edition: ProfileEdition, pairs: Pairs, which: int) -> ProfileEdition:
    """Leave this year's edition its comparable indicators, with one year's items."""
    factors = []
    for factor in edition.factors:
        kept = []
        for one in factor.indicators:
            if (factor.name, one.name) in pairs:
                origins = tuple(pair[which] for pair in pairs[factor.name, one.name][0])
                kept.append(replace(one, origins=origins))
        if kept:
            factors.append(replace(factor, indicators=tuple(kept)))
    return replace(edition, factors=tuple(factors))


def _scored(year: Year, edition: ProfileEdition, everyone: pl.DataFrame) -> Scored:
    """Score a year, with all schools of both years in one order."""
    invited = everyone.join(year.invited, on="school", how="left").select(
        "school", pl.col("audience").fill_null(""), pl.col("invited").cast(pl.Int64)
    )
    return score(year.tables, year.facts, invited, edition, year.options)


def _known_in_both(this: Scored, that: Scored) -> tuple[Scored, Scored]:
    """Take out of each year what has no data in the other."""
    lacks = np.isnan(this.points) | np.isnan(that.points)
    left = [replace(one, points=np.where(lacks, np.nan, one.points)) for one in (this, that)]
    return left[0], left[1]


@dataclass(frozen=True, eq=False)
class _Both:
    """Two years scored on the same indicators, and what these have in common."""

    this: Scored
    that: Scored
    pairs: Pairs
    reasons: Mapping[tuple[str, str], str]  # audience, item of this year → why it cannot be compared

    def drawn(self, school: int) -> Floats:
        """Draw both years' respondents again, apart: by how much each difference deviates."""
        return deviations(self.this, school) - deviations(self.that, school, salt="before")

    def rows(self, factor: Factor, school: int, drawn: Floats) -> Iterator[tuple[object, ...]]:
        """Compare the indicators of a factor, then the factor."""
        kept = [one for one in factor.indicators if (factor.name, one.name) in self.pairs]
        for one in factor.indicators:
            yield self.row(factor, one, school, drawn) if one in kept else self.lacks(factor, (one,))
        weight, whole = (sum(one.weight for one in some) for some in (kept, factor.indicators))
        enough = weight >= float(self.this.edition.number("enough_weight")) * whole
        lacking = [one for one in factor.indicators if one not in kept]
        yield self.row(factor, None, school, drawn) if kept and enough else self.lacks(factor, lacking, True)

    def lacks(self, factor: Factor, lacking: Sequence[Indicator], whole: bool = False) -> tuple[object, ...]:
        """Say why an indicator, or the factor, cannot be compared: what nobody has said comes first."""
        origins = [origin for one in lacking for origin in one.origins if origin.of in AUDIENCES]
        found = {self.reasons.get((one.of, one.item), OTHERWISE) for one in origins} - {""}
        why = UNSAID if UNSAID in found else NEW if found == {NEW} else OTHERWISE
        return factor.name, None if whole else lacking[0].name, None, None, None, None, None, None, why

    def row(
        self, factor: Factor, indicator: Indicator | None, school: int, drawn: Floats
    ) -> tuple[object, ...]:
        """Compare one indicator, or the factor."""
        this, that = self.this, self.that
        if indicator is not None:
            place = [(f.name, i.name) for f, i in this.indicators].index((factor.name, indicator.name))
            mine = this.to_indicator == place
            portion, points = this.in_indicator[school], (this.indicator_points, that.indicator_points)
            kinds = [self.pairs[factor.name, indicator.name][1]]
        else:
            place = [one.name for one in this.edition.factors].index(factor.name)
            mine = this.to_factor[this.to_indicator] == place
            portion, points = this.portion[school], (this.factor_points, that.factor_points)
            kinds = [kind for (name, _one), (_items, kind) in self.pairs.items() if name == factor.name]
        head = (factor.name, indicator.name if indicator else None)
        kind = COMPARABLE if COMPARABLE in kinds else SAME
        now, before = (float(one[school, place]) for one in points)
        if np.isnan(now):
            return (*head, None, None, None, None, None, kind, _lack(this, that, school, mine))
        tail = (1.0 - float(this.edition.number("interval_level"))) * 0.5
        ends = np.quantile(drawn @ np.where(mine, portion, 0.0), [tail, 1.0 - tail])
        low, high = (float(round(max(-100.0, min(100.0, now - before + end)), DIGITS)) for end in ends)
        return (*head, before, now, round(now - before, DIGITS), low, high, kind, "")


def _reasons(mapping: pl.DataFrame) -> dict[tuple[str, str], str]:
    return {(row["audience"], row["now"]): row.get("why") or "" for row in mapping.to_dicts()}


def _lack(this: Scored, that: Scored, school: int, mine: npt.NDArray[np.bool_]) -> str:
    """Say in which year there is no data: weight, where there is some in both but not of enough."""
    there = [bool((one.why[school, mine] == "").any()) for one in (this, that)]
    if not there[0]:
        return "now"
    return "weight" if there[1] else "before"


def beside_similar(factors: pl.DataFrame, alike: pl.DataFrame, edition: ProfileEdition) -> pl.DataFrame:
    """Put every school's factors beside those of similar schools.

    ``factors``: ``school factor points``. ``alike``: ``school neighbour``.
    Shape: ``BESIDE``, as ``factors`` in order. Empty: quartiles null where ``why`` says so.
    """
    theirs = factors.select(neighbour="school", factor="factor", theirs="points").drop_nulls("theirs")
    pairs = alike.filter(pl.col("school") != pl.col("neighbour")).select("school", "neighbour").unique()
    quartiles = {"lower": 0.25, "median": 0.5, "upper": 0.75}
    told = (
        pairs.join(theirs, on="neighbour")
        .group_by("school", "factor")
        .agg(
            similar=pl.len().cast(pl.Int64),
            **{name: pl.col("theirs").quantile(at, "linear").round(DIGITS) for name, at in quartiles.items()},
        )
    )
    both = factors.join(told, on=["school", "factor"], how="left", maintain_order="left")
    many = pl.col("similar").fill_null(0)
    few = many < int(edition.number("fewest_reference"))
    found = both.with_columns(
        similar=many,
        why=pl.when(pl.col("points").is_null())
        .then(pl.lit("none"))
        .when(few)
        .then(pl.lit("few"))
        .otherwise(pl.lit("")),
        **{name: pl.when(~few).then(pl.col(name)) for name in quartiles},
    )
    return found.select(*BESIDE).cast(pl.Schema(BESIDE))
