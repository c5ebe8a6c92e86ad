"""Numbers of a rule in words: «больше 30 %», and which of them are not the edition's."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as lazy

from opora.language import _
from opora.methodology.edition import Edition, Settled
from opora.methodology.parameters import DatedValue
from opora.ui.numbers import number, percent

PAIRS = {
    "above": (("above", lazy("больше")), ("at least", lazy("не меньше"))),
    "below": (("below", lazy("меньше")), ("at most", lazy("не больше"))),
}
IN_PERCENT = Decimal(100)


def shown(unit: str, now: DatedValue) -> str:
    """Write a number as its field does: a share in percent."""
    value = now.value
    if isinstance(value, str):
        return value
    return plain(value * IN_PERCENT if unit == "share" else value)


def plain(value: Decimal) -> str:
    """Write a decimal without zeros that say nothing, as a field takes it."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def said(unit: str, value: Decimal | str, comparison: str) -> str:
    """Say a number of the rule in words: «больше 30 %»."""
    told = value if isinstance(value, str) else _number(unit, value)
    words: Mapping[str, str] = {one: str(word) for pair in PAIRS.values() for one, word in pair}
    return f"{words[comparison]} {told}" if comparison else told


def _number(unit: str, value: Decimal) -> str:
    value = value * IN_PERCENT if unit == "share" else value
    digits = len(plain(value).partition(".")[2])
    return percent(value, digits) if unit in ("share", "percent") else number(value, digits)


def changed_words(
    edition: Edition, settled: Settled, changes: Mapping[str, Mapping[str, str]]
) -> tuple[str, ...]:
    """Say every number that is otherwise, with what it was."""
    told = []
    for name, change in changes.items():
        parameter, now = edition.parameters[name], settled[name]
        then = parameter.changed(now, change)
        told.append(
            _("{meaning}: {then} вместо «{now}»").format(
                meaning=parameter.meaning,
                then=said(parameter.unit, then.value, then.comparison),
                now=said(parameter.unit, now.value, now.comparison),
            )
        )
    return tuple(told)
