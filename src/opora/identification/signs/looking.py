"""Looks for signs of bias among the schools of a region, in the results that a run was made of.

All years that were loaded by then are looked at: a sign needs many works. What is held in memory is asked for
by pages that know who may see what of it.
"""

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from opora.identification.context.looking import alike
from opora.identification.models import Run
from opora.methodology.parameters import standing
from opora.methodology.signs.confirmation import confirmation
from opora.methodology.signs.controlled import controlled
from opora.methodology.signs.flags import CONTROLLED, MARKER, flags
from opora.methodology.signs.journal import journal
from opora.methodology.signs.looking import looked_at, signs
from opora.methodology.signs.official import official
from opora.methodology.signs.peaks import peaks
from opora.methodology.signs.similar import similar
from opora.results.actions import store
from opora.results.parts import UnknownContent
from opora.results.scales import Scales

HELD = 32  # regions at once, a few megabytes each
TESTS, EXAMS = ("vpr",), ("oge", "ege")
WORK = ("year", "subject", "grade")


@dataclass(frozen=True, eq=False)
class Looked:
    """What was found in a region; ``school`` is the number in the registry everywhere.

    works: outcomes with their scores. kinds: what ``looked_at`` answers. signs: what ``signs`` answers.
    markers: what ``official`` answers. bounds: the boundaries of marks by cell, where they are known.
    """

    years: tuple[int, ...]
    works: pl.DataFrame
    kinds: pl.DataFrame
    signs: pl.DataFrame
    markers: pl.DataFrame
    bounds: dict[int, tuple[int, ...]]


def looked(run: Run, region: str) -> Looked | None:
    """Answer what was found among the results of a region; None where the run's results are not kept here."""
    return _looked(run.content, region, tuple(run.years))


@lru_cache(maxsize=HELD)
def _looked(content: str, region: str, years: tuple[int, ...]) -> Looked | None:
    results = store()
    try:
        manifest = results.content(content)
    except UnknownContent:
        return None
    schools = results.beside(manifest)
    if schools is None:
        return None
    mine = [str(pk) for pk in schools.filter(pl.col("region") == region)["school"]]
    number = pl.col("school").cast(pl.Int64)
    works = results.histograms(manifest, years=manifest.years, schools=mine).with_columns(number)
    told = results.indicators(manifest, schools=mine)
    bounds = _bounds(works, region)
    kinds = _kinds(works, bounds, flags(told, CONTROLLED).with_columns(number), alike(content, region, years))
    markers = official(flags(told, MARKER)).with_columns(number)
    return Looked(tuple(manifest.years), works, kinds, signs(kinds), markers, bounds)


def _kinds(
    works: pl.DataFrame,
    bounds: dict[int, tuple[int, ...]],
    controlled_works: pl.DataFrame,
    neighbours: pl.DataFrame | None,
) -> pl.DataFrame:
    """Look for every kind of sign; ``neighbours``: which schools are alike, None where nobody knows."""
    tests = works.filter(pl.col("assessment").is_in(TESTS))
    counts = ("school", "cell", "takers", "low")
    known = works.filter(pl.col("low").is_not_null())
    written, exams = (known.filter(pl.col("assessment").is_in(which)) for which in (TESTS, EXAMS))
    under = controlled_works.filter(pl.col("flag") == 1).select("school", *WORK)
    watched, free = (written.join(under, on=["school", *WORK], how=how) for how in ("semi", "anti"))
    return looked_at(
        peaks=peaks(
            tests.filter(pl.col("scores").is_not_null()).select("school", "cell", "scores"),
            bounds,
            int(standing("objectivity", "near_scores").number),
        ),
        confirmation=confirmation(written.select(counts), exams.select(counts)),
        journal=journal(_compared(tests)),
        controlled=controlled(free.select(counts), watched.select(counts)),
        similar=similar(written.select(counts), neighbours) if neighbours is not None else None,
    )


def _compared(tests: pl.DataFrame) -> pl.DataFrame:
    """Answer how marks compare with the journal: ``school cell takers raised lowered``."""
    return tests.filter(pl.col("journal").is_not_null()).select(
        "school",
        "cell",
        takers=pl.col("journal").list.sum(),
        raised=pl.col("journal").list.get(2),
        lowered=pl.col("journal").list.get(0),
    )


def _bounds(works: pl.DataFrame, region: str) -> dict[int, tuple[int, ...]]:
    """Find the boundaries of marks of each work; only known ones, never guessed from the scores."""
    known, found = Scales.load(), {}
    cells = works.select("cell", "year", "assessment", "subject", "grade_programme").unique()
    for row in cells.to_dicts():
        scale = known.find(row["year"], row["assessment"], row["subject"], row["grade_programme"], region)
        if scale and scale.bounds and not scale.condition:
            found[row["cell"]] = tuple(bound + scale.subtract for bound in scale.bounds)
    return found
