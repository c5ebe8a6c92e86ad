"""The assessments that the demo region writes: their tasks, scales and difficulty."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import yaml
from scipy.special import ndtr
from scipy.stats import norm

ABILITY_SPREAD = 1.1  # standard deviation of a pupil's ability in the whole region
DISCRIMINATION = 1.25


@dataclass(frozen=True)
class Exam:
    """One assessment (оценочная процедура) as it is written, in any year.

    bounds: lowest primary scores of «3», «4», «5»; one number for ЕГЭ with a test score.
    scores: nodes of the scale from primary to test score; empty where there are marks.
    share: the share of a school's pupils of that grade who choose it.
    """

    assessment: str
    subject: str
    grade: int
    short: tuple[int, ...]
    extended: tuple[int, ...]
    oral: tuple[int, ...]
    bounds: tuple[int, ...]
    scores: tuple[tuple[int, int], ...]
    share: float
    difficulty: float

    @property
    def tasks(self) -> tuple[int, ...]:
        """Answer the maximum of every task, in the order in which they stand in the work."""
        return self.short + self.extended + self.oral

    def test_scores(self, primary: np.ndarray) -> np.ndarray:
        """Turn primary into test scores (тестовый балл)."""
        known, given = zip(*self.scores, strict=True)
        return np.rint(np.interp(primary, known, given)).astype(int)

    def marks(self, primary: np.ndarray) -> np.ndarray:
        """Turn primary scores into marks, 2 to 5."""
        return 2 + (primary[:, None] >= np.array(self.bounds)).sum(axis=1)

    def chances(self, ability: np.ndarray) -> np.ndarray:
        """Answer each pupil's chance of each point of each task.

        Shape: pupils × tasks.
        """
        return _chances(ability, len(self.tasks), self.difficulty)


@cache
def exams() -> dict[tuple[str, str, int], Exam]:
    """Read the assessments, each by its kind, subject and grade."""
    text = (Path(__file__).parent / "exams.yaml").read_text(encoding="utf-8")
    made = {}
    for assessment, entries in yaml.safe_load(text).items():
        for entry in entries:
            exam = _exam(assessment, entry)
            made[(assessment, exam.subject, exam.grade)] = exam
    return made


def _exam(assessment: str, entry: dict) -> Exam:
    """Make one assessment from its entry and set its difficulty."""
    short, extended, oral = (tuple(entry.get(part, ())) for part in ("short", "extended", "oral"))
    short = tuple(entry.get("tasks", short))
    return Exam(
        assessment,
        entry["subject"],
        entry["grade"],
        short=short,
        extended=extended,
        oral=oral,
        bounds=tuple(entry["bounds"]),
        scores=tuple((first, second) for first, second in entry.get("scores", ())),
        share=entry.get("share", 1.0),
        difficulty=_difficulty(short + extended + oral, entry["bounds"][0], entry["twos"]),
    )


def _difficulty(tasks: tuple[int, ...], bound: int, twos: float) -> float:
    """Find the difficulty at which the wanted share of the region stays under the bound, by bisection."""
    ability = norm.ppf((np.arange(200) + 0.5) / 200) * ABILITY_SPREAD
    points = np.array(tasks)
    easy, hard = -8.0, 8.0
    for _step in range(40):
        middle = (easy + hard) / 2
        chances = _chances(ability, len(tasks), middle)
        mean = chances @ points
        spread = np.sqrt((chances * (1 - chances)) @ points)
        low = ndtr((bound - 0.5 - mean) / spread).mean()
        easy, hard = (middle, hard) if low < twos else (easy, middle)
    return easy


def _chances(ability: np.ndarray, tasks: int, difficulty: float) -> np.ndarray:
    """Spread the tasks around the difficulty, easy ones first, and answer the logistic chances."""
    steps = difficulty + np.linspace(-1.5, 1.5, tasks)
    return 1 / (1 + np.exp(-(DISCRIMINATION * ability[:, None] - steps[None, :])))


def scale_is_even(exam: Exam) -> bool:
    """Say whether the bounds rise and lie within the tasks' maximum."""
    bounds = [0, *exam.bounds, sum(exam.tasks) + 1]
    return all(low < high for low, high in pairwise(bounds))
