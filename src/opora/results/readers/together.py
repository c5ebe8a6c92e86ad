"""Reads several files as one batch, so that appeals override the protocols that came with them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from opora.language import _
from opora.results.readers import Book, FileRefused, open_book, read, read_book, recognise
from opora.results.readers import ris_appeals as appeals_files
from opora.results.readers import ris_protocol as protocols
from opora.results.readers.appeals import Appeals
from opora.results.readers.limits import MEGABYTE
from opora.results.reading import Context, Problem, Reading

if TYPE_CHECKING:
    from opora.results.readers.mapping import Mapping

KEPT_BYTES = 4 * MEGABYTE  # of files kept open between two passes; unpacked they are ten times larger
Given = tuple[Path | bytes, Context]


def read_together(files: Sequence[Given], mapping: "Mapping | None" = None) -> list[Reading | FileRefused]:
    """Read a batch of files in its order, all by one mapping if there is one: readings or refusals.

    Appeals are taken first, by salted digests that are forgotten with the batch; a protocol row of the same
    person in the same exam then shows the changed result. One appeal that finds nobody is a problem.
    """
    if mapping is not None:
        return [_mapped(source, context, mapping) for source, context in files]
    appeals = Appeals()
    found: dict[int, Reading | FileRefused] = {}
    opened: dict[int, Book] = {}
    room = KEPT_BYTES
    for place, (source, context) in enumerate(files):
        try:
            book = open_book(source, context.name)
            if _is(book, appeals_files.NAME):
                appeals.begin(place)
                found[place] = appeals_files.gather(book, context, appeals)
                continue
        except FileRefused as refusal:
            found[place] = refusal
            continue
        room -= len(source) if isinstance(source, bytes) else source.stat().st_size
        if room > 0:
            opened[place] = book  # small files are not opened twice
    for place, (source, context) in enumerate(files):
        if place not in found:
            found[place] = _read(opened.pop(place, None), source, context, appeals)
    for place in appeals.files():
        reading = found[place]
        if isinstance(reading, Reading):
            reading.problems += _unmet(appeals, place)
    return [found[place] for place in range(len(files))]


def _mapped(source: Path | bytes, context: Context, mapping: "Mapping") -> Reading | FileRefused:
    try:
        return read(source, context, mapping)
    except FileRefused as refusal:
        return refusal


def _is(book: Book, name: str) -> bool:
    return [reader.NAME for reader in recognise(book)] == [name]


def _read(
    book: Book | None, source: Path | bytes, context: Context, appeals: Appeals
) -> Reading | FileRefused:
    """Read one file that is not of appeals."""
    try:
        book = book or open_book(source, context.name)
        changed = len(appeals) and _is(book, protocols.NAME)
        return read_book(book, context, partial(protocols.read, appeals=appeals) if changed else None)
    except FileRefused as refusal:
        return refusal


def _unmet(appeals: Appeals, place: int) -> list[Problem]:
    what = _("В протоколах этой загрузки нет участника, чей результат изменён.")
    allowed = _("Загрузите вместе с апелляциями протокол того же экзамена.")
    return [Problem(one.sheet, one.cell, what, allowed) for one in appeals.unmet(place)]
