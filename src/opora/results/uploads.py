"""A file on its way in, and what became of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opora.results.models import ImportedFile
from opora.results.reading import Problem


@dataclass(frozen=True)
class Upload:
    """A file as it arrived: its bytes, or where they lie until the request ends."""

    name: str
    size: int
    content: Path | bytes


@dataclass(frozen=True)
class Pair:
    """One result that two files tell: what is kept beside what has come."""

    school: int  # in the registry
    key: dict[str, Any]  # year, assessment, subject, grade …
    kept: tuple[int, int | None, float | None]  # takers, low, published percent
    came: tuple[int, int | None, float | None]
    kept_file: str

    @property
    def differs(self) -> bool:
        """Say whether the files contradict each other; else they repeat the same."""
        return self.kept != self.came


@dataclass(frozen=True)
class Brought:
    """What became of one file; the upload is there to be annotated, and is kept nowhere."""

    file: ImportedFile
    upload: Upload
    problems: list[Problem]
    pairs: list[Pair]
