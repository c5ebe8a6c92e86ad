"""Everything that the core says to people has an English twin with the same places for numbers."""

import ast
from pathlib import Path
from string import Formatter

import polib

import opora.methodology

ROOM = Path(opora.methodology.__file__).parent


def said() -> set[str]:
    """Collect the messages of the room's modules."""
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def catalogue() -> dict[str, str]:
    path = ROOM / "locale" / "en" / "LC_MESSAGES" / "django.po"
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def test_every_message_is_in_the_english_catalogue_and_no_other():
    assert said() == set(catalogue())


def test_a_translation_keeps_the_places_of_its_message():
    for russian, english in catalogue().items():
        assert english and places(english) == places(russian), russian
