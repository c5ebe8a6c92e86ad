"""A country whose truth is known: schools with true shares of low results, and results drawn by chance."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from opora.methodology import tables
from opora.methodology.identification import Identification, identify
from opora.methodology.stabilised import stabilised

# Eight indicators, as many as the rule of 2020 is told to have had in a school with grades 5 and 9.
HELD = [
    (year, assessment, subject, grade)
    for year in (2018, 2019)
    for assessment, grade in (("vpr", 5), ("oge", 9))
    for subject in ("maths", "russian")
]
THRESHOLD, FAILED = 0.30, 2


@dataclass(frozen=True)
class Truth:
    """What a simulated country is.

    pupils: of each school. shares: true shares, indicators × schools. outcomes: what was observed.
    """

    pupils: np.ndarray
    shares: np.ndarray
    outcomes: tables.Outcomes


def simulate(
    schools: int, seed: int, *, common: float = 0.8, own: float = 0.4, usual: float = -2.3, held=None
) -> Truth:
    """Draw a country: levels that results of a school share and its own, on the logit scale.

    ``common`` and ``own`` are standard deviations, ``usual`` is the logit of a usual share. A grade has a
    tenth of the pupils or so; sizes are those of villages and towns, every fifteenth school under 30 pupils.
    """
    chance, held = np.random.default_rng(seed), held or HELD
    pupils = np.clip(np.exp(chance.normal(5.2, 1.2, schools)), 5, 1500).astype(int)
    level = chance.normal(0, common, schools)
    shares, rows = [], []
    for year, assessment, subject, grade in held:
        logit = usual + chance.normal(0, 0.25) + level + chance.normal(0, own, schools)
        share = 1 / (1 + np.exp(-logit))
        takers = chance.binomial(np.maximum(pupils // 11, 1) + 1, 0.9)
        cell = {"year": year, "assessment": assessment, "subject": subject, "grade": grade}
        counts = {"takers": takers, "low": chance.binomial(takers, share)}
        names = [f"s{number:05d}" for number in range(schools)]
        rows.append(pl.DataFrame({"school": names, **{k: [v] * schools for k, v in cell.items()}, **counts}))
        shares.append(share)
    seen = pl.concat(rows).filter(pl.col("takers") > 0)
    return Truth(pupils, np.array(shares), tables.outcomes(seen))


@dataclass(frozen=True)
class Found:
    """What was found beside what is true, school by school."""

    pupils: np.ndarray
    listed: np.ndarray  # by the rule
    chosen: np.ndarray  # on the stabilised list
    chance: np.ndarray
    true: np.ndarray  # the rule put to the true shares
    identification: Identification

    def wrong(self, on: np.ndarray, below: int = 10_000) -> int:
        """Count the schools with fewer pupils than this that stand on a list wrongly, or off it."""
        return int((on != self.true)[self.pupils < below].sum())


def judged(truth: Truth, edition, held=None) -> Found:
    """Put the rule to what was observed and to the truth."""
    found, held = identify(truth.outcomes, edition), held or HELD
    made = stabilised(found.verdicts.join(found.stability(), on=["school", "list"])).sort("school")
    place = np.array([int(name[1:]) for name in made["school"]])
    true = _failed(truth, found, held)[place] >= FAILED
    columns = (made[name].to_numpy() for name in ("listed", "chosen", "chance"))
    return Found(truth.pupils[place], *columns, true, found)


def _failed(truth: Truth, found: Identification, held) -> np.ndarray:
    """Count the indicators whose true share is past the threshold, of those that were held in the school."""
    rows = found.judged.ordered.rows
    _cells, school, indicator = placed(found, held, rows)
    failed = truth.shares[indicator, school] > THRESHOLD
    return np.bincount(school, failed, len(truth.pupils))


def placed(found: Identification, held, rows: pl.DataFrame):
    """Answer for rows of results: the cell, the number of the school, the number of the indicator."""
    names = [
        held.index((one["year"], one["assessment"], one["subject"], one["grade"]))
        for one in found.judged.ordered.cells.to_dicts()
    ]
    schools = np.array([int(name[1:]) for name in found.judged.schools])
    cell = rows["cell"].to_numpy()
    return cell, schools[rows["s"].to_numpy()], np.array(names)[cell]
