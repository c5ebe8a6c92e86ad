"""What the rules say of changes: nouns of their kinds, and why something cannot be."""

from collections.abc import Mapping
from datetime import date

from opora.language import _
from opora.registry.history.changes import Change, Kind, Value


def noun(kind: Kind) -> str:
    """Answer what a change of a kind is called inside a sentence."""
    return {
        Kind.OPEN: _("открытие"),
        Kind.REOPEN: _("возобновление работы"),
        Kind.INDEPENDENT: _("самостоятельность филиала"),
        Kind.RENAME: _("переименование"),
        Kind.FOUNDER: _("смена учредителя"),
        Kind.MOVE: _("смена муниципалитета"),
        Kind.REFORM: _("преобразование муниципалитета"),
        Kind.VPR_LOGIN: _("смена логина ВПР"),
        Kind.RIS_CODE: _("смена кода РИС ГИА"),
        Kind.INN: _("смена ИНН"),
        Kind.BRANCH: _("создание филиала"),
        Kind.MERGE: _("присоединение или слияние"),
        Kind.SPLIT: _("разделение или выделение"),
        Kind.CLOSE: _("закрытие"),
    }[kind]


def day(on: date) -> str:
    """Write a day shortly: «01.09.2019»."""
    return f"{on:%d.%m.%Y}"


def told(change: Change) -> str:
    """Name a change by its kind and day."""
    return _("{what} с {day}").format(what=noun(change.kind), day=day(change.on))


def ended(change: Change | None) -> str:
    """Say why a school is no more; without a change it has not begun."""
    if change is None:
        return _("ещё не открыта")
    words = {
        Kind.CLOSE: _("закрыта {day}"),
        Kind.MERGE: _("вошла в другую школу {day}"),
        Kind.SPLIT: _("разделена {day}"),
    }
    return words[change.kind].format(day=day(change.on))


def shown(value: Value) -> str:
    """Write an attribute's value as a sentence holds it; a name comes with its short form."""
    if isinstance(value, tuple):
        value = value[0]
    return _("пусто") if value in (None, "") else str(value)


def named(school: int, names: Mapping[int, str]) -> str:
    """Answer a school's name in quotes."""
    return f"«{names.get(school, school)}»"
