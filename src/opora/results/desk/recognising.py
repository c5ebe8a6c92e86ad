"""Says what a file is as soon as all of it has come: the format that knows its content, or why none does."""

import logging
from pathlib import Path

from opora.lib.faults import told
from opora.results.readers import FileRefused, not_recognised, open_book, recognise
from opora.results.reading import Problem

log = logging.getLogger(__name__)


def recognised(path: Path, name: str, *, mapped: bool) -> str | Problem:
    """Answer the name of the format, or what the person is told instead.

    mapped: the file will be read by a mapping of columns; it only has to be a table. Empty: "".
    """
    try:
        found = recognise(open_book(path, name))
    except FileRefused as refusal:
        return refusal.problem
    except Exception as fault:  # the reading itself will say it of this file
        log.error("a file was not recognised\n%s", told(fault, words=False))
        return ""
    if mapped:
        return ""
    return found[0].NAME if len(found) == 1 else not_recognised(found)
