"""What is typed of a sheet of paper, key by key, and what two people who typed the same sheet agree on.

A mark is what one place of a sheet says: a value as ``logic`` keeps it, or ``SPOILED``. A digit stands for an
answer as it is numbered on paper, «-» for «не знаю», «*» for what cannot be read or breaks the rules of its
question: two crosses where one is asked, a number out of bounds. Nothing typed is nothing answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opora.language import _
from opora.questionnaires.form import DONT_KNOW, NUMBERS, Form, Item
from opora.questionnaires.logic import checked, one_value
from opora.questionnaires.numbering import digits

SPOILED = "*"
UNKNOWN = "-"
DASHES = ("-", "–", "—", "−")
Marks = Mapping[str, Any]  # place → mark


@dataclass(frozen=True)
class Typed:
    """Marks that were typed, and what is wrong with others: place → sentence."""

    marks: dict[str, Any]
    faults: dict[str, str]


def read_marks(form: Form, typed: Mapping[str, str], words: bool = True) -> Typed:
    """Read what was typed at each place; ``words``: answers in words, too (they are typed once)."""
    marks: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for place, item in places(form, words):
        text = typed.get(place, "").strip()
        if not text:
            continue
        mark, said = _mark(item, text)
        if said:
            faults[place] = said
        elif mark is not None:
            marks[place] = mark
    return Typed(marks, faults)


def places(form: Form, words: bool = True) -> Iterator[tuple[str, Item]]:
    """Give the places of a sheet with their questions, in their order."""
    for item in form.items.values():
        if words or item.kind != "text":
            for place in item.places:
                yield place, item


def _mark(item: Item, text: str) -> tuple[Any, str]:
    if text == SPOILED:
        return SPOILED, ""
    if text in DASHES and item.kind != "text":
        return (DONT_KNOW, "") if item.dont_know else (None, allowed(item))
    value = _value(item, text)
    found, said = one_value(item, value) if value is not None else (None, allowed(item))
    return found, said and (said if item.kind == "text" else allowed(item))


def _value(item: Item, text: str) -> Any:
    """Turn what was typed into what the questions' rules read. Empty: None, where it means nothing."""
    if item.kind == "text":
        return text
    if item.kind == "choices":
        chosen = [_digit(one) for one in _several(item, text)]
        names = item.option_names
        known = chosen and all(0 < one <= len(names) for one in chosen)
        return [names[one - 1] for one in chosen] if known else None
    number = _digit("".join(text.split()))
    if item.kind == "choice":
        return item.option_names[number - 1] if 0 < number <= len(item.options) else None
    return number if number >= 0 else None


def _several(item: Item, text: str) -> list[str]:
    """Part what was typed of several answers: «135» where every answer is one digit, else «1 3 12»."""
    parted = text.replace(",", " ").replace(".", " ").split()
    return list(parted[0]) if len(parted) == 1 and len(item.options) < 10 else parted


def _digit(text: str) -> int:
    """Read a whole number. Empty: -1, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def allowed(item: Item) -> str:
    """Say what may be typed at a question."""
    if item.kind == "choices":
        said = _("Здесь бывают цифры ответов от 1 до {most}, можно несколько.").format(most=len(item.options))
        if item.most is not None and item.most < len(item.options):
            said += " " + _("Не больше {most}.").format(most=item.most)
    elif item.kind in NUMBERS:
        said = _("Здесь бывает целое число от {least} до {most}.").format(
            least=item.bounds[0], most=item.bounds[1]
        )
    else:
        said = _("Здесь бывает цифра от 1 до {most}.").format(most=len(digits(item)))
    if item.dont_know:
        said += " " + _("«-» — не знаю.")
    return said + " " + _("Если на листе не так, введите «*».")


def typed_of(form: Form, marks: Marks) -> dict[str, str]:
    """Write marks as they are typed: place → keys."""
    return {place: _keys(item, marks[place]) for place, item in places(form) if place in marks}


def _keys(item: Item, mark: Any) -> str:
    if mark == DONT_KNOW and item.kind != "text":
        return UNKNOWN
    if mark == SPOILED or item.kind == "text":
        return str(mark)
    if item.kind == "choices":
        numbers = [str(item.option_names.index(one) + 1) for one in mark]
        return ("" if len(item.options) < 10 else " ").join(numbers)
    return str(item.option_names.index(mark) + 1) if item.kind == "choice" else str(mark)


def mark_words(item: Item, mark: Any, language: str) -> str:
    """Say a mark in words. Empty: «пусто» where nothing was typed."""
    if mark is None:
        return _("пусто")
    if mark == SPOILED:
        return _("не разобрать")
    if mark == DONT_KNOW:
        return _("не знаю")
    if item.kind == "choices":
        return ", ".join(item.options[item.option_names.index(one)].text[language] for one in mark)
    if item.kind == "choice":
        return item.options[item.option_names.index(mark)].text[language]
    return item.scale.steps[mark - 1][language] if item.scale else str(mark)


def differing(form: Form, first: Marks, second: Marks) -> list[str]:
    """Name the places at which two people typed different answers; of words the first alone is typed.

    What cannot be read and what is empty are the same: no answer.
    """
    return [
        place for place, _item in places(form, words=False) if _said(first, place) != _said(second, place)
    ]


def entered(form: Form, first: Marks, second: Marks) -> int:
    """Count the places at which at least one of two people typed something that was compared."""
    return sum(place in first or place in second for place, _item in places(form, words=False))


def agreed(form: Form, first: Marks, second: Marks, said: Marks) -> dict[str, Any] | None:
    """Put a sheet together: what both typed, and where they differ what was ``said`` after another look.

    The answers of questions that were not asked are left out, as on a screen. Empty: None, while a place on
    which the two differ is not decided.
    """
    apart = set(differing(form, first, second))
    if apart - set(said):
        return None
    sheet = {
        place: found
        for place, _item in places(form)
        if (found := _said(said if place in apart else first, place)) is not None
    }
    return checked(form, sheet).answers


def _said(marks: Marks, place: str) -> Any:
    """Give the answer of a mark. Empty: None, where there is none to read."""
    mark = marks.get(place)
    return None if mark == SPOILED else mark
