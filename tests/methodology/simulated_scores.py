"""Schools whose scores are known to be honest or lifted over the boundaries of marks, and their exams."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from opora.methodology.parameters import standing
from opora.methodology.signs.confirmation import confirmation
from opora.methodology.signs.controlled import controlled
from opora.methodology.signs.journal import journal
from opora.methodology.signs.looking import looked_at
from opora.methodology.signs.peaks import peaks
from opora.methodology.signs.similar import similar

BOUNDS = {
    0: (5, 9, 13),
    1: (14, 24, 33),
    2: (6, 10, 15),
    3: (18, 29, 39),
}  # ВПР: maths and Russian, two grades
COUNTS = {"school": pl.String, "cell": pl.Int64, "takers": pl.Int64, "low": pl.Int64}
MOST = {0: 20, 1: 45, 2: 20, 3: 50}
STRONG, MIXED, WATCHED = 0.03, 0.15, 0.1  # shares of schools


@dataclass(frozen=True)
class Schools:
    """Simulated schools: what the modules of signs take, and the truth in ``lifted``.

    Of the honest ones some are ``strong``, far above similar schools, and some ``mixed``: a strong half and
    a weak one, so that their scores have two humps.
    """

    scores: pl.DataFrame
    first: pl.DataFrame
    second: pl.DataFrame
    lifted: np.ndarray
    works: np.ndarray
    marks: pl.DataFrame
    groups: pl.DataFrame
    under_control: pl.DataFrame
    strong: np.ndarray
    mixed: np.ndarray

    def found(self) -> pl.DataFrame:
        """Look for every sign; a row for each school and kind."""
        return looked_at(
            peaks=peaks(self.scores, BOUNDS, int(standing("objectivity", "near_scores").number)),
            confirmation=confirmation(self.first, self.second),
            journal=journal(self.marks),
            controlled=controlled(self.first, self.under_control),
            similar=similar(self.first, self.groups),
        )

    def of(self, names: pl.Series, truth: np.ndarray) -> np.ndarray:
        """Answer what is true of schools by their names."""
        return truth[[int(name[1:]) for name in names]]


def simulate(
    schools: int, seed: int, share_lifted: float, strength: float = 0.5, *, throughout: float = 0.0
) -> Schools:
    """Draw schools; in a share of them the ``strength`` of all pupils up to three scores below a boundary are
    lifted onto it or just above. ``throughout`` lifts the level of the whole school instead, in logits.

    Scores are beta-binomial with a hump at an easy score of every work, levels of schools differ, and the
    exam that follows shows what pupils know, as do sittings under control; some
    teachers mark more strictly than others.
    """
    chance = np.random.default_rng(seed)
    pupils = np.clip(np.exp(chance.normal(5.4, 1.0, schools)), 10, 1500).astype(int)
    strong, mixed = chance.random(schools) < STRONG, chance.random(schools) < MIXED
    level = chance.normal(0, 0.45, schools) + 1.2 * strong
    lifted = chance.random(schools) < share_lifted
    shown = level + lifted * throughout
    strength = 0.0 if throughout else strength
    names = np.array([f"s{number:05d}" for number in range(schools)])
    rows, first, marks, works = [], [], [], np.zeros(schools, np.int64)
    strict = chance.normal(0, 0.5, schools)  # how strictly teachers of the school mark
    for cell, bounds in BOUNDS.items():
        most = MOST[cell]
        takers = chance.binomial(pupils // 11 + 1, 0.95)
        works += takers
        whose = np.repeat(np.arange(schools), takers)
        apart = np.where(chance.random(len(whose)) < 0.5, 0.8, -0.8) * mixed[whose]
        mean = 1 / (1 + np.exp(-(0.25 + shown[whose] + apart + chance.normal(0, 0.15, schools)[whose])))
        known = chance.beta(mean * 5, (1 - mean) * 5)
        score = chance.binomial(most, known)
        easy = int(most * 0.6)
        score = np.where(
            (score == easy - 1) & (chance.random(len(score)) < 0.3), easy, score
        )  # a natural hump
        fair = np.searchsorted(bounds, score, side="right")
        for bound in bounds:
            below = (
                (score < bound)
                & (score >= bound - 3)
                & lifted[whose]
                & (chance.random(len(score)) < strength)
            )
            score = np.where(below, bound + (chance.random(len(score)) < 0.3), score)
        given = np.searchsorted(bounds, score, side="right")
        marks.append(_beside_the_journal(chance, fair, given, strict, whose, cell))
        counts = np.zeros((schools, most + 1), np.int64)
        np.add.at(counts, (whose, score), 1)
        there = takers > 0
        rows.append(pl.DataFrame({"school": names[there], "cell": cell, "scores": counts[there].tolist()}))
        low = counts[:, : bounds[0]].sum(axis=1)
        first.append(
            pl.DataFrame({"school": names[there], "cell": cell, "takers": takers[there], "low": low[there]})
        )
    second = [_exam(chance, names, pupils, level, cell) for cell in (10, 11)]
    watched = chance.random(schools) < WATCHED
    under_control = [_exam(chance, names, pupils * watched, level, cell) for cell in (20, 21)]
    context = np.argsort(level - 1.2 * strong + chance.normal(0, 0.3, schools))
    groups = pl.DataFrame({"school": names[context], "group": np.arange(schools) // 25})
    marked = pl.concat(marks)
    return Schools(
        scores=pl.concat(rows),
        first=pl.concat(first),
        second=pl.concat(second),
        lifted=lifted,
        works=works,
        marks=marked.with_columns(school=pl.Series(names)[marked["school"]]),
        groups=groups,
        under_control=pl.concat(under_control),
        strong=strong & ~lifted,
        mixed=mixed & ~lifted,
    )


def _exam(chance, names, pupils, level, cell) -> pl.DataFrame:
    """Draw an exam that shows what pupils know; nobody sits it where no pupils are told."""
    takers = chance.binomial(np.where(pupils > 0, pupils // 11 + 1, 0), 0.9)
    share = 1 / (1 + np.exp(1.6 + 1.6 * (level + chance.normal(0, 0.2, len(names)))))
    low, there = chance.binomial(takers, share), takers > 0
    return pl.DataFrame(
        {"school": names[there], "cell": cell, "takers": takers[there], "low": low[there]}, schema=COUNTS
    )


def _beside_the_journal(chance, fair, shown, strict, whose, cell) -> pl.DataFrame:
    """Draw marks of the journal around the fair ones; a strict school gives lower marks."""
    luck = chance.logistic(0, 1, len(fair)) + strict[whose]
    kept = fair - (luck > 1.6) + (luck < -1.6)
    higher, lower = shown > kept, shown < kept
    table = pl.DataFrame({"school": whose, "raised": higher, "lowered": lower}).group_by("school")
    counted = table.agg(pl.len().alias("takers"), pl.col("raised", "lowered").sum())
    return counted.sort("school").select(
        "school",
        pl.lit(cell).alias("cell"),
        *(pl.col(name).cast(pl.Int64) for name in ("takers", "raised", "lowered")),
    )


def area_under_curve(sign: np.ndarray, lifted: np.ndarray) -> float:
    """Say how often a lifted school has a stronger sign than an honest one."""
    order = np.argsort(sign, kind="stable")
    ranks = np.empty(len(sign))
    ranks[order] = np.arange(1, len(sign) + 1)
    yes = int(lifted.sum())
    return float((ranks[lifted].sum() - yes * (yes + 1) / 2) / (yes * (len(sign) - yes)))
