"""Gathers the rows of a plain table in small pieces, so that a million of them stay within bounds."""

from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.tables import INDICATORS, OUTCOME_KEY, OUTCOMES
from opora.results.readers.book import Sheet
from opora.results.readers.fields import Unfit
from opora.results.readers.problems import MOST, Problems
from opora.results.readers.tally import no_indicators, no_outcomes

PIECE = 50_000
WHERE = {"sheet_number": pl.Int32, "row_number": pl.Int32}
KEYS = {"outcomes": ["school", *OUTCOME_KEY], "indicators": ["school", "year", "indicator", "category"]}
SCHEMAS: dict[str, dict[str, Any]] = {"outcomes": OUTCOMES, "indicators": INDICATORS}
MARKS = ("mark2", "mark3", "mark4", "mark5")


class Gathering:
    """The outcomes or indicators of one file while it is read."""

    def __init__(self, table: str) -> None:
        self.table = table
        self._schema = {**SCHEMAS[table], **WHERE}
        self._columns = tuple(SCHEMAS[table])
        self._rows: list[tuple[Any, ...]] = []
        self._pieces: list[pl.DataFrame] = []
        self._sheet = -1

    def next_sheet(self) -> None:
        self._sheet += 1

    def add(self, values: dict[str, Any], row: int) -> Unfit | str | None:
        """Keep one row; else say what does not agree in it, or why it is left out."""
        wrong = _check_outcome(values) if self.table == "outcomes" else _check_indicator(values)
        if wrong is None:
            self._rows.append((*map(values.get, self._columns), self._sheet, row))
            if len(self._rows) >= PIECE:
                self._flush()
        return wrong

    def _flush(self) -> None:
        self._pieces.append(pl.DataFrame(self._rows, schema=self._schema, orient="row"))
        self._rows = []

    def frames(self, problems: Problems, sheets: list[Sheet]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The tables of outcomes and of indicators; what stands twice is told and kept once."""
        if self._rows or not self._pieces:
            self._flush()
        frame = pl.concat(self._pieces)
        key = KEYS[self.table]
        again = ~pl.struct(key).is_first_distinct()
        repeated = frame.filter(again).select(list(WHERE))
        for sheet, row in repeated.head(MOST).iter_rows():
            problems.add(
                _("Эта строка повторяет другую: школа, год и показатель те же."),
                _("Оставьте одну из строк."),
                sheets[sheet],
                row,
            )
        problems.count += max(0, repeated.height - MOST)
        if repeated.height:
            frame = frame.filter(~again)
        frame = frame.drop(list(WHERE))
        return (frame, no_indicators()) if self.table == "outcomes" else (no_outcomes(), frame)


def _check_outcome(values: dict[str, Any]) -> Unfit | str | None:
    """Counts of one outcome must agree with each other."""
    values.setdefault("sitting", "")
    values.setdefault("category", "all")
    values.setdefault("grade_programme", values["grade"])
    takers = values["takers"]
    if values.get("low") is None and values.get("mark2") is not None:
        values["low"] = values["mark2"]
    low = values.get("low")
    if low is not None and low > takers:
        return Unfit(
            _("Низких результатов больше, чем участников."),
            _("Число с низким результатом не может быть больше числа участников."),
        )
    marks = [values[mark] for mark in MARKS if values.get(mark) is not None]
    if sum(marks) > takers or (len(marks) == len(MARKS) and sum(marks) != takers):
        return Unfit(
            _("Сумма отметок не равна числу участников."),
            _("Отметки 2, 3, 4 и 5 вместе дают число участников."),
        )
    return None if takers else _("нет участников")


def _check_indicator(values: dict[str, Any]) -> Unfit | str | None:
    """An indicator is a number or a letter, never both."""
    values.setdefault("category", "all")
    if values.get("value") is not None and values.get("letter") is not None:
        return Unfit(_("Заданы и число, и буква."), _("Оставьте одно из двух."))
    return None
