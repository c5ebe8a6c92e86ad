"""Tells a disk that is full from every other fault, and says it to the person in one sentence."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

from opora.language import _

FULL = {errno.ENOSPC: "No space left on device", errno.EDQUOT: "Disk quota exceeded"}
DISK_FULL = "53100"  # how PostgreSQL numbers the same
# Bytes: where fewer are free, PostgreSQL cannot begin its next piece of write-ahead log and ends.
NEEDED = 16 * 2**20


def is_full(fault: BaseException | None) -> bool:
    """Tell whether a fault, or one that led to it, was a full disk or a quota that is used up."""
    told: list[BaseException] = []
    while fault is not None and fault not in told:
        told.append(fault)
        by_number = getattr(fault, "errno", None) in FULL or getattr(fault, "sqlstate", "") == DISK_FULL
        if by_number or any(words in str(fault) for words in FULL.values()):  # engines tell it in words only
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def has_no_room(folder: Path) -> bool:
    """Tell whether the disk of a folder is full, or so nearly that a database cannot run on it."""
    try:
        return shutil.disk_usage(folder).free < NEEDED
    except OSError:
        return False


def place(data: Path) -> Path:
    """Answer the folder whose disk is full: of what we keep, of temporary files, the one we stand in."""
    folders = [data, Path(tempfile.gettempdir()), Path.cwd()]
    return next((folder for folder in folders if has_no_room(folder)), data)


def sentence(folder: Path) -> str:
    """Say what is full and what to do."""
    return _("На диске с папкой «{folder}» кончилось место; освободите его и повторите.").format(
        folder=folder
    )


def why(fault: OSError) -> str:
    """Say in brackets why a folder cannot be written."""
    if fault.errno in FULL:
        return _("на диске кончилось место")
    return os.strerror(fault.errno) if fault.errno else str(fault)
