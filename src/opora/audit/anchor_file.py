"""The anchors outside the database: a line each, appended to a file that is meant to be copied elsewhere."""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from opora.audit.models import Anchor

LINE = 4096  # bytes, more than a line has
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnchorLine:
    """One line of the file: an anchor as the database made it."""

    number: int
    day: str
    territory: str
    event: int
    event_hash: str
    previous: str
    hash: str


class NotALine(Exception):
    """A line of the file is not an anchor."""


def append_quietly() -> None:
    """Append what is missing after a deed; the deed has happened, so a full disk must not undo its answer."""
    try:
        append_new(settings.AUDIT_ANCHORS)
    except OSError:
        log.exception("anchors were not written to %s", settings.AUDIT_ANCHORS)


def append_new(path: Path) -> int:
    """Append the anchors that the file lacks, those too that an earlier crash kept from it; say how many."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        missing = Anchor.objects.filter(number__gt=_last_number(path, file)).order_by("number")
        lines = [_written(anchor) for anchor in missing.iterator()]
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _settle(path.parent)
    return len(lines)


def read_lines(path: Path) -> Iterator[tuple[int, AnchorLine | None]]:
    """Read a file of anchors: the number of each line with its anchor, None where it is no anchor.

    A last line without its end was being written when the machine stopped, and is left out.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith("\n"):
                return
            try:
                yield number, read_line(line)
            except NotALine:
                yield number, None


def read_line(text: str) -> AnchorLine:
    """Read one line.

    Raises: NotALine.
    """
    try:
        line = AnchorLine(**json.loads(text))
    except (ValueError, TypeError, RecursionError) as fault:
        raise NotALine(text[:80]) from fault
    kinds = {name: type(value) for name, value in asdict(line).items()}
    if kinds != dict(AnchorLine.__annotations__):
        raise NotALine(text[:80])
    return line


def _written(anchor: Anchor) -> str:
    line = AnchorLine(
        anchor.number, anchor.day.isoformat(), anchor.chain_id, anchor.event, anchor.event_hash,
        anchor.previous, anchor.hash,
    )  # fmt: skip
    return json.dumps(asdict(line), separators=(",", ":")) + "\n"


def _last_number(path: Path, file: IO[bytes]) -> int:
    """Answer the number of the last anchor in the file, cutting off a line that was never finished."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - LINE))
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) < len(tail):
        file.truncate(end - len(tail) + len(whole))
    try:
        return read_line(whole.splitlines()[-1].decode()).number if whole else 0
    except (NotALine, UnicodeDecodeError):  # somebody wrote into the file; verifying it will say where
        return max((line.number for _number, line in read_lines(path) if line), default=0)


def _settle(folder: Path) -> None:
    """Let the file's name outlive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
