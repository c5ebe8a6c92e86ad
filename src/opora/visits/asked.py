"""Questions to check and observation sheets, as data: what a curator looks at on a visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions.yaml"
SHEETS = HERE / "sheets"
LEVELS = 4


@dataclass(frozen=True)
class Said:
    """Words in both languages."""

    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """Answer the words in a language, else in Russian."""
        return self.en if language == "en" else self.ru


@dataclass(frozen=True)
class Question:
    """A question to check at the school (что проверить); factor "" is for every school."""

    name: str
    factor: str
    text: Said


@dataclass(frozen=True)
class SheetRow:
    """A row of an observation sheet with a rubric: its levels in words, the lowest first."""

    name: str
    title: Said
    levels: tuple[Said, ...]


@dataclass(frozen=True)
class ObservationSheet:
    """An observation sheet (лист наблюдения)."""

    name: str
    title: Said
    about: Said
    rows: tuple[SheetRow, ...]


@cache
def questions() -> tuple[Question, ...]:
    """Read all questions, those for every school last."""
    told = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    of_factors = [(factor, one) for factor, asked in told["factors"].items() for one in asked]
    return tuple(
        Question(one["name"], factor, Said(one["ru"], one["en"]))
        for factor, one in [*of_factors, *(("", one) for one in told["general"])]
    )


@cache
def sheets() -> Mapping[str, ObservationSheet]:
    """Read all observation sheets, by name; that of a lesson first."""
    read = [
        _sheet(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(SHEETS.glob("*.yaml"))
    ]
    return {one.name: one for one in sorted(read, key=lambda one: (one.name != "lesson", one.name))}


def _sheet(told: dict[str, Any]) -> ObservationSheet:
    rows = tuple(
        SheetRow(row["name"], Said(**row["title"]), tuple(Said(**level) for level in row["levels"]))
        for row in told["rows"]
    )
    assert all(len(row.levels) == LEVELS for row in rows), told["name"]
    return ObservationSheet(told["name"], Said(**told["title"]), Said(**told["about"]), rows)
