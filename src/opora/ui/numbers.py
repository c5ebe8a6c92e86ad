"""Writes numbers, shares, counts and days as a reader of the page's language expects them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import get_language

from opora.language import _

THIN = "\u202f"
"""Narrow space that does not break, between thousands."""
NO_BREAK = "\u00a0"
Number = int | float | Decimal | Fraction

MONTHS_RU = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def is_english() -> bool:
    """Say whether the page is in English."""
    return (get_language() or "ru").startswith("en")


def rounded(value: Number, digits: int = 0) -> Decimal:
    """Round half up, as official rules do (``round`` and ``%`` round half to even)."""
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        exact = Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def number(value: Number, digits: int = 0) -> str:
    """Write a number: «1 234,5» in Russian, “1,234.5” in English."""
    written = f"{rounded(value, digits):,}".replace("-", "−")
    if is_english():
        return written
    return written.replace(",", THIN).replace(".", ",")


def percent(value: Number, digits: int = 0) -> str:
    """Write a percent (0–100): «40 %» in Russian, “40%” in English."""
    return number(value, digits) + ("%" if is_english() else NO_BREAK + "%")


def share(value: Number, digits: int = 0) -> str:
    """Write a share (0–1) as a percent."""
    return percent(_hundredfold(value), digits)


def chance(value: Number) -> str:
    """Write a probability (0–1); near certainty is told as «больше 99 %», never as «100 %»."""
    if value > 0.995:
        return _("больше {percent}").format(percent=percent(99))
    if value < 0.005:
        return _("меньше {percent}").format(percent=percent(1))
    return share(value)


def share_beside(value: Number, threshold: Number | None) -> str:
    """Write a share with as few digits as still show on which side of the threshold it lies.

    31 of 103 is above 30 %, and «30 %» beside «порог 30 %» would look like a mistake: it is written «30,1 %».
    """
    if threshold is None:
        return share(value)
    truth = _side(Decimal(str(float(value))), Decimal(str(float(threshold))))
    line = Decimal(str(float(threshold))) * 100
    for digits in range(3):
        if _side(rounded(_hundredfold(value), digits), line) == truth:
            return share(value, digits)
    return share(value, 3)


def share_as_percent(low: int, takers: int, threshold: Number | None = None) -> str:
    """Write a share with the count beside it: «40 %, 8 из 20»."""
    counted = _("{low} из {takers}").format(low=number(low), takers=number(takers))
    if not takers:
        return counted
    return f"{share_beside(Fraction(low, takers), threshold)}, {counted}".replace(" ", NO_BREAK)


def interval(low: Number, high: Number) -> str:
    """Write an interval of shares: «22–61 %»."""
    return f"{number(_hundredfold(low))}–{share(high)}"


def plural(count: int, forms: str) -> str:
    """Choose the form of a word for a count: ``plural(2, "школа,школы,школ")`` is «школы».

    The Russian forms together are the message: an English catalogue answers two forms for the three.
    """
    words = _(forms).split(",")
    if len(words) == 2:
        return words[0] if count == 1 else words[1]
    return words[_russian_form(count)]


def counted(count: int, forms: str) -> str:
    """Write a count with its word: «41 школа», «1 234 школы»."""
    return f"{number(count)}{NO_BREAK}{plural(count, forms)}"


def day(value: date | datetime, *, year: bool = True) -> str:
    """Write a day: «3 марта 2026», “3 March 2026”."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    months = MONTHS_EN if is_english() else MONTHS_RU
    written = f"{value.day}{NO_BREAK}{months[value.month - 1]}"
    return f"{written} {value.year}" if year else written


def moment(value: datetime) -> str:
    """Write a moment: «3 марта 2026, 14:05»."""
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{day(value)}, {value:%H:%M}"


def _hundredfold(value: Number) -> Number:
    if isinstance(value, Fraction):
        return value * 100
    return Decimal(str(value)) * 100


def _side(value: Decimal, line: Decimal) -> int:
    return (value > line) - (value < line)


def _russian_form(count: int) -> int:
    tail = abs(count) % 100
    if 10 < tail < 20 or tail % 10 == 0 or tail % 10 > 4:
        return 2
    return 0 if tail % 10 == 1 else 1
