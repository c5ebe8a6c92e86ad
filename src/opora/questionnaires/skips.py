"""Says on paper what a condition does on a screen: who answers a question, and where all others go on."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from opora.language import _
from opora.questionnaires.form import DONT_KNOW, NUMBERS, Condition, Every, Field, Form, Item, Some, Test
from opora.questionnaires.numbering import digits, place_numbers, question_numbers


def skip_words(form: Form, language: str) -> dict[str, str]:
    """Say before which questions one may go on to a later one: item → sentences.

    Questions that follow each other under one condition are told together, at the first of them. What follows
    them and cannot be asked either is jumped over, too. Empty: {} where everything is asked of everybody.
    """
    items = list(form.items.values())
    return {
        group[0].name: _said(form, group, language)
        for place, item in enumerate(items)
        if (group := _group(items, place)) and group[0] is item
    }


def _group(items: Sequence[Item], place: int) -> list[Item]:
    """Give the questions from a place on that have its condition. Empty: it has none, or is not the first."""
    wanted = items[place].asked_if
    if wanted is None or (place and items[place - 1].asked_if == wanted):
        return []
    return list(takewhile(lambda item: item.asked_if == wanted, items[place:]))


def _said(form: Form, group: Sequence[Item], language: str) -> str:
    numbers = question_numbers(form)
    condition = group[0].asked_if
    assert condition is not None
    first, last, onward = numbers[group[0].name], numbers[group[-1].name], goes_on(form, group)
    told = {"when": condition_words(form, condition, language), "first": first, "last": last}
    if len(group) == 1:
        who = _("Отвечайте, если {when}.").format(**told)
    else:
        who = _("На вопросы {first}–{last} отвечайте, если {when}.").format(**told)
    if onward is None:
        return who + " " + _("Если нет, вы закончили.")
    return who + " " + _("Если нет, переходите к вопросу {number}.").format(number=numbers[onward])


def goes_on(form: Form, group: Sequence[Item]) -> str | None:
    """Name the question that comes after a group of which none is asked. Empty: None, nothing comes."""
    items = list(form.items.values())
    unheard = {item.name for item in group}
    failed = group[0].asked_if
    assert failed is not None
    for item in items[items.index(group[-1]) + 1 :]:
        if item.asked_if is None or not _fails(form, item.asked_if, unheard, failed):
            return item.name
        unheard.add(item.name)
    return None


def _fails(form: Form, condition: Condition, unheard: set[str], failed: Condition) -> bool:
    """Say whether a condition surely fails where another has, and some questions were not answered."""
    if condition == failed:
        return True
    match condition:
        case Every(parts):
            return any(_fails(form, one, unheard, failed) for one in parts)
        case Some(parts):
            return all(_fails(form, one, unheard, failed) for one in parts)
        case Test():
            return form.fields[condition.field].item.name in unheard


def condition_words(form: Form, condition: Condition, language: str) -> str:
    """Say a condition as the end of «отвечайте, если …»."""
    match condition:
        case Every(parts):
            return _(" и ").join(_nested(form, one, language) for one in parts)
        case Some(parts):
            return _(" или ").join(_nested(form, one, language) for one in parts)
        case Test():
            return _test(form, condition, language)


def _nested(form: Form, condition: Condition, language: str) -> str:
    said = condition_words(form, condition, language)
    return said if isinstance(condition, Test) else f"({said})"


def _test(form: Form, test: Test, language: str) -> str:
    field = form.fields[test.field]
    place = field.item.name if field.kind == "flag" else field.name
    number = place_numbers(form)[place]
    if field.kind == "flag":
        return _flag(field, test, number, language)
    if field.item.kind in NUMBERS and DONT_KNOW not in test.values:
        return _written(test, number)
    marked = _any_of(_names(field, test, language))
    return _("в вопросе {number} вы отметили {marked}").format(number=number, marked=marked)


def _flag(field: Field, test: Test, number: str, language: str) -> str:
    """Say a test of an option of many; that it is not chosen means that something else is."""
    option = field.item.options[field.item.option_names.index(field.name.rpartition(".")[2])].text[language]
    wanted = {value for value in (0, 1) if _holds(test, value)}
    if wanted == {1}:
        return _("в вопросе {number} вы отметили «{option}»").format(number=number, option=option)
    if wanted == {0}:
        said = _("в вопросе {number} вы отметили что-то, но не «{option}»")
        return said.format(number=number, option=option)
    return _("вы ответили на вопрос {number}").format(number=number)


def _holds(test: Test, value: int) -> bool:
    if test.values:
        return value in test.values
    return (test.at_least is None or value >= test.at_least) and (
        test.at_most is None or value <= test.at_most
    )


def _names(field: Field, test: Test, language: str) -> list[str]:
    """Name the answers of a scale or a choice with which a test holds, in quotation marks."""
    item = field.item
    wanted = [
        said[language]
        for digit, said in digits(item).items()
        if (item.options and item.option_names[digit - 1] in test.values)
        or (not item.options and _holds(test, digit))
    ]
    numbers = [str(value) for value in test.values if item.kind in NUMBERS and isinstance(value, int)]
    wanted += [_("не знаю")] if DONT_KNOW in test.values else []
    return [*numbers, *(f"«{said}»" for said in wanted)]


def _written(test: Test, number: str) -> str:
    told = {"number": number, "least": test.at_least, "most": test.at_most}
    if test.values:
        told["values"] = _any_of(str(value) for value in test.values)
        return _("в вопросе {number} вы написали {values}").format(**told)
    if test.at_most is None:
        return _("в вопросе {number} вы написали {least} или больше").format(**told)
    if test.at_least is None:
        return _("в вопросе {number} вы написали {most} или меньше").format(**told)
    return _("в вопросе {number} вы написали число от {least} до {most}").format(**told)


def _any_of(said: Iterable[str]) -> str:
    *others, last = said
    return _(" или ").join([", ".join(others), last]) if others else last
