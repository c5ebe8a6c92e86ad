"""Reads any table by a mapping: the rows of a school's counts or numbers become outcomes or indicators."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from opora.language import _
from opora.results.readers.book import Book, Cell, Sheet
from opora.results.readers.fields import FIELDS, NEEDED, Field, Unfit, folded
from opora.results.readers.mapping import Column, Mapping, Skip
from opora.results.readers.markup import NOT_CALCULATED
from opora.results.readers.problems import Problems
from opora.results.reading import Context, Reading

if TYPE_CHECKING:
    from opora.results.readers.gathering import Gathering

NAME = "mapped"
MOST_KNOWN = 4_096  # words of one column that are remembered
HEADER_WITHIN = 50  # the row of the headings is looked for among so many first rows


@dataclass(frozen=True)
class Place:
    """A column of the mapping, found in a sheet."""

    field: str
    rule: Field
    column: Column
    indexes: tuple[int, ...]
    heading: str


@dataclass(frozen=True)
class Layout:
    """A sheet whose headings were found."""

    sheet: Sheet
    header: int  # row index of the headings
    shared: tuple[Place, ...]
    measures: tuple[tuple[tuple[Place, ...], dict[str, Any]], ...]  # own columns and constants of each
    skips: tuple[tuple[int, Skip], ...]


@dataclass(frozen=True)
class Absent:
    """A measured value that is not there: on purpose, for a reason, or because the cell is empty."""

    reason: str = ""
    unfit: Unfit | None = None


def read(book: Book, context: Context, mapping: Mapping) -> Reading:
    """Read every sheet that has the mapping's headings."""
    problems = Problems()
    layouts = find_layouts(book, mapping, problems)
    return gather(book, mapping.table, [(layout, mapping) for layout in layouts], problems)


def gather(book: Book, table: str, jobs: list[tuple[Layout, Mapping]], problems: Problems) -> Reading:
    """Read sheets whose headings were found into one reading."""
    from opora.results.readers.gathering import Gathering

    gathering = Gathering(table)
    skipped: Counter[str] = Counter()
    for layout, mapping in jobs:
        _Rows(layout, mapping, problems, skipped, gathering).read()
    outcomes, indicators = gathering.frames(problems, [layout.sheet for layout, _mapping in jobs])
    rows = outcomes.height + indicators.height
    if not rows and not problems:
        problems.add(_("В таблице нет ни одной строки с результатом."), _("Проверьте, тот ли это файл."))
    return Reading(
        format=NAME,
        digest=book.digest,
        outcomes=outcomes,
        indicators=indicators,
        problems=problems.told(),
        rows=rows,
        skipped=dict(skipped),
    )


def find_layouts(book: Book, mapping: Mapping, problems: Problems) -> list[Layout]:
    """Find the headings; where no sheet has them all, say which are missing on the likeliest one."""
    wanted = [sheet for sheet in book.sheets if mapping.sheet in ("", sheet.name)]
    if not wanted:
        names = ", ".join(f"«{sheet.name}»" for sheet in book.sheets[:10])
        what = _("В файле нет листа «{sheet}», который назван в соответствии столбцов.")
        problems.add(what.format(sheet=mapping.sheet), _("Есть листы: {names}.").format(names=names))
        return []
    tried = [_layout(sheet, mapping) for sheet in wanted]
    found = [layout for layout, _missing, _row in tried if layout is not None]
    if not found:
        sheet, (_none, missing, row) = min(zip(wanted, tried, strict=True), key=lambda item: len(item[1][1]))
        allowed = _nearest(sheet, row) if len(missing) < len(_headings(mapping)) else _nowhere()
        for heading in missing:
            problems.add(_("Нет столбца «{heading}».").format(heading=heading), allowed, sheet, row)
    return found


def _nearest(sheet: Sheet, row: int) -> str:
    """What the row of the headings does hold: asked only where some headings were found in it."""
    cells = next(islice(sheet.iter_rows(), row, None), [])
    some = [f"«{cell[:40]}»" for cell in cells if isinstance(cell, str)][:12]
    return _("Проверьте строку заголовков; в ней есть: {headings}.").format(headings=", ".join(some))


def _nowhere() -> str:
    """A row that has none of the headings may be a pupil's: nothing of it is said."""
    return _("Проверьте строку заголовков: в первых строках не найден ни один из нужных столбцов.")


def _layout(sheet: Sheet, mapping: Mapping) -> tuple[Layout | None, list[str], int]:
    """The layout, or the missing headings in the likeliest row."""
    best: tuple[Layout | None, list[str], int] = (None, _headings(mapping), 0)
    rows = sheet.head(mapping.header or HEADER_WITHIN)
    for row, cells in enumerate(rows):
        if mapping.header is not None and row != mapping.header - 1:
            continue
        where = {folded(cell): index for index, cell in reversed(list(enumerate(cells))) if cell is not None}
        layout, missing = _place(sheet, row, where, mapping)
        if layout is not None:
            return layout, [], row
        if len(missing) < len(best[1]):
            best = (None, missing, row)
    return best


def _headings(mapping: Mapping) -> list[str]:
    """Every heading that the mapping needs, once; of alternatives the first."""
    columns = [*mapping.columns.values(), *(c for m in mapping.measures for c in m.columns.values())]
    names = [
        name for column in columns for name in (column.headings if column.joined else column.headings[:1])
    ]
    return list(dict.fromkeys([*names, *(skip.column for skip in mapping.skips)]))


def _place(
    sheet: Sheet, row: int, where: dict[str, int], mapping: Mapping
) -> tuple[Layout | None, list[str]]:
    """Put each column of the mapping onto a column of the sheet."""
    missing: list[str] = []
    rules = FIELDS[mapping.table]

    def places(columns: dict[str, Column]) -> tuple[Place, ...]:
        return tuple(
            Place(name, rules[name], column, indexes, heading)
            for name, column in columns.items()
            for indexes, heading in [_indexes(column, where, missing)]
        )

    shared = places(mapping.columns)
    measures = tuple(
        (places(measure.columns), _constants(mapping.table, measure.constants))
        for measure in mapping.measures
    )
    skips = []
    for skip in mapping.skips:
        index = where.get(folded(skip.column))
        if index is None:
            missing.append(skip.column)
        else:
            skips.append((index, skip))
    if missing:
        return None, list(dict.fromkeys(missing))
    return Layout(sheet, row, shared, measures, tuple(skips)), []


def _indexes(column: Column, where: dict[str, int], missing: list[str]) -> tuple[tuple[int, ...], str]:
    found = [(where[folded(name)], name) for name in column.headings if folded(name) in where]
    if column.joined and len(found) < len(column.headings):
        missing += [name for name in column.headings if folded(name) not in where]
    elif not found:
        missing.append(column.headings[0])
    if not column.joined:
        found = found[:1]
    return tuple(index for index, _name in found), " + ".join(name for _index, name in found)


def _constants(table: str, words: dict[str, str]) -> dict[str, Any]:
    rules = FIELDS[table]
    return {name: rules[name].convert(word, "", "") for name, word in words.items()}


class _Rows:
    """The rows of one sheet, read by its layout."""

    def __init__(
        self,
        layout: Layout,
        mapping: Mapping,
        problems: Problems,
        skipped: Counter[str],
        gathering: "Gathering",
    ) -> None:
        self.layout = layout
        self.mapping = mapping
        self.constants = _constants(mapping.table, mapping.constants)
        self.problems = problems
        self.skipped = skipped
        self.gathering = gathering
        self.row = 0
        self.cells: list[Cell] = []
        self.known: dict[int, dict[str, Any]] = {}  # by column: word → value

    def read(self) -> None:
        self.gathering.next_sheet()
        for row, cells in enumerate(self.layout.sheet.iter_rows()):
            if row <= self.layout.header or not any(cell is not None for cell in cells):
                continue
            self.row, self.cells = row, cells
            if not self.is_skipped():
                self.measures()

    def is_skipped(self) -> bool:
        """Whether a rule of the mapping leaves the row out; it is counted under the rule's reason."""
        for index, skip in self.layout.skips:
            word = plain(self.cell(index))
            if word in skip.values or (skip.pattern is not None and skip.pattern.search(word)):
                self.skipped[skip.reason] += 1
                return True
        return False

    def cell(self, index: int) -> Cell:
        return self.cells[index] if index < len(self.cells) else None

    def measures(self) -> None:
        """Each measure of the row in turn; what is wrong with the shared columns is told once."""
        shared = self.values(self.layout.shared)
        if shared is None:
            return
        for places, constants in self.layout.measures:
            own = self.values(places)
            if own is not None and self.is_complete({**shared, **own}, (*self.layout.shared, *places)):
                self.keep({**self.constants, **shared, **constants, **own})

    def values(self, places: tuple[Place, ...]) -> dict[str, Any] | None:
        """The values of some columns; None where any does not fit: every one is told, not only the first."""
        values: dict[str, Any] | None = {}
        for place in places:
            try:
                value = self.value(place)
            except Unfit as unfit:
                self.tell(place, unfit)
                values = None
            else:
                if values is not None:
                    values[place.field] = value
        return values

    def value(self, place: Place) -> Any:
        """One value; a word met before in this column is not read again."""
        single = len(place.indexes) == 1 and not place.column.pad
        cell = self.cell(place.indexes[0]) if single else self.joined(place)
        if type(cell) is not str:
            return self.converted(place, cell)
        known = self.known.setdefault(id(place), {})
        value = known.get(cell)
        if value is None:
            value = self.converted(place, cell)
            if len(known) < MOST_KNOWN:
                known[cell] = value
        return value

    def converted(self, place: Place, cell: Cell) -> Any:
        """A cell translated and converted; an ``Absent`` for a measured value that is not there."""
        column = place.column
        word = plain(cell)
        if place.rule.measured and word in self.mapping.suppressed:
            return Absent(_("скрыто в источнике"))
        if word in self.mapping.missing:
            if place.rule.measured:
                return Absent(_("не опубликовано в источнике"))
            cell = None
        if cell is None:
            return self.nothing(place)
        if column.values:
            cell = column.values.get(word) or column.values.get(folded(word)) or cell
        return place.rule.convert(cell, column.decimal, column.unit)

    def nothing(self, place: Place) -> Any:
        """What an empty cell means for its field."""
        unfit = self.empty(place)
        if place.rule.measured and not self.error(place):
            return Absent(unfit=unfit)
        if place.rule.default is not None and not self.error(place):
            return place.rule.default
        raise unfit

    def is_complete(self, values: dict[str, Any], places: tuple[Place, ...]) -> bool:
        """Whether one of each group of measured fields is there; else the row is left out or told."""
        for group in NEEDED[self.mapping.table]:
            absent = [values[name] for name in group if isinstance(values.get(name), Absent)]
            if not absent or any(name in values and not isinstance(values[name], Absent) for name in group):
                continue
            reason = next((one.reason for one in absent if one.reason), "")
            if reason:
                self.skipped[reason] += 1
            else:
                place = next(place for place in places if place.field in group)
                self.tell(place, absent[0].unfit or self.empty(place))
            return False
        return True

    def joined(self, place: Place) -> Cell:
        words = []
        for position, index in enumerate(place.indexes):
            cell = self.cell(index)
            if cell is None:
                return None
            word = plain(cell)
            words.append(word.zfill(place.column.pad[position]) if place.column.pad else word)
        return place.column.separator.join(words)

    def error(self, place: Place) -> str:
        """The Excel error in a cell, if the cell is empty for that."""
        return self.layout.sheet.errors.get((self.row, place.indexes[0]), "") if place.indexes else ""

    def empty(self, place: Place) -> Unfit:
        error = self.error(place)
        if error == NOT_CALCULATED:
            return Unfit(
                _("В ячейке формула без вычисленного значения."),
                _("Откройте файл в Excel и сохраните заново."),
            )
        if error:
            return Unfit(_("В ячейке ошибка Excel."), _("Исправьте формулу или введите значение."))
        return Unfit(_("Ячейка пуста."), _("Введите значение."))

    def tell(self, place: Place, unfit: Unfit) -> None:
        index = place.indexes[0] if place.indexes else None
        self.problems.add(unfit.what, unfit.allowed, self.layout.sheet, self.row, index, place.heading)

    def keep(self, values: dict[str, Any]) -> None:
        """Check what must agree within a row, and keep it."""
        present = {name: None if isinstance(value, Absent) else value for name, value in values.items()}
        wrong = self.gathering.add(present, self.row)
        if isinstance(wrong, Unfit):
            self.problems.add(wrong.what, wrong.allowed, self.layout.sheet, self.row)
        elif wrong:
            self.skipped[wrong] += 1


def plain(cell: Cell) -> str:
    """A cell as the word that the person sees: 5, not 5.0."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f")
    return str(cell)
