"""The fields of the plain tables: what each holds, what is allowed, and how a cell becomes its value."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from opora.language import _
from opora.results.readers.book import Cell, number

YEARS = (1990, 2100)
GRADES = (0, 13)
MOST_TAKERS = 1_000_000


class Unfit(Exception):
    """A cell does not fit its field."""

    def __init__(self, what: str, allowed: str) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = allowed


@dataclass(frozen=True)
class Field:
    """One field of a plain table."""

    convert: Callable[[Cell, str, str], Any]  # the cell, the decimal sign ("" for both), the unit
    default: Any = None
    measured: bool = False  # its absence is «not published», not an error of the file


def text(cell: Cell, decimal: str, unit: str) -> str:
    """A code or a word; a whole number is taken as it is written."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise Unfit(_("Здесь нужен код или слово."), _("Введите код текстом, без формул и дат."))


def whole(lowest: int, highest: int) -> Callable[[Cell, str, str], int]:
    """A whole number between two limits."""

    def convert(cell: Cell, decimal: str, unit: str) -> int:
        value = number(cell, decimal)
        if not isinstance(value, int) or not lowest <= value <= highest:
            allowed = _("Допускается целое число от {lowest} до {highest}.")
            raise Unfit(_not_whole(cell), allowed.format(lowest=lowest, highest=highest))
        return value

    return convert


def _not_whole(cell: Cell) -> str:
    if cell is None:
        return _("Ячейка пуста.")
    if isinstance(cell, bool | str) or isinstance(number(cell), int | Decimal):
        return _("Здесь не целое число или оно вне пределов.")
    return _("Здесь дата, а не число: проверьте формат ячейки.")


def percent(cell: Cell, decimal: str, unit: str) -> float:
    """A percent from 0 to 100; a share is turned into one."""
    sign = isinstance(cell, str) and cell.endswith("%")
    value = number(cell[:-1].strip() if sign and isinstance(cell, str) else cell, decimal)
    if value is not None and unit == "share" and not sign:
        value = Decimal(value) * 100
    if value is None or not 0 <= value <= 100:
        allowed = (
            _("Допускается доля от 0 до 1.") if unit == "share" else _("Допускается процент от 0 до 100.")
        )
        raise Unfit(_("Здесь не процент или он вне пределов."), allowed)
    return float(value)


def quantity(cell: Cell, decimal: str, unit: str) -> float:
    """Any number."""
    sign = isinstance(cell, str) and cell.endswith("%")
    value = number(cell[:-1].strip() if sign and isinstance(cell, str) else cell, decimal)
    if value is None:
        raise Unfit(_("Здесь не число."), _("Допускается число, с запятой или точкой."))
    return float(Decimal(value) * 100 if unit == "share" and not sign else value)


COUNT = whole(0, MOST_TAKERS)
GRADE = whole(*GRADES)

OUTCOME_FIELDS: dict[str, Field] = {
    "school": Field(text),
    "year": Field(whole(*YEARS)),
    "assessment": Field(text),
    "sitting": Field(text, default=""),
    "subject": Field(text),
    "grade": Field(GRADE),
    "grade_programme": Field(GRADE),  # the grade where it is not given
    "category": Field(text, default="all"),
    "takers": Field(COUNT, measured=True),
    "low": Field(COUNT, measured=True),
    "percent": Field(percent, measured=True),
    "mark2": Field(COUNT, measured=True),
    "mark3": Field(COUNT, measured=True),
    "mark4": Field(COUNT, measured=True),
    "mark5": Field(COUNT, measured=True),
}
INDICATOR_FIELDS: dict[str, Field] = {
    "school": Field(text),
    "year": Field(whole(*YEARS)),
    "indicator": Field(text),
    "category": Field(text, default="all"),
    "value": Field(quantity, measured=True),
    "letter": Field(text, measured=True),
}
FIELDS: dict[str, dict[str, Field]] = {"outcomes": OUTCOME_FIELDS, "indicators": INDICATOR_FIELDS}

NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {  # of each group one
    "outcomes": (
        ("school",),
        ("year",),
        ("assessment",),
        ("subject",),
        ("grade",),
        ("takers",),
        ("low", "percent", "mark2"),
    ),
    "indicators": (("school",), ("year",), ("indicator",), ("value", "letter")),
}


def folded(heading: Any) -> str:
    """A heading as it is compared: blanks, line breaks, case and «ё» do not matter."""
    return " ".join(str(heading).split()).casefold().replace("ё", "е")
