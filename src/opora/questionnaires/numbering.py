"""How a questionnaire is numbered on paper: questions from 1, rows of a table within them, answers."""

from collections.abc import Mapping

from opora.questionnaires.form import Form, Item, Text


def question_numbers(form: Form) -> dict[str, int]:
    """Give the number of each question by its name, in the order in which they are asked."""
    return {name: number for number, name in enumerate(form.items, 1)}


def place_numbers(form: Form) -> dict[str, str]:
    """Give the number of each place of a sheet: «7», or «7.2» for the second row of a table."""
    found: dict[str, str] = {}
    for number, item in enumerate(form.items.values(), 1):
        if item.kind == "matrix":
            found |= {place: f"{number}.{row}" for row, place in enumerate(item.places, 1)}
        else:
            found[item.name] = str(number)
    return found


def digits(item: Item) -> Mapping[int, Text]:
    """Give the answers that have a digit: steps of a scale or options. Empty: where one writes."""
    said = item.scale.steps if item.scale else tuple(option.text for option in item.options)
    return dict(enumerate(said, 1))
