"""The canonical text of a record (канонический вид): the same characters on every device and here.

It is JSON in ASCII: keys sorted, no spaces, all else escaped by UTF-16 units, so that halves of characters
which a phone's keyboard left behind are told exactly, too. Its twin on a device: ``static/visits/digest.js``.
"""

import hashlib
import json
import re
from typing import Any

LARGEST = 2**53 - 1  # of a whole number that both languages hold exactly
KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")
WRITTEN = "\n\t\u00a0\u202f\u200d"  # besides letters: spaces that do not break, what joins parts of a picture
DEEPEST = 6  # of what lies in what


class NotCanonical(ValueError):
    """A value that two languages might write differently: a fraction, a strange key, too deep."""


def canonical(value: Any) -> str:
    """Write a value so that everybody writes it alike.

    Raises: NotCanonical.
    """
    _look_at(value, DEEPEST)
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """Answer the SHA-256 of a value's canonical text.

    Raises: NotCanonical.
    """
    return digest_of(canonical(value))


def digest_of(text: str) -> str:
    """Answer the SHA-256 of a canonical text."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def readable(text: str) -> str:
    """Answer a text as it can be shown and printed: no halves of characters, nothing that is not written."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(letter for letter in whole if letter.isprintable() or letter in WRITTEN)


def _look_at(value: Any, deep: int) -> None:
    if value is None or isinstance(value, bool | str):
        return
    if isinstance(value, int) and abs(value) <= LARGEST:
        return
    if not deep or not isinstance(value, list | dict):
        raise NotCanonical(repr(value)[:60])
    if isinstance(value, list):
        for one in value:
            _look_at(one, deep - 1)
        return
    for key, one in value.items():
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise NotCanonical(repr(key)[:60])
        _look_at(one, deep - 1)
