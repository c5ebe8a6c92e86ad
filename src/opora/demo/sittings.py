"""Lets the pupils of the demo region write an assessment, and counts what really came out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import polars as pl

from opora.demo.exams import Exam
from opora.demo.region import Region
from opora.methodology.tables import OUTCOMES

ABSENT = 0.06
QUARANTINE = 0.03
COHORT_SPREAD = 0.11
NEAR_THE_BOUNDARY = (4, 2, 2)  # points below «3», «4» and «5» within which a school may lift its pupils
GEOMETRY = 2  # points of geometry without which «3» in maths is not given


_BY_PUPIL = ("school", "number", "present", "girl", "before", "points", "score", "mark")


@dataclass
class Sitting:
    """One assessment written by the whole region: a row per pupil, rows in the order of schools.

    It lives in memory only, until the files are written and the counts taken.
    """

    exam: Exam
    year: int
    grade: int  # the grade in which it was written; the exam's own grade is the programme's
    school: np.ndarray
    number: np.ndarray  # the pupil's number in the school, from 1
    present: np.ndarray
    girl: np.ndarray
    before: np.ndarray  # mark for the previous term
    points: np.ndarray
    score: np.ndarray
    mark: np.ndarray  # 0 where there is none

    def rows(self, school: int) -> range:
        """Answer the positions of a school's pupils."""
        first, after = np.searchsorted(self.school, [school, school + 1])
        return range(int(first), int(after))

    def of(self, schools: list[int]) -> "Sitting":
        """Answer the same sitting with the pupils of some schools only."""
        here = np.isin(self.school, schools)
        parts = {name: getattr(self, name)[here] for name in _BY_PUPIL}
        return replace(self, **parts)

    @property
    def low(self) -> np.ndarray:
        """Say who has a low result."""
        if self.exam.scores:
            return self.present & (self.score < self.exam.bounds[0])
        return self.present & (self.mark == 2)


def hold(  # noqa: PLR0913 (who writes what, and when)
    region: Region,
    exam: Exam,
    year: int,
    *,
    grade: int | None = None,
    lots: float = 1.0,
    under_control: Sequence[int] = (),
) -> Sitting:
    """Let the region write an assessment in a year.

    grade: the grade in which it is written, where the programme of an earlier one is tested.
    lots: the share of schools to which this subject falls by lot.
    under_control: the positions of schools where observers see that nobody is lifted.
    """
    written = exam.grade if grade is None else grade
    random = np.random.default_rng(
        [region.seed, 3, year, crc32(f"{exam.assessment} {exam.subject} {written}".encode())]
    )
    sizes, cohort_effect = _cohort(region, year - written, written)
    sizes = _held_by(region, exam, sizes, random, lots)
    school = np.repeat(np.arange(len(sizes)), sizes)
    number = np.arange(len(school)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    effect = region.effect + cohort_effect + region.subject_effect[:, int(exam.subject.startswith("maths"))]
    ability = effect[school] + random.normal(0, 1.0, len(school))
    points = random.binomial(np.array(exam.tasks), exam.chances(ability))
    present = random.random(len(school)) >= (ABSENT if exam.assessment == "vpr" else 0.0)
    before = np.clip(np.rint(3.6 + 0.7 * ability + random.normal(0, 0.4, len(school))), 2, 5).astype(int)
    if exam.assessment == "vpr":
        lift = region.lift.copy()
        lift[list(under_control)] = 0.0
        _lift(points, exam, lift[school], random)
    score = points.sum(axis=1)
    mark = np.where(present, _marks(exam, score, points), 0)
    girl = random.random(len(school)) < 0.49
    return Sitting(exam, year, written, school, number, present, girl, before, points, score, mark)


def _cohort(region: Region, born: int, grade: int) -> tuple[np.ndarray, np.ndarray]:
    """Answer the size and the effect of one cohort in every school; it keeps both from year to year."""
    random = np.random.default_rng([region.seed, 2, born])
    schools = region.schools
    usual = np.array([s.pupils / (s.last_grade - s.first_grade + 1) for s in schools])
    sizes = random.poisson(usual * np.exp(random.normal(0, 0.12, len(schools))))
    effect = random.normal(0, COHORT_SPREAD, len(schools))
    taught = np.array([s.first_grade <= grade <= s.last_grade for s in schools])
    if grade > 9:
        staying = np.where([s.urban for s in schools], 0.62, 0.5)
        sizes = np.rint(sizes * staying).astype(int)
        effect = effect + np.where([s.kind == "evening" for s in schools], 0, 0.25)
    return np.where(taught, sizes, 0), effect


def _held_by(
    region: Region, exam: Exam, sizes: np.ndarray, random: np.random.Generator, lots: float
) -> np.ndarray:
    """Leave out the schools that did not hold the assessment, and the pupils who did not choose it."""
    special = np.array([school.kind == "special" for school in region.schools])
    closed = random.random(len(sizes)) < (QUARANTINE if exam.assessment == "vpr" else 0.0)
    drawn = random.random(len(sizes)) < lots
    chosen = random.binomial(sizes, exam.share) if exam.share < 1 else sizes
    return np.where(special | closed | ~drawn, 0, chosen)


def _lift(points: np.ndarray, exam: Exam, chance: np.ndarray, random: np.random.Generator) -> None:
    """Add points to pupils just below a mark where the school does so: the peaks at the boundaries."""
    for bound, near in zip(exam.bounds, NEAR_THE_BOUNDARY, strict=True):
        score = points.sum(axis=1)
        wanted = (score < bound) & (score >= bound - near) & (random.random(len(score)) < chance)
        for pupil in np.flatnonzero(wanted):
            missing = bound - int(score[pupil])
            for task, highest in enumerate(exam.tasks):
                gift = min(missing, highest - int(points[pupil, task]))
                points[pupil, task] += gift
                missing -= gift


def _marks(exam: Exam, score: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Give marks; in ОГЭ maths a «3» needs points of geometry too, which the sum does not show."""
    if exam.scores:
        return np.zeros(len(score), dtype=int)
    marks = exam.marks(score)
    if (exam.assessment, exam.subject) == ("oge", "maths"):
        geometry = points[:, 14:19].sum(axis=1) + points[:, 22:25].sum(axis=1)
        marks = np.where(geometry < GEOMETRY, 2, marks)
    return marks


def counts(sittings: list[Sitting], *, journal: bool = False) -> pl.DataFrame:
    """Count what is true of each school in each sitting: the answer the readers must come to.

    journal: the files tell the mark of the term before.
    Shape: the columns of ``OUTCOMES``; ``school`` is the position in ``region.schools`` as text.
    """
    rows = [row for sitting in sittings for row in _counts_of(sitting, journal)]
    return pl.DataFrame(rows, schema=OUTCOMES, orient="row")


def _counts_of(sitting: Sitting, journal: bool) -> list[tuple]:
    """Count one sitting, a row per school with at least one pupil who wrote."""
    exam, low, found = sitting.exam, sitting.low, []
    for school in np.unique(sitting.school[sitting.present]):
        here = slice(sitting.rows(school).start, sitting.rows(school).stop)
        present = sitting.present[here]
        marks = np.bincount(sitting.mark[here][present], minlength=6)[2:6].tolist()
        scores = np.bincount(sitting.score[here][present]).tolist()
        risen = np.sign(sitting.mark[here] - sitting.before[here])[present]
        compared = np.bincount(risen + 1, minlength=3).tolist() if journal else None
        key = (sitting.year, exam.assessment, "", exam.subject, sitting.grade, exam.grade, "all")
        found.append(
            (str(school), *key, int(present.sum()), int(low[here].sum()), None)
            + (tuple([None] * 4) if exam.scores else tuple(marks))
            + (scores, compared)
        )
    return found
