"""Readers of the files people have: recognised by content, parsed, counted and discarded.

``read`` opens a file and lets the reader that recognises it make a ``Reading``. A reader is a module with
``NAME``, ``TITLE`` (what the person calls the format; spoken through ``_``), ``recognises(book)``, which
looks at the first rows only, and ``read(book, context)``. A new reader is added to ``CATALOGUE``.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from opora.language import _
from opora.results.readers.book import Book, FileRefused, open_book
from opora.results.readers.tally import no_indicators, no_outcomes
from opora.results.reading import Context, Problem, Reading
from opora.results.scales import ScaleInconsistent

if TYPE_CHECKING:
    from opora.results.readers.mapping import Mapping

__all__ = [
    "CATALOGUE",
    "Book",
    "FileRefused",
    "Reader",
    "formats",
    "not_recognised",
    "open_book",
    "read",
    "read_book",
    "recognise",
]

# From the specific to the general: a later group is asked only when no earlier reader knows the file.
CATALOGUE: tuple[tuple[str, ...], ...] = (
    (
        "vpr_2020",
        "vpr_2021",
        "vpr_2022",
        "vpr_school",
        "research_set",
        "research_context",
        "ris_protocol",
        "ris_appeals",
        "oge_export",
        "fisoko_marks",
        "official_markers",
    ),
    ("controlled_sittings", "plain"),
)


Read = Callable[[Book, Context], Reading]


class Reader(Protocol):
    """What a reader's module holds."""

    NAME: str
    TITLE: str

    def recognises(self, book: Book) -> bool: ...

    def read(self, book: Book, context: Context) -> Reading: ...


@cache
def readers() -> list[list[Reader]]:
    """The modules of the catalogue, loaded."""
    return [[import_module(f"{__name__}.{name}") for name in group] for group in CATALOGUE]


def formats() -> list[str]:
    """The formats that are known, as the person calls them."""
    return [_(reader.TITLE) for group in readers() for reader in group]


def recognise(book: Book) -> list[Reader]:
    """The readers that know this file: one in a good case."""
    for group in readers():
        found = [reader for reader in group if reader.recognises(book)]
        if found:
            return found
    return []


def read(source: Path | bytes, context: Context, mapping: "Mapping | None" = None) -> Reading:
    """Read one file of results: by its mapping, or by the reader that recognises its content.

    Raises: FileRefused for a file that cannot be opened at all.
    """
    book = open_book(source, context.name)
    if mapping is None:
        return read_book(book, context)
    from opora.results.readers import mapped

    reading = mapped.read(book, context, mapping)
    reading.notes[:0] = book.notes
    return reading


def read_book(book: Book, context: Context, by: Read | None = None) -> Reading:
    """Read an opened file by the reader that recognises its content, or by the one that is given."""
    found = recognise(book)
    if len(found) == 1:
        by = by or found[0].read
    try:
        reading = by(book, context) if by else _unknown(book, found)
    except ScaleInconsistent as wrong:
        problem = Problem("", "", str(wrong), _("Исправьте шкалы региона и загрузите файл снова."))
        reading = Reading(found[0].NAME, book.digest, no_outcomes(), no_indicators(), [problem])
    reading.notes[:0] = book.notes
    return reading


def _unknown(book: Book, found: list[Reader]) -> Reading:
    return Reading("", book.digest, no_outcomes(), no_indicators(), [not_recognised(found)])


def not_recognised(found: list[Reader]) -> Problem:
    """Say why a file has no reader: none knows it, or more than one does."""
    if found:
        what = _("Файл похож сразу на несколько форматов: {formats}.")
        what = what.format(formats=", ".join(_(reader.TITLE) for reader in found))
        allowed = _("Загрузите выгрузку без добавленных столбцов и листов.")
    else:
        what = _("Формат файла не узнан по содержанию.")
        allowed = _("Известны: {formats}. Другую таблицу можно прочитать по файлу соответствия столбцов.")
        allowed = allowed.format(formats=", ".join(formats()))
    return Problem(sheet="", cell="", what=what, allowed=allowed)
