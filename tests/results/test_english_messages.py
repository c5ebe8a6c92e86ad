"""Every sentence of the readers has its English, with the same places to fill in."""

import ast
import re
from pathlib import Path

import polib
import pytest

import opora.results.readers as readers
from opora import language

ROOM = Path(readers.__file__).parent
CATALOGUE = {
    entry.msgid: entry.msgstr for entry in polib.pofile(str(ROOM.parent / "locale/en/LC_MESSAGES/django.po"))
}


def messages(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            [argument] = node.args
            if isinstance(argument, ast.Constant):
                yield argument.value


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.name)
def test_every_sentence_is_said_in_english_too(path):
    for message in messages(path):
        english = CATALOGUE.get(message, "")
        assert english, message
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", message))


def test_the_names_of_formats_are_said_in_english():
    assert all(CATALOGUE.get(reader.TITLE) for group in readers.readers() for reader in group)


def test_a_refusal_is_said_in_the_language_of_the_person(monkeypatch):
    monkeypatch.setattr(language, "_translator", None)  # as on the command line, without the web framework
    monkeypatch.setenv("OPORA_LANG", "en")
    with pytest.raises(readers.FileRefused, match="The file is empty"):
        readers.open_book(b"", "a")
