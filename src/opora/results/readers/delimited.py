"""Reads CSV files as people have them: any usual encoding and delimiter, told from the content."""

import codecs
import csv
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from opora.language import _
from opora.results.readers import limits
from opora.results.readers.markup import too_many_columns
from opora.results.readers.refusal import refused

DELIMITERS = ";\t|,"  # when two fit equally well, the one a decimal comma cannot imitate
SAMPLE_BYTES = 64 * 1024
SAMPLE_ROWS = 60
CHUNK = 1 << 20
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Opener = Callable[[], BinaryIO]


def opener(source: Path | bytes) -> Opener:
    """How to open the source again and again; a file that changed in between is refused."""
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    path = source
    seen = _stamp(path.stat())

    def again() -> BinaryIO:
        stream = path.open("rb")
        if _stamp(os.fstat(stream.fileno())) != seen:
            stream.close()
            raise refused(_("Файл изменился, пока его читали."), _("Загрузите его ещё раз."))
        return stream

    return again


def _stamp(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_size, state.st_mtime_ns, state.st_ino


def encoding_of(open_again: Opener) -> str:
    """Tell the encoding: byte order mark, else UTF-8 if every byte fits, else cp1251.

    Raises: FileRefused for what is not text.
    """
    with open_again() as stream:
        sample = stream.read(SAMPLE_BYTES)
    for mark, name in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if b"\x00" in sample or len(CONTROL.findall(sample)) * 50 > len(sample):
        raise refused(
            _("Это не таблица: файл не похож ни на книгу Excel, ни на текст."),
            _("Загрузите файл xlsx, xls или CSV."),
        )
    return "utf-8" if _is_utf8(open_again) else "cp1251"


def _is_utf8(open_again: Opener) -> bool:
    """Decode all of it in small pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open_again() as stream:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise refused(
            _("Файл обрывается на середине буквы: он загружен не полностью."),
            _("Скачайте или скопируйте его ещё раз целиком."),
        ) from None
    return True


def delimiter_of(open_again: Opener, encoding: str) -> str:
    """Tell the delimiter: the one that cuts most rows into the same number of pieces."""
    with open_again() as stream:
        sample = stream.read(SAMPLE_BYTES)
    text = sample.decode(encoding, "replace")
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    if len(sample) == SAMPLE_BYTES:
        text = text.rpartition("\n")[0] or text
    return max(DELIMITERS, key=lambda mark: _fitness(text, mark))


def _fitness(text: str, delimiter: str) -> tuple[float, int, int]:
    """How well a delimiter fits: share of rows with the usual width, that width, no stray quotes."""
    try:
        rows = list(islice(_parse(io.StringIO(text), delimiter), SAMPLE_ROWS))
    except csv.Error:
        return (0.0, 0, 0)
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    wide = Counter({width: count for width, count in widths.items() if width > 1})
    if not wide:
        return (0.0, 0, text.count(delimiter) if not widths else 0)
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    stray = sum(cell.count('"') for row in rows for cell in row)
    return (round(count / sum(widths.values()), 1), -stray, width)


def _parse(stream: io.TextIOBase, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(stream, delimiter=delimiter, skipinitialspace=False)


def rows_of(open_again: Opener, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Read the rows one by one; the memory does not depend on their number.

    Raises: FileRefused for a row that cannot be a row of a table.
    """
    number = 0
    with open_again() as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        try:
            for row in _parse(text, delimiter):
                number += 1
                if len(row) > limits.COLUMNS and any(row[limits.COLUMNS :]):
                    raise too_many_columns(len(row))
                yield [] if number == 1 and _names_delimiter(row) else row
        except csv.Error:
            raise refused(
                _("Строка не читается: в ней слишком длинный текст, вероятно, не закрыта кавычка."),
                _("Проверьте кавычки в этой строке и выше."),
                cell=str(number + 1),
            ) from None


def _names_delimiter(row: list[str]) -> bool:
    """The line «sep=;» that Excel writes and understands."""
    return bool(row) and row[0].lower().startswith("sep=") and not any(row[1:])
