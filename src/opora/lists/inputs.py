"""The files that a list is made from: read, counted and discarded, with a digest of each."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from opora.language import _
from opora.methodology import tables
from opora.results.readers import read
from opora.results.readers.book import FileRefused
from opora.results.readers.mapping import Mapping
from opora.results.reading import Context, Problem, Reading

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@dataclass(frozen=True)
class Input:
    """One file that went in."""

    name: str
    digest: str
    format: str
    rows: int
    skipped: dict[str, int]


@dataclass(frozen=True)
class Inputs:
    """Everything that went in, as tables; ``schools`` is empty where no table of schools was given."""

    files: tuple[Input, ...]
    outcomes: pl.DataFrame
    indicators: pl.DataFrame
    schools: pl.DataFrame | None = None
    schools_digest: str = ""
    mapping: str = ""  # the text of the mapping, so that a replay needs no other file
    hints: dict[str, object] = field(default_factory=dict)  # what the person said about the files
    notes: tuple[str, ...] = ()


@dataclass
class FilesRefused(Exception):
    """Some files have problems; nothing was computed."""

    problems: dict[Path, list[Problem]] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(
            _("{file}: {problem}").format(file=path.name, problem=sentence(problem))
            for path, problems in self.problems.items()
            for problem in problems
        )


def sentence(problem: Problem) -> str:
    """Say a problem in one line: where, what, what is allowed."""
    place = " ".join(part for part in (problem.sheet, problem.cell) if part)
    where = f"{place} ({problem.column}): " if problem.column and place else f"{place}: " if place else ""
    return f"{where}{problem.what} {problem.allowed}".strip()


def read_inputs(
    paths: Sequence[Path],
    *,
    mapping: Mapping | None = None,
    schools: Path | None = None,
    hints: dict[str, object] | None = None,
    progress: Progress = iter,
) -> Inputs:
    """Read every file, all problems of all files in one pass.

    Raises: FilesRefused with every problem; nothing is half taken.
    """
    refused: dict[Path, list[Problem]] = {}
    readings: list[tuple[Path, Reading]] = []
    for path in progress(paths):
        reading = _reading(path, mapping, hints or {})
        if isinstance(reading, Problem):
            refused[path] = [reading]
        elif reading.problems:
            refused[path] = reading.problems
        else:
            readings.append((path, reading))
    refused.update(_same_file_twice(readings))
    if refused:
        raise FilesRefused(refused)
    return _together(
        sorted(readings, key=lambda taken: (taken[0].name, taken[1].digest)), mapping, schools, hints or {}
    )


def _reading(path: Path, mapping: Mapping | None, hints: dict[str, object]) -> Reading | Problem:
    try:
        return read(path, Context(name=path.name, **hints), mapping)  # type: ignore[arg-type]
    except FileRefused as refusal:
        return refusal.problem
    except OSError as error:
        return _closed(error)


def _closed(error: OSError) -> Problem:
    what = _("файл не открывается: {reason}.").format(reason=error.strerror)
    return Problem("", "", what, _("Проверьте имя файла и права на него."))


def _same_file_twice(readings: list[tuple[Path, Reading]]) -> dict[Path, list[Problem]]:
    first: dict[str, Path] = {}
    again: dict[Path, list[Problem]] = {}
    for path, reading in readings:
        earlier = first.setdefault(reading.digest, path)
        if earlier is not path:
            what = _("тот же файл, что и {earlier}.").format(earlier=earlier.name)
            again[path] = [Problem("", "", what, _("Назовите каждый файл один раз."))]
    return again


def _together(
    readings: list[tuple[Path, Reading]],
    mapping: Mapping | None,
    schools: Path | None,
    hints: dict[str, object],
) -> Inputs:
    outcomes = pl.concat([reading.outcomes for _path, reading in readings])
    indicators = pl.concat([reading.indicators for _path, reading in readings])
    notes = [note for _path, reading in readings for note in reading.notes]
    table, digest = None, ""
    if schools is not None:
        table, digest = _schools(schools)
        outcomes, indicators, unknown = _resolved(outcomes, indicators, table)
        notes += unknown
    return Inputs(
        files=tuple(_input(path, reading) for path, reading in readings),
        outcomes=outcomes.select(*tables.OUTCOMES),
        indicators=indicators.select(*tables.INDICATORS),
        schools=table,
        schools_digest=digest,
        mapping=mapping.text if mapping else "",
        hints={name: value for name, value in hints.items() if value},
        notes=tuple(dict.fromkeys(notes)),
    )


def _schools(path: Path) -> tuple[pl.DataFrame, str]:
    from opora.results.readers.schools import SchoolsMismatch, read_schools

    try:
        return read_schools(path), hashlib.sha256(path.read_bytes()).hexdigest()
    except SchoolsMismatch as mismatch:
        raise FilesRefused({path: mismatch.problems}) from mismatch
    except FileRefused as refusal:
        raise FilesRefused({path: [refusal.problem]}) from refusal
    except OSError as error:
        raise FilesRefused({path: [_closed(error)]}) from error


def _resolved(
    outcomes: pl.DataFrame, indicators: pl.DataFrame, schools: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    """Put the schools' keys in the place of the codes; an unknown code stays, and is told."""
    from opora.results.readers.schools import resolve

    outcomes, unknown = resolve(outcomes, schools)
    indicators, more = resolve(indicators, schools)
    codes = sorted({*unknown, *more})
    if not codes:
        return outcomes, indicators, []
    shown = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
    return (
        outcomes,
        indicators,
        [_("Кодов нет в таблице школ ({count}): {codes}").format(count=len(codes), codes=shown)],
    )


def _input(path: Path, reading: Reading) -> Input:
    return Input(path.name, reading.digest, reading.format, reading.rows, reading.skipped)
