"""What is asked given the answers so far, and what an answer may be: of any JSON, without ever failing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from opora.language import _
from opora.questionnaires.form import DONT_KNOW, LONGEST_TEXT, Condition, Every, Form, Item, Some, Test

Sheet = Mapping[str, Any]
MOST_FAULTS = 200


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer. field: "" where the whole sheet is meant."""

    field: str
    said: str


@dataclass(frozen=True)
class Checked:
    """A sheet as it is kept: answers of the questions that were asked, in their order; and its faults."""

    answers: dict[str, Any]
    faults: tuple[Fault, ...]


def holds(condition: Condition | None, answers: Sheet) -> bool:
    """Say whether a condition holds; no condition always does."""
    match condition:
        case None:
            return True
        case Every(conditions):
            return all(holds(one, answers) for one in conditions)
        case Some(conditions):
            return any(holds(one, answers) for one in conditions)
        case Test():
            return _passes(condition, answers)


def _passes(test: Test, answers: Sheet) -> bool:
    found = _value(test.field, answers)
    if found is None:
        return False
    if test.values:
        return any(found == value and type(found) is type(value) for value in test.values)
    if not isinstance(found, int):
        return False
    return (test.at_least is None or found >= test.at_least) and (
        test.at_most is None or found <= test.at_most
    )


def _value(field: str, answers: Sheet) -> Any:
    """Answer the value of a field; of an option of many 1 or 0, None where nothing was chosen or said."""
    if field in answers:
        return answers[field]
    item, _dot, option = field.rpartition(".")
    chosen = answers.get(item) if item else None
    return int(option in chosen) if isinstance(chosen, list) else None


def asked(form: Form, answers: Sheet) -> list[str]:
    """Name the items that are asked, given what was answered.

    A condition that rests on a question which itself is not asked does not hold.
    """
    heard: dict[str, Any] = {}
    found = []
    for item in form.items.values():
        if item.asked_if is None or holds(item.asked_if, heard):
            found.append(item.name)
            heard.update((place, answers[place]) for place in item.places if place in answers)
    return found


def checked(form: Form, sheet: Any) -> Checked:
    """Keep what the questions allow, tell everything that they do not, and drop what was not asked.

    ``sheet``: any JSON value; field or item → value, as the browser sends it.
    """
    if not isinstance(sheet, Mapping):
        return Checked({}, (Fault("", _("Ответы присланы не так: обновите страницу и отправьте ещё раз.")),))
    kept: dict[str, Any] = {}
    faults: list[Fault] = [
        Fault(str(name)[:80], _("Такого вопроса в анкете нет.")) for name in sheet if name not in form.places
    ][:MOST_FAULTS]
    for item in form.items.values():
        if item.asked_if is None or holds(item.asked_if, kept):
            _take(item, sheet, kept, faults)
            _miss(item, kept, faults)
    return Checked(kept, tuple(faults[:MOST_FAULTS]))


def _miss(item: Item, kept: Sheet, faults: list[Fault]) -> None:
    """Tell that an answer that is required lacks, unless something else is told of it already."""
    if not item.required or any(place in kept for place in item.places):
        return
    told = {fault.field for fault in faults}
    if not any(place in told for place in item.places):
        faults.append(Fault(item.places[0], _("Ответьте на этот вопрос.")))


def _take(item: Item, sheet: Sheet, kept: dict[str, Any], faults: list[Fault]) -> None:
    read = _READ[item.kind]
    for place in item.places:
        value = sheet.get(place)
        if value is None or value in ("", []):
            continue
        if value == DONT_KNOW and item.dont_know:
            kept[place] = value
            continue
        found, said = read(item, value)
        if said:
            faults.append(Fault(place, said))
        elif found is not None:
            kept[place] = found


Read = tuple[Any, str]  # the value as it is kept, and what is wrong


def _step(item: Item, value: Any) -> Read:
    least, most = item.bounds
    if type(value) is int and least <= value <= most:
        return value, ""
    return None, _("Выберите один из предложенных ответов.")


def _number(item: Item, value: Any) -> Read:
    least, most = item.bounds
    if type(value) is int and least <= value <= most:
        return value, ""
    said = _("Напишите целое число от {least} до {most}.")
    return None, said.format(least=least, most=most)


def _one(item: Item, value: Any) -> Read:
    if isinstance(value, str) and value in item.option_names:
        return value, ""
    return None, _("Выберите один из предложенных ответов.")


def _many(item: Item, value: Any) -> Read:
    names = item.option_names
    if not isinstance(value, list) or not all(isinstance(one, str) and one in names for one in value):
        return None, _("Выберите из предложенных ответов.")
    chosen = [name for name in names if name in value]
    if item.most is not None and len(chosen) > item.most:
        return None, _("Выберите не больше {most}.").format(most=item.most)
    if item.least is not None and len(chosen) < item.least:
        return None, _("Выберите не меньше {least}.").format(least=item.least)
    return chosen, ""


def _words(item: Item, value: Any) -> Read:
    if not isinstance(value, str):
        return None, _("Ответьте словами.")
    said = "".join(sign for sign in value if sign.isprintable() or sign in "\n\t").strip()
    if len(said) > LONGEST_TEXT:
        return None, _("Ответ длиннее {most} знаков: сократите его.").format(most=LONGEST_TEXT)
    return said or None, ""


_READ: dict[str, Callable[[Item, Any], Read]] = {
    "agreement": _step,
    "frequency": _step,
    "matrix": _step,
    "count": _number,
    "share": _number,
    "choice": _one,
    "choices": _many,
    "text": _words,
}


def one_value(item: Item, value: Any) -> Read:
    """Read the value of one place of a question by its rules: as it is kept, and what is wrong with it."""
    return _READ[item.kind](item, value)


def by_field(faults: Iterable[Fault]) -> dict[str, str]:
    """Give the first fault of each field."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.field, fault.said)
    return found
