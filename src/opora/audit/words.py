"""The words of deeds: each room says the sentence of its own (called when the program starts)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from opora.language import _
from opora.ui.numbers import day, number

Say = Callable[[Any], str]
_sentences: dict[str, str] = {}
_values: dict[tuple[str, str], Say] = {}


class UnknownDeed(Exception):
    """No room said what this deed is called."""


def tell_deeds(room: str, sentences: Mapping[str, str], **values: Say) -> None:
    """Take a room's deeds: verb_object → a Russian sentence without its subject, details in braces.

    values: how a detail is said where its plain value is no word: ``as_role=lambda value: …``.
    """
    _sentences.update({f"{room}.{deed}": sentence for deed, sentence in sentences.items()})
    _values.update({(room, detail): say for detail, say in values.items()})


def known(deed: str) -> str:
    """Answer the sentence of a deed as it is written in the code.

    Raises: UnknownDeed.
    """
    if deed not in _sentences:
        raise UnknownDeed(deed)
    return _sentences[deed]


def deed_name(deed: str) -> str:
    """Say a deed without its details, as a choice among others: «утверждён перечень…»."""
    sentence = _(_sentences.get(deed, deed))
    head = sentence.partition("{")[0].rstrip(" «“№:(")
    return f"{head}…" if head != sentence else sentence


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def said(deed: str, details: Mapping[str, object], names: Mapping[str, str] | None = None) -> str:
    """Say a deed in the reader's language; an event of an older version may lack a detail.

    names: what the page knows better than the event does, such as the name of a person.
    """
    room = deed.partition(".")[0]
    told = {name: shown(value, _values.get((room, name))) for name, value in details.items()}
    return _(known(deed)).format_map(_Details({**told, **(names or {})}))


def shown(value: object, say: Say | None = None) -> str:
    """Say a value: numbers and days as a reader writes them."""
    if say is not None:
        return say(value)
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    return _text("" if value is None else str(value))


def _text(text: str) -> str:
    """Say a day as a day, other text as it is."""
    if len(text) == 10 and text[4:5] == text[7:8] == "-":
        with suppress(ValueError):
            return day(date.fromisoformat(text))
    return text
