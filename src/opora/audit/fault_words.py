"""Says what is wrong with the trace, and with which events, to whoever verified it."""

from opora.audit.checking import Fault
from opora.audit.words import shown
from opora.language import _


def sentence(fault: Fault) -> str:
    """Say one fault: where, what, and what of the event is known."""
    what = _what(fault)
    if fault.first:
        what = f"{place(fault)}: {what}"
    known = ", ".join(part for part in (fault.at[:19].replace("T", " "), fault.deed) if part)
    return f"{what} ({known})" if known else what


def place(fault: Fault) -> str:
    """Name the events of a fault: «Приморский край»'s chain is known by its code, as in the tables."""
    chain = _("цепочка {code}").format(code=fault.territory) if fault.territory else _("цепочка страны")
    if fault.first == fault.last:
        return _("{chain}, событие {first}").format(chain=chain, first=fault.first)
    return _("{chain}, события {first}–{last}").format(chain=chain, first=fault.first, last=fault.last)


def _what(fault: Fault) -> str:
    sentences = {
        "changed": _("изменено или вставлено: отпечаток не сходится с содержанием"),
        "moved": _("переставлено: его место — {other}"),
        "torn": _("не продолжает предыдущее: между ними что-то вставлено, убрано или переписано"),
        "missing": _("удалены"),
        "repeated": _("вставлено: место в цепочке уже занято"),
        "headless": _("у цепочки нет записи о её конце"),
        "past_head": _("вставлены после конца цепочки"),
        "head_differs": _("запись о конце цепочки изменена: это событие — последнее"),
        "gone": _("удалены: о них помнит якорь № {other} от {day}"),
        "anchor_differs": _("переписаны: якорь № {other} от {day} помнит другой отпечаток последнего из них"),
        "anchors_missing": _("якоря № {other}–{day} удалены"),
        "anchor_torn": _("якорь № {other} от {day} не продолжает предыдущий"),
        "anchor_changed": _("якорь № {other} от {day} изменён: отпечаток не сходится с содержанием"),
        "line_changed": _("строка {other} файла якорей изменена, вставлена или переставлена"),
        "anchor_gone": _("якоря № {other} от {day} нет в базе, а в файле он есть"),
        "anchor_denied": _("якорь № {other} от {day} в базе не такой, как в файле"),
    }
    return sentences[fault.kind].format(other=fault.other, day=shown(fault.day))
