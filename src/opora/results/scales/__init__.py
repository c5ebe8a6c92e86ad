"""Scales (шкалы перевода): which score gives which mark, by year, subject, grade, region; with sources."""

import os
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from opora.language import _

FEDERAL = Path(__file__).parent
SCORE_ASSESSMENTS = ("ege",)  # judged by a test score against a minimum instead of a mark


class ScaleInconsistent(ValueError):
    """A scale contradicts itself: bounds that do not rise, or a largest score below the highest bound."""


@dataclass(frozen=True)
class Scale:
    """One scale: bounds of marks over primary scores, or a minimum test score."""

    assessment: str
    year: int
    subject: str
    grade: int  # the grade whose programme was tested
    region: str  # "" where the scale is federal
    source: str
    status: str  # official text, reconstructed, Opora default
    bounds: tuple[int, ...] = ()  # lowest score for 3, 4 and 5
    minimum: int | None = None  # lowest test score that is not low
    max_score: int | None = None
    condition: str = ""  # why a score alone does not decide the mark
    subtract: int = 0  # a region's correction: taken off the score before it is judged

    def mark(self, score: int) -> int:
        """Turn a primary score into a mark 2–5 (перевод баллов в отметку)."""
        return 2 + bisect_right(self.bounds, score - self.subtract)

    def is_low(self, score: int) -> bool:
        """Say whether a score is a low result: mark 2, or a test score below the minimum."""
        if self.minimum is not None:
            return score < self.minimum
        return self.mark(score) == 2


Key = tuple[str, int, str, int, str]


class Scales:
    """All scales known, a region's own before the federal one."""

    def __init__(self, scales: dict[Key, Scale]) -> None:
        self._scales = scales

    def __iter__(self) -> Iterator[Scale]:
        return iter(self._scales.values())

    @classmethod
    def load(cls, *folders: Path) -> "Scales":
        """Read the scales that come with the program, then a region's own, which win.

        A region keeps its scales in the folder that ``OPORA_SCALES`` names, and in ``folders``.
        Raises: ScaleInconsistent, naming the file, the subject and the grade.
        """
        own = os.environ.get("OPORA_SCALES")
        every = (FEDERAL, *([Path(own)] if own else []), *folders)
        found: dict[Key, Scale] = {}
        for folder in every:
            found |= _scales_in(_state(folder))
        return cls(found)

    def find(self, year: int, assessment: str, subject: str, grade: int, region: str = "") -> Scale | None:
        """Answer the scale in force: the region's own, else the federal one, else None."""
        at = 0 if assessment in SCORE_ASSESSMENTS else grade
        own = self._scales.get((assessment, year, subject, at, region))
        return own or self._scales.get((assessment, year, subject, at, ""))

    def mark(  # noqa: PLR0913, PLR0917 (a scale has that many sides)
        self, year: int, assessment: str, subject: str, grade: int, region: str, score: int
    ) -> tuple[int, str] | None:
        """Answer the mark of a score and the scale's source; None where no scale of marks is known."""
        scale = self.find(year, assessment, subject, grade, region)
        return (scale.mark(score), scale.source) if scale and scale.bounds else None


State = tuple[tuple[str, int], ...]


def _state(folder: Path) -> State:
    """Answer the files of a folder and when each was changed: they are read again only after a change."""
    try:
        with os.scandir(folder) as entries:
            files = [one for one in entries if one.name.endswith(".yaml")]
    except OSError:  # no such folder, or not for us
        return ()
    return tuple(sorted((file.path, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=8)
def _scales_in(state: State) -> dict[Key, Scale]:
    """Read the scales of a folder: every file of results asks for them.

    Raises: ScaleInconsistent.
    """
    found: dict[Key, Scale] = {}
    for path in (Path(name) for name, _changed in state):
        try:
            for scale in _scales_of(yaml.safe_load(path.read_text(encoding="utf-8"))):
                _check(scale, path.name)
                found[scale.assessment, scale.year, scale.subject, scale.grade, scale.region] = scale
        except (yaml.YAMLError, LookupError, TypeError, AttributeError, UnicodeDecodeError):
            raise ScaleInconsistent(path.name + ": " + _("файл шкал не читается")) from None
    return found


def _scales_of(content: dict[str, Any]) -> Iterator[Scale]:
    for block in content["scales"]:
        shared = {"assessment": content["assessment"], "region": str(block.get("region", ""))}
        shared |= {"source": block["source"].strip(), "status": block["status"]}
        for year in block["years"]:
            for subject, minimum in block.get("minimum", {}).items():
                yield Scale(**shared, year=year, subject=subject, grade=0, minimum=minimum, max_score=100)
            for subject, grades in block.get("marks", {}).items():
                for grade, bounds in grades.items():
                    yield Scale(
                        **shared,
                        year=year,
                        subject=subject,
                        grade=grade,
                        bounds=tuple(bounds),
                        max_score=block.get("max_scores", {}).get(subject, {}).get(grade),
                        condition=block.get("conditions", {}).get(subject, "").strip(),
                        subtract=block.get("subtract", {}).get(subject, 0),
                    )


def _check(scale: Scale, file: str) -> None:
    """Refuse a scale that cannot be true.

    Raises: ScaleInconsistent.
    """
    place = f"{file}: {scale.assessment} {scale.year}, {scale.subject}, {scale.grade}"
    if scale.minimum is None and len(scale.bounds) != 3:
        raise ScaleInconsistent(place + ": " + _("нужны три границы — для отметок 3, 4 и 5"))
    if list(scale.bounds) != sorted(set(scale.bounds)) or any(bound < 1 for bound in scale.bounds):
        raise ScaleInconsistent(place + ": " + _("границы отметок должны возрастать и быть больше нуля"))
    top = scale.bounds[-1] if scale.bounds else scale.minimum or 0
    if scale.max_score is not None and top >= scale.max_score:
        what = _("наибольший балл {max_score} не больше границы {top}")
        raise ScaleInconsistent(place + ": " + what.format(max_score=scale.max_score, top=top))
