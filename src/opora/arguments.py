"""The command line's arguments, read and refused in the person's language."""

import argparse
import os
from typing import NoReturn

from opora.language import _
from opora.lib.spoken import Refused

# What the standard library says in English, in the words of our pages.
RUSSIAN = {
    "usage: ": "вызов: ",
    "positional arguments": "что нужно",
    "options": "настройки",
    "show this help message and exit": "показать эту подсказку",
    "the following arguments are required: %s": "не хватает: %s",
    "unrecognized arguments: %s": "лишнее: %s",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "expected one argument": "нужно одно значение",
    "expected at least one argument": "нужно хотя бы одно значение",
    "invalid choice: %(value)r (choose from %(choices)s)": "нет такого выбора: %(value)s (есть %(choices)s)",
    "invalid %(type)s value: %(value)r": "не подходит значение %(value)s",
    "not allowed with argument %s": "нельзя вместе с %s",
    "one of the arguments %s is required": "нужно одно из: %s",
}


class SpokenParser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence of the person's language."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call."""
        raise Refused(_("{what}. Подсказка: {program} --help").format(what=message, program=self.prog))


def speak() -> None:
    """Let the standard library's parser say its own few sentences in Russian, unless English is asked for."""
    if not os.environ.get("OPORA_LANG", "ru").startswith("en"):
        argparse._ = lambda sentence: RUSSIAN.get(sentence, sentence)  # type: ignore[attr-defined]
