"""A file on its way in, and what became of it."""

from dataclasses import dataclass
from pathlib import Path

from opora.results.models import ImportedFile
from opora.results.reading import Problem


@dataclass(frozen=True)
class Upload:
    """A file as it arrived: its bytes, or where they lie until the request ends."""

    name: str
    size: int
    content: Path | bytes


@dataclass(frozen=True)
class Brought:
    """What became of one file; the upload is there to be annotated, and is kept nowhere."""

    file: ImportedFile
    upload: Upload
    problems: list[Problem]
