"""Where dropped files lie until they are read: under names that cannot be guessed, served to nobody.

A file lies here by the key of its row, and how long it is says how much of it has come: whoever was cut off,
by a broken line or a restart, goes on from there. What is as old as a day is deleted.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from opora.results.incoming import sweep
from opora.results.readers.limits import MEGABYTE

A_DAY = 24 * 3600  # seconds that a file waits at most
PIECE = 8 * MEGABYTE  # a request brings no more of a file
RESERVE = 256 * MEGABYTE  # what a disk keeps free for everything else
AT_ONCE = 256 * 1024
KEY = re.compile(r"[0-9a-f]{32}")


class PieceTooLarge(Exception):
    """One request brought more than it may, or more than was told of the file."""


class WrongOffset(Exception):
    """A piece does not begin where the file ends so far."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def place(key: str) -> Path:
    """Answer where the file of a key lies."""
    if not KEY.fullmatch(key):
        raise ValueError(key)
    return Path(settings.SPOOL) / key


def begin(key: str) -> None:
    """Make the place of a file, readable by nobody else."""
    place(key).touch(mode=0o600)


def length(key: str) -> int | None:
    """Answer how much of a file has come. Empty: None where it does not lie here any more."""
    try:
        return place(key).stat().st_size
    except FileNotFoundError:
        return None


def append(key: str, offset: int, size: int, read: Callable[[int], bytes]) -> int:
    """Add a piece that begins at ``offset`` to a file of ``size`` bytes; answer how long it is now.

    A piece that cannot be written whole is not written at all.

    Raises: WrongOffset; PieceTooLarge; FileNotFoundError.
    """
    with place(key).open("r+b") as file:
        if offset != (there := file.seek(0, 2)):
            raise WrongOffset(there)
        try:
            most = min(PIECE, size - offset)
            while piece := read(AT_ONCE):
                if file.tell() + len(piece) > offset + most:
                    raise PieceTooLarge
                file.write(piece)
            file.flush()
        except BaseException:
            file.truncate(offset)
            raise
        return file.tell()


def remove(key: str) -> None:
    """Delete a file; one that is gone already stays gone."""
    place(key).unlink(missing_ok=True)


def has_room(more: int) -> bool:
    """Tell whether so many bytes more find room on the disk."""
    return shutil.disk_usage(settings.SPOOL).free > more + RESERVE


def clean(now: float | None = None) -> list[str]:
    """Delete what has waited for a day, and name it."""
    return sweep(Path(settings.SPOOL), now, A_DAY)
