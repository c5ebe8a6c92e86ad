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
_fields: dict[str, Mapping[str, str]] = {}
_pages: dict[str, str] = {}
_roles: list[Say] = [str]


class UnknownDeed(Exception):
    """No room said what this deed is called."""


def tell_deeds(room: str, sentences: Mapping[str, str], **values: Say) -> None:
    """Take a room's deeds: verb_object → a Russian sentence without its subject, details in braces.

    values: how a detail is said where its plain value is no word: ``as_role=lambda value: …``.
    """
    _sentences.update({f"{room}.{deed}": sentence for deed, sentence in sentences.items()})
    _values.update({(room, detail): say for detail, say in values.items()})


def tell_fields(target: str, fields: Mapping[str, str], page: str = "") -> None:
    """Take what the columns of a model are called, and the address by name of an object's page.

    A column that is not told is not shown in a log.
    """
    _fields[target] = fields
    if page:
        _pages[target] = page


def call_roles_by(say: Say) -> None:
    """Let the room that knows roles say them."""
    _roles[0] = say


def role_in_words(role: str) -> str:
    """Say the role in which somebody acted. Empty: ""."""
    return _roles[0](role) if role else ""


def field_name(target: str, column: str) -> str:
    """Say a column of a model. Empty: "" where it is nobody's business."""
    name = _fields.get(target, {}).get(column, "")
    return _(name) if name else ""


def page_of(target: str) -> str:
    """Answer the name of an object's page. Empty: ""."""
    return _pages.get(target, "")


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
