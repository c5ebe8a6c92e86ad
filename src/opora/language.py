"""Lets every room speak to the person in Russian or English without knowing the web framework.

The source language of messages is Russian: a message id is the Russian sentence itself. The English
catalogue of a room lies in its ``locale/en/LC_MESSAGES/django.po``. Inside the web application
``use_translator`` is given the framework's own ``gettext``, which follows the request; on the command line
the language is chosen once, by ``OPORA_LANG`` (``ru`` by default).
"""

import os
from collections.abc import Callable
from pathlib import Path

Translator = Callable[[str], str]
PluralTranslator = Callable[[str, str, int], str]

_translator: Translator | None = None


def use_translator(translator: Translator) -> None:
    """Let ``translator`` answer for every message from now on."""
    global _translator
    _translator = translator


def _(message: str) -> str:
    """Say a message in the language of the person."""
    if _translator is not None:
        return _translator(message)
    if os.environ.get("OPORA_LANG", "ru").startswith("en"):
        return _english().get(message, message)
    return message


_catalogue: dict[str, str] | None = None


def _english() -> dict[str, str]:
    """Read the English catalogues of all rooms, once."""
    global _catalogue
    if _catalogue is None:
        import polib

        root = Path(__file__).parent
        _catalogue = {
            entry.msgid: entry.msgstr
            for path in sorted(root.glob("**/locale/en/LC_MESSAGES/django.po"))
            for entry in polib.pofile(str(path))
            if entry.msgstr
        }
    return _catalogue
