"""Opens a file of results as a book of sheets, whatever program wrote it, or refuses it with one sentence.

``open_book`` is the only door: it knows xlsx, xls and CSV by their content, takes the digest, and keeps
absolute addresses, so that row index 0 is row 1 and column index 0 is column A.
"""

import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

from opora.language import _
from opora.results.readers import limits, markup
from opora.results.readers.archive import broken, half_file, open_archive, protected
from opora.results.readers.refusal import FileRefused, refused
from opora.results.readers.signatures import COMPOUND, ZIP, refuse_disguised, refuse_other_archive

Cell = str | int | float | bool | date | datetime | None

EXACT = 2**53
INVISIBLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF, 0x200B, 0x200E, 0x200F, 0xAD])
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
REMEMBERED = 10_000  # values of a sheet that are converted once
SPACES = dict.fromkeys([0x20, 0xA0, 0x202F, 0x2009])

REMARKS = "Замечания Опоры"  # the sheet and the column that ``annotate`` adds: never a result

__all__ = [
    "REMARKS",
    "Book",
    "Cell",
    "FileRefused",
    "Sheet",
    "address",
    "column_letters",
    "number",
    "open_book",
]


class Sheet:
    """One sheet: its rows with absolute addresses.

    ``rows`` is a list (of a CSV up to ``limits.HELD_ROWS`` rows, else ``FileRefused``); ``iter_rows`` gives
    the rows of any CSV one by one in bounded memory. Rows may be of different length.
    """

    def __init__(
        self,
        name: str,
        source: Callable[[], Iterable[list[Cell]]],
        merged: Iterable[markup.Range] = (),
        errors: markup.Errors | None = None,
        *,
        truths: bool = False,
    ) -> None:
        self.name = name
        self.merged: tuple[markup.Range, ...] = tuple(merged)
        self.errors = errors or {}  # cells that hold an Excel error or a formula without a value ("=")
        self.truths = truths  # some cells hold TRUE or FALSE
        self._source = source
        self._rows: list[list[Cell]] | None = None

    @property
    def rows(self) -> list[list[Cell]]:
        """All rows at once."""
        if self._rows is None:
            rows = list(islice(self._source(), limits.HELD_ROWS + 1))
            if len(rows) > limits.HELD_ROWS:
                what = _("В файле больше {limit} строк, а таблица этого вида читается целиком.")
                raise refused(
                    what.format(limit=limits.HELD_ROWS), _("Разделите файл на несколько."), self.name
                )
            self._rows = rows
        return self._rows

    def iter_rows(self) -> Iterator[list[Cell]]:
        """The rows one by one."""
        return iter(self._rows if self._rows is not None else self._source())

    def head(self, count: int = 30) -> list[list[Cell]]:
        """The first rows: enough to recognise a format."""
        return list(islice(self.iter_rows(), count))

    def cell(self, row: int, column: int) -> str:
        """The address of a cell as the person sees it: «B12»."""
        return address(row, column)


@dataclass(frozen=True)
class Book:
    """An opened file."""

    kind: str  # "xlsx", "xls" or "csv"
    digest: str  # SHA-256 of the bytes, hex
    encoding: str  # of a CSV, else ""
    delimiter: str  # of a CSV, else ""
    sheets: list[Sheet]
    name: str
    notes: list[str] = field(default_factory=list)  # what the person should know of the file itself


def open_book(source: Path | bytes, name: str) -> Book:
    """Open a file by its content; the name is only for messages.

    Raises: FileRefused.
    """
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        start = source[:1024] if isinstance(source, bytes) else _start(source)
    except OSError:
        raise refused(
            _("Файл не найден или не открывается."), _("Проверьте имя файла и права на него.")
        ) from None
    if size == 0:
        raise refused(_("Файл пуст."), _("Проверьте, тот ли файл выбран, и загрузите его снова."))
    if isinstance(source, Path) and size <= limits.HELD_BYTES:
        source = source.read_bytes()
    if start.startswith((ZIP, COMPOUND)):
        if size > limits.BOOK_BYTES:
            raise _too_large(size, limits.BOOK_BYTES)
        data = source if isinstance(source, bytes) else source.read_bytes()
        return _open_xlsx(data, name) if data.startswith(ZIP) else _open_xls(data, name)
    refuse_disguised(start)
    if size > limits.TEXT_BYTES:
        raise _too_large(size, limits.TEXT_BYTES)
    return _open_csv(source, name)


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(1024)


def _too_large(size: int, limit: int) -> FileRefused:
    what = _("Файл слишком велик: {size} МБ.")
    allowed = _("Допускается не больше {limit} МБ: разделите файл или сохраните таблицу как CSV.")
    return refused(
        what.format(size=-(-size // limits.MEGABYTE)), allowed.format(limit=limit // limits.MEGABYTE)
    )


def _open_xlsx(data: bytes, name: str) -> Book:
    archive = open_archive(data)
    refuse_other_archive(archive.names)
    inside = markup.look_inside(archive)
    notes = [_("В файле есть макросы: они не выполнялись, прочитаны только данные.")] if inside.macros else []
    marked = inside.sheets()
    sheets = _sheets(inside.handed or data, lambda name, place: marked.get(name, markup.UNMARKED))
    return Book("xlsx", _digest(data), "", "", sheets, name, notes)


def _open_xls(data: bytes, name: str) -> Book:
    from opora.results.readers import compound

    errors = compound.look_inside(data)
    marked = [markup.Marked(of_sheet, []) for of_sheet in errors]
    sheets = _sheets(data, lambda name, place: marked[place] if place < len(marked) else markup.UNMARKED)
    return Book("xls", _digest(data), "", "", sheets, name)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sheets(data: bytes, marked: Callable[[str, int], markup.Marked]) -> list[Sheet]:
    """Let the library read the sheets; whatever breaks inside it is a broken file."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        metadata = book.sheets_metadata
        if len(metadata) > limits.SHEETS:
            raise refused(_("В книге слишком много листов."), _("Оставьте только листы с результатами."))
        wanted = [
            index
            for index, sheet in enumerate(metadata)
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.name != REMARKS
        ]
        opened = [book.get_sheet_by_index(index) for index in wanted]
        _refuse_size(opened)
        return [_sheet(sheet, marked(sheet.name, index)) for index, sheet in zip(wanted, opened, strict=True)]
    except calamine.PasswordError:
        raise protected() from None
    except calamine.ZipError:
        raise half_file() from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError):
        raise broken() from None
    except BaseException as failure:
        if type(failure).__name__ == "PanicException":  # the library's own fault on a file it cannot read
            raise broken() from None
        raise


def _refuse_size(sheets: list[Any]) -> None:
    """Refuse sheets too wide or too long, counting only what is filled."""
    cells = 0
    for sheet in sheets:
        if sheet.end is None:
            continue
        rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
        cells += rows * columns
        if columns > limits.COLUMNS:
            raise markup.too_many_columns(columns, sheet.name)
        if rows > limits.ROWS:
            raise markup.too_many_rows(rows, sheet.name)
    if cells > limits.CELLS:
        raise markup.too_many_cells()


def _sheet(sheet: Any, marked: markup.Marked) -> Sheet:
    """Take over one sheet of the library."""
    cells: list[list[Any]] = sheet.to_python(skip_empty_area=False) if sheet.end is not None else []
    truths = bool in map(type, chain.from_iterable(cells))
    convert = _cell if truths else _Converted(WHOLE).__getitem__
    rows = [list(map(convert, row)) for row in cells]
    merged = marked.merged or [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    return Sheet(sheet.name, lambda: rows, merged, marked.errors, truths=truths)


WHOLE = {float(n): n for n in range(101)}  # numbers that stand in every protocol


class _Converted(dict[Any, Cell]):
    """Most values of a protocol stand in it many times: each is converted once.

    Not for TRUE and FALSE: they equal 1 and 0.
    """

    def __missing__(self, value: Any) -> Cell:
        if len(self) >= REMEMBERED:
            self.clear()
        cell = self[value] = _cell(value)
        return cell


def _cell(value: Any) -> Cell:
    return CONVERT[type(value)](value)


def _float(value: float) -> int | float | None:
    """Excel knows only floats: a whole one is meant as an integer."""
    if value.is_integer() and -EXACT <= value <= EXACT:
        return int(value)
    return value if value - value == 0 else None  # infinite and not-a-number are no values


def _text(value: str) -> str | None:
    """Strip blanks and invisible characters; nothing left is nothing."""
    if not value.isprintable():
        value = value.translate(INVISIBLE)
    return value.strip() or None


def _same(value: Any) -> Any:
    return value


# What to do with each type that the library gives; the rest (times, durations) becomes text.
CONVERT: dict[type, Callable[[Any], Cell]] = defaultdict(
    lambda: str,
    {
        str: _text,
        float: _float,
        bool: _same,
        int: _same,
        date: _same,
        datetime: _same,
    },
)


def _open_csv(source: Path | bytes, name: str) -> Book:
    from opora.results.readers import delimited

    again = delimited.opener(source)
    digest = hashlib.sha256()
    with again() as stream:
        while chunk := stream.read(delimited.CHUNK):
            digest.update(chunk)
    encoding = delimited.encoding_of(again)
    delimiter = delimited.delimiter_of(again, encoding)

    def rows() -> Iterator[list[Cell]]:
        for row in delimited.rows_of(again, encoding, delimiter):
            yield [_text(value) if value else None for value in row]

    sheet = Sheet("", rows)
    if not any(any(row) for row in sheet.head()):
        raise refused(_("Файл пуст."), _("Проверьте, тот ли файл выбран, и загрузите его снова."))
    return Book("csv", digest.hexdigest(), encoding, delimiter, [sheet], name)


def column_letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell: (11, 1) → «B12»."""
    return f"{column_letters(column)}{row + 1}"


def number(cell: Cell, decimal: str = "") -> Decimal | int | None:
    """Read a number; a comma or a point parts the decimals unless one of them is named.

    With ``decimal`` named, the other sign parts thousands. Blanks between digits are passed over.
    Empty: None for everything that is not a number (a date, a truth value, a word).
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else Decimal(repr(cell))
    if not isinstance(cell, str) or len(cell) > 40:
        return None
    text = cell.translate(SPACES).replace("\u2212", "-")
    if decimal:
        text = text.replace("." if decimal == "," else ",", "")
    text = text.replace(",", ".")
    if not text.isascii() or not NUMBER.fullmatch(text):
        return None
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value
