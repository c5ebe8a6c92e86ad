"""Puts sheets that wait among others, again and again, beside whatever else a worker does."""

import logging
from threading import Event

from django.db import connection

from opora.diagnostics.answering.taking import mix_sheets
from opora.diagnostics.on_paper import forget_late_packs
from opora.lib.faults import told
from opora.registry.acting import acting_as

PAUSE = 60.0  # seconds: long enough that others have come, short enough that nobody waits for a count

log = logging.getLogger(__name__)


def mix_once() -> int:
    """Put what waits now among others, in nobody's name; answer how many sheets that were.

    What was typed of paper and not handed in while it could be is forgotten at the same time.
    """
    with acting_as(None):
        forget_late_packs()
        return mix_sheets()


def keep_mixing(stop: Event) -> None:
    """Mix until told to stop; a fault is noted and tried again."""
    while not stop.is_set():
        try:
            mix_once()
        except Exception as fault:  # whatever it is, sheets wait safely
            log.error("sheets of answers are not mixed for now\n%s", told(fault, words=False))
            connection.close()
        stop.wait(PAUSE)
    connection.close()
